package phonenumbers_test

import (
	"strings"
	"testing"
	"unicode"

	numbers "github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/phonenumbers"
	"github.com/afterbeep/afterbeep/phone"
)

var cases = []struct {
	name, text, region string
	want               string // with its kind's first letter; empty is withheld, ! an error
}{
	// As people write them, around the world.
	{"Montréal", "(514) 844-1234", "CA", "e+15148441234"},
	{"Montréal in French", "514 844-1234", "CA", "e+15148441234"},
	{"with a one", "1-514-844-1234", "CA", "e+15148441234"},
	{"with dots", "514.844.1234", "ca", "e+15148441234"},
	{"from France", "00 1 514 844 1234", "FR", "e+15148441234"},
	{"from Australia", "0011 1 514 844 1234", "AU", "e+15148441234"},
	{"from the US to France", "011 33 6 12 34 56 78", "US", "e+33612345678"},
	{"Paris mobile", "06 12 34 56 78", "FR", "e+33612345678"},
	{"Paris", "01 42 68 53 00", "FR", "e+33142685300"},
	{"with a needless zero", "+33 (0)1 42 68 53 00", "CA", "e+33142685300"},
	{"Guadeloupe", "0590 20 12 34", "GP", "e+590590201234"},
	{"London", "020 7183 8750", "GB", "e+442071838750"},
	{"Berlin", "030/123456", "DE", "e+4930123456"},
	{"Rome keeps its zero", "06 6982 1234", "IT", "e+390669821234"},
	{"Zürich", "044 668 18 00", "CH", "e+41446681800"},
	{"Madrid", "912 34 56 78", "ES", "e+34912345678"},
	{"Buenos Aires mobile", "011 15-2345-6789", "AR", "e+5491123456789"},
	{"Mexico City", "55 1234 5678", "MX", "e+525512345678"},
	{"São Paulo with a carrier", "0 15 11 96123-4567", "BR", "e+5511961234567"},
	{"Tokyo", "03-3224-9999", "JP", "e+81332249999"},
	{"Tokyo in wide digits", "０３－３２２４－９９９９", "JP", "e+81332249999"},
	{"Cairo in Arabic digits", "٠٢ ٢٥٧٤ ٨٢٩٠", "EG", "e+20225748290"},
	{"Delhi in Devanagari", "०११ २३०१ ५३२१", "IN", "e+911123015321"},
	{"Sydney", "(02) 9374 4000", "AU", "e+61293744000"},
	{"Auckland", "09 367 4444", "NZ", "e+6493674444"},
	{"Moscow with an eight", "8 (495) 123-45-67", "RU", "e+74951234567"},
	{"Dakar", "33 849 55 55", "SN", "e+221338495555"},
	{"Port-au-Prince", "28 13 1234", "HT", "e+50928131234"},
	{"Honiara, five digits", "20 123", "SB", "e+67720123"},
	{"copied from a contact", "\u202a+1\u00a0514\u2011844\u20111234\u202c", "", "e+15148441234"},
	{"spaces around", "  +15148441234\t", "", "e+15148441234"},
	{"another country than the region", "+33 1 42 68 53 00", "CA", "e+33142685300"},
	{"a wide plus", "＋15148441234", "", "e+15148441234"},

	// Short codes come before E.164.
	{"emergency", "911", "US", "s911"},
	{"emergency in Europe", "112", "FR", "s112"},
	{"a sender of texts", "22395", "US", "s22395"},
	{"six digits", "741741", "US", "s741741"},
	{"a sender in France", "36180", "FR", "s36180"},
	{"an extension", "204", "CA", "s204"},
	{"a short code without a region", "22395", "", "s22395"},
	{"a feature code", "*69", "US", "s*69"},
	{"a code for withholding", "#31#", "DE", "s#31#"},
	{"Arabic emergency", "٩١١", "SA", "s911"},

	// Letters.
	{"vanity", "1-800-FLOWERS", "US", "e+18003569377"},
	{"vanity in New Zealand", "0800 REVERSE", "NZ", "e+648007383773"},
	{"vanity that is too short", "1-800-FLOWE", "US", "!"},
	{"vanity without a region", "1-800-FLOWERS", "", "!"},
	{"an extension is dropped", "514-844-1234 ext. 12", "CA", "e+15148441234"},
	{"an extension after x", "5148441234x12", "CA", "e+15148441234"},
	{"letters after a number", "514 844 1234 now", "CA", "!"},
	{"a letter after a number", "514 844 1234 a", "CA", "!"},
	{"a sender's name", "ACME", "US", "aACME"},
	{"a name with digits", "24x7", "US", "a24x7"},
	{"a number behind a name", "tel 514 844 1234", "CA", "!"},

	// URIs.
	{"tel", "tel:+1-514-844-1234", "", "e+15148441234"},
	{"tel with an extension", "tel:+1-514-844-1234;ext=12", "", "e+15148441234"},
	{"tel, national", "tel:514-844-1234", "CA", "e+15148441234"},
	{"tel with a context", "tel:844-1234;phone-context=+1514", "", "e+15148441234"},
	{"tel with a domain", "tel:514-844-1234;phone-context=example.com", "CA", "e+15148441234"},
	{"tel, short", "tel:911;phone-context=+1", "US", "s911"},
	{"sip", "sip:+15148441234@203.0.113.7;user=phone", "", "e+15148441234"},
	{"sip, national", "sip:5148441234@pbx.example", "CA", "e+15148441234"},
	{"sips with a password", "SIPS:5148441234:secret@pbx.example:5061", "CA", "e+15148441234"},
	{"sip with parameters of the user", "sip:5148441234;npdi=yes@pbx.example", "CA", "e+15148441234"},
	{"sip, escaped", "sip:%2B15148441234@pbx.example", "", "e+15148441234"},
	{"sip, a name", "sip:alice@example.com", "CA", "aalice"},
	{"sip, a name with digits", "sip:2045alice@example.com", "CA", "a2045alice"},
	{"sip, an extension", "sip:204@example.com", "CA", "s204"},
	{"another scheme", "mailto:alice@example.com", "CA", "!"},

	// Nobody.
	{"nothing", "", "CA", ""},
	{"only spaces", "  ", "CA", ""},
	{"anonymous", "anonymous", "CA", ""},
	{"Anonymous", "Anonymous", "", ""},
	{"restricted", "Restricted", "US", ""},
	{"anonymous by SIP", "sip:anonymous@anonymous.invalid", "CA", ""},
	{"a host without a user", "sip:pbx.example", "CA", ""},

	// What is no number.
	{"a country that does not hand it out", "+15140441234", "", "!"},
	{"an area code that is not", "(999) 844-1234", "CA", "!"},
	{"without the area code", "844-1234", "CA", "!"},
	{"too long", "514 844 12345", "CA", "!"},
	{"too long for everybody", "+1234567890123456", "", "!"},
	{"plus and a short code", "+911", "US", "!"},
	{"no such country", "+999 123 4567", "", "!"},
	{"national without a region", "514 844-1234", "", "!"},
	{"a region that is not", "020 7183 8750", "UK", "!"},
	{"a long region", "514 844-1234", "CAN", "!"},
	{"a currency", "$514 844-1234", "CA", "!"},
	{"two numbers", "514 844-1234, 514 844-1235", "CA", "!"},
	{"a plus in the middle", "514+8441234", "CA", "!"},
	{"two pluses", "++15148441234", "CA", "!"},
	{"only signs", "()--", "CA", "!"},
	{"only a plus", "+", "CA", "!"},
	{"no UTF-8", "514\xff8441234", "CA", "!"},
	{"too many bytes", strings.Repeat("5", 513), "CA", "!"},
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n, err := phonenumbers.Parse(c.text, c.region)
			if c.want == "!" {
				var wrong *phone.NumberError
				require.ErrorAs(t, err, &wrong, "%q is %q", c.text, n.String())
				assert.NotEmpty(t, wrong.Want)
				assert.LessOrEqual(t, len(wrong.Text), 64)
				assert.LessOrEqual(t, wrong.Offset, len(c.text))
				assert.Zero(t, n)
				return
			}
			require.NoError(t, err)
			kind := string(n.Kind())[:1]
			if n.Kind() == phone.Withheld {
				kind = ""
			}
			assert.Equal(t, c.want, kind+n.String())
		})
	}
}

func TestErrorsSayWhatIsRight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, region string
		offset       int
		want         string
	}{
		{"514 844-123", "CA", 11, "more digits"},
		{"514 844 12345", "CA", 13, "fewer digits"},
		{"844-1234", "CA", 8, "the area code"},
		{"(999) 844-1234", "CA", 14, "a number that is in use there"},
		{"514 844-1234", "", 0, "a plus and the country code, or a region of ISO 3166-1"},
		{"514 844,1234", "CA", 7, "a digit"},
		{"sip:514,8441234@x", "CA", 7, "a digit"},
		{"514 844 1234 a", "CA", 13, "a digit"},
	} {
		_, err := phonenumbers.Parse(c.text, c.region)
		var wrong *phone.NumberError
		require.ErrorAs(t, err, &wrong, c.text)
		assert.Equal(t, c.want, wrong.Want, c.text)
		assert.Equal(t, c.offset, wrong.Offset, c.text)
	}
}

// Every region's own example, as it is written there and abroad, is itself.
func TestEveryRegion(t *testing.T) {
	t.Parallel()
	kinds := []numbers.PhoneNumberType{numbers.FIXED_LINE, numbers.MOBILE, numbers.TOLL_FREE, numbers.VOIP}
	read := 0
	for region := range numbers.GetSupportedRegions() {
		for _, kind := range kinds {
			example := numbers.GetExampleNumberForType(region, kind)
			if example == nil {
				continue
			}
			want := numbers.Format(example, numbers.E164)
			if _, err := phone.ParseNumber(want); err != nil {
				continue // shorter than package phone allows
			}
			for _, form := range []numbers.PhoneNumberFormat{numbers.NATIONAL, numbers.INTERNATIONAL, numbers.RFC3966} {
				text := numbers.Format(example, form)
				if back, err := numbers.Parse(text, region); err != nil || numbers.Format(back, numbers.E164) != want {
					continue // the library writes what it does not read, as for mobile numbers of Argentina
				}
				n, err := phonenumbers.Parse(text, region)
				if form == numbers.NATIONAL && n.Kind() == phone.Short {
					continue // a short code of the same digits goes first
				}
				if assert.NoError(t, err, "%s %s", region, text) {
					assert.Equal(t, want, n.String(), "%s %s", region, text)
					read++
				}
			}
		}
	}
	assert.Greater(t, read, 1500)
}

func FuzzParse(f *testing.F) {
	for _, c := range cases {
		f.Add(c.text, c.region)
	}
	f.Fuzz(func(t *testing.T, text, region string) {
		n, err := phonenumbers.Parse(text, region)
		if err != nil {
			var wrong *phone.NumberError
			require.ErrorAs(t, err, &wrong)
			require.Zero(t, n)
			return
		}
		again, err := phone.ParseNumber(n.String())
		require.NoError(t, err)
		require.Equal(t, n, again, "what is read can be read again")
		if n.Kind() == phone.E164 {
			again, err = phonenumbers.Parse(n.String(), region)
			require.NoError(t, err)
			require.Equal(t, n, again)
		}
		phonenumbers.Zones(n)
	})
}

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ name, text, region string }{
		{"national", "(514) 844-1234", "CA"},
		{"international", "+33 6 12 34 56 78", "CA"},
		{"short", "22395", "US"},
		{"withheld", "anonymous", "US"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := phonenumbers.Parse(c.text, c.region); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("library alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			n, err := numbers.Parse("(514) 844-1234", "CA")
			if err != nil || !numbers.IsValidNumber(n) {
				b.Fatal(err)
			}
		}
	})
}

// Every script's digits are digits.
func TestScripts(t *testing.T) {
	t.Parallel()
	scripts := 0
	for zero := rune(0); zero <= unicode.MaxRune; zero++ {
		if !unicode.Is(unicode.Nd, zero) {
			continue
		}
		text := strings.Map(func(r rune) rune { return zero + r - '0' }, "5148441234")
		n, err := phonenumbers.Parse(text, "CA")
		require.NoError(t, err, text)
		assert.Equal(t, "+15148441234", n.String(), "%U", zero)
		zero += 9
		scripts++
	}
	assert.Greater(t, scripts, 60)
}
