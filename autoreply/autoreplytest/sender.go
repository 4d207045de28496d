package autoreplytest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
)

// ErrSilence is what a [Sender] answers when nobody knows what became of a text.
var ErrSilence = errors.New("autoreplytest: the carrier does not answer")

// Fate is what becomes of one request.
type Fate string

// The fates. The zero Fate is Accept.
const (
	Accept Fate = ""       // delivered, and said so
	Refuse Fate = "refuse" // not delivered: an error that wraps autoreply.ErrRejected
	Lose   Fate = "lose"   // not delivered, ErrSilence
	Mute   Fate = "mute"   // delivered, ErrSilence
)

// Sender is an [autoreply.Sender] that remembers. It is safe for concurrent use.
type Sender struct {
	// Life is its KeyLife. Above zero a key that was accepted is not
	// delivered twice.
	Life time.Duration
	// Next is asked about each request, by its number from 0; nil accepts all.
	Next func(request int, t autoreply.Text) Fate
	// Delivered is told each text that reaches the contact, outside all locks;
	// nil ignores.
	Delivered func(t autoreply.Text)

	mu       sync.Mutex
	requests int
	texts    []autoreply.Text
	keys     map[string]bool
}

// KeyLife implements [autoreply.Sender].
func (s *Sender) KeyLife() time.Duration { return s.Life }

// Send implements [autoreply.Sender].
func (s *Sender) Send(ctx context.Context, t autoreply.Text) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	fate, delivered := s.take(t)
	if delivered && s.Delivered != nil {
		s.Delivered(t)
	}
	switch fate {
	case Refuse:
		return autoreply.ErrRejected
	case Lose, Mute:
		return ErrSilence
	}
	return nil
}

func (s *Sender) take(t autoreply.Text) (fate Fate, delivered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Next != nil {
		fate = s.Next(s.requests, t)
	}
	s.requests++
	if fate == Refuse || fate == Lose || s.Life > 0 && s.keys[t.Key] {
		return fate, false
	}
	if s.keys == nil {
		s.keys = map[string]bool{}
	}
	s.keys[t.Key] = true
	s.texts = append(s.texts, t)
	return fate, true
}

// Texts are those that reached a contact, in order.
func (s *Sender) Texts() []autoreply.Text {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.texts)
}

// Requests is how often Send was called with a living context.
func (s *Sender) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}
