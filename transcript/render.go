package transcript

import (
	"unicode"
	"unicode/utf8"
)

// edit is a piece of the original text and how long what stands in its place
// is.
type edit struct{ from, to, length int }

// renderer writes text with its spans hidden.
type renderer struct {
	mode    Mode
	texting bool // signs stand for letters
	bases   *bases
	out     []byte
	edits   []edit // kept when trace is set
	trace   bool
	last    byte // written last, or 0 at the beginning
}

// text appends text[from:to] with the spans, which lie in it, hidden.
func (r *renderer) text(text string, from, to int, spans []Span) {
	for _, s := range spans {
		r.copy(text[from:s.From])
		from = r.span(text, s, to)
	}
	r.copy(text[from:to])
}

func (r *renderer) copy(text string) {
	if text != "" {
		r.out = append(r.out, text...)
		r.last = text[len(text)-1]
	}
}

// span hides one span and says where the text goes on.
func (r *renderer) span(text string, s Span, end int) int {
	if r.mode == Tag || s.Category == maskedCategory && r.mode != Remove {
		r.copy(text[s.From:s.To])
		return s.To
	}
	if r.mode == Remove {
		return r.remove(text, s, end)
	}
	for at := s.From; at < s.To; {
		c, size := utf8.DecodeRuneInString(text[at:])
		if !r.hides(c) {
			r.copy(text[at : at+size])
			at += size
			continue
		}
		word := at
		for at < s.To {
			c, size := utf8.DecodeRuneInString(text[at:])
			if !r.hides(c) {
				break
			}
			at += size
		}
		before := len(r.out)
		r.mask(text[word:at])
		r.note(edit{word, at, len(r.out) - before})
	}
	return s.To
}

// hides reports whether c is part of a word, and not a gap in a phrase.
func (r *renderer) hides(c rune) bool {
	return neighbourRune(c) || r.texting && !unicode.IsSpace(c)
}

func (r *renderer) note(e edit) {
	if r.trace {
		r.edits = append(r.edits, e)
	}
}

// remove drops the span, and one of the spaces around it.
func (r *renderer) remove(text string, s Span, end int) int {
	to := s.To
	if to < end && text[to] == ' ' && (r.last == ' ' || r.last == 0) {
		to++
	}
	r.note(edit{s.From, to, 0})
	return to
}

// mask hides one word. Marks and characters without width go with the letter
// that they belong to.
func (r *renderer) mask(word string) {
	if r.mode == Fixed {
		r.copy("****")
		return
	}
	// Behind the first letter and before the last consonant: neither *ss nor
	// ctmr* would look masked.
	vowels, pending := false, false
	if r.mode == Vowels {
		for i, c := range word {
			if r.vowel(c) {
				pending = pending || i > 0
			} else if !combining(c) && !ignorable(c) {
				vowels = pending
			}
			if vowels {
				break
			}
		}
	}
	letters, shown := 0, true
	for at := 0; at < len(word); {
		if r.mode == Mask && word[at] < utf8.RuneSelf {
			r.out = append(r.out, '*')
			r.last = '*'
			shown, letters = false, letters+1
			at++
			continue
		}
		c, size := utf8.DecodeRuneInString(word[at:])
		if combining(c) || ignorable(c) {
			if shown && letters > 0 {
				r.copy(word[at : at+size])
			}
			at += size
			continue
		}
		switch {
		case r.mode == First, r.mode == Vowels && !vowels:
			shown = letters == 0
		case r.mode == Vowels:
			shown = !r.vowel(c)
		default:
			shown = false
		}
		if letters++; shown {
			r.copy(word[at : at+size])
		} else {
			r.out = append(r.out, '*')
			r.last = '*'
		}
		at += size
	}
}

func (r *renderer) vowel(c rune) bool {
	found := false
	r.bases.each(c, func(b byte) {
		switch b {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			found = true
		}
	})
	return found
}
