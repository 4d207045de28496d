package phonenumbers

import (
	"errors"
	"net/url"
	"strings"
	"unicode"

	numbers "github.com/nyaruka/phonenumbers"

	"github.com/afterbeep/afterbeep/phone"
)

const (
	maxInput = 512 // bytes, as in package phone
	maxShort = 8   // digits of a short code, as in package phone
	maxExtra = 6   // digits of a short code that no table knows, or of an extension
)

var _ phone.NationalParser = Parse

// Parse reads text as people write numbers in a region, an ISO 3166-1 code of
// two letters; "" and unknown ones leave only what needs no region. It takes
// what [phone.ParseNumber] takes and more: separators, trunk and international
// prefixes, digits of other scripts, letters on the keys, tel:, sip: and sips:
// URIs with a national number. Errors are [*phone.NumberError].
func Parse(text, region string) (phone.Number, error) {
	if len(text) > maxInput {
		return phone.Number{}, wrong(text, maxInput, "at most 512 bytes")
	}
	if len(region) != 2 {
		region = ""
	}
	region = strings.ToUpper(region)
	user, offset, whole := strip(text)
	first := strings.TrimLeftFunc(user, unicode.IsSpace)
	if first == "" || isLetter(rune(first[0])) {
		return phone.ParseNumber(whole)
	}
	if strings.ContainsFunc(user, isLetter) {
		return letters(text, user, region)
	}
	plain, at, want := digits(user)
	switch {
	case want != "":
		return phone.Number{}, wrong(text, offset+at, want)
	case strings.ContainsAny(plain, "*#"):
		return phone.ParseNumber(plain)
	case plain[0] != '+':
		if n, done, err := short(plain, region); done {
			return n, err
		}
	}
	if strings.Contains(whole, ";") {
		plain = whole // tel: with a phone-context, which the library reads
	}
	return international(text, plain, region)
}

// strip takes the scheme and the parameters from an URI. User is what a person
// would dial, at offset; whole is what the library understands, which knows
// tel: but not sip:.
func strip(text string) (user string, offset int, whole string) {
	text = strings.TrimSpace(text)
	scheme, rest, ok := strings.Cut(text, ":")
	if !ok {
		return text, 0, text
	}
	offset = len(scheme) + 1
	if strings.EqualFold(scheme, "tel") {
		user, _, _ = strings.Cut(rest, ";")
		return user, offset, "tel:" + rest
	}
	if !strings.EqualFold(scheme, "sip") && !strings.EqualFold(scheme, "sips") {
		return text, 0, text
	}
	user, _, ok = strings.Cut(rest, "@")
	if !ok {
		return "", 0, "" // a host without a user is nobody's number
	}
	user, _, _ = strings.Cut(user, ":")
	user, _, _ = strings.Cut(user, ";")
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	return user, offset, user
}

// letters reads a text that begins with a digit and has letters: a number with
// letters on its keys or an extension, or a name such as 24x7. With more digits
// than a name has it is a number with a mistake.
func letters(text, user, region string) (phone.Number, error) {
	n, err := numbers.Parse(user, region)
	if err == nil && numbers.IsValidNumber(n) {
		if n.GetExtension() == "" && !numbers.IsAlphaNumber(user) {
			return phone.Number{}, wrong(text, strings.IndexFunc(text, isLetter), "a digit")
		}
		return canonical(text, n)
	}
	if user == strings.TrimSpace(text) && count(user) > 3 {
		return phone.Number{}, wrong(text, strings.IndexFunc(text, isLetter), "a number that is in use, or a name")
	}
	return phone.ParseNumber(user)
}

func count(text string) (digits int) {
	for _, r := range text {
		if unicode.Is(unicode.Nd, r) {
			digits++
		}
	}
	return digits
}

// digits drops what only makes a number readable, and turns the digits of
// other scripts into ours. Want says what is wrong at a byte, or nothing.
func digits(user string) (plain string, at int, want string) {
	var b strings.Builder
	for i, r := range user {
		switch {
		case unicode.Is(unicode.Nd, r):
			b.WriteByte(digit(r))
		case r == '*' || r == '#':
			b.WriteRune(r)
		case (r == '+' || r == '＋') && b.Len() == 0:
			b.WriteByte('+')
		case separates(r):
		default:
			return "", i, "a digit"
		}
	}
	plain = b.String()
	if plain == "" || plain == "+" {
		return "", len(user), "digits"
	}
	return plain, 0, ""
}

// digit is r, one of Nd, as one of ours. The decimal digits of a script follow
// one another from its zero (Unicode, section 4.6); the library knows those of
// two scripts.
func digit(r rune) byte {
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + byte((r-rune(run.Lo))%10)
		}
	}
	for _, run := range unicode.Nd.R32 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + byte((r-rune(run.Lo))%10)
		}
	}
	return '0'
}

// separates reports the signs between digits: spaces, dashes, dots, brackets,
// and the invisible ones that come with a copied contact.
func separates(r rune) bool {
	return unicode.In(r, unicode.Zs, unicode.Pd, unicode.Cf) || strings.ContainsRune("\t()（）［］[].．/／~⁓∼～−ー", r)
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// short decides about up to eight digits without a plus.
func short(plain, region string) (n phone.Number, done bool, err error) {
	if len(plain) > maxShort {
		return phone.Number{}, false, nil
	}
	parsed, err := numbers.Parse(plain, region)
	switch {
	case err == nil && numbers.IsValidShortNumberForRegion(parsed, region):
	case err == nil && numbers.IsValidNumberForRegion(parsed, region):
		return phone.Number{}, false, nil
	case len(plain) > maxExtra:
		return phone.Number{}, false, nil
	}
	n, err = phone.ParseNumber(plain)
	return n, true, err
}

// international reads a number that has to exist.
func international(text, plain, region string) (phone.Number, error) {
	n, err := numbers.Parse(plain, region)
	switch {
	case errors.Is(err, numbers.ErrInvalidCountryCode) && region == "",
		errors.Is(err, numbers.ErrInvalidCountryCode) && numbers.GetCountryCodeForRegion(region) == 0:
		return phone.Number{}, wrong(text, 0, "a plus and the country code, or a region of ISO 3166-1")
	case err != nil:
		return phone.Number{}, wrong(text, 0, "a phone number: "+err.Error())
	}
	if numbers.IsValidNumber(n) {
		return canonical(text, n)
	}
	want := "a number that is in use there"
	switch numbers.IsPossibleNumberWithReason(n) {
	case numbers.TOO_SHORT:
		want = "more digits"
	case numbers.TOO_LONG:
		want = "fewer digits"
	case numbers.IS_POSSIBLE_LOCAL_ONLY:
		want = "the area code"
	}
	return phone.Number{}, wrong(text, len(text), want)
}

// canonical is n as afterbeep keeps it. What E.164 has no room for is an error.
func canonical(text string, n *numbers.PhoneNumber) (phone.Number, error) {
	number, err := phone.ParseNumber(numbers.Format(n, numbers.E164))
	if err != nil {
		return phone.Number{}, wrong(text, 0, "a number of E.164")
	}
	return number, nil
}

func wrong(text string, offset int, want string) error {
	return &phone.NumberError{Text: text[:min(len(text), 64)], Offset: offset, Want: want}
}
