package callflow

import (
	"time"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Turn is what the flow wants done after one input. It is filled by
// [Flow.Step] and [Flow.Pending] and meant to be used again: its slices are
// valid until the next call with the same Turn.
type Turn struct {
	// Emit are commands to perform first, in order, without waiting for their
	// ends: Release, Answer, Hangup. Each may be performed twice without harm.
	Emit []Command `json:"emit,omitempty"`
	// Await is the command to perform next and to answer with a Done. A host
	// that is performing a command of this ID already goes on with it. It is
	// the zero Command (with a nil Action) when the session is over.
	Await Command `json:"await,omitzero"`
	// Deadline is when to feed a Tick if no answer came. Zero when over.
	Deadline time.Time `json:"deadline,omitzero"`
	// Path holds each edge that was taken in this turn, and why.
	Path []Hop `json:"path,omitempty"`
	// Repeat says that the input changed nothing: Await and Emit were handed
	// out before. Who is performing Await already does nothing; a webhook
	// renders it again.
	Repeat bool `json:"repeat,omitempty"`
	// Over says that the session has ended; [Session.Outcome] and
	// [Session.End] say how.
	Over bool `json:"over,omitempty"`
}

// Hop is one edge of the flow, as it was taken.
type Hop struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"` // empty: the call ended here
	// On is the outcome of From. Where it was not wired the edge of another
	// one was taken, as the doc comment of the step says.
	On phone.Outcome `json:"on"`
	// Situation is what the schedule said, for a step of kind hours.
	Situation hours.Situation `json:"situation,omitzero"`
}

// reset empties t but for Await, which pending always sets.
func (t *Turn) reset() {
	t.Emit, t.Path = t.Emit[:0], t.Path[:0]
	t.Deadline, t.Repeat, t.Over = time.Time{}, false, false
}
