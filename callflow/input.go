package callflow

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// InputKind is what happened to a call.
type InputKind string

// The kinds of inputs.
const (
	Start  InputKind = "start"   // the call is here
	Done   InputKind = "done"    // an awaited command was answered
	HungUp InputKind = "hung-up" // the caller has gone, and no command said so
	Tick   InputKind = "tick"    // the deadline of the turn has come
)

// Input is one thing that happened. Inputs may come late, twice and out of
// order: an answer to another command than the awaited one, a second start and
// an early tick change nothing.
type Input struct {
	// At is when it happened; the only clock of the evaluator. Required.
	At   time.Time `json:"at"`
	Kind InputKind `json:"kind"`
	// Command is the [Command.ID] that a Done answers.
	Command uint32 `json:"command,omitempty"`
	// Result is the answer of a Done.
	Result Result `json:"result,omitzero"`
}

// Result is how a command ended. A host fills the fields that the action
// asks for; see the action. The zero Result is right for the emitted ones.
type Result struct {
	Outcome phone.Outcome `json:"outcome,omitempty"`
	// Digits are the keys that were pressed. They come from the caller and are
	// compared, never kept.
	Digits string `json:"digits,omitempty"`
	// By is who answered a ring, by the host's name; at most 128 bytes are
	// kept or none.
	By string `json:"by,omitempty"`
	// Clip is the greeting that Prepare chose, by the host's reference; at
	// most [MaxClip] bytes, otherwise the step goes on with failed.
	Clip string `json:"clip,omitempty"`
	// Message is the message that Record kept, by the host's reference; at
	// most 128 bytes are kept or none.
	Message string `json:"message,omitempty"`
	// HungUp says that the caller has gone. The rest of the result still
	// counts.
	HungUp bool `json:"hungUp,omitempty"`
}
