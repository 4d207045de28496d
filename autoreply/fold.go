package autoreply

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold reduces a text to what matters for comparing words: compatibility
// forms, accents, case, punctuation and emoji are gone, words are separated by
// single spaces. It looks at the first MaxHeard bytes.
func fold(text string) string {
	if len(text) > MaxHeard {
		text = strings.ToValidUTF8(text[:MaxHeard], "")
	}
	var b strings.Builder
	b.Grow(len(text))
	gap := false
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’':
			// An apostrophe joins: "don't" stays one word whatever the keyboard.
		default:
			gap = true
		}
	}
	return b.String()
}
