package transcript

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// MaxImport is the longest answer of an engine, in bytes, that is read.
const MaxImport = 16 << 20

// ErrFormat is wrapped by the importers when the data is not what they read.
var ErrFormat = errors.New("transcript: not an answer of this engine")

// Importer reads what an engine answered. The data is hostile: times are
// brought into order, confidences into 0 to 1, invalid UTF-8 is replaced. An
// answer without words and text is the zero [Transcript], not an error. Errors
// wrap [ErrFormat], or are [ErrTooLong].
type Importer func(data []byte) (Transcript, error)

// heard is a word as an engine tells it.
type heard struct {
	text       string
	start, end time.Duration
	confidence float64
	speaker    string
	glued      bool // punctuation, or a piece of the word before
}

func decode(data []byte, into any) error {
	if len(data) > MaxImport {
		return ErrTooLong
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return nil
}

// assemble puts what was heard together. When text is given and holds all words
// in order, it is kept with its punctuation; otherwise the words make it.
func assemble(text string, words []heard, tag language.Tag) (Transcript, error) {
	if len(words) > MaxWords || len(text) > MaxText {
		return Transcript{}, ErrTooLong
	}
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	t := Transcript{Text: text, Language: tag}
	if len(words) == 0 {
		if text == "" {
			return Transcript{}, nil
		}
		t.Words = split(text)
		return t, nil
	}
	for i := range words {
		w := &words[i]
		w.text = strings.TrimSpace(strings.ToValidUTF8(w.text, "\uFFFD"))
		w.start, w.end = max(0, w.start), max(0, w.start, w.end)
	}
	if placed, ok := locate(text, words); ok {
		t.Words = placed
	} else {
		var b builder
		for _, w := range words {
			switch {
			case w.text == "":
			case w.glued && len(b.words) > 0:
				b.tail(w.text)
				if !punctuated(w.text) {
					last := &b.words[len(b.words)-1]
					last.To, last.End = b.text.Len(), max(last.End, w.end)
				}
			default:
				b.word(w.text, w.start, w.end, share(w.confidence))
			}
		}
		if b.text.Len() > MaxText {
			return Transcript{}, ErrTooLong
		}
		t.Text, t.Words = b.text.String(), b.words
	}
	t.Segments = speakers(words, len(t.Words))
	if len(t.Words) == 0 {
		return Transcript{}, nil
	}
	return t, nil
}

func punctuated(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPunct(r) }) < 0
}

// locate finds the words one after the other in text.
func locate(text string, words []heard) ([]Word, bool) {
	if text == "" {
		return nil, false
	}
	var out []Word
	at := 0
	for _, w := range words {
		if w.glued || w.text == "" {
			return nil, false
		}
		n := indexFold(text[at:], w.text)
		if n < 0 || strings.IndexFunc(text[at:at+n], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0 {
			return nil, false
		}
		from := at + n
		at = from + len(w.text)
		out = append(out, Word{From: from, To: at, Start: w.start, End: w.end, Confidence: share(w.confidence)})
	}
	return out, true
}

// indexFold looks for word near the beginning of text, whatever its case.
func indexFold(text, word string) int {
	for i := 0; i+len(word) <= len(text) && i < 64; {
		if strings.EqualFold(text[i:i+len(word)], word) {
			return i
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return -1
}

// speakers makes segments of the runs of one speaker, when there are any.
func speakers(words []heard, n int) []Segment {
	var out []Segment
	i := 0
	for _, w := range words {
		if w.glued && i > 0 || w.text == "" {
			continue
		}
		if len(out) == 0 || out[len(out)-1].Speaker != w.speaker {
			out = append(out, Segment{From: i, To: i, Speaker: w.speaker})
		}
		i++
		out[len(out)-1].To = i
	}
	if i != n || len(out) > MaxSegments || len(out) == 1 && out[0].Speaker == "" {
		return nil
	}
	return out
}

func share(confidence float64) float32 {
	if !(confidence > 0) { // not a number is unknown, too
		return 0
	}
	return float32(min(confidence, 1))
}

// longest is an instant that no recording reaches.
const longest = 1000 * time.Hour

func seconds(s float64) time.Duration {
	if !(s > 0) {
		return 0
	}
	if s > longest.Seconds() {
		return longest
	}
	return time.Duration(math.Round(s*1e6)) * time.Microsecond
}

func secondsText(s string) time.Duration {
	f, err := strconv.ParseFloat(strings.TrimSuffix(s, "s"), 64)
	if err != nil {
		return 0
	}
	return seconds(f)
}

func millis(ms int64) time.Duration {
	return time.Duration(min(max(ms, 0), int64(longest/time.Millisecond))) * time.Millisecond
}

// tagOf reads a language as engines write it: a tag, or an English name.
func tagOf(name string) language.Tag {
	switch strings.ToLower(name) {
	case "english":
		return language.English
	case "french":
		return language.French
	case "spanish":
		return language.Spanish
	case "german":
		return language.German
	case "italian":
		return language.Italian
	case "portuguese":
		return language.Portuguese
	}
	tag, err := language.Parse(name)
	if err != nil {
		return language.Und
	}
	return tag
}
