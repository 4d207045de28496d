package transcripttest_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/transcript/transcripttest"
)

func sample() transcripttest.Sample {
	return transcripttest.Sample{Speech: pcm.Tone(8000, time.Second, 440), Language: language.English}
}

// good is a recogniser that always hears the same two words.
func good(ctx context.Context, c pcm.Clip, _ transcript.Hints) (transcript.Transcript, error) {
	if err := ctx.Err(); err != nil {
		return transcript.Transcript{}, err
	}
	if len(c.Samples) == 0 {
		return transcript.Transcript{}, nil
	}
	return transcript.Transcript{Text: "hello there", Language: language.English, Words: []transcript.Word{
		{From: 0, To: 5, Start: 100 * time.Millisecond, End: 300 * time.Millisecond, Confidence: 0.9},
		{From: 6, To: 11, Start: 400 * time.Millisecond, End: 700 * time.Millisecond, Confidence: 0.8},
	}}, nil
}

func TestSuitePasses(t *testing.T) {
	t.Parallel()
	transcripttest.TestRecognizer(t, sample(), func(*testing.T) transcript.Recognizer { return transcript.RecognizerFunc(good) })
}

// recorder notes failures instead of failing.
type recorder struct{ failed bool }

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) FailNow()              { r.failed = true; panic(r) }

func fails(c transcripttest.Check, r transcript.Recognizer) (failed bool) {
	rec := &recorder{}
	defer func() {
		if p := recover(); p != nil && p != any(rec) {
			panic(p)
		}
		failed = rec.failed
	}()
	c.Run(rec, context.Background(), sample(), r)
	return rec.failed
}

// TestMutants shows that each rule catches a recogniser that breaks it.
func TestMutants(t *testing.T) {
	t.Parallel()
	type recognize = transcript.RecognizerFunc
	counter := func() recognize {
		var n atomic.Int64
		return func(ctx context.Context, c pcm.Clip, h transcript.Hints) (transcript.Transcript, error) {
			got, err := good(ctx, c, h)
			got.Text = fmt.Sprintf("hello the%02d", n.Add(1)%100)
			return got, err
		}
	}
	mutants := map[string]recognize{
		"what it hears holds together": func(ctx context.Context, c pcm.Clip, h transcript.Hints) (transcript.Transcript, error) {
			got, err := good(ctx, c, h)
			if len(got.Words) > 0 {
				got.Words[1].To++
			}
			return got, err
		},
		"the words lie inside the recording": func(ctx context.Context, c pcm.Clip, h transcript.Hints) (transcript.Transcript, error) {
			got, err := good(ctx, c, h)
			if len(got.Words) > 0 {
				got.Words[1].End = time.Hour
			}
			return got, err
		},
		"the same recording is the same transcript": counter(),
		"the clip and the hints are left alone": func(ctx context.Context, c pcm.Clip, h transcript.Hints) (transcript.Transcript, error) {
			if len(c.Samples) > 0 {
				c.Samples[0]++
			}
			return good(ctx, c, h)
		},
		"an empty clip is silence or a final error": func(ctx context.Context, c pcm.Clip, h transcript.Hints) (transcript.Transcript, error) {
			if len(c.Samples) == 0 {
				return transcript.Transcript{}, errors.New("short read")
			}
			return good(ctx, c, h)
		},
		"a context that has ended ends it": func(_ context.Context, c pcm.Clip, h transcript.Hints) (transcript.Transcript, error) {
			return good(context.Background(), c, h)
		},
		"it may be asked concurrently": counter(),
	}
	for _, c := range transcripttest.Checks() {
		mutant, ok := mutants[c.Name]
		if assert.True(t, ok, "no mutant for %q", c.Name) {
			assert.True(t, fails(c, mutant), "not caught: %q", c.Name)
			assert.False(t, fails(c, transcript.RecognizerFunc(good)), "caught without reason: %q", c.Name)
		}
	}
}
