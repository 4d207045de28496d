package autoreply

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold reduces a text to what matters for comparing words: compatibility
// forms, accents, case, punctuation and emoji are gone, words are separated by
// single spaces. It looks at the first MaxHeard bytes.
func fold(text string) string { return string(appendFold(nil, clip(text, MaxHeard))) }

// appendFold appends the folded text. ASCII allocates nothing while dst has room.
func appendFold(dst []byte, text string) []byte {
	begin := len(dst)
	gap := false
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf {
			return foldRunes(dst[:begin], norm.NFKD.String(text))
		}
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == '\'':
			continue
		default:
			gap = true
			continue
		}
		if gap && len(dst) > begin {
			dst = append(dst, ' ')
		}
		gap = false
		dst = append(dst, c)
	}
	return dst
}

// foldRunes is appendFold for decomposed text.
func foldRunes(dst []byte, text string) []byte {
	begin := len(dst)
	gap := false
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && len(dst) > begin {
				dst = append(dst, ' ')
			}
			gap = false
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
			// An apostrophe joins: "don't" stays one word whatever the keyboard.
		default:
			gap = true
		}
	}
	return dst
}
