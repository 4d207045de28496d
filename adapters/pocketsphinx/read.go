package pocketsphinx

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// logBase is the base of the engine's logarithms (its option -logbase).
const logBase = 1.0001

// unlikely stands for a probability that was printed as zero, because a
// confidence of zero means unknown in a [transcript.Word].
const unlikely = 1e-6

// heard is one word as printed.
type heard struct {
	word       string
	start, end time.Duration
	confidence float64
}

// read makes a transcript of what the program printed: for each utterance a
// line of text, then a line a word. Times are put in order and inside the clip;
// lines that are no words are passed over. The error is
// [transcript.ErrTooLong].
func read(output []byte, tag language.Tag, length time.Duration) (transcript.Transcript, error) {
	var words []heard
	logs := false
	for line := range bytes.Lines(output) {
		w, ok := readLine(string(line))
		if !ok {
			continue
		}
		if len(words) == transcript.MaxWords {
			return transcript.Transcript{}, transcript.ErrTooLong
		}
		words = append(words, w)
		logs = logs || w.confidence < 0
	}
	if len(words) == 0 {
		return transcript.Transcript{}, nil
	}
	var text strings.Builder
	t := transcript.Transcript{Language: tag}
	var last time.Duration
	for i, w := range words {
		if i > 0 {
			text.WriteByte(' ')
		}
		from := text.Len()
		text.WriteString(w.word)
		start := min(max(w.start, last), length)
		end := min(max(w.end, start), length)
		last = end
		t.Words = append(t.Words, transcript.Word{
			From: from, To: text.Len(), Start: start, End: end, Confidence: linear(w.confidence, logs),
		})
	}
	if t.Text = text.String(); len(t.Text) > transcript.MaxText {
		return transcript.Transcript{}, transcript.ErrTooLong
	}
	return t, nil
}

// readLine reads "word start end confidence". The line of text before the
// words is none, even if somebody said four numbers: it has no decimal points.
func readLine(line string) (heard, bool) {
	fields := strings.Fields(line)
	if len(fields) != 4 {
		return heard{}, false
	}
	word := spoken(fields[0])
	start, okStart := decimal(fields[1])
	end, okEnd := decimal(fields[2])
	confidence, okConfidence := decimal(fields[3])
	if word == "" || !okStart || !okEnd || !okConfidence {
		return heard{}, false
	}
	return heard{word, seconds(start), seconds(end), confidence}, true
}

// spoken is a word without the number of its variant, "the(2)". It is empty
// for what is not speech: <s>, </s>, <sil>, [NOISE], ++NOISE++.
func spoken(word string) string {
	if base, variant, ok := strings.Cut(word, "("); ok && base != "" {
		number, closed := strings.CutSuffix(variant, ")")
		if _, err := strconv.ParseUint(number, 10, 16); err == nil && closed {
			word = base
		}
	}
	for _, filler := range [][2]string{{"<", ">"}, {"[", "]"}, {"++", "++"}} {
		if strings.HasPrefix(word, filler[0]) && strings.HasSuffix(word, filler[1]) {
			return ""
		}
	}
	return strings.ToValidUTF8(word, "\uFFFD")
}

// decimal reads a number as C prints one with %f: digits and one point. Words
// such as "nan", which a parser of floats would take, are no numbers here.
func decimal(text string) (float64, bool) {
	whole, part, ok := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if !ok || whole == "" || part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// seconds rounds to milliseconds; frames have ten.
func seconds(s float64) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(math.Round(1000*min(max(s, 0), day))) * time.Millisecond
}

// linear makes a confidence of what was printed: a probability, which rounding
// lets pass one by a little, or, in an answer in which one is negative, its
// logarithm.
func linear(v float64, logs bool) float32 {
	if logs {
		v = math.Pow(logBase, v)
	}
	return float32(min(max(v, unlikely), 1))
}
