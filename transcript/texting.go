package transcript

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What people type in the place of letters. The first column is what is seen,
// the second the letters that it may stand for.
var disguises = [...]struct {
	r    rune
	text string
}{
	{'0', "o"},
	{'1', "il"},
	{'3', "e"},
	{'4', "a"},
	{'5', "s"},
	{'7', "t"},
	{'8', "b"},
	{'9', "g"},
	{'@', "a"},
	{'$', "s"},
	{'!', "i"},
	{'|', "il"},
	{'+', "t"},
	{'€', "e"},
	{'£', "l"},
	{'¡', "i"},
	{'(', "c"},
	{'а', "a"},
	{'е', "e"},
	{'о', "o"},
	{'р', "p"},
	{'с', "c"},
	{'у', "yu"},
	{'х', "x"},
	{'і', "i"},
	{'ѕ', "s"},
	{'к', "k"},
	{'т', "t"},
	{'м', "m"},
	{'н', "h"},
	{'в', "b"},
	{'ԁ', "d"},
	{'ո', "n"},
	{'ս', "u"},
	{'α', "a"},
	{'ο', "o"},
	{'ε', "e"},
	{'ι', "i"},
	{'κ', "k"},
	{'ν', "v"},
	{'υ', "u"},
	{'τ', "t"},
	{'ρ', "p"},
	{'ß', "b"},
}

// disguise is the letters that r may stand for, each for itself: of the table,
// or the one that r is a styled form of, as bold or circled ones are.
func disguise(r rune) string {
	for i := range disguises {
		if disguises[i].r == r {
			return disguises[i].text
		}
	}
	if r <= lastLatin {
		return ""
	}
	var buf [utf8.UTFMax]byte
	plain := norm.NFKD.Properties(buf[:utf8.EncodeRune(buf[:], r)]).Decomposition()
	if len(plain) == 1 && asciiLetter(plain[0]) {
		return letters[plain[0]|0x20-'a':][:1]
	}
	return ""
}

const letters = "abcdefghijklmnopqrstuvwxyz"

func asciiLetter(c byte) bool { return c|0x20-'a' < 26 }

// Limits of one disguised word.
const (
	maxTyped = 64  // bytes
	maxSteps = 400 // of the search
)

// typed is a search for a disguised word that begins at one place.
type typed struct {
	t     *table
	text  string
	steps int
	end   int // of the longest word found
	set   uint16
}

// scanTyped adds the words that are disguised: leet, look-alikes, repeated
// letters, dots between letters, letters with spaces between. Undisguised ones
// are in dst from first on already.
func (t *table) scanTyped(dst []Span, first int, text string, from int) []Span {
	known := len(dst)
	for i := from; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		end := chunkEnd(text, i)
		if wordRune(r) || disguise(lower(r)) != "" {
			if span, ok := t.typedAt(text, i); ok && !covered(dst[first:known], span) {
				dst = append(dst, span)
				end = max(end, span.To)
			}
		}
		i = end
	}
	return merge(dst, first)
}

func covered(spans []Span, span Span) bool {
	return slices.ContainsFunc(spans, func(s Span) bool { return s.From < span.To && span.From < s.To })
}

// chunkEnd is where white space ends what begins at i.
func chunkEnd(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			break
		}
		i += size
	}
	return i
}

func (t *table) typedAt(text string, from int) (Span, bool) {
	w := typed{t: t, text: text[:min(len(text), from+maxTyped)]}
	w.walk(from, start, 0, 0, 0, false)
	if w.end == 0 {
		return Span{}, false
	}
	around := surroundings{text: text, bases: t.bases, from: from, to: w.end}
	return t.judge(&around, w.set)
}

// walk goes on at the byte at in the state s. last is the letter read before,
// letters how many real ones there were, read how many in all; spaced tells
// that each of them stood alone so far.
func (w *typed) walk(at, s int, last rune, letters, read int, spaced bool) {
	if w.steps++; w.steps > maxSteps {
		return
	}
	if set := w.t.accept[s]; set != 0 && at > w.end && letters > 0 && read > 2 && w.border(at) && !(spaced && w.goesOn(at)) {
		w.end, w.set = at, set
	}
	if at >= len(w.text) {
		return
	}
	r, size := utf8.DecodeRuneInString(w.text[at:])
	r = lower(r)
	next := at + size
	if ignorable(r) || combining(r) {
		w.walk(next, s, last, letters, read, spaced)
		return
	}
	if read > 0 {
		switch {
		case r == last:
			w.walk(next, s, last, letters, read, spaced)
		case r == ' ' && (read == 1 || spaced) && alone(w.text, next):
			w.walk(next, s, 0, letters, read, true)
			return
		case (r == '.' || r == '-' || r == '_' || r == '~') && !spaced && next < len(w.text):
			w.walk(next, s, 0, letters, read, false)
			return
		}
	}
	if spaced && last != 0 {
		return // a longer word behind single letters
	}
	if wordRune(r) && r > '9' {
		if n := w.t.step(s, r); n != 0 {
			w.walk(next, n, r, letters+1, read+1, spaced)
		} else if r > utf8.RuneSelf && r <= lastLatin && w.t.bases[r] != 0 {
			if n := w.t.step(s, rune(w.t.bases[r])); n != 0 {
				w.walk(next, n, r, letters+1, read+1, spaced)
			}
		}
	}
	weight := boolInt(r > '9' || r == '$' || r == '@')
	for _, l := range disguise(r) {
		if n := w.t.step(s, l); n != 0 {
			w.walk(next, n, r, letters+weight, read+1, spaced)
		}
	}
}

// border reports whether a word may end at the byte at.
func (w *typed) border(at int) bool {
	if at >= len(w.text) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(w.text[at:])
	return !neighbourRune(r)
}

// goesOn reports whether behind spaced letters there is one more.
func (w *typed) goesOn(at int) bool {
	return at < len(w.text) && w.text[at] == ' ' && alone(w.text, at+1)
}

// alone reports whether a single letter stands at the byte at.
func alone(text string, at int) bool {
	if at >= len(text) {
		return false
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	if at+size >= len(text) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(text[at+size:])
	return !wordRune(r)
}

// typedStart is where what may become a disguised word at the end of text
// begins: the last chunk, and the single letters before it.
func typedStart(text string) int {
	at := len(text)
	for len(text)-at < 2*maxTyped {
		i := at
		for i > 0 { // white space
			r, size := utf8.DecodeLastRuneInString(text[:i])
			if !unicode.IsSpace(r) {
				break
			}
			i -= size
		}
		end, runes := i, 0
		for i > 0 {
			r, size := utf8.DecodeLastRuneInString(text[:i])
			if unicode.IsSpace(r) {
				break
			}
			i -= size
			runes++
		}
		if i == end || at < len(text) && runes > 1 {
			return at
		}
		at = i
	}
	return at
}
