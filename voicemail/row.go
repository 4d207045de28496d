package voicemail

import (
	"time"
)

// State is how far a capture is.
type State string

// The states of a capture. The rows of a store are in one of the first six;
// pending and failed are found in receipts only.
const (
	// StateHeld has its room and no sound yet: the greeting plays.
	StateHeld State = "held"
	// StateRecording has sound in its spool, or had it until the process died.
	StateRecording State = "recording"
	// StateExpected is recorded by somebody else and will be ingested.
	StateExpected State = "expected"
	// StateSaved is a message. It is final.
	StateSaved State = "saved"
	// StateDiscarded was not worth keeping. It is final.
	StateDiscarded State = "discarded"
	// StateReleased ended before the beep.
	StateReleased State = "released"
	// StatePending: the sound is safe in the spool, the message is not there
	// yet; Work or Recover will finish it.
	StatePending State = "pending"
	// StateFailed: the sound could not be stored at all.
	StateFailed State = "failed"
)

func (s State) final() bool {
	return s == StateSaved || s == StateDiscarded
}

// CaptureRow is a capture as a [Store] keeps it, under Request.Call.Tenant
// and Request.Key.
type CaptureRow struct {
	Request  Request `json:"request"`
	Revision int     `json:"revision"` // 0: not stored yet
	Message  string  `json:"message"`  // the id that the message has or will have
	State    State   `json:"state"`
	// Owner is the node that records, until Until unless it renews. Epoch
	// grows with each new owner; an owner of the past can not write any more.
	Owner string    `json:"owner,omitempty"`
	Epoch int       `json:"epoch"`
	Until time.Time `json:"until,omitzero"`
	// Spool is the name of its sound in the [Spool].
	Spool string `json:"spool,omitempty"`
	// Settings are those of the box when the capture began.
	Settings Settings `json:"settings,omitzero"`
	// Reserved is the room that is set aside in the box; New is 0 or 1.
	Reserved Counts `json:"reserved,omitzero"`
	// Overdue says that an expected recording has not come in time.
	Overdue bool `json:"overdue,omitempty"`
	// Receipt is there as soon as the state is final.
	Receipt Receipt `json:"receipt,omitzero"`

	Gone bool `json:"gone,omitempty"` // in a [Batch]: remove the row
}

// TaskKind is what a [Task] is for.
type TaskKind string

// The kinds of tasks.
const (
	TaskCapture    TaskKind = "capture"    // look after a capture: leases, overdue recordings, old rows
	TaskTranscribe TaskKind = "transcribe" // have a message transcribed
	TaskNotify     TaskKind = "notify"     // announce something over a channel
	TaskPurge      TaskKind = "purge"      // empty the bin
)

// Task is something that is to be done at Due or later, by any node. Its ID
// is unique in the tenant.
type Task struct {
	ID       string    `json:"id"`
	Kind     TaskKind  `json:"kind"`
	Box      BoxID     `json:"box"`
	Revision int       `json:"revision"` // 0: not stored yet
	Due      time.Time `json:"due"`
	Since    time.Time `json:"since"` // when it was created
	// Seq is the change of the box that the task belongs to: tasks that are
	// due at the same instant are done in its order.
	Seq     int    `json:"seq,omitempty"`
	Attempt int    `json:"attempt,omitempty"` // how often it was begun
	Owner   string `json:"owner,omitempty"`   // the node that works on it until Due
	Err     string `json:"err,omitempty"`     // what went wrong last time

	Capture string     `json:"capture,omitempty"` // the key of a capture
	Message string     `json:"message,omitempty"` // the id of a message
	Channel string     `json:"channel,omitempty"` // of [Options].Notifiers
	Notice  NoticeKind `json:"notice,omitempty"`

	Done bool `json:"done,omitempty"` // in a [Batch]: remove the row
}

// Batch is rows that are written together or not at all. Each row carries the
// revision that it was loaded with, 0 when it is not stored yet; a row occurs
// once.
type Batch struct {
	Boxes    []Box        `json:"boxes,omitempty"`
	Captures []CaptureRow `json:"captures,omitempty"`
	Messages []Message    `json:"messages,omitempty"`
	Tasks    []Task       `json:"tasks,omitempty"`
}
