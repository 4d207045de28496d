package transcript

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// logBase is the base of pocketsphinx' logarithms (its option -logbase).
const logBase = 1.0001

// unlikely stands for a probability that was printed as zero, because a
// confidence of zero means unknown in a [Word].
const unlikely = 1e-6

// FromPocketsphinx reads what pocketsphinx_continuous prints with -time yes:
// for each utterance a line of text, then lines of "word start end confidence".
// Silences, noises and the numbers of variants, the(2), are left out.
// Confidences may be probabilities or the engine's logarithms. Without any such
// line the lines are the text, unless the program's log is among them. The
// program does not say which language it heard: set it. See [Importer].
func FromPocketsphinx(data []byte) (Transcript, error) {
	if len(data) > MaxImport {
		return Transcript{}, ErrTooLong
	}
	var h heard
	var printed []number
	var texts []string
	logs, timed, length := false, false, 0
	for line := range bytes.Lines(data) {
		w, confidence, ok := sphinxLine(string(line))
		if !ok {
			if length += len(line); length <= MaxText {
				texts = append(texts, strings.TrimSpace(string(line)))
			}
			continue
		}
		timed = true
		if w.text == "" {
			continue
		}
		if len(h.words) == MaxWords {
			return Transcript{}, ErrTooLong
		}
		h.words, printed = append(h.words, w), append(printed, number{confidence, true})
		logs = logs || confidence < 0
	}
	for i := range h.words {
		h.words[i].confidence = linear(printed[i].value, logs)
	}
	if !timed {
		if slices.ContainsFunc(texts, logged) {
			return Transcript{}, lacks("times")
		}
		if length > MaxText {
			return Transcript{}, ErrTooLong
		}
		h.text = strings.Join(texts, " ")
	}
	return h.settle()
}

// logged reports whether a line is of the log, whose other lines look like text.
func logged(line string) bool {
	level, _, ok := strings.Cut(line, ": ")
	return ok && slices.Contains([]string{"INFO", "WARN", "WARNING", "ERROR", "FATAL"}, level)
}

// sphinxLine reads "word start end confidence". The line of text before the
// words is none, even if somebody said four numbers: it has no decimal points.
// The text is empty for what is not speech.
func sphinxLine(line string) (stretch, float64, bool) {
	fields := strings.Fields(line)
	if len(fields) != 4 {
		return stretch{}, 0, false
	}
	start, okStart := decimal(fields[1])
	end, okEnd := decimal(fields[2])
	confidence, okConfidence := decimal(fields[3])
	if !okStart || !okEnd || !okConfidence {
		return stretch{}, 0, false
	}
	w := stretch{text: sphinxWord(fields[0]), start: number{start, true}.time(time.Second), end: number{end, true}.time(time.Second)}
	return w, confidence, true
}

// sphinxWord is a word without the number of its variant, "the(2)". It is empty
// for what is not speech: <s>, </s>, <sil>, [NOISE], ++NOISE++.
func sphinxWord(word string) string {
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
	return word
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

// linear makes a confidence of what was printed: a probability, which rounding
// lets pass one by a little, or, in an answer in which one is negative, its
// logarithm.
func linear(v float64, logs bool) float32 {
	if logs {
		v = math.Pow(logBase, v)
	}
	return float32(min(max(v, unlikely), 1))
}
