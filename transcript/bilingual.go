package transcript

import (
	"slices"
	"unsafe"

	"golang.org/x/text/language"
)

// What it takes for the words around one to tell its language.
const (
	leastSpoken   = 0.5 // of confidence
	leastEvidence = 3   // words
)

// spoken keeps of the spans from first on those that count in the language
// that is spoken around them: late is "en retard", and no insult, though the
// box is bilingual. Where the neighbours do not tell, a word counts that does
// in any language. The spans of locale i end at ends[i].
//
// Words that a lexicon knows are no evidence, profane here or not, nor is what
// is already masked: so filtered text is judged as the original was, and the
// end of a text as the whole.
func (f *Filter) spoken(dst []Span, first int, ends []int, text string) []Span {
	if f.texting {
		return merge(dst, first) // a disguise would be evidence until it is masked
	}
	begin := first
	for i := range f.locales {
		base, _ := f.locales[i].tag.Base()
		for k := begin; k < ends[i]; k++ {
			tag, confidence := f.around(text, dst[k])
			if confidence < leastSpoken || f.only(tag) == nil {
				continue
			}
			if b, _ := tag.Base(); b != base && dst[k].Category != maskedCategory {
				dst[k].Severity = 0
			}
		}
		begin = ends[i]
	}
	kept := slices.DeleteFunc(dst[first:], func(s Span) bool { return s.Severity == 0 })
	return merge(dst[:first+len(kept)], first)
}

// around guesses the language of the neighbours of a span.
func (f *Filter) around(text string, span Span) (language.Tag, float64) {
	var room [maxDetect]byte
	evidence, words := room[:0], 0
	s := surroundings{text: text, bases: f.locales[0].table.bases, from: span.From, to: span.To}
	take := func(w *neighbour) {
		if w != nil && !w.masked && len(evidence)+w.to-w.from < cap(evidence) && !f.lists(text, w) {
			evidence = append(append(evidence, text[w.from:w.to]...), ' ')
			words++
		}
	}
	for i := range reachWords {
		take(s.before(reachWords - 1 - i))
	}
	for i := range reachWords {
		take(s.after(i))
	}
	if words < leastEvidence {
		return language.Und, 0
	}
	return Detect(unsafe.String(unsafe.SliceData(evidence), len(evidence)))
}

// lists reports whether a lexicon of the filter knows the word.
func (f *Filter) lists(text string, w *neighbour) bool {
	for i := range f.locales {
		t := f.locales[i].table
		if _, part := t.parts[w.hash]; part {
			return true
		}
		if end, s := t.slow(text[w.from:w.to], 0); end == w.to-w.from && t.accept[s] != 0 {
			return true
		}
	}
	return false
}
