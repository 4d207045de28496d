package greetingtest

import (
	"context"
	"fmt"
	"sync"

	"github.com/afterbeep/afterbeep/greeting"
)

// Complaints runs the suite as TestClips does and returns what it says.
func Complaints(ctx context.Context, open func() greeting.Clips) []string {
	var all []string
	for _, c := range clipCases {
		r := &recorder{ctx: ctx}
		c.run(r, open())
		for _, line := range r.lines {
			all = append(all, c.name+": "+line)
		}
	}
	return all
}

type recorder struct {
	ctx   context.Context
	mu    sync.Mutex
	lines []string
}

func (*recorder) Helper() {}

func (r *recorder) Context() context.Context { return r.ctx }

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}
