package openaispeech

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// read makes a transcript of the body of a good answer to a clip of this
// length. Its errors are of type [*transcript.Error].
func read(data []byte, hints []language.Tag, length time.Duration) (transcript.Transcript, error) {
	a, err := parse(data)
	if err != nil {
		return transcript.Transcript{}, err
	}
	segments, words, err := a.lists()
	if err != nil {
		return transcript.Transcript{}, err
	}
	text, err := textOf(a, segments)
	if err != nil {
		return transcript.Transcript{}, err
	}
	if len(text) > transcript.MaxText {
		return transcript.Transcript{}, tooLong()
	}
	if silent(text) {
		return transcript.Transcript{}, nil
	}
	t := transcript.Plain(text, tagOf(a.Language, hints))
	l := lettersOf(text)
	begins := begin(l, t)
	spoken := distrust(align(l, begins, wordUnits(words, length)))
	runs := distrust(align(l, begins, segmentUnits(segments, length)))
	t.Words = divide(l, t, spoken)
	if len(t.Words) > transcript.MaxWords {
		return transcript.Transcript{}, tooLong()
	}
	bounds := boundsOf(l, t.Words)
	known := make([]bool, len(t.Words))
	cover(t.Words, bounds, known, spoken)
	cover(t.Words, bounds, known, runs)
	fill(t.Words, bounds, known, length)
	order(t.Words, length)
	t.Segments = divideSegments(bounds, runs, segments)
	return t, nil
}

// textOf is the text of an answer, or that of its segments.
func textOf(a answer, segments []segment) (string, error) {
	if a.Text != nil && strings.TrimSpace(*a.Text) != "" {
		return strings.TrimSpace(clean(*a.Text)), nil
	}
	var parts []string
	for _, s := range segments {
		if part := strings.TrimSpace(clean(s.Text)); part != "" {
			parts = append(parts, part)
		}
	}
	if a.Text == nil && len(parts) == 0 {
		return "", &transcript.Error{Kind: transcript.Retry, Err: fmt.Errorf("%w: it has no text", ErrAnswer)}
	}
	return strings.Join(parts, " "), nil
}

// wordUnits and segmentUnits are the engine's lists as units.
func wordUnits(words []timed, length time.Duration) []unit {
	units := make([]unit, len(words))
	for i, w := range words {
		units[i] = newUnit(w.Word, w.Start, w.End, w.Probability.probability(), i, length)
	}
	return units
}

func segmentUnits(segments []segment, length time.Duration) []unit {
	units := make([]unit, len(segments))
	for i, s := range segments {
		// Only a logarithm below zero is one; zero is what engines print that know none.
		var confidence float32
		if s.Logprob < 0 {
			confidence = number(math.Exp(float64(s.Logprob))).probability()
		}
		units[i] = newUnit(s.Text, s.Start, s.End, confidence, i, length)
	}
	return units
}

// newUnit has a time when the engine gave both ends, and it begins in the clip.
func newUnit(text string, start, end number, confidence float32, of int, length time.Duration) unit {
	u := unit{norm: lettersOf(text).norm, confidence: confidence, of: of}
	var okStart, okEnd bool
	u.start, okStart = start.time()
	u.end, okEnd = end.time()
	u.end = max(u.start, u.end)
	u.timed = okStart && okEnd && u.end > 0 && u.start <= length
	return u
}

// begin says at which positions of the letters a word may begin.
func begin(l letters, t transcript.Transcript) func(int) bool {
	return func(i int) bool {
		at := int(l.at[i])
		if i > 0 && l.at[i-1] == l.at[i] {
			return false // inside a character
		}
		_, atWord := slices.BinarySearchFunc(t.Words, at, func(w transcript.Word, at int) int { return l.first(w) - at })
		return atWord || at > 0 && divides(t.Text, at)
	}
}

// first is the byte at which the first letter of w stands.
func (l letters) first(w transcript.Word) int {
	if i := l.index(w.From); i < len(l.at) && int(l.at[i]) < w.To {
		return int(l.at[i])
	}
	return w.From
}

// divide cuts the words of t where a spoken one begins, in scripts without
// spaces.
func divide(l letters, t transcript.Transcript, spoken []piece) []transcript.Word {
	words := make([]transcript.Word, 0, len(t.Words))
	next := 0
	for _, w := range t.Words {
		for ; next < len(spoken) && int(l.at[spoken[next].from]) < w.To; next++ {
			if at := int(l.at[spoken[next].from]); at > w.From && divides(t.Text, at) {
				words = append(words, transcript.Word{From: w.From, To: at})
				w.From = at
			}
		}
		words = append(words, w)
	}
	return words
}

// boundsOf are the letters of each word, as positions in norm.
func boundsOf(l letters, words []transcript.Word) [][2]int {
	bounds := make([][2]int, len(words))
	for i, w := range words {
		bounds[i] = [2]int{l.index(w.From), l.index(w.To)}
	}
	return bounds
}

// divideSegments makes the segments of the transcript of those that were found
// in the text. A word belongs to the segment in which it begins; one before
// the first, to the first.
func divideSegments(bounds [][2]int, runs []piece, segments []segment) []transcript.Segment {
	var out []transcript.Segment
	from := 0
	for i, run := range runs {
		to := len(bounds)
		if i+1 < len(runs) {
			to = from
			for to < len(bounds) && bounds[to][0] < runs[i+1].from {
				to++
			}
		}
		if to > from {
			out = append(out, transcript.Segment{From: from, To: to, Speaker: label(segments[run.of].Speaker)})
			from = to
		}
	}
	if len(out) == 1 && out[0].Speaker == "" {
		return nil // says nothing
	}
	return out
}
