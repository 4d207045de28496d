package openaispeech

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/transcript"
)

// answer is the JSON of a transcript: OpenAI's verbose_json, with what others
// add. Lists stay raw until their length is known to be within the limits.
type answer struct {
	Text     *string         `json:"text"`
	Language string          `json:"language"` // a name in English or a code
	Words    json.RawMessage `json:"words"`
	Segments json.RawMessage `json:"segments"`
}

// segment is a run of text. whisper.cpp and some others put the words here.
type segment struct {
	Text    string          `json:"text"`
	Start   number          `json:"start"`
	End     number          `json:"end"`
	Logprob number          `json:"avg_logprob"` // natural logarithm, mean of the tokens
	Speaker json.RawMessage `json:"speaker"`
	Words   json.RawMessage `json:"words"`
}

// timed is a word, or with whisper.cpp a piece of one.
type timed struct {
	Word        string `json:"word"`
	Start       number `json:"start"`
	End         number `json:"end"`
	Probability number `json:"probability"`
}

// number is a JSON number, also in quotes. Whatever else it is, is NaN.
type number float64

var unknown = number(math.NaN())

// UnmarshalJSON never fails: a bad time must not cost the text.
func (n *number) UnmarshalJSON(data []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(data), `"`), 64)
	if err != nil || math.IsInf(v, 0) {
		v = math.NaN()
	}
	*n = number(v)
	return nil
}

// time is n seconds, in milliseconds. A negative time is unknown: engines print
// it for want of one.
func (n number) time() (time.Duration, bool) {
	if !(n >= 0) {
		return 0, false
	}
	return time.Duration(math.Round(1000*min(float64(n), 7*24*3600))) * time.Millisecond, true
}

// probability is n as a confidence; zero is unknown.
func (n number) probability() float32 {
	if !(n > 0) {
		return 0
	}
	return float32(min(n, 1))
}

// parse reads an answer without its lists.
func parse(data []byte) (answer, error) {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		// The message of the parser may quote the answer.
		return answer{}, &transcript.Error{Kind: transcript.Retry, Err: fmt.Errorf("%w: malformed JSON", ErrAnswer)}
	}
	return a, nil
}

// list decodes at most limit elements, each over a copy of fresh. A list that
// is none, or has an element of another shape, is empty: the text stands
// without it. The error is that of a list that is too long.
func list[T any](raw json.RawMessage, limit int, fresh T) ([]T, error) {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '[' {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return nil, nil
	}
	var all []T
	for decoder.More() {
		if len(all) == limit {
			return nil, tooLong()
		}
		next := fresh
		if err := decoder.Decode(&next); err != nil {
			return nil, nil
		}
		all = append(all, next)
	}
	return all, nil
}

// lists are the segments and words of an answer; words from the segments when
// the answer has no list of its own.
func (a answer) lists() ([]segment, []timed, error) {
	freshWord := timed{Start: unknown, End: unknown, Probability: unknown}
	segments, err := list(a.Segments, transcript.MaxSegments, segment{Start: unknown, End: unknown, Logprob: unknown})
	if err != nil {
		return nil, nil, err
	}
	words, err := list(a.Words, transcript.MaxWords, freshWord)
	if err != nil || len(words) > 0 {
		return segments, words, err
	}
	for _, s := range segments {
		more, err := list(s.Words, transcript.MaxWords-len(words), freshWord)
		if err != nil {
			return nil, nil, err
		}
		words = append(words, more...)
	}
	return segments, words, nil
}

// label is a speaker's label: a short string or a number.
func label(raw json.RawMessage) string {
	text := string(raw)
	var unquoted string
	if json.Unmarshal(raw, &unquoted) == nil {
		text = unquoted
	}
	text = strings.TrimSpace(clean(text))
	if len(text) > 64 || text == "null" {
		return ""
	}
	return text
}
