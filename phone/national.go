package phone

import (
	"slices"
	"strings"
)

// NationalParser reads a number as people of a region write it, without the
// country code. It is the socket for a numbering plan of the whole world:
// [ParseNational] knows North America only, adapters know the rest.
//
// The region is an ISO 3166-1 code such as "CA". A parser never returns a
// guess: what it does not understand is an error.
type NationalParser func(text, region string) (Number, error)

var _ NationalParser = ParseNational

// regionsNANP are the regions that share country code 1.
const regionsNANP = " AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT US VC VG VI "

// ParseNational reads a number of the North American plan as people write it:
// 514 555-0100, (514) 555-0100, 1-514-555-0100. Everything that [ParseNumber]
// takes is taken too, so that +33 1 42 68 53 00 works in any region; spaces,
// dots, hyphens and parentheses do not count.
//
// Three to six digits are a short code, never a number: 911 does not become
// +1911. Regions outside the plan are an error that says so; use a
// [NationalParser] of an adapter for them.
func ParseNational(text, region string) (Number, error) {
	if len(text) > maxInput {
		return Number{}, numberError(text, maxInput, "at most 512 bytes")
	}
	if strings.ContainsFunc(text, isLetter) || withheldName(text) {
		return ParseNumber(text)
	}
	var digits []byte
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9', c == '*', c == '#', c == '+' && len(digits) == 0:
			digits = append(digits, c)
		case strings.IndexByte(" .-()", c) >= 0:
		default:
			return Number{}, numberError(text, i, "a digit")
		}
	}
	plain := string(digits)
	if plain == "" || plain[0] == '+' || len(plain) <= 6 || strings.ContainsAny(plain, "*#") {
		return ParseNumber(plain)
	}
	if len(region) != 2 || !strings.Contains(regionsNANP, " "+strings.ToUpper(region)+" ") {
		return Number{}, numberError(text, 0, "a region of the North American plan; use an adapter for the others")
	}
	switch {
	case len(plain) == 11 && plain[0] == '1':
		return ParseNumber("+" + plain)
	case len(plain) == 10:
		return ParseNumber("+1" + plain)
	}
	return Number{}, numberError(text, len(text), "10 digits")
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// callingCodes are the country codes of two digits (ITU-T E.164, list of
// assigned codes); 1 and 7 have one digit and all others have three.
var callingCodes = []string{
	"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47",
	"48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65",
	"66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
}

// CallingCode is the country code of an international number, such as "1",
// "33" or "353"; empty for every other kind.
func (n Number) CallingCode() string {
	if n.kind != 'e' {
		return ""
	}
	digits := string(n.text[:3])
	switch {
	case digits[0] == '1' || digits[0] == '7':
		return digits[:1]
	case slices.Contains(callingCodes, digits[:2]):
		return digits[:2]
	}
	return digits
}
