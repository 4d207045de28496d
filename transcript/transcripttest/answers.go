package transcripttest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// TestAnswers holds a store to the contract of [transcript.Answers]. open is
// called once for each check and returns an empty store.
func TestAnswers(t *testing.T, open func(t *testing.T) transcript.Answers) {
	t.Helper()
	for _, c := range AnswersChecks() {
		t.Run(c.Name, func(t *testing.T) { c.Run(t, t.Context(), open(t)) })
	}
}

// AnswersCheck is one rule of the contract.
type AnswersCheck struct {
	Name string
	Run  func(t Result, ctx context.Context, a transcript.Answers)
}

// AnswersChecks are the rules, in the order in which they run.
func AnswersChecks() []AnswersCheck {
	return []AnswersCheck{
		{"what is kept comes back whole", wholeAnswer},
		{"silence is an answer", silentAnswer},
		{"what was kept last counts", lastAnswer},
		{"no answer is another's", ownAnswer},
		{"it may be used concurrently", manyAnswers},
	}
}

// answer is a transcript with something in every field.
func answer(text string) transcript.Transcript {
	t := transcript.Plain(text+" «été» 好", language.CanadianFrench)
	for i := range t.Words {
		t.Words[i].Start = time.Duration(i)*time.Second + 7*time.Millisecond
		t.Words[i].End = t.Words[i].Start + 123*time.Millisecond
		t.Words[i].Confidence = 0.625
	}
	t.Segments = []transcript.Segment{{From: 0, To: 1, Speaker: "a"}, {From: 1, To: len(t.Words), Language: language.English}}
	return t
}

func holds(t Result, ctx context.Context, a transcript.Answers, key string, want transcript.Transcript) {
	t.Helper()
	got, ok, err := a.Answer(ctx, key)
	require.NoError(t, err)
	require.True(t, ok, "nothing is kept under %q", key)
	assert.Equal(t, want, got)
}

func wholeAnswer(t Result, ctx context.Context, a transcript.Answers) {
	t.Helper()
	_, ok, err := a.Answer(ctx, "k")
	require.NoError(t, err)
	require.False(t, ok, "an empty store has an answer")
	require.NoError(t, a.Keep(ctx, "k", answer("one")))
	holds(t, ctx, a, "k", answer("one"))
	holds(t, ctx, a, "k", answer("one"))
}

func silentAnswer(t Result, ctx context.Context, a transcript.Answers) {
	t.Helper()
	require.NoError(t, a.Keep(ctx, "k", transcript.Transcript{}))
	holds(t, ctx, a, "k", transcript.Transcript{})
}

func lastAnswer(t Result, ctx context.Context, a transcript.Answers) {
	t.Helper()
	require.NoError(t, a.Keep(ctx, "k", answer("one")))
	require.NoError(t, a.Keep(ctx, "k", answer("two")))
	holds(t, ctx, a, "k", answer("two"))
}

func ownAnswer(t Result, ctx context.Context, a transcript.Answers) {
	t.Helper()
	require.NoError(t, a.Keep(ctx, "k", answer("one")))
	require.NoError(t, a.Keep(ctx, "K", answer("two")))
	holds(t, ctx, a, "k", answer("one"))
	holds(t, ctx, a, "K", answer("two"))
	_, ok, err := a.Answer(ctx, "k2")
	require.NoError(t, err)
	assert.False(t, ok)
}

func manyAnswers(t Result, ctx context.Context, a transcript.Answers) {
	t.Helper()
	var wait sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wait.Go(func() {
			errs[i] = a.Keep(ctx, fmt.Sprint(i), answer(fmt.Sprint(i)))
		})
	}
	wait.Wait()
	for i, err := range errs {
		require.NoError(t, err)
		holds(t, ctx, a, fmt.Sprint(i), answer(fmt.Sprint(i)))
	}
}
