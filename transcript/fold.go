package transcript

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What a character is to the filter. Letters have a class of their own from
// firstLetter on, the columns of the automaton.
const (
	clsGap    = 0  // separates words
	clsOther  = 1  // belongs to a word that the lexicon can not hold: a digit, another script
	clsLetter = 2  // the first letter
	clsSign   = 62 // * < [ #: perhaps something that an engine has masked
	clsMulti  = 63 // the first byte of a longer character
	columns   = 64
)

// The letters that are written as several in the lexicon, and one that has a
// second small form. Ligatures of typesetters come out of copied text.
var expansions = [...]struct {
	r    rune
	text string
}{
	{'œ', "oe"},
	{'æ', "ae"},
	{'ß', "ss"},
	{'ſ', "s"},
	{'\ufb00', "ff"},
	{'\ufb01', "fi"},
	{'\ufb02', "fl"},
	{'\ufb03', "ffi"},
	{'\ufb04', "ffl"},
	{'\ufb05', "st"},
	{'\ufb06', "st"},
}

func expand(r rune) string {
	for i := range expansions {
		if expansions[i].r == r {
			return expansions[i].text
		}
	}
	return ""
}

// lower is the small form of r; full-width letters become narrow ones, and the
// sigma at the end of a word is a sigma.
func lower(r rune) rune {
	if r >= '\uff21' && r <= '\uff3a' || r >= '\uff41' && r <= '\uff5a' {
		r -= '\uff21' - 'A'
	}
	if r == 'ς' {
		return 'σ'
	}
	return unicode.ToLower(r)
}

// unmarked is a small letter beyond lastLatin without its marks: ё is е.
func unmarked(r rune) rune {
	var buf [utf8.UTFMax]byte
	first, size := utf8.DecodeRune(norm.NFD.Properties(buf[:utf8.EncodeRune(buf[:], r)]).Decomposition())
	if size == 0 {
		return r
	}
	return first
}

// bare is the letter that people write for one with an accent, or 0. The short
// и and the і with two dots are letters of their own.
func (b *bases) bare(r rune) rune {
	switch {
	case r < utf8.RuneSelf, r == 'й', r == 'ї':
		return 0
	case r <= lastLatin:
		return rune(b[r])
	}
	if plain := unmarked(r); plain != r {
		return plain
	}
	return 0
}

// appendPlain appends how a letter that is not in bases is compared: as several
// Latin ones, or as itself.
func appendPlain(dst []byte, r rune) []byte {
	r = lower(r)
	if text := expand(r); text != "" {
		return append(dst, text...)
	}
	if r <= lastLatin {
		return append(dst, '?')
	}
	return utf8.AppendRune(dst, unmarked(r))
}

// ignorable reports whether r has no width and no meaning inside a word.
func ignorable(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u180e', '\u034f':
		return true
	}
	return false
}

func combining(r rune) bool {
	return r >= '\u0300' && r <= '\u036f' || r >= '\u1ab0' && unicode.Is(unicode.Mn, r)
}

// wordRune reports whether r belongs to a word. It is the one definition: the
// fast loop, the neighbours and the writer must agree on what a word is.
func wordRune(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	case r == utf8.RuneError, r == '\u02bc':
		return false // invalid bytes and a letter that is an apostrophe
	case r <= '\u024f':
		return r >= '\u00c0' && r != '×' && r != '÷' || r == '\u00ad' || r == 'ª' || r == 'º'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || ignorable(r)
}

// last of the alphabets of European languages, for which there are tables.
const lastLatin = '\u024f'

// bases maps a letter up to lastLatin to the ASCII letter that is left without
// its marks, or to 0.
type bases [lastLatin + 1]byte

func newBases() *bases {
	var b bases
	var buf [8]byte
	for r := rune('a'); r <= lastLatin; r++ {
		if !unicode.IsLetter(r) {
			continue
		}
		n := utf8.EncodeRune(buf[:], unicode.ToLower(r))
		if first := norm.NFD.Bytes(buf[:n])[0]; first < utf8.RuneSelf {
			b[r] = first
		}
	}
	for c := byte('0'); c <= '9'; c++ {
		b[c] = c
	}
	for c := 'A'; c <= 'Z'; c++ {
		b[c] = byte(c) + 'a' - 'A'
	}
	b['ø'], b['Ø'], b['đ'], b['ł'], b['ı'] = 'o', 'o', 'd', 'l', 'i'
	return &b
}

// plain returns word in small letters without marks.
func (b *bases) plain(word string) string {
	var out strings.Builder
	for _, r := range word {
		b.each(r, func(c byte) { out.WriteByte(c) })
	}
	return out.String()
}

func (b *bases) each(r rune, f func(byte)) {
	if ignorable(r) || combining(r) {
		return
	}
	if r > lastLatin {
		r = lower(r)
	}
	if r <= lastLatin && b[r] != 0 {
		f(b[r])
		return
	}
	var room [8]byte
	for _, c := range appendPlain(room[:0], r) {
		f(c)
	}
}

// hash identifies a neighbour: case, accents and zero-width characters do not
// count. 64 bits of FNV-1a; a collision would only bend one context.
func (b *bases) hash(word string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(word); {
		if c := word[i]; c < utf8.RuneSelf {
			h = (h ^ uint64(b[c])) * 1099511628211
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(word[i:])
		i += size
		if ignorable(r) || combining(r) {
			continue
		}
		if r > lastLatin {
			r = lower(r)
		}
		if r <= lastLatin && b[r] != 0 {
			h = (h ^ uint64(b[r])) * 1099511628211
			continue
		}
		var room [8]byte
		for _, c := range appendPlain(room[:0], r) {
			h = (h ^ uint64(c)) * 1099511628211
		}
	}
	return h
}

// canonical is the spelling of a lexicon word: composed, small, without
// ligatures.
func canonical(word string) string {
	if plainSmall(word) {
		return word
	}
	var out strings.Builder
	for _, r := range norm.NFC.String(word) {
		r = lower(r)
		if text := expand(r); text != "" {
			out.WriteString(text)
		} else if !ignorable(r) {
			out.WriteRune(r)
		}
	}
	return norm.NFC.String(out.String())
}

// plainSmall reports whether word is small and ASCII, as most of a lexicon is.
func plainSmall(word string) bool {
	for i := range len(word) {
		if c := word[i]; c >= utf8.RuneSelf || c-'A' < 26 {
			return false
		}
	}
	return true
}
