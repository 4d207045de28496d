package autoreply_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// filled is a row in which no field is zero, those of a later release neither.
func filled(t testing.TB) autoreply.Entry {
	t.Helper()
	var e autoreply.Entry
	number, err := phone.ParseNumber("+15145550100")
	require.NoError(t, err)
	count := 0
	special := map[reflect.Type]any{
		reflect.TypeFor[time.Time]():       time.Date(2026, 6, 15, 12, 0, 0, 123456789, time.UTC),
		reflect.TypeFor[phone.Number]():    number,
		reflect.TypeFor[language.Tag]():    language.CanadianFrench,
		reflect.TypeFor[json.RawMessage](): json.RawMessage(`{"a":1}`),
	}
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		if value, ok := special[v.Type()]; ok {
			v.Set(reflect.ValueOf(value))
			return
		}
		count++
		switch v.Kind() {
		case reflect.Struct:
			for _, field := range v.Fields() {
				fill(field)
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0))
			fill(v.Index(1))
		case reflect.String:
			v.SetString(fmt.Sprint("text ", count))
		case reflect.Int:
			v.SetInt(int64(count))
		case reflect.Bool:
			v.SetBool(true)
		default:
			require.Fail(t, "a kind of field that this test cannot fill", "%s", v.Type())
		}
	}
	fill(reflect.ValueOf(&e).Elem())
	e.V = autoreply.EntryVersion
	return e
}

func TestEntryCode(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 15, 12, 0, 0, 1, time.UTC)
	for name, e := range map[string]autoreply.Entry{
		"no row":            {},
		"every field":       filled(t),
		"settled":           {V: 1, Revision: 3, Slot: 1, Sent: at, Expires: at.Add(28 * time.Hour), Heard: "0123456789abcdef"},
		"negative":          {Revision: -1, Slot: -1 << 63, Attempt: 1<<63 - 1},
		"edges of time":     {Due: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), Sent: time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)},
		"before 1970":       {Due: time.Unix(0, -1).UTC()},
		"no UTF-8":          {Text: "\xff\x00", Token: "\x00"},
		"events of nothing": {Pending: make([]phone.Event, 2), Seen: make([]autoreply.Mark, 1), Earlier: make([]time.Time, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, err := e.AppendBinary([]byte("before"))
			require.NoError(t, err)
			require.Equal(t, "before", string(code[:6]))
			got := autoreply.Entry{Rule: "what was there"}
			require.NoError(t, got.UnmarshalBinary(code[6:]))
			assert.Equal(t, e, got)
			for cut := range len(code) - 6 {
				var part autoreply.Entry
				if err := part.UnmarshalBinary(code[6 : 6+cut]); err != nil {
					require.ErrorIs(t, err, autoreply.ErrRow)
					require.Zero(t, part, "an error leaves the row as it was")
				}
			}
		})
	}
	zoned := autoreply.Entry{Due: at.In(time.FixedZone("", -4*3600))}
	code, err := zoned.AppendBinary(nil)
	require.NoError(t, err)
	var got autoreply.Entry
	require.NoError(t, got.UnmarshalBinary(code))
	assert.Equal(t, at, got.Due, "the instant stays, the zone does not")
}

func TestEntryCodeRefuses(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]autoreply.Entry{
		"year 10000":    {Sent: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"before year 0": {Earlier: []time.Time{time.Date(-1, 12, 31, 0, 0, 0, 0, time.UTC)}},
		"a long list":   {Seen: make([]autoreply.Mark, 1025)},
	} {
		code, err := e.AppendBinary([]byte("before"))
		require.ErrorIs(t, err, autoreply.ErrRow, name)
		assert.Equal(t, "before", string(code), name)
	}
	for name, c := range map[string]struct{ code, want string }{
		"nothing":              {"", "byte 0: it ends here"},
		"another code":         {"\x02", "code 2, this release knows 1"},
		"JSON":                 {`{"v":1}`, "code 123"},
		"a newer release":      {"\x01\x01\x04\x7f", "version 2, this release knows 1"},
		"an unknown tag":       {"\x01\x7f", "unknown tag 127"},
		"tag zero":             {"\x01\x00", "tag 0 after 0"},
		"a tag twice":          {"\x01\x02\x02\x02\x02", "tag 2 after 2"},
		"a number without end": {"\x01\x02\xff", "it ends here"},
		"a number of 65 bits":  {"\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x03", "64 bits"},
		"a number of 11 bytes": {"\x01\x02\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", "64 bits"},
		"a text past the end":  {"\x01\x05\x05a", "a text of 5 bytes"},
		"a text of 2^63":       {"\x01\x05\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", "a text of 9223372036854775808 bytes"},
		"a list past the end":  {"\x01\x0d\x05", "a list of 5"},
		"a long list":          {"\x01\x16\x81\x08" + strings.Repeat("\x00", 2000), "a list of 1025"},
		"a second of 10^9 ns":  {"\x01\x03\x02\x80\x94\xeb\xdc\x03", "an instant that is none"},
		"year 10000":           {"\x01\x03\x80\x86\xa2\xff\xdf\x0e\x00", "an instant that is none"},
		"an event's tag":       {"\x01\x0d\x01\x7f", "unknown tag 127 in an event"},
		"an event's tag twice": {"\x01\x0d\x01\x01\x02\x01\x02\x00", "tag 1 after 1 in an event"},
		"an event without end": {"\x01\x0d\x01\x01\x02", "it ends here"},
		"an event's number":    {"\x01\x0d\x01\x08\x02+1\x00", "a number that is none"},
		"an event's language":  {"\x01\x0d\x01\x16\x01!\x00", "a language that is none"},
		"an event's data":      {"\x01\x0d\x01\x1a\x01!\x00", "data that is no JSON"},
	} {
		var e autoreply.Entry
		err := e.UnmarshalBinary([]byte(c.code))
		require.ErrorIs(t, err, autoreply.ErrRow, name)
		require.ErrorContains(t, err, c.want, name)
		assert.Zero(t, e, name)
	}
}

// A settled row is what a ledger is full of. Not parallel: it counts.
func TestEntryCodeIsSmall(t *testing.T) {
	at := time.Date(2026, 6, 15, 12, 0, 0, 123456789, time.UTC)
	e := autoreply.Entry{V: 1, Revision: 4, Slot: 1, Sent: at, Expires: at.Add(28 * time.Hour), Replies: 1}
	code, err := e.AppendBinary(nil)
	require.NoError(t, err)
	text, err := json.Marshal(e)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(code), 32)
	assert.Less(t, 3*len(code), len(text))
	var back autoreply.Entry
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		code, err = e.AppendBinary(code[:0])
		if err == nil {
			err = back.UnmarshalBinary(code)
		}
	}), 1.0)
	require.NoError(t, err)
}

// FuzzEntryCode: any bytes are a row or an error, and what was read is written
// and read again as the same row.
func FuzzEntryCode(f *testing.F) {
	for _, e := range []autoreply.Entry{{}, filled(f), {V: 1, Revision: 1}} {
		code, err := e.AppendBinary(nil)
		require.NoError(f, err)
		f.Add(code)
	}
	f.Add([]byte("\x01\x0d\x01\x00"))
	f.Add([]byte("\x01\x05\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var e, back autoreply.Entry
		if err := e.UnmarshalBinary(data); err != nil {
			require.ErrorIs(t, err, autoreply.ErrRow)
			require.Zero(t, e)
			return
		}
		code, err := e.AppendBinary(nil)
		require.NoError(t, err)
		require.NoError(t, back.UnmarshalBinary(code))
		again, err := back.AppendBinary(nil)
		require.NoError(t, err)
		require.Equal(t, code, again)
	})
}

func BenchmarkEntryCode(b *testing.B) {
	at := time.Date(2026, 6, 15, 12, 0, 0, 123456789, time.UTC)
	for name, e := range map[string]autoreply.Entry{
		"settled": {V: 1, Revision: 4, Slot: 1, Sent: at, Expires: at.Add(28 * time.Hour), Heard: "0123456789abcdef"},
		"full":    filled(b),
	} {
		code, err := e.AppendBinary(nil)
		require.NoError(b, err)
		b.Run(name+"/write", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if code, err = e.AppendBinary(code[:0]); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/read", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := e.UnmarshalBinary(code); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
