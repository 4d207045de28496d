package transcript

import (
	"context"
	"fmt"
	"sync"

	"github.com/afterbeep/afterbeep/pcm"
)

// Answers keeps what a recogniser answered, under its [Key], for [Once]. It may
// be used concurrently. It holds what callers said: give it the lifetime of
// their messages, or a short one. Package transcripttest proves an
// implementation; [MemoryAnswers] is one.
type Answers interface {
	// Answer returns what was last kept under a key, or false.
	Answer(ctx context.Context, key string) (Transcript, bool, error)
	// Keep keeps an answer. It may forget it later, never mistake it for
	// another's.
	Keep(ctx context.Context, key string, t Transcript) error
}

// Once asks r for each recording at most once while its answer is kept: a job
// that is run again, a message that was forwarded, two workers at once in this
// process cost one call. What differs in sound or hints, other than who asks, is
// another recording.
//
// Errors are not kept. When answers can not be read the error is of kind
// [Retry], and r is not asked; when they can not be written the answer is
// returned all the same.
func Once(r Recognizer, kept Answers) Recognizer {
	return &once{recognizer: r, kept: kept, calls: map[string]*call{}}
}

type once struct {
	recognizer Recognizer
	kept       Answers
	mutex      sync.Mutex
	calls      map[string]*call // under way
}

// call is one question under way. Its answer may be read when done is closed.
type call struct {
	done  chan struct{}
	t     Transcript
	err   error
	ended bool // by the context of who asked, which is nobody else's
}

// Recognize joins a call for the same recording, or makes one.
func (o *once) Recognize(ctx context.Context, c pcm.Clip, h Hints) (Transcript, error) {
	key := Key(c, h)
	for {
		o.mutex.Lock()
		other, busy := o.calls[key]
		if !busy {
			mine := &call{done: make(chan struct{}), ended: true} // should r panic
			o.calls[key] = mine
			o.mutex.Unlock()
			return o.lead(ctx, key, mine, c, h)
		}
		o.mutex.Unlock()
		select {
		case <-other.done:
			if !other.ended {
				return other.t, other.err
			}
		case <-ctx.Done():
			return Transcript{}, &Error{Kind: Retry, Err: ctx.Err()}
		}
	}
}

// lead answers from what is kept, or asks.
func (o *once) lead(ctx context.Context, key string, mine *call, c pcm.Clip, h Hints) (Transcript, error) {
	defer func() {
		o.mutex.Lock()
		delete(o.calls, key)
		o.mutex.Unlock()
		close(mine.done)
	}()
	t, ok, err := o.kept.Answer(ctx, key)
	switch {
	case err != nil:
		t, err = Transcript{}, &Error{Kind: Retry, Err: fmt.Errorf("transcript: kept answers: %w", err)}
	case !ok:
		if t, err = o.recognizer.Recognize(ctx, c, h); err == nil {
			// The answer is paid for; a copy that is lost only costs money.
			_ = o.kept.Keep(ctx, key, t)
		}
	}
	mine.t, mine.err, mine.ended = t, err, err != nil && ctx.Err() != nil
	return t, err
}

// MemoryAnswers keeps the newest answers in memory.
type MemoryAnswers struct {
	limit int
	mutex sync.Mutex
	byKey map[string]Transcript
	order []string // of the keys, the oldest first
}

var _ Answers = (*MemoryAnswers)(nil)

// NewMemoryAnswers keeps up to limit answers, at least one.
func NewMemoryAnswers(limit int) *MemoryAnswers {
	return &MemoryAnswers{limit: max(1, limit), byKey: map[string]Transcript{}}
}

// Answer returns what was kept under a key.
func (m *MemoryAnswers) Answer(_ context.Context, key string) (Transcript, bool, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	t, ok := m.byKey[key]
	return t, ok, nil
}

// Keep keeps an answer and forgets the oldest one past the limit.
func (m *MemoryAnswers) Keep(_ context.Context, key string, t Transcript) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if _, known := m.byKey[key]; !known {
		m.order = append(m.order, key)
	}
	m.byKey[key] = t
	if len(m.order) > m.limit {
		delete(m.byKey, m.order[0])
		m.order = m.order[1:]
	}
	return nil
}
