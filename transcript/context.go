package transcript

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// neighbour is a word near the one that is judged.
type neighbour struct {
	hash     uint64
	from, to int
	joined   bool // nothing but space, hyphen or apostrophe lies between it and the nearer one
	masked   bool
}

// surroundings reads the neighbours of text[from:to] when they are asked for.
// A sentence ends at . ! ? ; : and at a gap of more than maxGap bytes; what
// lies beyond is no neighbour.
type surroundings struct {
	text        string
	bases       *bases
	from, to    int
	left, right [reachWords]neighbour // nearest first
	lefts       int                   // how many are known
	rights      int
	leftEnd     bool // there are no more
	rightEnd    bool
}

// before returns the neighbour n words to the left; 0 is the nearest.
func (s *surroundings) before(n int) *neighbour {
	for s.lefts <= n {
		if s.leftEnd || s.lefts == reachWords {
			return nil
		}
		at := s.from
		if s.lefts > 0 {
			at = s.left[s.lefts-1].from
		}
		w := &s.left[s.lefts]
		var ok bool
		if w.from, w.to, w.joined, ok = wordBefore(s.text, at); !ok {
			s.leftEnd = true
			return nil
		}
		s.read(w)
		s.lefts++
	}
	return &s.left[n]
}

// after is before, to the right.
func (s *surroundings) after(n int) *neighbour {
	for s.rights <= n {
		if s.rightEnd || s.rights == reachWords {
			return nil
		}
		at := s.to
		if s.rights > 0 {
			at = s.right[s.rights-1].to
		}
		w := &s.right[s.rights]
		var ok bool
		if w.from, w.to, w.joined, ok = wordAfter(s.text, at); !ok {
			s.rightEnd = true
			return nil
		}
		s.read(w)
		s.rights++
	}
	return &s.right[n]
}

func (s *surroundings) read(w *neighbour) {
	text := s.text[w.from:w.to]
	w.masked = strings.IndexByte(text, '*') >= 0
	w.hash = s.bases.hash(text)
}

// phrase matches the rest of the phrase of r around its anchor.
func (s *surroundings) phrase(r *rule) (from, to int, ok bool) {
	from, to = s.from, s.to
	for i, h := range r.left {
		w := s.before(i)
		if w == nil || !w.joined || w.hash != h || r.hyphens && !hyphen(s.text[w.to:from]) {
			return 0, 0, false
		}
		from = w.from
	}
	for i, h := range r.right {
		w := s.after(i)
		if w == nil || !w.joined || w.hash != h || r.hyphens && !hyphen(s.text[to:w.from]) {
			return 0, 0, false
		}
		to = w.to
	}
	return from, to, true
}

// hyphen reports whether gap is one hyphen.
func hyphen(gap string) bool { return gap == "-" || gap == "\u2010" || gap == "\u2011" }

// counts asks the conditions of r: nothing may clear the word, and of what it
// needs there must be one.
func (s *surroundings) counts(r *rule) bool {
	needs := false
	for i := range r.conditions {
		c := &r.conditions[i]
		holds := s.holds(c, len(r.left), len(r.right))
		if !c.needs {
			if holds {
				return false
			}
			continue
		}
		if holds {
			return true
		}
		needs = true
	}
	return !needs
}

// holds asks one condition about a phrase with so many words to the left and
// right of its anchor.
func (s *surroundings) holds(c *condition, lefts, rights int) bool {
	switch c.flag {
	case 'c':
		from, to := s.from, s.to
		if lefts > 0 {
			first := s.before(lefts - 1)
			from, to = first.from, first.to
		}
		return s.before(lefts) != nil && name(s.text[from:to])
	case '^':
		return s.before(lefts) == nil
	case '$':
		return s.after(rights) == nil
	}
	for i := range c.left {
		w := s.before(lefts + i)
		if w == nil {
			break
		}
		if _, ok := c.words[w.hash]; ok || c.masked && w.masked {
			return true
		}
	}
	for i := range c.right {
		w := s.after(rights + i)
		if w == nil {
			break
		}
		if _, ok := c.words[w.hash]; ok || c.masked && w.masked {
			return true
		}
	}
	return false
}

// name reports whether word is written like a name: one capital, then small.
func name(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(r) || size == len(word) {
		return false
	}
	r, _ = utf8.DecodeRuneInString(word[size:])
	return unicode.IsLower(r)
}

// neighbourRune is wordRune, and the signs behind which an engine hides letters.
func neighbourRune(r rune) bool { return r == '*' || r == '#' || wordRune(r) }

// The kinds of gap between two neighbours.
const (
	gapJoin = iota // space, hyphen, apostrophe
	gapLoose
	gapStop
)

func gapKind(r rune) int {
	switch r {
	case ' ', '\t', '\n', '\r', '-', '_', '\'', '’', '\u02bc', '‘', '\u2010', '\u2011', '\u00a0', '\u202f', '\u2009':
		return gapJoin
	case '.', '!', '?', ';', ':', '…':
		return gapStop
	}
	return gapLoose
}

// wordAfter finds the word behind the one that ends at the byte at.
func wordAfter(text string, at int) (from, to int, joined, ok bool) {
	joined = true
	for from = at; ; {
		if from >= len(text) || from-at > maxGap {
			return 0, 0, false, false
		}
		r, size := utf8.DecodeRuneInString(text[from:])
		if neighbourRune(r) {
			break
		}
		kind := gapKind(r)
		if kind == gapStop {
			return 0, 0, false, false
		}
		joined = joined && kind == gapJoin
		from += size
	}
	if from-at > maxGap {
		return 0, 0, false, false
	}
	for to = from; to < len(text); {
		r, size := utf8.DecodeRuneInString(text[to:])
		if !neighbourRune(r) {
			break
		}
		if to += size; to-from > maxWord {
			return 0, 0, false, false
		}
	}
	return from, to, joined, true
}

// wordBefore finds the word in front of the one that begins at the byte at.
func wordBefore(text string, at int) (from, to int, joined, ok bool) {
	joined = true
	for to = at; ; {
		if to <= 0 || at-to > maxGap {
			return 0, 0, false, false
		}
		r, size := lastRune(text[:to])
		if neighbourRune(r) {
			break
		}
		kind := gapKind(r)
		if kind == gapStop {
			return 0, 0, false, false
		}
		joined = joined && kind == gapJoin
		to -= size
	}
	if at-to > maxGap {
		return 0, 0, false, false
	}
	for from = to; from > 0; {
		r, size := lastRune(text[:from])
		if !neighbourRune(r) {
			break
		}
		if from -= size; to-from > maxWord {
			return 0, 0, false, false
		}
	}
	return from, to, joined, true
}

// lastRune is utf8.DecodeLastRuneInString of a text that is not empty, with the
// common case inline.
func lastRune(text string) (r rune, size int) {
	if c := text[len(text)-1]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeLastRuneInString(text)
}
