package afterbeep

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/benbjohnson/clock"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/voicemail"
)

// Errors of a [Desk].
var (
	// ErrBusy says that the desk serves as many calls as it may, or drains.
	// The caller was not touched: send the call elsewhere.
	ErrBusy = errors.New("afterbeep: no more calls")
	// ErrSocket says that a socket is missing.
	ErrSocket = errors.New("afterbeep: socket missing")
)

// Leg is what a blocking host offers for one call: it performs the commands
// that the desk leaves to it, plays sound and hands over what it hears.
type Leg interface {
	// Do answers, rings, collects keys, plays prompts by name and hangs up. It
	// never sees Prepare, Record, Release or a greeting: those are the desk's.
	callflow.Host
	// Play plays c and returns at its end, at one of the keys of escape (in
	// Result.Digits) or when the caller hangs up (Result.HungUp).
	Play(ctx context.Context, c pcm.Clip, escape []string) (callflow.Result, error)
	// Frames yields what the caller says from now on, with the keys that they
	// press. It ends when the caller hangs up or ctx ends, and stops reading
	// when the loop over it is left. Its frames may share one buffer.
	Frames(ctx context.Context) iter.Seq[voicemail.Frame]
	// Format is the codec and rate of the frames.
	Format() (pcm.Codec, int)
}

// Sockets is where the host's world is plugged in. Those marked optional may
// be nil.
type Sockets struct {
	// Line is the line of a call, asked whenever a node takes the call up. A
	// call stays on the flow that it began on.
	Line func(ctx context.Context, c phone.Call) (Line, error)
	// Schedule is the opening hours of a name in [Line.Schedules], with the
	// override of the moment. Optional: without it a line is always open.
	Schedule func(ctx context.Context, tenant phone.TenantID, name string) (hours.Schedule, error)
	// Greetings is the greeting set of a name. Optional: without it callers
	// hear the built-in greeting.
	Greetings func(ctx context.Context, tenant phone.TenantID, name string) (*greeting.Library, error)
	Clips     greeting.Clips // the sounds of greetings; optional as Greetings

	Flows    callflow.Flows
	Sessions callflow.Sessions

	Mail  voicemail.Store
	Blobs voicemail.Blobs
	Spool voicemail.Spool

	Recognizer transcript.Recognizer // optional: without it there are no transcripts

	// Policies, Ledger and Sender are for auto-replies. Optional together.
	Policies autoreply.Policies
	Ledger   autoreply.Ledger
	Sender   autoreply.Sender
}

// Options are the choices of [New]; nil and zero fields work.
type Options struct {
	// Clock tells the time; nil: the real one.
	Clock phone.Clock
	// Node names this process in leases; it must be new each time the process
	// starts. Default: a random name.
	Node string
	// Calls is how many calls are served at a time; default 4096.
	Calls int
	// Transcribed says that another node has a Recognizer, so that messages
	// wait for it. It follows from a Recognizer of this one. All other sockets
	// are the same on every node that shares the stores.
	Transcribed bool
	// Silent is after how long past its deadline a session of a host that went
	// silent is swept by [Desk.Work]; default 1 min, at least 1 s.
	Silent time.Duration
	// Notifiers announce messages, by channel. They see transcripts as the
	// mailbox wants them shown: filtered, unless its filter is off or the filter
	// has no words in that language. A nil one is a channel that other nodes
	// serve. The name "autoreply" is taken.
	Notifiers map[string]voicemail.Notifier
	// Filter is the profanity filter for a mailbox and a language; nil: the
	// filter of package transcript with its defaults, which also serves where
	// it answers nil.
	Filter func(ctx context.Context, id voicemail.BoxID, tag language.Tag) (*transcript.Filter, error)
	// Contact is what the host knows of a contact; nil: nothing.
	Contact func(ctx context.Context, k autoreply.Key) (autoreply.Contact, error)
	// Authorizer decides who may do what with a mailbox; nil: everybody.
	Authorizer func(ctx context.Context, a phone.Actor, action voicemail.Action, id voicemail.BoxID) error
	// Log receives warnings, without numbers, texts and digits; nil: nothing.
	Log *slog.Logger
	// Observe receives everything that happens, on the goroutine where it
	// happens, so that it is called concurrently and must not block. An event
	// may come twice, with the same ID. nil: nothing.
	Observe func(ctx context.Context, e phone.Event)
	// Trace sees each turn of each call, also of those that are swept: what
	// came in and what the flow decided, and why. The turn is valid while Trace
	// runs. nil: nothing.
	Trace func(c phone.Call, in callflow.Input, t *callflow.Turn)
}

const defaultCalls = 4096

// channel is the name under which the desk listens to its own mailboxes.
const channel = "autoreply"

// Desk is the whole unanswered-call experience: it routes a call, greets the
// caller, keeps the message, has it transcribed and announced, and answers the
// caller by text, once. It is safe for concurrent use, starts nothing by
// itself and keeps nothing but what is in the sockets: any number of desks on
// any number of nodes may share them.
type Desk struct {
	s       Sockets
	o       Options
	mail    *voicemail.Service
	replies *autoreply.Engine // nil: none

	mu       sync.Mutex
	calls    int
	draining bool
	idle     chan struct{} // closed when draining and no call is left
	filters  map[language.Tag]*transcript.Filter
}

// New wires a desk. It checks that everything needed is there and touches no
// socket.
func New(s Sockets, o *Options) (*Desk, error) {
	d := &Desk{s: s, filters: map[language.Tag]*transcript.Filter{}, idle: make(chan struct{})}
	if o != nil {
		d.o = *o
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	if d.o.Clock == nil {
		d.o.Clock = clock.New()
	}
	if d.o.Log == nil {
		d.o.Log = slog.New(slog.DiscardHandler)
	}
	if err := d.wireReplies(); err != nil {
		return nil, err
	}
	return d, d.wireMail()
}

func (d *Desk) check() error {
	var problems []error
	missing := func(name string, there bool) {
		if !there {
			problems = append(problems, fmt.Errorf("%w: %s", ErrSocket, name))
		}
	}
	missing("Line", d.s.Line != nil)
	missing("Flows", d.s.Flows != nil)
	missing("Sessions", d.s.Sessions != nil)
	missing("Mail", d.s.Mail != nil)
	missing("Blobs", d.s.Blobs != nil)
	missing("Spool", d.s.Spool != nil)
	if d.s.Policies != nil || d.s.Ledger != nil || d.s.Sender != nil {
		missing("Policies", d.s.Policies != nil)
		missing("Ledger", d.s.Ledger != nil)
		missing("Sender", d.s.Sender != nil)
	}
	if _, taken := d.o.Notifiers[channel]; taken {
		problems = append(problems, fmt.Errorf("afterbeep: notifier %q: the name is taken", channel))
	}
	switch {
	case d.o.Calls < 0:
		problems = append(problems, fmt.Errorf("afterbeep: calls: %d, want at least 1", d.o.Calls))
	case d.o.Calls == 0:
		d.o.Calls = defaultCalls
	}
	switch {
	case d.o.Silent == 0:
		d.o.Silent = time.Minute
	case d.o.Silent < time.Second:
		problems = append(problems, fmt.Errorf("afterbeep: silent: %s, want at least 1s", d.o.Silent))
	}
	return errors.Join(problems...)
}

// Mail is the voicemail of the desk, for the inboxes that people see. The
// transcripts in its messages are as they were recognised: show people what
// [Desk.Transcript] answers.
func (d *Desk) Mail() *voicemail.Service { return d.mail }

// enter counts a call in, or refuses it.
func (d *Desk) enter() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.draining || d.calls >= d.o.Calls {
		return ErrBusy
	}
	d.calls++
	return nil
}

func (d *Desk) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls--
	if d.draining && d.calls == 0 {
		close(d.idle)
	}
}

// Drain refuses new calls from now on and waits until the calls that
// [Desk.Serve] is serving are over, or ctx ends. Nothing is cut off: a call
// that is still there when ctx ends goes on. Webhook hosts just stop.
func (d *Desk) Drain(ctx context.Context) error {
	d.mu.Lock()
	if !d.draining {
		d.draining = true
		if d.calls == 0 {
			close(d.idle)
		}
	}
	d.mu.Unlock()
	select {
	case <-d.idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("afterbeep: calls are still being served: %w", ctx.Err())
	}
}
