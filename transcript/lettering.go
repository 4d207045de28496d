package transcript

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// lettering is what engines agree on between a text and its words: letters,
// digits and marks, decomposed and in lower case, and runs of stars, which
// stand for a word that an engine masked.
type lettering struct {
	norm string
	at   []int32 // where in the text the character of each byte of norm begins
}

func letteringOf(text string) lettering { return letter(text, make([]int32, 0, len(text))) }

// normOf are the letters alone.
func normOf(text string) string { return letter(text, nil).norm }

// letter fills in where the letters are unless at is nil.
func letter(text string, at []int32) lettering {
	l := lettering{at: at}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		from := b.Len()
		switch {
		case r == '*' && (i > 0 && text[i-1] == '*' || i+1 < len(text) && text[i+1] == '*'):
			b.WriteByte('*')
		case r < utf8.RuneSelf:
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				b.WriteByte(byte(lower(r)))
			}
		case unicode.In(r, unicode.L, unicode.N, unicode.M):
			whole := norm.NFD.PropertiesString(text[i : i+size]).Decomposition()
			if whole == nil {
				b.WriteRune(unicode.ToLower(r))
			}
			for _, part := range string(whole) {
				b.WriteRune(unicode.ToLower(part))
			}
		}
		if at != nil {
			for range b.Len() - from {
				l.at = append(l.at, int32(i))
			}
		}
		i += size
	}
	l.norm = b.String()
	return l
}

// index is where in norm the text from byte at on begins.
func (l lettering) index(at int) int {
	i, _ := search(l.at, int32(min(max(at, 0), MaxText+1)))
	return i
}

func search(sorted []int32, v int32) (int, bool) { return slices.BinarySearch(sorted, v) }

// divides reports whether a word may begin at byte at inside a run of letters:
// in the scripts that put no space between words.
func divides(text string, at int) bool {
	after, _ := utf8.DecodeRuneInString(text[at:])
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	return dense(after) && !unicode.Is(unicode.M, after) || dense(before)
}

// dense reports whether r is of a script that puts no space between words.
func dense(r rune) bool {
	return r > 0xdff && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
