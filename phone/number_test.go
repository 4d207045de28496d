package phone_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/phone"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		kind phone.NumberKind
		want string
	}{
		{"+15145550100", phone.E164, "+15145550100"},
		{"+33612345678", phone.E164, "+33612345678"},
		{"+2902345", phone.E164, "+2902345"},
		{"+999999999999999", phone.E164, "+999999999999999"},
		{"tel:+1-514-555-0100;ext=12", phone.E164, "+15145550100"},
		{"TEL:+1(514)555.0100", phone.E164, "+15145550100"},
		{"sip:+15145550100@example.com;user=phone", phone.E164, "+15145550100"},
		{"sips:%2B15145550100@example.com", phone.E164, "+15145550100"},
		{"sip:alice@example.com", phone.Alpha, "alice"},
		{"sip:alice:secret@example.com", phone.Alpha, "alice"},
		{"sip:1001;phone-context=x@example.com", phone.Short, "1001"},
		{"sip:anonymous@anonymous.invalid", phone.Withheld, ""},
		{"sip:example.com", phone.Withheld, ""},
		{"911", phone.Short, "911"},
		{"22395", phone.Short, "22395"},
		{"*69", phone.Short, "*69"},
		{"ACME Inc.", phone.Alpha, "ACME Inc."},
		{"", phone.Withheld, ""},
		{"Anonymous", phone.Withheld, ""},
		{"RESTRICTED", phone.Withheld, ""},
	} {
		t.Run(c.in, func(t *testing.T) {
			t.Parallel()
			n, err := phone.ParseNumber(c.in)
			require.NoError(t, err)
			assert.Equal(t, c.kind, n.Kind())
			assert.Equal(t, c.want, n.String())
			assert.Equal(t, c.kind == phone.E164, n.CanText())
			again, err := phone.ParseNumber(n.String())
			require.NoError(t, err)
			assert.Equal(t, n, again, "the canonical form reads back")
		})
	}
}

func TestParseNumberRefuses(t *testing.T) {
	t.Parallel()
	for in, offset := range map[string]int{
		"+":                   1,
		"+1911":               5,
		"+122395":             7,
		"+1514555010":         11,
		"+151455501000":       12,
		"+123456789012345":    12,
		"+11145550100":        2,
		"+15141550100":        5,
		"+0145550100":         1,
		"+1514555o100":        8,
		"+1234567890123456":   16,
		"5145550100":          0,
		"514-555":             3,
		"ftp:alice":           0,
		"sip:+1514x@h":        9,
		"a name of 16 byte":   15,
		"nul\x00byte":         3,
		"Québec":              2,
		" alice":              0,
		"sip:%00@example.com": 4,
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			n, err := phone.ParseNumber(in)
			var wrong *phone.NumberError
			require.ErrorAs(t, err, &wrong)
			assert.Equal(t, offset, wrong.Offset, err.Error())
			assert.NotEmpty(t, wrong.Want)
			assert.Equal(t, phone.Number{}, n, "an error comes with a number that can not be texted")
		})
	}
	_, err := phone.ParseNumber(strings.Repeat("9", 10_000))
	require.Error(t, err)
	assert.Less(t, len(err.Error()), 300, "hostile text does not flood a log")
}

func TestParseNational(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, region, want string }{
		{"514 555-0100", "CA", "+15145550100"},
		{"(514) 555-0100", "us", "+15145550100"},
		{"1-514-555-0100", "CA", "+15145550100"},
		{"514.555.0100", "PR", "+15145550100"},
		{"+33 1 42 68 53 00", "CA", "+33142685300"},
		{"911", "CA", "911"},
		{"*69", "CA", "*69"},
		{"anonymous", "CA", ""},
		{"tel:+15145550100", "CA", "+15145550100"},
	} {
		n, err := phone.ParseNational(c.in, c.region)
		if assert.NoError(t, err, c.in) {
			assert.Equal(t, c.want, n.String(), c.in)
		}
	}
	for _, c := range []struct{ in, region string }{
		{"0142685300", "FR"},
		{"555-0100", "CA"},
		{"514 555 0100 x12", "CA"},
		{"514/555-0100", "CA"},
		{"114 555-0100", "CA"},
		{"514 555-0100", ""},
		{"514 555-0100", "C A"},
		{"5145550100+1", "CA"},
	} {
		_, err := phone.ParseNational(c.in, c.region)
		var wrong *phone.NumberError
		assert.ErrorAs(t, err, &wrong, c.in)
	}
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ number, tag, want string }{
		{"+15145550100", "en-CA", "(514) 555-0100"},
		{"+15145550100", "fr-CA", "514 555-0100"},
		{"+15145550100", "es-MX", "514 555-0100"},
		{"+33612345678", "fr", "+33 6 12 34 56 78"},
		{"+34612345678", "es", "+34 612 345 678"},
		{"+442079460000", "en", "+44 207 946 0000"},
		{"+35315550100", "en", "+353 155 501 00"},
		{"+79161234567", "en", "+7 916 123 4567"},
		{"911", "fr", "911"},
		{"ACME", "fr", "ACME"},
		{"", "en", "withheld number"},
		{"", "fr-CA", "numéro masqué"},
		{"", "es", "número oculto"},
	} {
		n, err := phone.ParseNumber(c.number)
		require.NoError(t, err)
		assert.Equal(t, c.want, n.Display(language.MustParse(c.tag)), "%s in %s", c.number, c.tag)
	}
}

func TestNumberTravels(t *testing.T) {
	t.Parallel()
	n, err := phone.ParseNumber("+15145550100")
	require.NoError(t, err)

	data, err := json.Marshal(map[phone.Number]phone.Number{n: n})
	require.NoError(t, err)
	assert.JSONEq(t, `{"+15145550100":"+15145550100"}`, string(data))
	var back map[phone.Number]phone.Number
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, n, back[n])

	value, err := n.Value()
	require.NoError(t, err)
	var scanned phone.Number
	require.NoError(t, scanned.Scan(value))
	assert.Equal(t, n, scanned)
	require.NoError(t, scanned.Scan([]byte("911")))
	assert.Equal(t, phone.Short, scanned.Kind())
	require.NoError(t, scanned.Scan(nil))
	assert.Equal(t, phone.Withheld, scanned.Kind())
	require.Error(t, scanned.Scan(12))

	before := n
	require.Error(t, n.UnmarshalText([]byte("5145550100")))
	assert.Equal(t, before, n, "a bad text changes nothing")
}

func TestNumberIsRedactedInLogs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"+15145550123": "+…23", "911": "short", "ACME": "alpha", "": "withheld"} {
		n, err := phone.ParseNumber(in)
		require.NoError(t, err)
		assert.Equal(t, want, n.LogValue().String())
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"+15145550100", "tel:+1-514", "sip:%2b1@h", "sip:", "anonymous", "*69", "ACME", "+", "\x00", "sip:a:b;c@d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := phone.ParseNumber(text)
		if err != nil {
			var wrong *phone.NumberError
			if !errors.As(err, &wrong) || wrong.Offset < 0 || wrong.Offset > len(text) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		again, err := phone.ParseNumber(n.String())
		if err != nil || again != n {
			t.Fatalf("%q reads as %q, which reads as %q, %v", text, n, again, err)
		}
		if _, err := phone.ParseNational(text, "CA"); err != nil && n.Kind() == phone.E164 && !strings.Contains(text, ":") {
			t.Fatalf("%q is international but not in Canada: %v", text, err)
		}
	})
}

func BenchmarkParseNumber(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := phone.ParseNumber("+15145550100"); err != nil {
			b.Fatal(err)
		}
	}
}
