package voicemail

import (
	"context"
	"log/slog"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// Transcriber turns a message into text. Clip is its sound, in the rate of
// the recording. An empty text and no error is [NoSpeech]. An error whose
// method Retryable() bool answers false is final; any other is tried again.
// It is called by [Service.Work] only, and may block until ctx ends.
type Transcriber func(ctx context.Context, m Message, c pcm.Clip) (Transcript, error)

// Notifier delivers a notice over one channel. Errors are as those of a
// [Transcriber]. It is called by [Service.Work] only, at least once for each
// notice, and may block until ctx ends.
type Notifier func(ctx context.Context, n Notice) error

// Action is what an actor wants to do with a box.
type Action string

// The actions that an authorizer is asked about.
const (
	ActionConfigure Action = "configure" // PutBox
	ActionRead      Action = "read"      // Box, Messages
	ActionListen    Action = "listen"    // Open
	ActionUpdate    Action = "update"    // Update
)

// Options are the choices of a [Service]. The zero value works.
type Options struct {
	// Clock tells the time; nil: the real one.
	Clock phone.Clock
	// Node names this process as the owner of leases. It must be new each
	// time that a process starts; "": an id of the start.
	Node string
	// Lease is how long a node that went silent keeps its captures; 0: 15 s;
	// 1 s to 5 min.
	Lease time.Duration
	// Sync is how much sound a loss of power may cost; 0: 1 s; 100 ms to 1 min.
	Sync time.Duration
	// Transcriber writes down what was said; nil: none here.
	Transcriber Transcriber
	// Transcribed says that some node of this store has a Transcriber, so
	// that messages wait for one. It follows from Transcriber.
	Transcribed bool
	// Notifiers by the name of their channel. All nodes name the same
	// channels; a nil Notifier is served by other nodes.
	Notifiers map[string]Notifier
	// Prompt are channels that never wait for a transcript, whatever the box
	// says, such as the one that texts the caller back.
	Prompt []string
	// Authorizer decides whether an actor may do something; nil: everybody
	// may do everything. A refused actor is told [ErrNotFound].
	Authorizer func(ctx context.Context, a phone.Actor, action Action, id BoxID) error
	// Log receives warnings; nil: nothing is logged.
	Log *slog.Logger
	// Observe receives what happened, on the goroutine where it happened; nil:
	// nothing. See the package doc for the types.
	Observe func(ctx context.Context, e phone.Event)
	// NewID mints the id of a message: 1 to 48 letters of the set a-z 0-9 _ -;
	// nil: a UUIDv7 of the instant.
	NewID func(at time.Time) string
	// Limits bound what callers, hosts and engines can cost.
	Limits Limits
}

// Limits bound what a [Service] spends. A zero field is its default.
type Limits struct {
	// Captures is how many may be under way in this service; 0: 4096.
	Captures int
	// Length is the ceiling of [Settings].MaxLength, and the longest
	// recording that is ingested; 0: 10 min; at most 4 h.
	Length time.Duration
	// Frame is the largest frame in bytes; 0: 64 KiB; at most 1 MiB.
	Frame int
	// Backlog is how many bytes of one capture may wait for the disk; 0: 1 MiB.
	Backlog int
	// Hold is how long a capture without sound keeps its room; 0: 5 min.
	Hold time.Duration
	// Overdue is after how long an expected recording is reported; 0: 1 h.
	Overdue time.Duration
	// Keep is how long the key of a finished capture is remembered, and how
	// long a stranded one is looked for; 0: 30 days.
	Keep time.Duration
	// Commit is how long a finish, which nothing else cancels, may take; 0: 30 s.
	Commit time.Duration
	// Transcribe and Notify are how long one attempt may take; 0: 5 min, 30 s.
	Transcribe, Notify time.Duration
	// Retry is after how long a transcript or a notice is given up; 0: 24 h.
	Retry time.Duration
	// Text and Document are the most bytes of a transcript; 0: 64 KiB, 4 MiB.
	Text, Document int
	// Work is how many tasks one pass takes on; 0: 100.
	Work int
}
