package autoreply

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold reduces a text to what matters for comparing words: compatibility
// forms, accents, case, punctuation and emoji are gone, words are separated by
// single spaces. It looks at the first MaxHeard bytes.
func fold(text string) string { return string(appendFold(nil, text)) }

// folding is room for a folded text of usual length; longer ones allocate.
type folding [512]byte

// appendFold appends the folded beginning of a text. Bytes that are no UTF-8 do
// not count.
func appendFold(dst []byte, text string) []byte {
	text = text[:min(len(text), MaxHeard)]
	begin := len(dst)
	gap := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < utf8.RuneSelf {
			c = asciiFold[c]
		} else {
			size := 2
			if c = latin(text[i:]); c == 0 {
				dst, gap, size = foldNext(dst, begin, gap, text[i:])
			}
			i += size - 1
		}
		switch {
		case c > '\'': // a letter or a digit
			if gap && len(dst) > begin {
				dst = append(dst, ' ')
			}
			gap = false
			dst = append(dst, c)
		case c == ' ':
			gap = true
		}
	}
	return dst
}

// asciiFold is what becomes of each ASCII character: a letter, a digit, a gap, or
// an apostrophe, which goes without leaving a gap.
const asciiFold = "                                       '        0123456789       " +
	"abcdefghijklmnopqrstuvwxyz      abcdefghijklmnopqrstuvwxyz     "

// latin is what becomes of the letter of a European language at the beginning of
// text; 0 where that takes a longer look.
func latin(text string) byte {
	if len(text) < 2 || text[0] < 0xc3 || text[0] > 0xc5 || text[1]&0xc0 != 0x80 {
		return 0
	}
	c := latinFold[int(text[0]-0xc3)<<6|int(text[1]&0x3f)]
	if c == ' ' {
		return 0
	}
	return c
}

// latinFold are the letters under the accents from U+00C0 to U+017F; a space
// where there is none.
const latinFold = "aaaaaa ceeeeiiii nooooo  uuuuy  aaaaaa ceeeeiiii nooooo  uuuuy y" +
	"aaaaaaccccccccdd  eeeeeeeeeegggggggghh  iiiiiiiii   jjkk llllll " +
	"   nnnnnn   oooooo  rrrrrrsssssssstttt  uuuuuuuuuuuuwwyyyzzzzzzs"

// foldNext folds the first character of text, which is not ASCII, decomposed.
func foldNext(dst []byte, begin int, gap bool, text string) ([]byte, bool, int) {
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && size == 1 {
		return dst, gap, 1
	}
	if r >= 0x2000 && r < 0x2070 || r >= 0x1f300 && r < 0x1fb00 { // punctuation and emoji
		return dst, gap || r != '’', size
	}
	if r >= firstHangul && r <= lastHangul { // decomposed by rule, not by table
		for _, part := range norm.NFKD.String(text[:size]) {
			dst, gap = foldRune(dst, begin, gap, part)
		}
		return dst, gap, size
	}
	parts := norm.NFKD.PropertiesString(text[:size]).Decomposition()
	if parts == nil {
		dst, gap = foldRune(dst, begin, gap, r)
	}
	for len(parts) > 0 {
		part, n := utf8.DecodeRune(parts)
		parts = parts[n:]
		dst, gap = foldRune(dst, begin, gap, part)
	}
	return dst, gap, size
}

const firstHangul, lastHangul = '\uac00', '\ud7a3'

// foldRune folds one character of a decomposed text.
func foldRune(dst []byte, begin int, gap bool, r rune) ([]byte, bool) {
	switch {
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		if gap && len(dst) > begin {
			dst = append(dst, ' ')
		}
		return utf8.AppendRune(dst, unicode.ToLower(r)), false
	case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		return dst, gap // an apostrophe joins: "don't" stays one word whatever the keyboard
	}
	return dst, true
}

// hasPhrase reports whether words stand in a folded text as words of it.
func hasPhrase(folded []byte, words string) bool {
	for rest := folded; len(rest) >= len(words); rest = nextWord(rest) {
		if begins(rest, words) {
			return true
		}
	}
	return false
}

// begins reports whether a folded text begins with these words.
func begins(folded []byte, words string) bool {
	n := len(words)
	return len(folded) >= n && string(folded[:n]) == words && (len(folded) == n || folded[n] == ' ')
}

// nextWord is a folded text without its first word.
func nextWord(folded []byte) []byte {
	for i, c := range folded {
		if c == ' ' {
			return folded[i+1:]
		}
	}
	return nil
}
