package transcript

import (
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// heard is what an engine says, before it is one text. Importers fill it in;
// [heard.settle] makes a transcript of it.
type heard struct {
	text     string
	language language.Tag
	runs     []stretch // segments, utterances, phrases
	words    []stretch
	length   time.Duration // of the recording; zero or less: unknown
}

// stretch is a stretch of speech as an engine lists it: a word, a piece of one,
// a segment.
type stretch struct {
	text       string
	start, end time.Duration // [never]: unknown
	confidence float32       // zero: unknown
	speaker    string
	language   language.Tag
	glued      bool // stands behind the one before without a space
}

// settle puts what was heard together: one text, the words in it, and what the
// engine knows of each.
func (h heard) settle() (Transcript, error) {
	if len(h.words) > MaxWords || len(h.runs) > MaxSegments {
		return Transcript{}, ErrTooLong
	}
	text, err := h.written()
	if err != nil || silent(text) {
		return Transcript{}, err
	}
	if countWords(text) > MaxWords {
		return Transcript{}, ErrTooLong
	}
	t := Plain(text, h.language)
	l := letteringOf(text)
	begins := begin(l, t)
	agree(h.words)
	agree(h.runs)
	norms := normsOf(h.words)
	spoken := bridge(l, boundsOf(l, t.Words), h.words, norms, place(l, begins, h.words, norms))
	runs := place(l, begins, h.runs, normsOf(h.runs))
	t.Words = divide(l, t, spoken)
	if len(t.Words) > MaxWords {
		return Transcript{}, ErrTooLong
	}
	bounds := boundsOf(l, t.Words)
	known := make([]bool, len(t.Words))
	cover(t.Words, bounds, known, spoken)
	rate(t.Words, bounds, spoken)
	cover(t.Words, bounds, known, between(runs, t.Words, bounds, known))
	rate(t.Words, bounds, runs)
	length := h.believed(t.Words, known)
	if length > 0 {
		doubt(t.Words, known, length)
	}
	fill(t.Words, bounds, known, length)
	order(t.Words, length)
	t.label(bounds, spoken, runs)
	if len(t.Segments) > MaxSegments {
		return Transcript{}, ErrTooLong
	}
	return t, nil
}

// written is the text: the engine's, or else that of its segments, or of its
// words.
func (h heard) written() (string, error) {
	text := strings.TrimSpace(h.text)
	for _, parts := range [][]stretch{h.runs, h.words} {
		if text != "" {
			break
		}
		total := 0
		for _, p := range parts {
			total += len(p.text)
		}
		if total > MaxText {
			return "", ErrTooLong
		}
		text = strings.TrimSpace(joined(parts))
	}
	if len(text) > MaxText {
		return "", ErrTooLong
	}
	text = strings.TrimSpace(clean(text))
	if len(text) > MaxText { // of bytes that are no character
		return "", ErrTooLong
	}
	return text, nil
}

// joined is the text of parts. Engines that bring the spaces with them, as
// Whisper does, are taken at their word: they may cut inside one.
func joined(parts []stretch) string {
	spaced := false
	for i, p := range parts {
		spaced = spaced || i > 0 && strings.HasPrefix(p.text, " ")
	}
	var b strings.Builder
	last := utf8.RuneError
	for _, p := range parts {
		if spaced {
			b.WriteString(p.text)
			continue
		}
		text := strings.TrimSpace(p.text)
		if text == "" {
			continue
		}
		first, _ := utf8.DecodeRuneInString(text)
		if b.Len() > 0 && !p.glued && !(dense(last) && dense(first)) && !wide(last) {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		last, _ = utf8.DecodeLastRuneInString(text)
	}
	return b.String()
}

// wide reports whether r is a sign of punctuation that brings its own space.
func wide(r rune) bool { return r >= 0x3000 && r < 0x3040 || r >= 0xff00 && r < 0xfff0 }

// believed is the length of the recording, unless most words begin after it.
func (h heard) believed(words []Word, known []bool) time.Duration {
	if h.length <= 0 {
		return never
	}
	inside, outside := 0, 0
	for i, w := range words {
		switch {
		case !known[i]:
		case w.Start > h.length:
			outside++
		default:
			inside++
		}
	}
	if outside > inside {
		return never
	}
	return h.length
}

// begin says at which positions of the letters a word may begin.
func begin(l lettering, t Transcript) func(int) bool {
	first := make([]int32, 0, len(t.Words)) // letters of the words, in order
	for _, w := range t.Words {
		first = append(first, int32(l.index(w.From)))
	}
	return func(i int) bool {
		if i > 0 && l.at[i-1] == l.at[i] {
			return false // inside a character
		}
		if _, ok := search(first, int32(i)); ok {
			return true
		}
		at := int(l.at[i])
		return at > 0 && divides(t.Text, at)
	}
}

// divide cuts the words of t where a spoken one begins, in scripts without
// spaces.
func divide(l lettering, t Transcript, spoken []piece) []Word {
	words := make([]Word, 0, len(t.Words))
	next := 0
	for _, w := range t.Words {
		for ; next < len(spoken) && int(l.at[spoken[next].from]) < w.To; next++ {
			if at := int(l.at[spoken[next].from]); at > w.From && divides(t.Text, at) {
				words = append(words, Word{From: w.From, To: at})
				w.From = at
			}
		}
		words = append(words, w)
	}
	return words
}

// boundsOf are the letters of each word, as positions in norm.
func boundsOf(l lettering, words []Word) [][2]int {
	bounds := make([][2]int, len(words))
	for i, w := range words {
		from := l.index(w.From)
		bounds[i] = [2]int{from, max(from, l.index(w.To))}
	}
	return bounds
}
