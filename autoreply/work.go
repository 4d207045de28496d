package autoreply

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// postponed is how long a due row rests when a socket failed.
const postponed = 30 * time.Second

// permit is what the breaker said about the line of a reply.
type permit struct {
	asked bool
	line  Key
	ok    bool
	free  time.Time // when it says no: until when
}

// work takes a reserved slot to its end: decide again, mark, send, commit. The
// hour of a line is spent only for a reply that is about to begin, so it is
// foretold; when the row changed meanwhile it begins again.
func (e *Engine) work(ctx context.Context, k Key, mine Entry) (Decision, error) {
	down := Decision{Verdict: Skip, Reason: ReasonUnavailable, Key: k, Trigger: mine.trigger()}
	for range swapTries {
		policies, who, err := e.fresh(ctx, k, mine)
		if err != nil {
			return down, errors.Join(err, e.postpone(ctx, k, mine))
		}
		var p permit
		if d := resolve(mine, policies, who, e.now()); d.Verdict == Reply {
			p.asked, p.line = true, lineKey(d.Trigger)
			if p.free, p.ok, err = e.spend(ctx, policies(d.Trigger), d.Trigger); err != nil {
				return down, errors.Join(err, e.postpone(ctx, k, mine))
			}
		}
		d, slot, again, err := e.mark(ctx, k, mine, p, policies, who)
		switch {
		case err != nil:
			return down, err
		case again:
			mine = slot
		case d.Verdict == Reply && slot.State == Sending:
			return e.send(ctx, k, policies(d.Trigger), slot, d)
		default:
			return d, nil
		}
	}
	return down, errors.Join(fmt.Errorf("autoreply: mark: %w", ErrConflict), e.postpone(ctx, k, mine))
}

// mark decides again and freezes the text, or gives the slot back. It answers
// again, and the row, when that says another reply than the one foretold.
func (e *Engine) mark(ctx context.Context, k Key, mine Entry, p permit, policies func(phone.Event) *Policy, who Contact) (d Decision, slot Entry, again bool, err error) {
	own := e.none
	if len(mine.Pending) > 0 {
		own = policies(mine.trigger())
	}
	err = e.update(ctx, k, &mine, func(row Entry) (Entry, bool) {
		now := e.now()
		slot, again = Entry{}, false
		if row.State != Reserved || row.Token != mine.Token {
			d = Decision{Verdict: Skip, Reason: ReasonCovered, Until: row.Due, Key: k, Trigger: mine.trigger()}
			return row, false
		}
		slot, again = row, true
		if !known(row, policies) {
			return row, false
		}
		var next Entry
		next, d = row.decided(policies, who, e.terms(), now)
		if d.Verdict == Reply && (!p.asked || p.line != lineKey(d.Trigger)) {
			return row, false
		}
		if d.Verdict == "" && len(mine.Pending) > 0 { // its voicemail came, and is refused
			d = Decision{Verdict: Skip, Reason: ReasonCovered, Key: k, Trigger: mine.trigger()}
		}
		if d.Verdict == Reply && !p.ok {
			next = row.free()
			d.Verdict, d.Rule, d.Text, d.Language = Skip, "", "", ""
			d.because(ReasonBreaker, p.free)
		}
		slot, again = next.next(own, row, now), false
		return slot, true
	})
	return d, slot, again, err
}

// known reports whether the policies of all that is pending were asked for.
func known(row Entry, policies func(phone.Event) *Policy) bool {
	return !slices.ContainsFunc(row.Pending, func(ev phone.Event) bool { return policies(ev) == nil })
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

// fresh asks for the policies of all that is pending and for the contact. A
// line that is not among them has nil.
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
	return func(ev phone.Event) *Policy { return found[ev.Line] }, who, err
}

// postpone puts a row that could not be decided at the back of the queue.
func (e *Engine) postpone(ctx context.Context, k Key, mine Entry) error {
	return e.update(ctx, k, &mine, func(row Entry) (Entry, bool) {
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
		err := e.update(ctx, k, &slot, func(row Entry) (Entry, bool) {
			if row.Revision == 0 {
				return row, false // erased meanwhile, by the contact's wish
			}
			return row.commit(slot, at).next(p, row, at), true
		})
		d.Verdict, d.Reason = Reply, ReasonNone
		return d, err
	case errors.Is(sent, ErrRejected):
		err := e.update(ctx, k, &slot, func(row Entry) (Entry, bool) {
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
	return d, errors.Join(sent, e.update(ctx, k, &slot, func(row Entry) (Entry, bool) {
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
