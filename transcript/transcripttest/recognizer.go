// Package transcripttest holds the conformance suite of the socket of package
// transcript: a vendor runs it on their own recogniser.
package transcripttest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// Sample is a recording and what is known of it, for a recogniser to be tried
// with.
type Sample struct {
	// Speech is a recording in which somebody speaks the language.
	Speech   pcm.Clip
	Language language.Tag
}

// Result is what an assertion of the suite needs of *testing.T, so that broken
// recognisers can be shown to fail.
type Result interface {
	require.TestingT
	// Helper is as in testing.T.
	Helper()
}

// TestRecognizer holds r to the contract of [transcript.Recognizer]. open is
// called once for each check and returns a recogniser that is ready.
func TestRecognizer(t *testing.T, sample Sample, open func(t *testing.T) transcript.Recognizer) {
	t.Helper()
	for _, c := range Checks() {
		t.Run(c.Name, func(t *testing.T) { c.Run(t, t.Context(), sample, open(t)) })
	}
}

// Check is one rule of the contract.
type Check struct {
	Name string
	Run  func(t Result, ctx context.Context, s Sample, r transcript.Recognizer)
}

// Checks are the rules, in the order in which they run.
func Checks() []Check {
	return []Check{
		{"what it hears holds together", holdsTogether},
		{"the words lie inside the recording", insideRecording},
		{"the same recording is the same transcript", repeatable},
		{"the clip and the hints are left alone", untouched},
		{"an empty clip is silence or a final error", empty},
		{"a context that has ended ends it", cancelled},
		{"it may be asked concurrently", concurrent},
	}
}

func hints(s Sample) transcript.Hints {
	return transcript.Hints{Languages: []language.Tag{s.Language}, Vocabulary: []string{"afterbeep"}}
}

func holdsTogether(t Result, ctx context.Context, s Sample, r transcript.Recognizer) {
	t.Helper()
	got, err := r.Recognize(ctx, s.Speech, hints(s))
	require.NoError(t, err)
	assert.NoError(t, got.Check())
	assert.False(t, got.Empty(), "somebody speaks in the sample")
}

func insideRecording(t Result, ctx context.Context, s Sample, r transcript.Recognizer) {
	t.Helper()
	got, err := r.Recognize(ctx, s.Speech, hints(s))
	require.NoError(t, err)
	last := time.Duration(0)
	for i, w := range got.Words {
		assert.LessOrEqual(t, w.End, s.Speech.Duration()+time.Second, "word %d ends after the recording", i)
		if w.End > 0 {
			assert.GreaterOrEqual(t, w.Start, last, "word %d begins before the one in front of it", i)
			last = w.Start
		}
	}
}

func repeatable(t Result, ctx context.Context, s Sample, r transcript.Recognizer) {
	t.Helper()
	first, err := r.Recognize(ctx, s.Speech, hints(s))
	require.NoError(t, err)
	again, err := r.Recognize(ctx, s.Speech, hints(s))
	require.NoError(t, err)
	assert.Equal(t, first.Text, again.Text)
	assert.Len(t, again.Words, len(first.Words))
}

func untouched(t Result, ctx context.Context, s Sample, r transcript.Recognizer) {
	t.Helper()
	clip := pcm.Clip{Rate: s.Speech.Rate, Samples: slices.Clone(s.Speech.Samples)}
	h := hints(s)
	_, err := r.Recognize(ctx, clip, h)
	require.NoError(t, err)
	assert.True(t, slices.Equal(clip.Samples, s.Speech.Samples), "samples were changed")
	assert.Equal(t, hints(s), h)
}

func empty(t Result, ctx context.Context, s Sample, r transcript.Recognizer) {
	t.Helper()
	got, err := r.Recognize(ctx, pcm.Clip{Rate: s.Speech.Rate}, hints(s))
	if err == nil {
		assert.True(t, got.Empty(), "text out of nothing: %q", got.Text)
		return
	}
	var again interface{ Retryable() bool }
	assert.True(t, errors.As(err, &again) && !again.Retryable(), "would be tried for ever: %v", err)
}

func cancelled(t Result, ctx context.Context, s Sample, r transcript.Recognizer) {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	_, err := r.Recognize(ctx, s.Speech, hints(s))
	require.Error(t, err)
	var again interface{ Retryable() bool }
	assert.True(t, !errors.As(err, &again) || again.Retryable(), "a cancelled job is not final: %v", err)
}

func concurrent(t Result, ctx context.Context, s Sample, r transcript.Recognizer) {
	t.Helper()
	want, err := r.Recognize(ctx, s.Speech, hints(s))
	require.NoError(t, err)
	var wait sync.WaitGroup
	texts, errs := make([]string, 4), make([]error, 4)
	for i := range texts {
		wait.Go(func() {
			got, err := r.Recognize(ctx, s.Speech, hints(s))
			texts[i], errs[i] = got.Text, err
		})
	}
	wait.Wait()
	for i := range texts {
		require.NoError(t, errs[i])
		assert.Equal(t, want.Text, texts[i])
	}
}
