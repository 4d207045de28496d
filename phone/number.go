package phone

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// NumberKind is what a [Number] is.
type NumberKind string

// The kinds of numbers.
const (
	Withheld NumberKind = "withheld" // the caller did not show a number
	E164     NumberKind = "e164"     // an international number
	Short    NumberKind = "short"    // a short code, a feature code or an extension
	Alpha    NumberKind = "alpha"    // a sender's name, or the user part of a SIP address
)

const (
	maxNumber = 15 // digits of E.164, and bytes of all the others
	maxShort  = 8  // digits
	maxInput  = 512
)

// Number is a phone number, a short code, a sender's name or nothing at all.
// It is comparable, 16 bytes long and holds no pointers, so that it is cheap
// as the key of a map. The zero value is a withheld number.
type Number struct {
	kind byte            // 0, 'e', 's', 'a'
	text [maxNumber]byte // without the plus of E.164, padded with zeros
}

// NumberError says what is wrong with the text of a number.
type NumberError struct {
	Text   string // as it was given, cut to 64 bytes; it is hostile
	Offset int    // the byte of the input that is wrong
	Want   string // what would be right
}

// Error implements error.
func (e *NumberError) Error() string {
	return fmt.Sprintf("phone: number %q, byte %d: want %s", e.Text, e.Offset, e.Want)
}

// ParseNumber reads a number as networks and people with a country code write
// it. It is strict and never guesses a country:
//
//   - E.164: a plus and 7 to 15 digits, no separators. Numbers of the North
//     American plan (+1) must have an area and an exchange code that exist in
//     its grammar;
//   - a short code, feature code or extension: 1 to 8 digits, * and #;
//   - an alphanumeric sender: 1 to 15 letters, digits, spaces and -_.&', at
//     least one of them a letter;
//   - tel:, sip: and sips: URIs, of which the user part counts (RFC 3966
//     visual separators are dropped from tel:, passwords and parameters from
//     sip:);
//   - the empty text, and the names of a withheld number: anonymous,
//     restricted, private, unavailable, unknown, withheld.
//
// Anything else is a [*NumberError]. A national number such as 5145550100 is
// one: its country is unknown, use [ParseNational].
func ParseNumber(text string) (Number, error) {
	if len(text) > 1 && text[0] == '+' {
		return parseE164(text, text[1:], 1)
	}
	return parseOther(text)
}

func parseE164(whole, digits string, offset int) (Number, error) {
	if len(digits) > maxNumber {
		return Number{}, numberError(whole, offset+maxNumber, "at most 15 digits")
	}
	n := Number{kind: 'e'}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return Number{}, numberError(whole, offset+i, "a digit")
		}
		n.text[i] = digits[i]
	}
	if len(digits) < 7 {
		return Number{}, numberError(whole, offset+len(digits), "at least 7 digits after the plus")
	}
	if digits[0] == '0' {
		return Number{}, numberError(whole, offset, "a country code, which never begins with 0")
	}
	if digits[0] == '1' {
		if len(digits) != 11 {
			return Number{}, numberError(whole, offset+min(len(digits), 11), "10 digits after +1")
		}
		if digits[1] < '2' {
			return Number{}, numberError(whole, offset+1, "an area code that begins with 2 to 9")
		}
		if digits[4] < '2' {
			return Number{}, numberError(whole, offset+4, "an exchange code that begins with 2 to 9")
		}
	}
	return n, nil
}

func parseOther(text string) (Number, error) {
	if len(text) > maxInput {
		return Number{}, numberError(text, maxInput, "at most 512 bytes")
	}
	user := text
	offset := 0
	switch scheme, rest, ok := strings.Cut(text, ":"); {
	case !ok:
	case strings.EqualFold(scheme, "tel"):
		user, offset = telUser(rest), len("tel:")
	case strings.EqualFold(scheme, "sip"), strings.EqualFold(scheme, "sips"):
		user, offset = sipUser(rest), len(scheme)+1
	default:
		return Number{}, numberError(text, 0, "tel:, sip: or sips:")
	}
	if user == "" || withheldName(user) {
		return Number{}, nil
	}
	if user[0] == '+' {
		return parseE164(text, user[1:], offset+1)
	}
	return parseName(text, user, offset)
}

func parseName(whole, user string, offset int) (Number, error) {
	n := Number{kind: 's'}
	for i := range len(user) {
		c := user[i]
		switch {
		case i >= maxNumber:
			return Number{}, numberError(whole, offset+i, "at most 15 bytes")
		case c >= '0' && c <= '9', c == '*', c == '#':
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			n.kind = 'a'
		case strings.IndexByte(" -_.&'", c) >= 0 && i > 0:
		default:
			return Number{}, numberError(whole, offset+i, "a number, a short code or a sender's name")
		}
		n.text[i] = c
	}
	if n.kind == 's' {
		if i := strings.IndexAny(user, " -_.&'"); i >= 0 {
			return Number{}, numberError(whole, offset+i, "no separators: a national number needs ParseNational")
		}
		if len(user) > maxShort {
			return Number{}, numberError(whole, offset, "a plus and the country code: a national number needs ParseNational")
		}
	}
	return n, nil
}

// telUser is the number of a tel: URI without parameters and separators.
func telUser(rest string) string {
	rest, _, _ = strings.Cut(rest, ";")
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-.()", r) {
			return -1
		}
		return r
	}, rest)
}

// sipUser is the user part of a SIP URI, without password and parameters. An
// URI without a user part is a host that shows nobody's number.
func sipUser(rest string) string {
	user, _, ok := strings.Cut(rest, "@")
	if !ok {
		return ""
	}
	user, _, _ = strings.Cut(user, ":")
	user, _, _ = strings.Cut(user, ";")
	if plain, err := url.PathUnescape(user); err == nil {
		return plain
	}
	return user
}

func withheldName(user string) bool {
	switch strings.ToLower(user) {
	case "anonymous", "restricted", "private", "unavailable", "unknown", "withheld":
		return true
	}
	return false
}

func numberError(text string, offset int, want string) error {
	return &NumberError{Text: text[:min(len(text), 64)], Offset: offset, Want: want}
}

// Kind tells what n is.
func (n Number) Kind() NumberKind {
	switch n.kind {
	case 'e':
		return E164
	case 's':
		return Short
	case 'a':
		return Alpha
	}
	return Withheld
}

// CanText reports whether a text may be sent to n at all. Only an
// international number can be texted; otherwise the kind is the reason.
func (n Number) CanText() bool { return n.kind == 'e' }

// String is the canonical form, which [ParseNumber] reads back: +15145550100,
// 911, ACME. It is empty for a withheld number. It identifies a person: log
// the Number itself, which redacts.
func (n Number) String() string {
	var buf [maxNumber + 1]byte
	return string(n.appendTo(buf[:0]))
}

func (n Number) appendTo(dst []byte) []byte {
	if n.kind == 'e' {
		dst = append(dst, '+')
	}
	for _, c := range n.text {
		if c == 0 {
			break
		}
		dst = append(dst, c)
	}
	return dst
}

// LogValue redacts n for logs: the last two digits of an international number
// stay, the rest does not.
func (n Number) LogValue() slog.Value {
	text := n.String()
	switch n.Kind() {
	case Withheld:
		return slog.StringValue("withheld")
	case E164:
		return slog.StringValue("+…" + text[len(text)-2:])
	}
	return slog.StringValue(string(n.Kind()))
}

// MarshalText returns the canonical form.
func (n Number) MarshalText() ([]byte, error) { return n.appendTo(nil), nil }

// UnmarshalText reads what [ParseNumber] reads.
func (n *Number) UnmarshalText(text []byte) error {
	parsed, err := ParseNumber(string(text))
	if err == nil {
		*n = parsed
	}
	return err
}
