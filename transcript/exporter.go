package transcript

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ErrNoTimes is answered where an output needs times and no word has any.
var ErrNoTimes = errors.New("transcript: the words have no times")

// How words are put together into the lines of a subtitle.
const (
	cueLetters = 42              // of a line, as broadcasters do; a Chinese character is two
	cueLength  = 5 * time.Second // at most
	cueLeast   = time.Second     // unless the next one begins
	cuePause   = time.Second     // begins a new one
	letterTime = 70 * time.Millisecond
)

// cue is a line of a subtitle.
type cue struct {
	start, end time.Duration
	text       string
	speaker    string
}

// WebVTT is t as a file of subtitles (W3C WebVTT), with the speakers as voices.
// &, < and > are escaped, so that the text is text and no line of it an arrow.
// A line is cut at a pause, where the speaker changes, and before it gets
// longer than 42 letters or 5 seconds. Words without a time are shown in the
// pause in which they stand. [ErrNoTimes] when no word has a time.
func (t Transcript) WebVTT() (string, error) {
	cues, err := t.cues()
	if err != nil {
		return "", err
	}
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	var out strings.Builder
	out.WriteString("WEBVTT\n")
	for _, c := range cues {
		fmt.Fprintf(&out, "\n%s --> %s\n", clockText(c.start, '.'), clockText(c.end, '.'))
		if c.speaker != "" {
			out.WriteString("<v " + escape.Replace(c.speaker) + ">")
		}
		out.WriteString(escape.Replace(c.text) + "\n")
	}
	return out.String(), nil
}

// SRT is t as a SubRip file, cut as by [Transcript.WebVTT]. The format has no
// escapes: signs that players take for markup, <, > and {\, are replaced by
// others that look like them. [ErrNoTimes] when no word has a time.
func (t Transcript) SRT() (string, error) {
	cues, err := t.cues()
	if err != nil {
		return "", err
	}
	replace := strings.NewReplacer("<", "‹", ">", "›", `{\`, `(\`)
	var out strings.Builder
	for i, c := range cues {
		fmt.Fprintf(&out, "%d\n%s --> %s\n%s\n\n", i+1, clockText(c.start, ','), clockText(c.end, ','), replace.Replace(c.text))
	}
	return out.String(), nil
}

// cues cuts the text at pauses, speakers, and the length of a line.
func (t Transcript) cues() ([]cue, error) {
	words, ok := t.estimated()
	if !ok {
		if t.Empty() {
			return nil, nil
		}
		return nil, ErrNoTimes
	}
	var cues []cue
	first, begin, speaker, segment := 0, 0, "", 0
	flush := func(last, to int) {
		c := cue{start: words[first].Start, end: words[last-1].End, text: oneLine(t.Text[begin:to]), speaker: speaker}
		if c.text != "" {
			cues = append(cues, c)
		}
		first, begin = last, to
	}
	for i, w := range words {
		next := speaker
		for segment < len(t.Segments) && t.Segments[segment].From <= i {
			next = t.Segments[segment].Speaker
			segment++
		}
		if i > first {
			long := screenWidth(t.Text[words[first].From:w.To]) > cueLetters || w.End-words[first].Start > cueLength
			if long || next != speaker || w.Start-words[i-1].End >= cuePause {
				flush(i, t.between(i))
			}
		}
		speaker = next
	}
	flush(len(words), len(t.Text))
	for i := range cues {
		c := &cues[i]
		c.end = max(c.end, c.start+cueLeast)
		if i+1 < len(cues) {
			c.end = max(c.start+time.Millisecond, min(c.end, cues[i+1].start))
			cues[i+1].start = max(cues[i+1].start, c.end-time.Millisecond, c.start)
		}
	}
	return cues, nil
}

// estimated are the words with a time each: those that have none share the
// pauses. Behind the last they are given what it takes to say them. It is false
// when no word has a time.
func (t Transcript) estimated() ([]Word, bool) {
	words := slices.Clone(t.Words)
	known := make([]bool, len(words))
	some, end := false, time.Duration(0)
	for i, w := range words {
		if known[i] = w.timed(); known[i] {
			some, end = true, max(end, w.End)
		} else {
			end += letterTime * time.Duration(w.To-w.From+1)
		}
	}
	fill(words, boundsOf(letteringOf(t.Text), words), known, end)
	for i := 1; i < len(words); i++ { // a host's own may be in any order
		words[i].Start = max(words[i].Start, words[i-1].Start)
		words[i].End = max(words[i].End, words[i].Start)
	}
	return words, some
}

// between is where the line that begins with word i begins: what stands before
// the word without a space, such as ¿, goes with it.
func (t Transcript) between(i int) int {
	from, to := t.Words[i-1].To, t.Words[i].From
	if space := strings.LastIndexFunc(t.Text[from:to], unicode.IsSpace); space >= 0 {
		return from + space
	}
	return to
}

// oneLine is text without line breaks, control characters and invalid bytes.
func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// screenWidth is how wide a text is on a screen.
func screenWidth(text string) int {
	n := utf8.RuneCountInString(text)
	for _, r := range text {
		if r >= 0x2e80 && (dense(r) || wide(r) || unicode.Is(unicode.Hangul, r)) {
			n++
		}
	}
	return n
}

func clockText(d time.Duration, point byte) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d%c%03d", ms/3600000, ms/60000%60, ms/1000%60, point, ms%1000)
}
