package autoreply

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// postponed is how long a due row rests when a socket failed.
const postponed = 30 * time.Second

// work takes a reserved slot to its end: decide again, mark, send, commit.
func (e *Engine) work(ctx context.Context, k Key, mine Entry) (Decision, error) {
	down := Decision{Verdict: Skip, Reason: ReasonUnavailable, Key: k, Trigger: mine.trigger()}
	policies, who, err := e.fresh(ctx, k, mine)
	if err != nil {
		return down, errors.Join(err, e.postpone(ctx, k, mine))
	}
	own := policies(mine.trigger())
	free, ok, err := e.spend(ctx, own, mine.trigger())
	if err != nil {
		return down, errors.Join(err, e.postpone(ctx, k, mine))
	}
	var d Decision
	var slot Entry
	err = e.update(ctx, k, func(row Entry) (Entry, bool) {
		now := e.now()
		if row.State != Reserved || row.Token != mine.Token {
			d = Decision{Verdict: Skip, Reason: ReasonCovered, Until: row.Due, Key: k, Trigger: mine.trigger()}
			slot = Entry{}
			return row, false
		}
		var next Entry
		next, d = row.decided(policies, who, e.terms(), now)
		if d.Verdict == Reply && !ok {
			next = row.free()
			d.Verdict, d.Rule, d.Text, d.Language = Skip, "", "", ""
			d.because(ReasonBreaker, free)
		}
		next = next.next(own, row, now)
		slot = next
		return next, true
	})
	if err != nil {
		return down, err
	}
	if d.Verdict != Reply || slot.State != Sending {
		return d, nil
	}
	return e.send(ctx, k, own, slot, d)
}

// decided is the second step of the protocol, for the worker that holds the
// slot: the text is frozen, or the slot is given back.
func (e Entry) decided(policies func(phone.Event) *Policy, who Contact, t terms, now time.Time) (Entry, Decision) {
	d := resolve(e, policies, who, now)
	switch d.Verdict {
	case Reply:
		return e.sending(t, d, now), d
	case Wait:
		e.Deferred = later(e.Deferred, d.Due)
		return e.wait(d.Due), d
	}
	return e.free(), d
}

// trigger is the event that the row is about.
func (e Entry) trigger() phone.Event {
	if len(e.Pending) == 0 {
		return phone.Event{}
	}
	return e.Pending[0]
}

// fresh asks for the policies of all that is pending and for the contact.
func (e *Engine) fresh(ctx context.Context, k Key, row Entry) (func(phone.Event) *Policy, Contact, error) {
	found := map[phone.LineID]*Policy{}
	for _, ev := range row.Pending {
		if found[ev.Line] == nil {
			p, err := e.policy(ctx, k.Tenant, ev.Line)
			if err != nil {
				return nil, Contact{}, err
			}
			found[ev.Line] = p
		}
	}
	who, err := e.contact(ctx, k)
	return func(ev phone.Event) *Policy {
		if p := found[ev.Line]; p != nil {
			return p
		}
		return e.none
	}, who, err
}

// postpone puts a row that could not be decided at the back of the queue.
func (e *Engine) postpone(ctx context.Context, k Key, mine Entry) error {
	return e.update(ctx, k, func(row Entry) (Entry, bool) {
		now := e.now()
		if row.Token != mine.Token || row.State != Reserved {
			return row, false
		}
		return row.wait(now.Add(postponed)).next(e.none, row, now), true
	})
}

// send sends the frozen text of slot and writes down what became of it. The
// caller's ctx no longer counts: what was begun is brought to its end.
func (e *Engine) send(ctx context.Context, k Key, p *Policy, slot Entry, d Decision) (Decision, error) {
	ctx = context.WithoutCancel(ctx)
	sent := e.hand(ctx, k, slot)
	ctx, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	d.Rule, d.Text = slot.Rule, slot.Text
	t := e.terms()
	switch {
	case sent == nil:
		at := e.now()
		err := e.update(ctx, k, func(row Entry) (Entry, bool) {
			if row.Revision == 0 {
				return row, false // erased meanwhile, by the contact's wish
			}
			return row.commit(slot, at).next(p, row, at), true
		})
		d.Verdict, d.Reason = Reply, ReasonNone
		return d, err
	case errors.Is(sent, ErrRejected):
		err := e.update(ctx, k, func(row Entry) (Entry, bool) {
			now := e.now()
			next, mine := row.release(slot, now)
			return next.next(p, row, now), mine
		})
		d.Verdict, d.Reason, d.Until = Skip, ReasonRejected, time.Time{}
		return d, err
	}
	e.o.Log.WarnContext(ctx, "autoreply: outcome of a text is unknown", slog.Any("error", sent))
	sent = fmt.Errorf("autoreply: send: %w", sent)
	if t.life > 0 {
		d.Verdict, d.Reason, d.Due = Wait, ReasonUnknown, slot.Due
		return d, sent
	}
	d.Verdict, d.Reason = Skip, ReasonUnknown
	at := e.now()
	return d, errors.Join(sent, e.update(ctx, k, func(row Entry) (Entry, bool) {
		if row.Revision == 0 {
			return row, false
		}
		return row.commit(slot, at).next(p, row, at), true
	}))
}

// hand gives the text to the sender.
func (e *Engine) hand(ctx context.Context, k Key, slot Entry) error {
	ctx, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	trigger := slot.trigger()
	return e.sender.Send(ctx, Text{
		Key: slot.name(k), Body: slot.Text, Tenant: k.Tenant, Line: trigger.Line,
		To: trigger.Contact.Number, Rule: slot.Rule, Trigger: trigger.ID,
	})
}
