package afterbeep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

// keepEnded is how long the session of a call that has ended is kept, so that a
// webhook that comes late or twice finds an ended call and not a new one.
const keepEnded = 15 * time.Minute

// ending is the store of sessions as the flow sees it. The save that ends a
// session is fenced by its revision like any other, then the event of the call
// is noted, and the row is kept for a while:
//
//   - an ended row whose deadline is its end has not been noted yet;
//   - one whose deadline is later was noted, and is removed then.
//
// [Desk.Work] finishes what a process left in between. A second note of the
// same event changes nothing.
type ending struct {
	callflow.Sessions
	d    *Desk
	call phone.Call
	note func(what string, err error)
}

// Save implements callflow.Sessions.
func (e ending) Save(ctx context.Context, s callflow.Session) error {
	if !s.Over() {
		return e.Sessions.Save(ctx, s)
	}
	s.Deadline = s.Ended
	if err := e.Sessions.Save(ctx, s); err != nil {
		return err
	}
	s.Revision++
	// The call must go on to its hangup, whatever the auto-replies say.
	e.note("end of the call", e.d.ended(ctx, e.call, s))
	return nil
}

// ended notes how a session that is over ended, and marks it as noted.
func (d *Desk) ended(ctx context.Context, call phone.Call, s callflow.Session) error {
	if _, err := d.Note(ctx, closed(call, s).Event()); err != nil {
		return err
	}
	s.Deadline = d.o.Clock.Now().Add(keepEnded)
	return d.s.Sessions.Save(ctx, s)
}

// closed is the call as its session saw it end. What the host did not say in
// this input, the session knows from the first one.
func closed(call phone.Call, s callflow.Session) phone.Call {
	call.ID, call.Tenant, call.Line = s.Call, s.Tenant, s.Divert.Line
	call.Outcome, call.Divert, call.Ended = s.Outcome, s.Divert, s.Ended
	if call.Caller.Number.Kind() == phone.Withheld {
		call.Caller.Number = s.Caller
	}
	if call.Began.IsZero() {
		call.Began = s.Began
	}
	return call
}

// Note tells the desk what happened elsewhere: the contact wrote a text, a
// person called or wrote to them. It is also how the desk tells itself. The
// same event may come any number of times; the zero Event is nothing.
//
// The decision says what became of it: an auto-reply, or why there is none and
// until when.
func (d *Desk) Note(ctx context.Context, e phone.Event) (autoreply.Decision, error) {
	if e.ID == "" {
		return autoreply.Decision{Verdict: autoreply.Skip, Reason: autoreply.ReasonIgnored}, nil
	}
	d.observe(ctx, e)
	if d.replies == nil {
		return autoreply.Decision{Verdict: autoreply.Skip, Reason: autoreply.ReasonNoRule, Trigger: e}, nil
	}
	decision, err := d.replies.Handle(ctx, e)
	if err != nil {
		return decision, fmt.Errorf("afterbeep: note: %w", err)
	}
	return decision, nil
}

// Preview is what [Desk.Note] would answer now, without any effect.
func (d *Desk) Preview(ctx context.Context, e phone.Event) (autoreply.Decision, error) {
	if d.replies == nil {
		return autoreply.Decision{Verdict: autoreply.Skip, Reason: autoreply.ReasonNoRule, Trigger: e}, nil
	}
	return d.replies.Preview(ctx, e)
}

// load is the session of a call; false when there is none.
func (d *Desk) load(ctx context.Context, c phone.Call) (callflow.Session, bool, error) {
	s, err := d.s.Sessions.Load(ctx, c.Tenant, c.ID)
	if errors.Is(err, callflow.ErrNotFound) {
		return callflow.Session{}, false, nil
	}
	return s, err == nil, err
}
