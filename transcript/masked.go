package transcript

import (
	"strings"
	"unicode/utf8"
)

// The categories and lemmas of what this package makes up itself.
const (
	maskedCategory = "masked" // an engine has already hidden it
	hostCategory   = "host"
)

const (
	maxRegion = 64 // bytes of a word with stars in it
	maxGuess  = 4  // stars in a word that is looked for in the lexicon
)

// placeholders are what engines write in the place of a word, small.
var placeholders = [...]string{"<profanity>", "[profanity]", "[expletive]", "[expletive deleted]", "[bleep]", "[beep]", "[bip]", "[censored]", "[ __ ]", "[__]", "[\u00a0__\u00a0]", "[jurement]", "[sacre]", "[swear word]", "[swearing]", "[grossièreté]", "[palabrota]"}

// sign looks at a sign at the byte i that may belong to a word that an engine
// has masked, and says where to go on.
func (t *table) sign(dst []Span, first int, text string, i int) ([]Span, int) {
	if text[i] == '<' || text[i] == '[' {
		for _, p := range placeholders {
			if len(text)-i >= len(p) && strings.EqualFold(text[i:i+len(p)], p) {
				span := Span{From: i, To: i + len(p), Severity: Medium, Category: maskedCategory}
				if p == "<profanity>" {
					return t.tagged(dst, text, span)
				}
				return append(dst, span), span.To
			}
		}
		return dst, i + 1
	}
	from, to := region(text, i)
	behind := to
	if behind <= i {
		return dst, i + 1
	}
	if len(dst) > first && dst[len(dst)-1].To > from || to-from > maxRegion {
		return dst, stars(text, i)
	}
	if partOfNumber(text, from, to) {
		return dst, stars(text, i)
	}
	if severity, ok := t.hidden(text[from:to]); ok {
		return append(dst, Span{From: from, To: to, Severity: severity, Category: maskedCategory}), behind
	}
	return dst, stars(text, i)
}

// tagged handles <profanity>…</profanity>: the few words between the tags are
// profane by the engine's word, and still to be masked.
func (t *table) tagged(dst []Span, text string, open Span) ([]Span, int) {
	rest := text[open.To:min(len(text), open.To+maxRegion)]
	n := strings.Index(rest, "</")
	if n <= 0 || strings.Count(rest[:n], " ") > 4 || strings.ContainsAny(rest[:n], "<[*") {
		return append(dst, open), open.To
	}
	from, to := trim(text, open.To, open.To+n)
	return append(dst, Span{From: from, To: to, Severity: Medium, Category: "tagged"}), to
}

// stars is behind the run of stars at i.
func stars(text string, i int) int {
	for i < len(text) && (text[i] == '*' || text[i] == '#') {
		i++
	}
	return i
}

// region is the run of word characters and stars around i; a hash belongs to
// it only behind a letter.
func region(text string, i int) (from, to int) {
	from, to = i, i
	for from > 0 && i-from <= maxRegion {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		if !wordRune(r) && r != '*' && r != '#' {
			break
		}
		from -= size
	}
	for to < len(text) && to-i <= maxRegion {
		r, size := utf8.DecodeRuneInString(text[to:])
		if !wordRune(r) && r != '*' && r != '#' {
			break
		}
		to += size
	}
	return from, to
}

// partOfNumber reports whether text[from:to] is joined to a digit or to more
// stars, as in ***-***-5521: somebody hid a number, and no word.
func partOfNumber(text string, from, to int) bool {
	number := func(c byte) bool { return c == '*' || c >= '0' && c <= '9' }
	joint := func(c byte) bool { return c == '-' || c == '.' || c == '/' || c == ':' }
	if strings.Trim(text[from:to], "*") != "" {
		return false
	}
	return to+1 < len(text) && joint(text[to]) && number(text[to+1]) ||
		from > 1 && joint(text[from-1]) && number(text[from-2])
}

// partOfHidden reports whether text[from:to], which stands next to a star, is
// the visible part of a masked word: the fck of fck*ng.
func (t *table) partOfHidden(text string, from, to int) bool {
	a, b := region(text, from)
	if b-a > maxRegion {
		return false
	}
	before, behind := strings.TrimRight(text[a:from], "*#"), strings.TrimLeft(text[to:b], "*#")
	if before == "" && behind == "" {
		return false
	}
	_, hidden := t.hidden(text[a:b])
	return hidden
}

// hidden tells whether word, in which there are stars, is a masked one: ***,
// f***, ****ing, or a word of the lexicon with letters replaced (sh*t). Digits
// never are: *69 and **21* are for the keypad.
func (t *table) hidden(word string) (Severity, bool) {
	letters, signs, lead := 0, 0, -1
	tail := 0
	for _, r := range word {
		switch {
		case r == '*' || r == '#':
			if r == '#' && letters == 0 {
				return 0, false
			}
			signs++
			tail++
		case r >= '0' && r <= '9':
			return 0, false
		default:
			if letters == 0 {
				lead = signs
			}
			letters++
			tail = 0
		}
	}
	switch {
	case letters == 0:
		return Medium, signs >= 3
	case lead > 0 && lead < 3, signs == 0:
		return 0, false
	}
	if signs <= maxGuess { // each star more is a search over all letters
		if severity := t.guess(start, word); severity > 0 {
			return severity, true
		}
	}
	if lead >= 3 { // ****ing
		switch strings.ToLower(word[lead:]) {
		case "s", "ed", "er", "ers", "in", "ing", "hole", "holes", "head", "y", "é", "er ", "ez", "ando", "es":
			return Medium, true
		}
		return 0, false
	}
	inner := signs - tail
	short := letters-boolInt(inner > 0) <= 2
	return Medium, tail >= 2 && letters == 1 || tail >= 3 && short || tail >= 4 || inner >= 2 && letters <= 4
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// guess finds the strongest single word of the lexicon that fits pattern, with
// one letter for each star.
func (t *table) guess(s int, pattern string) Severity {
	if s == 0 {
		return 0
	}
	if pattern == "" {
		var best Severity
		for _, n := range t.sets[t.accept[s]] {
			if r := &t.rules[n]; r.entry >= 0 && r.left == nil && r.right == nil {
				best = max(best, t.lemmas[r.entry].severity)
			}
		}
		return best
	}
	if pattern[0] != '*' && pattern[0] != '#' {
		r, size := utf8.DecodeRuneInString(pattern)
		return t.guess(t.step(s, r), pattern[size:])
	}
	var best Severity
	for class := clsLetter; class < clsSign; class++ {
		if n := t.next[s<<6|class]; n != 0 {
			best = max(best, t.guess(int(n), pattern[1:]))
		}
	}
	return best
}
