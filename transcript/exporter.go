package transcript

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrNoTimes is answered where an output needs times and no word has any.
var ErrNoTimes = errors.New("transcript: the words have no times")

// How words are put together into the lines of a subtitle.
const (
	cueLetters = 42              // of a line, as broadcasters do
	cueLength  = 5 * time.Second // at most
	cuePause   = time.Second     // begins a new one
)

// cue is a line of a subtitle.
type cue struct {
	start, end time.Duration
	text       string
}

// WebVTT is t as a file of subtitles (W3C WebVTT). &, < and > are escaped.
// [ErrNoTimes] when no word has a time.
func (t Transcript) WebVTT() (string, error) {
	cues, err := t.cues()
	if err != nil {
		return "", err
	}
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	var out strings.Builder
	out.WriteString("WEBVTT\n")
	for _, c := range cues {
		fmt.Fprintf(&out, "\n%s --> %s\n%s\n", clockText(c.start, '.'), clockText(c.end, '.'), escape.Replace(c.text))
	}
	return out.String(), nil
}

// SRT is t as a SubRip file. The format has no escapes: an arrow in the text
// loses a dash. [ErrNoTimes] when no word has a time.
func (t Transcript) SRT() (string, error) {
	cues, err := t.cues()
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for i, c := range cues {
		fmt.Fprintf(&out, "%d\n%s --> %s\n%s\n\n", i+1, clockText(c.start, ','), clockText(c.end, ','), strings.ReplaceAll(c.text, "-->", "->"))
	}
	return out.String(), nil
}

// cues cuts the text at pauses and at the length of a line.
func (t Transcript) cues() ([]cue, error) {
	var cues []cue
	first, timed := 0, false
	var start, end time.Duration
	flush := func(last int) {
		to := len(t.Text)
		if last < len(t.Words) {
			to = t.Words[last].From
		}
		text := strings.Join(strings.Fields(t.Text[t.Words[first].From:to]), " ")
		if text != "" && timed {
			cues = append(cues, cue{start, max(end, start+time.Millisecond), text})
		}
		first, timed = last, false
	}
	for i, w := range t.Words {
		known := w.Start != 0 || w.End != 0
		if i > first {
			length := utf8.RuneCountInString(t.Text[t.Words[first].From:w.To])
			if length > cueLetters || timed && known && (w.End-start > cueLength || w.Start-end >= cuePause) {
				flush(i)
			}
		}
		if known {
			if !timed {
				start, timed = w.Start, true
			}
			end = max(w.End, start)
		}
	}
	if len(t.Words) > 0 {
		flush(len(t.Words))
	}
	if len(cues) == 0 && len(t.Words) > 0 {
		return nil, ErrNoTimes
	}
	return cues, nil
}

func clockText(d time.Duration, point byte) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d%c%03d", ms/3600000, ms/60000%60, ms/1000%60, point, ms%1000)
}
