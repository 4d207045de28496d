package autoreply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/afterbeep/afterbeep/phone"
)

// Policies finds the policy of a line. It is asked when an event comes and
// again before a text is marked as being sent, so an edit holds at once. A nil
// policy without an error means that the line answers nothing; what people do
// on it is noted all the same. A tenant that the host does not have, or no
// longer, is [ErrTenant]; any other error is a failure. Event types without a
// line ask with the empty one. It may be called concurrently.
type Policies func(ctx context.Context, tenant phone.TenantID, line phone.LineID) (*Policy, error)

// Options of [New]. Nil works.
type Options struct {
	// Clock is the time; nil is the real one.
	Clock phone.Clock
	// Lease is how long a worker owns a slot. At least twice Timeout. Default
	// 60 s, range 1 s to 1 h.
	Lease time.Duration
	// Timeout bounds one send, and one write of its outcome. Default 20 s,
	// range 100 ms to 30 min.
	Timeout time.Duration
	// Contact tells what the host knows; nil: nobody is known or blocked. Like
	// Policies it is asked twice. It may be called concurrently.
	Contact func(ctx context.Context, k Key) (Contact, error)
	// Batch is how many due keys one [Engine.RunDue] takes. Default 100, range
	// 1 to 10 000.
	Batch int
	// Limit is how many calls of [Engine.Handle] may run at once; past it they
	// answer [ErrBusy]. Default 1024.
	Limit int
	// Log is told what went wrong, never a number or a text. Nil discards.
	Log *slog.Logger
	// Observe is told each decision that ends something (ReplySent,
	// ReplyWaits, ReplyDenied, LateContact) and each opt-out, opt-in and help
	// word. It must not block. Nil ignores.
	Observe func(ctx context.Context, e phone.Event)
	// NewID makes a token for a lease, unique among all nodes. Nil is a UUIDv7
	// of the instant.
	NewID func(at time.Time) string
}

// Engine answers events over a [Ledger] and a [Sender]: decide, reserve,
// re-check, mark as being sent, send, commit. It starts nothing by itself and
// keeps no state beside the ledger, but [Engine.Counts]; any number of engines
// may share one. All methods may be called concurrently.
type Engine struct {
	policies Policies
	ledger   Ledger
	sender   Sender
	o        Options
	none     *Policy // for events of lines without a policy
	foreign  *Policy // for events of tenants that the host does not have
	running  atomic.Int64
	tally    tally
}

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

// New makes an engine. All three sockets are required.
func New(p Policies, l Ledger, s Sender, o *Options) (*Engine, error) {
	var problems problems
	if p == nil || l == nil || s == nil {
		problems.add("/", "policies, a ledger and a sender", nil)
	}
	e := &Engine{policies: p, ledger: l, sender: s}
	if o != nil {
		e.o = *o
	}
	e.o.Lease = problems.span("/options/lease", e.o.Lease, time.Minute, time.Second, time.Hour)
	e.o.Timeout = problems.span("/options/timeout", e.o.Timeout, min(20*time.Second, e.o.Lease/2), 100*time.Millisecond, 30*time.Minute)
	if e.o.Lease < 2*e.o.Timeout {
		problems.add("/options/lease", "at least twice the timeout, or a send outlives its lease", nil)
	}
	if e.o.Batch < 0 || e.o.Batch > 10000 {
		problems.add("/options/batch", "1 to 10000", nil)
	}
	if e.o.Limit < 0 {
		problems.add("/options/limit", "a positive number", nil)
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	e.defaults()
	none, err := NewPolicy(nil, nil)
	if err != nil {
		return nil, err
	}
	none.stand = true
	foreign := *none
	e.none, e.foreign = none, &foreign
	return e, nil
}

func (e *Engine) defaults() {
	o := &e.o
	if o.Clock == nil {
		o.Clock = realClock{}
	}
	if o.Batch == 0 {
		o.Batch = 100
	}
	if o.Limit == 0 {
		o.Limit = 1024
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.NewID == nil {
		o.NewID = newID
	}
}

// newID is a UUIDv7 of the instant.
func newID(at time.Time) string {
	id := uuid.New()
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	return id.String()
}

func (e *Engine) terms() terms {
	return terms{lease: e.o.Lease, timeout: e.o.Timeout, life: e.sender.KeyLife()}
}

// policy is that of the line, or one of those that answer nothing.
func (e *Engine) policy(ctx context.Context, tenant phone.TenantID, line phone.LineID) (*Policy, error) {
	p, err := e.policies(ctx, tenant, line)
	switch {
	case errors.Is(err, ErrTenant):
		return e.foreign, nil
	case err != nil:
		return nil, fmt.Errorf("autoreply: policy: %w", err)
	case p == nil:
		return e.none, nil
	}
	return p, nil
}

func (e *Engine) contact(ctx context.Context, k Key) (Contact, error) {
	if e.o.Contact == nil {
		return Contact{}, nil
	}
	c, err := e.o.Contact(ctx, k)
	if err != nil {
		return Contact{}, fmt.Errorf("autoreply: contact: %w", err)
	}
	return c, nil
}

// swapTries is how often a row that changed meanwhile is looked at again.
const swapTries = 32

// update is load, change, compare and swap until it holds. from, unless nil, is
// the row as the caller last read or wrote it: it is tried first, and only when
// it is no longer the stored one the row is loaded. The change answers false
// when there is nothing to store.
func (e *Engine) update(ctx context.Context, k Key, from *Entry, change func(Entry) (Entry, bool)) error {
	for range swapTries {
		var row Entry
		var err error
		if from != nil {
			row, from = *from, nil
		} else if row, err = e.ledger.Load(ctx, k); err != nil {
			return fmt.Errorf("autoreply: load: %w", err)
		}
		next, changed := change(row)
		if !changed {
			return nil
		}
		switch err = e.ledger.Swap(ctx, k, next); {
		case err == nil:
			return nil
		case errors.Is(err, ErrConflict):
			continue
		}
		// The row may have been written all the same.
		if stored, again := e.ledger.Load(ctx, k); again != nil || !identical(&stored, &next) {
			return fmt.Errorf("autoreply: swap: %w", err)
		}
		return nil
	}
	return fmt.Errorf("autoreply: swap: %w", ErrConflict)
}

// identical reports whether two rows say the same. The code of rows is compared,
// because a ledger may keep instants without their zones.
func identical(a, b *Entry) bool {
	x, err := a.AppendBinary(nil)
	y, err2 := b.AppendBinary(nil)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// now is the instant, as it is stored: in UTC, without a monotonic part.
func (e *Engine) now() time.Time { return e.o.Clock.Now().UTC().Round(0) }
