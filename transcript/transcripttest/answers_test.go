package transcripttest_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/transcript/transcripttest"
)

func TestMemoryAnswers(t *testing.T) {
	t.Parallel()
	transcripttest.TestAnswers(t, func(*testing.T) transcript.Answers { return transcript.NewMemoryAnswers(8) })
}

// broken is a good store, but for what a mutant does to keys and answers.
type broken struct {
	*transcript.MemoryAnswers
	key  func(string) string
	keep func(old, new transcript.Transcript, known bool) (transcript.Transcript, bool)
}

func (b broken) Answer(ctx context.Context, key string) (transcript.Transcript, bool, error) {
	return b.MemoryAnswers.Answer(ctx, b.key(key))
}

func (b broken) Keep(ctx context.Context, key string, t transcript.Transcript) error {
	old, known, err := b.MemoryAnswers.Answer(ctx, b.key(key))
	if err != nil {
		return err
	}
	if t, ok := b.keep(old, t, known); ok {
		return b.MemoryAnswers.Keep(ctx, b.key(key), t)
	}
	return nil
}

// TestAnswersMutants shows that each rule catches a store that breaks it.
func TestAnswersMutants(t *testing.T) {
	t.Parallel()
	same := func(key string) string { return key }
	all := func(_, next transcript.Transcript, _ bool) (transcript.Transcript, bool) { return next, true }
	var mutex sync.Mutex
	crowd := 0
	mutants := map[string]broken{
		"what is kept comes back whole": {key: same, keep: func(_, next transcript.Transcript, _ bool) (transcript.Transcript, bool) {
			next.Segments = nil
			return next, true
		}},
		"silence is an answer": {key: same, keep: func(_, next transcript.Transcript, _ bool) (transcript.Transcript, bool) {
			return next, !next.Empty()
		}},
		"what was kept last counts": {key: same, keep: func(old, next transcript.Transcript, known bool) (transcript.Transcript, bool) {
			return next, !known
		}},
		"no answer is another's": {key: strings.ToLower, keep: all},
		"it may be used concurrently": {key: same, keep: func(_, next transcript.Transcript, _ bool) (transcript.Transcript, bool) {
			mutex.Lock()
			defer mutex.Unlock()
			crowd++
			return next, crowd < 5 // later writers are lost
		}},
	}
	for _, c := range transcripttest.AnswersChecks() {
		mutant, ok := mutants[c.Name]
		if assert.True(t, ok, "no mutant for %q", c.Name) {
			mutant.MemoryAnswers = transcript.NewMemoryAnswers(8)
			assert.True(t, caught(c, mutant), "not caught: %q", c.Name)
			assert.False(t, caught(c, transcript.NewMemoryAnswers(8)), "caught without reason: %q", c.Name)
		}
	}
}

func caught(c transcripttest.AnswersCheck, a transcript.Answers) (failed bool) {
	rec := &recorder{}
	defer func() {
		if p := recover(); p != nil && p != any(rec) {
			panic(p)
		}
		failed = rec.failed
	}()
	c.Run(rec, context.Background(), a)
	return rec.failed
}
