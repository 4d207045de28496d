package transcript

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Limits of one transcript. A voicemail of three minutes has about 3 KiB of
// text and 500 words, so these are far away from honest input.
const (
	MaxText     = 1 << 20 // bytes of text
	MaxWords    = 1 << 17
	MaxSegments = 1 << 14
)

// ErrInvalid is wrapped by what [Transcript.Check] answers. ErrTooLong is
// answered where a limit of this package is passed.
var (
	ErrInvalid = errors.New("transcript: words do not map to the text")
	ErrTooLong = errors.New("transcript: longer than the limit")
)

// Transcript is one text and the words in it. Words point into the text by
// byte offsets, so there is no second copy that could disagree: bytes, runes,
// words and times map onto one another exactly. It is plain JSON with stable
// names. The zero Transcript is that of a recording in which nobody speaks.
//
// A Transcript is a value; its slices are shared by copies and are never
// changed by this package.
type Transcript struct {
	Text     string       `json:"text,omitempty"` // hostile: what a caller said
	Language language.Tag `json:"language,omitzero"`
	// Words are in the order of the text and do not overlap. An engine that
	// gives no words leaves it empty; see [Plain].
	Words []Word `json:"words,omitempty"`
	// Segments divide the words; none means a single segment.
	Segments []Segment `json:"segments,omitempty"`
}

// Word is one word of a [Transcript]. What stands between two words, spaces
// and punctuation, belongs to neither.
type Word struct {
	From, To int // bytes of Text, half-open; From == To: a word that was removed
	// Start and End are measured from the beginning of the audio. Both zero:
	// the engine gave no time.
	Start, End time.Duration
	Confidence float32 // 0 to 1; 0: unknown
}

// word is the JSON form of [Word]: durations are strings there.
type word struct {
	From       int     `json:"from"`
	To         int     `json:"to"`
	Start      string  `json:"start,omitempty"`
	End        string  `json:"end,omitempty"`
	Confidence float32 `json:"confidence,omitempty"`
}

// MarshalJSON writes times as strings such as "1.3s" and leaves out both when
// they are unknown.
func (w Word) MarshalJSON() ([]byte, error) {
	out := word{From: w.From, To: w.To, Confidence: w.Confidence}
	if w.Start != 0 || w.End != 0 {
		out.Start, out.End = w.Start.String(), w.End.String()
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what [Word.MarshalJSON] wrote.
func (w *Word) UnmarshalJSON(data []byte) error {
	var in word
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	start, err := duration(in.Start)
	if err != nil {
		return err
	}
	end, err := duration(in.End)
	if err != nil {
		return err
	}
	*w = Word{From: in.From, To: in.To, Start: start, End: end, Confidence: in.Confidence}
	return nil
}

func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return time.ParseDuration(text)
}

// Segment is a run of words with one language and one speaker.
type Segment struct {
	From     int          `json:"from"` // words, half-open
	To       int          `json:"to"`
	Language language.Tag `json:"language,omitzero"` // undefined: that of the transcript
	Speaker  string       `json:"speaker,omitempty"` // the engine's own label
}

// MarshalJSON writes plain JSON with stable names. Bytes of the text that are
// no character become U+FFFD, as everywhere in JSON, and the words follow: they
// are the same words in what is read back. <, > and & are escaped, so that it
// may stand in a page.
func (t Transcript) MarshalJSON() ([]byte, error) {
	type plain Transcript // without this method
	return json.Marshal(plain(t.valid()))
}

// valid is t with valid UTF-8.
func (t Transcript) valid() Transcript {
	if utf8.ValidString(t.Text) {
		return t
	}
	var text strings.Builder
	moved := make([]int, len(t.Text)+1) // where each byte comes to stand
	for i := 0; i < len(t.Text); {
		r, size := utf8.DecodeRuneInString(t.Text[i:])
		for k := range size {
			moved[i+k] = text.Len() + k
		}
		text.WriteRune(r)
		i += size
	}
	moved[len(t.Text)] = text.Len()
	t.Text, t.Words = text.String(), slices.Clone(t.Words)
	for i := range t.Words {
		w := &t.Words[i]
		w.From, w.To = moved[min(max(w.From, 0), len(moved)-1)], moved[min(max(w.To, 0), len(moved)-1)]
	}
	return t
}

// Check reports whether t holds together: words inside the text, in order,
// without overlap, on the borders of characters; times not negative and not
// ending before they start; confidences from 0 to 1; segments consecutive and
// covering all words. The error wraps [ErrInvalid] and names the place, or is
// [ErrTooLong]. Everything that this package makes passes.
func (t Transcript) Check() error {
	if len(t.Text) > MaxText || len(t.Words) > MaxWords || len(t.Segments) > MaxSegments {
		return ErrTooLong
	}
	at := 0
	for i, w := range t.Words {
		switch {
		case w.From < at || w.To < w.From || w.To > len(t.Text):
			return fmt.Errorf("%w: word %d: bytes %d to %d", ErrInvalid, i, w.From, w.To)
		case !border(t.Text, w.From) || !border(t.Text, w.To):
			return fmt.Errorf("%w: word %d: inside a character", ErrInvalid, i)
		case w.Start < 0 || w.End < w.Start:
			return fmt.Errorf("%w: word %d: from %v to %v", ErrInvalid, i, w.Start, w.End)
		case math.IsNaN(float64(w.Confidence)) || w.Confidence < 0 || w.Confidence > 1:
			return fmt.Errorf("%w: word %d: confidence %v", ErrInvalid, i, w.Confidence)
		}
		at = w.To
	}
	next := 0
	for i, s := range t.Segments {
		if s.From != next || s.To < s.From || s.To > len(t.Words) {
			return fmt.Errorf("%w: segment %d: words %d to %d", ErrInvalid, i, s.From, s.To)
		}
		next = s.To
	}
	if len(t.Segments) > 0 && next != len(t.Words) {
		return fmt.Errorf("%w: segments end at word %d of %d", ErrInvalid, next, len(t.Words))
	}
	return nil
}

// border reports whether a character begins or ends at byte i of text. A byte
// that is not valid UTF-8 is a character of its own.
func border(text string, i int) bool {
	if i <= 0 || i >= len(text) || utf8.RuneStart(text[i]) {
		return true
	}
	for back := 1; back < utf8.UTFMax && back <= i; back++ {
		if utf8.RuneStart(text[i-back]) {
			_, size := utf8.DecodeRuneInString(text[i-back:])
			return size <= back
		}
	}
	return true
}

// Empty reports whether nobody spoke.
func (t Transcript) Empty() bool { return len(t.Words) == 0 && strings.TrimSpace(t.Text) == "" }

// Word returns the text of word i. It panics when there is no such word.
func (t Transcript) Word(i int) string { return t.Text[t.Words[i].From:t.Words[i].To] }

// Within returns the words that the bytes from to to touch, half-open: those of a
// [Span], or of a match in the text. It is where bytes become words; their
// times are [Transcript.Times].
func (t Transcript) Within(from, to int) (first, end int) {
	first = sort.Search(len(t.Words), func(i int) bool { return t.Words[i].To > from })
	end = sort.Search(len(t.Words), func(i int) bool { return t.Words[i].From >= to })
	return first, max(first, end)
}

// Times are when the words from first to end, half-open, are spoken: for a
// player, or for the tone that hides a span. Words without a time are passed
// over; it is false when none has one.
func (t Transcript) Times(first, end int) (from, to time.Duration, ok bool) {
	first = min(max(0, first), len(t.Words))
	for _, w := range t.Words[first:max(first, min(end, len(t.Words)))] {
		if w.timed() {
			if !ok {
				from = w.Start
			}
			to, ok = max(to, w.End), true
		}
	}
	return from, to, ok
}

// Plain makes a transcript of bare text: its words have no times. Words are
// what white space separates, without the punctuation around them.
func Plain(text string, tag language.Tag) Transcript {
	return Transcript{Text: text, Language: tag, Words: split(text)}
}
