package main

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"path"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// ears stand in for a speech recogniser, which this machine does not have: the
// callers of the demo carry their own words in a text file beside their sound.
// It really listens: a recording is matched against the sounds it knows, and
// one that it never heard is reported as not recognised.
type ears struct{ known []utterance }

// An utterance is a sound with its words.
type utterance struct {
	shape    []float64
	length   time.Duration
	text     string
	language language.Tag
}

var errUnheard = errors.New("no recogniser on this machine, and the words of this caller are not in a file")

// openEars reads every NAME.wav that has a NAME.txt beside it.
func openEars(files fs.FS, folder string) (*ears, error) {
	texts, err := fs.Glob(files, path.Join(folder, "*.txt"))
	if err != nil {
		return nil, err
	}
	e := &ears{}
	for _, name := range texts {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		head, text, ok := strings.Cut(string(data), "\n")
		tag, err := language.Parse(strings.TrimSpace(strings.TrimPrefix(head, "lang:")))
		if !ok || err != nil {
			return nil, &fault{file: name, line: 1, text: `want "lang: fr-CA" on the first line and the words below it`}
		}
		clip, err := readSound(files, strings.TrimSuffix(name, ".txt")+".wav")
		if err != nil {
			return nil, err
		}
		e.known = append(e.known, utterance{shape(clip), clip.Duration(), strings.TrimSpace(text), tag})
	}
	return e, nil
}

// readSound reads a WAV file of at most three minutes.
func readSound(files fs.FS, name string) (pcm.Clip, error) {
	f, err := files.Open(name)
	if err != nil {
		return pcm.Clip{}, err
	}
	defer func() { _ = f.Close() }() // only read
	clip, err := pcm.ReadWAV(f, 3*time.Minute)
	if err != nil {
		return pcm.Clip{}, &fault{file: name, line: 1, text: err.Error()}
	}
	return clip, nil
}

// Recognize implements transcript.Recognizer.
func (e *ears) Recognize(_ context.Context, c pcm.Clip, _ transcript.Hints) (transcript.Transcript, error) {
	heard := shape(c)
	best, likeness, lag := -1, 0.9, 0
	for i, u := range e.known {
		if l, at := match(heard, u.shape); l > likeness {
			best, likeness, lag = i, l, at
		}
	}
	if best < 0 {
		return transcript.Transcript{}, &transcript.Error{Kind: transcript.Unsupported, Err: errUnheard}
	}
	u := e.known[best]
	t := transcript.Plain(u.text, u.language)
	begin := time.Duration(lag) * step
	for i := range t.Words {
		t.Words[i].Start = begin + u.length*time.Duration(i)/time.Duration(len(t.Words))
		t.Words[i].End = begin + u.length*time.Duration(i+1)/time.Duration(len(t.Words))
		t.Words[i].Confidence = float32(likeness)
	}
	return t, nil
}

// step is how much sound one number of a shape stands for.
const step = 20 * time.Millisecond

// shape is the loudness of c, step by step.
func shape(c pcm.Clip) []float64 {
	size := c.Rate * int(step/time.Millisecond) / 1000
	var all []float64
	for from := 0; size > 0 && from+size <= len(c.Samples); from += size {
		var sum float64
		for _, s := range c.Samples[from : from+size] {
			sum += float64(s) * float64(s)
		}
		all = append(all, math.Sqrt(sum/float64(size)))
	}
	return all
}

// match slides the known shape along the heard one and returns the highest
// correlation and the step at which it is found. A beginning or an ending that
// was cut off still counts when more than half of it was heard.
func match(heard, known []float64) (best float64, lag int) {
	half := len(known) / 2
	for at := -half; at <= len(heard)-half; at++ {
		if min(len(heard)-max(at, 0), len(known)-max(-at, 0)) < half {
			continue
		}
		if c := correlation(heard[max(at, 0):], known[max(-at, 0):]); c > best {
			best, lag = c, max(at, 0)
		}
	}
	return best, lag
}

func correlation(a, b []float64) float64 {
	n := min(len(a), len(b))
	var meanA, meanB float64
	for i := range n {
		meanA += a[i] / float64(n)
		meanB += b[i] / float64(n)
	}
	var ab, aa, bb float64
	for i := range n {
		x, y := a[i]-meanA, b[i]-meanB
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}
