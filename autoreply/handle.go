package autoreply

import (
	"context"
	"encoding/json"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Handle takes one event in: a trigger, a person's contact, anything. It
// decides, and when the time is right it sends, within [Options.Timeout]. The
// same event may come any number of times, on any node.
//
// A refusal is a [Decision], not an error. An error means that a socket
// failed. With ReasonUnavailable nothing was sent and the event should be
// delivered again; with ReasonUnknown it does not matter whether it is. With
// [Reply] the text went out and the ledger could not be told: RunDue counts it
// as sent when the lease ends.
//
// Once a text is marked as being sent, the end of ctx no longer stops it.
func (e *Engine) Handle(ctx context.Context, ev phone.Event) (Decision, error) {
	if e.running.Add(1) > int64(e.o.Limit) {
		e.running.Add(-1)
		d := Decision{Verdict: Skip, Reason: ReasonUnavailable, Trigger: ev}
		e.tally.add(&d, ErrBusy)
		return d, ErrBusy
	}
	defer e.running.Add(-1)
	d, err := e.handle(ctx, ev)
	e.tally.add(&d, err)
	e.tell(ctx, d)
	return d, err
}

func (e *Engine) handle(ctx context.Context, ev phone.Event) (Decision, error) {
	down := Decision{Verdict: Skip, Reason: ReasonUnavailable, Trigger: ev}
	if !person(&ev) && !triggers(ev.Type) || !sound(&ev) {
		return e.none.Decide(ev, Facts{}, e.now()), nil
	}
	policy, err := e.policy(ctx, ev.Tenant, ev.Line)
	if err != nil {
		return down, err
	}
	if policy == e.foreign {
		return foreign(ev), nil
	}
	key := policy.KeyOf(&ev)
	down.Key = key
	if key.Contact == "" || triggers(ev.Type) && ev.ID == "" {
		return policy.Decide(ev, Facts{}, e.now()), nil
	}
	who, err := e.contact(ctx, key)
	if err != nil {
		return down, err
	}
	var out turn
	t := e.terms()
	err = e.update(ctx, key, nil, func(row Entry) (Entry, bool) {
		now := e.now()
		policy.accept(&out, &key, row, &ev, who, t, func() string { return e.o.NewID(now) }, now)
		return out.next, out.changed
	})
	if err != nil {
		return down, err
	}
	if out.late {
		e.tally.late.Add(1)
		if e.o.Observe != nil {
			e.observe(ctx, LateContact, ev, nil)
		}
	}
	if !out.mine {
		return out.decision, nil
	}
	return e.work(ctx, key, out.next)
}

// foreign is what becomes of an event of nobody's.
func foreign(ev phone.Event) Decision {
	return Decision{Verdict: Skip, Reason: ReasonForeign, Trigger: ev}
}

// Preview is what Handle would answer now, without any effect: nothing is
// written, sent or counted. A reply that would wait is Wait, as it would be.
// It does not ask the breaker of the line. Of ev it needs the type and the
// contact; without an ID it has one, without an instant it happens now.
func (e *Engine) Preview(ctx context.Context, ev phone.Event) (Decision, error) {
	return e.PreviewAt(ctx, ev, e.now())
}

// PreviewAt is Preview at another instant: what would this contact get then?
// The row of the ledger and the policy are those of now.
func (e *Engine) PreviewAt(ctx context.Context, ev phone.Event, at time.Time) (Decision, error) {
	if ev.ID == "" {
		ev.ID = "preview"
	}
	if ev.At.IsZero() {
		ev.At = at
	}
	down := Decision{Verdict: Skip, Reason: ReasonUnavailable, Trigger: ev}
	policy, err := e.policy(ctx, ev.Tenant, ev.Line)
	if err != nil {
		return down, err
	}
	if policy == e.foreign {
		return foreign(ev), nil
	}
	key := policy.Key(ev)
	if key.Contact == "" || !sound(&ev) {
		return policy.Decide(ev, Facts{}, at), nil
	}
	who, err := e.contact(ctx, key)
	if err != nil {
		return down, err
	}
	row, err := e.ledger.Load(ctx, key)
	if err != nil {
		return down, err
	}
	return policy.Decide(ev, Facts{Entry: row.current(at).normal(policy, e.terms(), at), Contact: who}, at), nil
}

// tell reports a decision that ends or begins something.
func (e *Engine) tell(ctx context.Context, d Decision) {
	if e.o.Observe == nil {
		return
	}
	if d.Event.Type != "" {
		e.o.Observe(ctx, d.Event)
	}
	switch {
	case d.Verdict == Reply:
		e.observe(ctx, ReplySent, d.Trigger, &d)
	case d.Verdict == Wait:
		e.observe(ctx, ReplyWaits, d.Trigger, &d)
	case d.Verdict == Skip && d.Reason != ReasonIgnored:
		e.observe(ctx, ReplyDenied, d.Trigger, &d)
	}
}

// observe makes an event about another one; its ID is derived, so that
// doubles meet. The text stays out of it.
func (e *Engine) observe(ctx context.Context, kind string, about phone.Event, d *Decision) {
	out := phone.Event{
		V: phone.EventVersion, ID: kind + "/" + about.ID, Type: kind, At: e.now(),
		Tenant: about.Tenant, Line: about.Line, Call: about.Call, Contact: about.Contact, Key: about.Key,
		Actor: phone.Actor{Kind: phone.Machine, ID: "autoreply"},
	}
	if d != nil {
		out.Data = d.brief()
	}
	e.o.Observe(ctx, out)
}

// brief is why and until when, as JSON: {"reason":"cooldown","until":"..."},
// "due" and "rule" where there are any. A monitor hears of every refusal, so it
// is one allocation.
func (d *Decision) brief() []byte {
	b := make([]byte, 0, 96)
	if d.Reason != ReasonNone {
		b = append(append(append(b, `,"reason":"`...), d.Reason...), '"')
	}
	instant := func(name string, at time.Time) {
		if !at.IsZero() {
			b = append(at.AppendFormat(append(append(b, name...), '"'), time.RFC3339Nano), '"')
		}
	}
	instant(`,"until":`, d.Until)
	instant(`,"due":`, d.Due)
	if d.Rule != "" {
		rule, _ := json.Marshal(d.Rule) // a string, which has never failed
		b = append(append(b, `,"rule":`...), rule...)
	}
	if len(b) == 0 {
		return []byte("{}")
	}
	b[0] = '{'
	return append(b, '}')
}
