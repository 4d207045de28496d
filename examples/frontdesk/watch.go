package main

import (
	"sync"
	"time"
)

// watch is the clock of the demo: it runs as fast as the real one, but its
// hands are put to the instant of each story.
type watch struct {
	mu   sync.Mutex
	set  time.Time // what it was put to
	real time.Time // when that was
}

// Now implements phone.Clock.
func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.set.Add(time.Since(w.real))
}

// put moves the hands to at.
func (w *watch) put(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.set, w.real = at, time.Now()
}
