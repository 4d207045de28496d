package transcript

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// MaxImport is the longest answer of an engine, in bytes, that is read.
const MaxImport = 16 << 20

// ErrFormat is wrapped by the importers when the data is not what they read.
// Its message says where, and quotes nothing of the data.
var ErrFormat = errors.New("transcript: not an answer of this engine")

// Importer reads what an engine answered, all of it that the data says: text,
// words, times, confidences, speakers, languages, the length of the recording.
// [Transcript.Fit] fits the result into a clip whose length is known.
//
// The text is the engine's, trimmed, with control characters made spaces; when
// there is none, that of its segments, or of its words. Words are those of
// [Plain]: the engine's own are found in the text by comparing letters and
// digits in order, so that it does not matter whether an engine lists them with
// punctuation, without, in pieces or in other capitals, nor that text and words
// differ here and there. Scripts without spaces are divided where the engine
// did.
//
// A word that the engine did not list takes its time from the segment, by
// length, or shares the pause between its neighbours; where nothing is known,
// it has none. Times are rounded to milliseconds, in order and without overlap;
// a time that contradicts more of the others than agree with it is not believed.
// The confidence of a word is the lowest of its pieces, or else that of its
// segment.
//
// Segments are those of the engine, divided where the speaker or the language
// changes. A single one without either is left out.
//
// An answer in which nobody spoke, of no text or of notes about sound such as
// [BLANK_AUDIO] or (music), is the zero [Transcript], not an error. The data is
// hostile: errors wrap [ErrFormat] or [ErrTooLong], a list or a number that is
// none costs only itself, and limits are held before memory is spent.
type Importer func(data []byte) (Transcript, error)

// decode reads the frame of an answer. Lists in it stay raw until their length
// is known to be within a limit.
func decode(data []byte, into any) error {
	if len(data) > MaxImport {
		return ErrTooLong
	}
	if err := json.Unmarshal(data, into); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return fmt.Errorf("%w: malformed JSON at byte %d", ErrFormat, syntax.Offset)
		}
		return fmt.Errorf("%w: JSON of another shape", ErrFormat)
	}
	return nil
}

func lacks(what string) error { return fmt.Errorf("%w: it has no %s", ErrFormat, what) }

// given reports whether a value is there and not null.
func given(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && !bytes.Equal(raw, []byte("null"))
}

// list decodes at most limit elements.
func list[T any](raw json.RawMessage, limit int, what string) ([]T, error) {
	all, skipped, err := elements[T](raw, limit)
	if err == nil && skipped > 0 {
		err = errElement
	}
	if errors.Is(err, errElement) {
		return nil, fmt.Errorf("%w: its %s have another shape", ErrFormat, what)
	}
	return all, err
}

// extra is a list without which the text still stands: it is empty if it is
// none, and goes without elements of another shape.
func extra[T any](raw json.RawMessage, limit int) ([]T, error) {
	all, _, err := elements[T](raw, limit)
	if errors.Is(err, errElement) {
		return nil, nil
	}
	return all, err
}

var errElement = errors.New("no list")

// elements decodes at most limit elements and counts those of another shape,
// which it leaves out.
func elements[T any](raw json.RawMessage, limit int) (all []T, skipped int, err error) {
	if !given(raw) {
		return nil, 0, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if open, err := decoder.Token(); err != nil || open != json.Delim('[') {
		return nil, 0, errElement
	}
	for decoder.More() {
		if len(all)+skipped >= limit {
			return nil, 0, ErrTooLong
		}
		var next T
		var shape *json.UnmarshalTypeError
		switch err := decoder.Decode(&next); {
		case errors.As(err, &shape):
			skipped++
		case err != nil:
			return nil, 0, errElement
		default:
			all = append(all, next)
		}
	}
	return all, skipped, nil
}

// number is a JSON number, also in quotes, also with the unit that Google
// writes: "1.300s". Whatever else it is, is unknown.
type number struct {
	value float64
	known bool
}

// UnmarshalJSON never fails: a bad time must not cost the text.
func (n *number) UnmarshalJSON(data []byte) error {
	*n = number{}
	if len(data) > 0 && data[0] == '{' { // protobuf's Duration, as some clients write it
		var in struct{ Seconds, Nanos number }
		if json.Unmarshal(data, &in) == nil && (in.Seconds.known || in.Nanos.known) {
			*n = number{in.Seconds.value + in.Nanos.value/1e9, true}
		}
		return nil
	}
	text := strings.TrimSuffix(strings.Trim(string(data), `"`), "s")
	if v, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(v) {
		*n = number{v, true}
	}
	return nil
}

// longest is an instant that no recording reaches.
const longest = 7 * 24 * time.Hour

// never is an instant that is not known.
const never time.Duration = -1

// time is n units, in milliseconds. A negative time is unknown: engines print
// it for want of one.
func (n number) time(unit time.Duration) time.Duration {
	t := n.value * float64(unit)
	if !n.known || !(t >= 0 && t <= float64(longest)) {
		return never
	}
	return time.Duration(t).Round(time.Millisecond)
}

// probability is n as a confidence; zero is unknown.
func (n number) probability() float32 {
	if !n.known || !(n.value > 0) {
		return 0
	}
	return float32(min(n.value, 1))
}

// label is the name of a speaker, a channel or a language: a short string or a
// number. Whatever else it is, is empty.
type label string

// UnmarshalJSON never fails.
func (l *label) UnmarshalJSON(data []byte) error {
	var text string
	switch {
	case len(data) > 0 && (data[0] == '-' || data[0] >= '0' && data[0] <= '9'):
		text = string(data)
	case json.Unmarshal(data, &text) != nil:
		text = ""
	}
	if text = strings.TrimSpace(clean(text)); len(text) > 64 {
		text = ""
	}
	*l = label(text)
	return nil
}

// clean makes control characters spaces and, as strings.Map does, bytes that
// are no character U+FFFD.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, text)
}
