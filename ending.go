package afterbeep

import (
	"context"
	"errors"
	"fmt"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

// ending is the store of sessions as the flow sees it. The save that ends a
// session notes first how the call ended and then removes the row: a process
// that dies in between leaves a session that is swept, and notes the same event
// a second time, which changes nothing.
type ending struct {
	callflow.Sessions
	d    *Desk
	call phone.Call
}

// Save implements callflow.Sessions.
func (e ending) Save(ctx context.Context, s callflow.Session) error {
	if !s.Over() {
		return e.Sessions.Save(ctx, s)
	}
	stored, err := e.Sessions.Load(ctx, s.Tenant, s.Call)
	switch {
	case errors.Is(err, callflow.ErrNotFound) && s.Revision > 0:
		return nil // another node ended it
	case err != nil && !errors.Is(err, callflow.ErrNotFound):
		return err
	case stored.Revision != s.Revision:
		return callflow.ErrConflict
	}
	call := e.call
	call.Outcome, call.Divert, call.Ended = s.Outcome, s.Divert, s.Ended
	if _, err := e.d.Note(ctx, call.Event()); err != nil {
		return err
	}
	return e.Sessions.Delete(ctx, s.Tenant, s.Call)
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
