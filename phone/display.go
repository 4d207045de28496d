package phone

import (
	"strings"

	"golang.org/x/text/language"
)

// Display formats n for people who read the language tag. Numbers of the North
// American plan are written as at home: (514) 555-0100 in English, 514
// 555-0100 in French (the form of the Office québécois de la langue
// française) and in Spanish. Others keep the plus and are grouped: by pairs
// for France, by threes elsewhere. A withheld number is a word of the language.
func (n Number) Display(tag language.Tag) string {
	base, _ := tag.Base()
	text := n.String()
	switch n.kind {
	case 0:
		switch base.String() {
		case "fr":
			return "numéro masqué"
		case "es":
			return "número oculto"
		}
		return "withheld number"
	case 'e':
	default:
		return text
	}
	code := n.CallingCode()
	rest := text[1+len(code):]
	switch {
	case code == "1" && base.String() == "en":
		return "(" + rest[:3] + ") " + rest[3:6] + "-" + rest[6:]
	case code == "1":
		return rest[:3] + " " + rest[3:6] + "-" + rest[6:]
	case code == "33" && len(rest) == 9:
		return "+33 " + rest[:1] + " " + group(rest[1:], 2)
	}
	return "+" + code + " " + group(rest, 3)
}

// group cuts digits into groups of size; a last group of one digit is joined
// with the group before it.
func group(digits string, size int) string {
	var b strings.Builder
	for len(digits) > size+1 {
		b.WriteString(digits[:size])
		b.WriteByte(' ')
		digits = digits[size:]
	}
	b.WriteString(digits)
	return b.String()
}
