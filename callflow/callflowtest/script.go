package callflowtest

import (
	"context"
	"sync"

	"github.com/afterbeep/afterbeep/callflow"
)

// Script is a [callflow.Host] that answers from a list, without telephony. It
// may be used by several goroutines; its fields are set before and read after.
type Script struct {
	// Answers are the answers to the awaited commands of each step, in order,
	// by the name of the step. A voicemail step uses up to three: to Prepare,
	// Play and Record. When there are none left the caller hangs up.
	Answers map[string][]callflow.Result
	// Commands are all that were performed, in order.
	Commands []callflow.Command

	mu   sync.Mutex
	used map[string]int
}

// Do implements [callflow.Host]. Its error is that of ctx.
func (s *Script) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	if err := ctx.Err(); err != nil {
		return callflow.Result{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Commands = append(s.Commands, c)
	if !c.Wait {
		return callflow.Result{}, nil
	}
	if s.used == nil {
		s.used = map[string]int{}
	}
	next := s.used[c.Step]
	if next >= len(s.Answers[c.Step]) {
		return callflow.Result{HungUp: true}, nil
	}
	s.used[c.Step]++
	return s.Answers[c.Step][next], nil
}
