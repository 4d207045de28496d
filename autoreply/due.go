package autoreply

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// RunDue decides what is due now: replies that waited for late records or for
// the morning, slots whose worker died, texts whose outcome is unknown under
// the protection of the sender's key. It takes [Options.Batch] keys, one after
// the other; any number of nodes may run it at once.
//
// next is when it should be called again, zero when nothing waits. It is not
// before the end of this pass; when it is now, there is more to do. Handle may
// bring something that is due earlier: the Due of its decision says so. The
// error joins those of the keys; each of them was put off, none blocks another.
func (e *Engine) RunDue(ctx context.Context) (done []Decision, next time.Time, err error) {
	keys, err := e.ledger.Due(ctx, e.now(), e.o.Batch)
	if err != nil {
		return nil, e.now().Add(postponed), fmt.Errorf("autoreply: due: %w", err)
	}
	var failed []error
	for _, k := range keys {
		if err := ctx.Err(); err != nil {
			failed = append(failed, err)
			break
		}
		d, err := e.runKey(ctx, k)
		e.tally.add(&d, err)
		if err != nil {
			failed = append(failed, err)
		}
		if d.Verdict != "" {
			e.tell(ctx, d)
			done = append(done, d)
		}
	}
	next, err = e.nextDue(ctx)
	return done, next, errors.Join(append(failed, err)...)
}

// farFuture is after every due instant.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (e *Engine) nextDue(ctx context.Context) (time.Time, error) {
	keys, err := e.ledger.Due(ctx, farFuture, 1)
	if err != nil {
		return e.now().Add(postponed), fmt.Errorf("autoreply: due: %w", err)
	}
	if len(keys) == 0 {
		return time.Time{}, nil
	}
	row, err := e.ledger.Load(ctx, keys[0])
	if err != nil {
		return e.now().Add(postponed), fmt.Errorf("autoreply: load: %w", err)
	}
	return later(row.Due, e.now()), nil
}

// runKey claims one due row and takes it on. The zero Decision means that
// somebody else was quicker.
func (e *Engine) runKey(ctx context.Context, k Key) (Decision, error) {
	row, err := e.ledger.Load(ctx, k)
	if err != nil {
		return Decision{}, fmt.Errorf("autoreply: load: %w", err)
	}
	policy, err := e.policy(ctx, k.Tenant, row.trigger().Line)
	if err != nil {
		return Decision{}, errors.Join(err, e.putOff(ctx, k))
	}
	who, err := e.contact(ctx, k)
	if err != nil {
		return Decision{}, errors.Join(err, e.putOff(ctx, k))
	}
	var c claim
	var mine Entry
	t := e.terms()
	err = e.update(ctx, k, &row, func(row Entry) (Entry, bool) {
		now := e.now()
		mine, c = row.claim(policy, who, t, func() string { return e.o.NewID(now) }, now)
		if c != claimNothing {
			mine = mine.next(policy, row, now)
		}
		return mine, c != claimNothing
	})
	if err != nil {
		return Decision{}, err
	}
	switch c {
	case claimDecide:
		return e.work(ctx, k, mine)
	case claimResend:
		return e.send(ctx, k, policy, mine, Decision{Key: k, Trigger: mine.trigger(), Rule: mine.Rule, Text: mine.Text})
	case claimConsumed:
		return Decision{Verdict: Skip, Reason: ReasonUnknown, Key: k, Trigger: row.trigger(), Rule: row.Rule, Text: row.Text}, nil
	}
	return Decision{}, nil
}

// putOff moves a due row that could not even be claimed.
func (e *Engine) putOff(ctx context.Context, k Key) error {
	return e.update(ctx, k, nil, func(row Entry) (Entry, bool) {
		now := e.now()
		if row.Due.IsZero() || row.Due.After(now) {
			return row, false
		}
		next := row
		next.Due = now.Add(postponed)
		return next.next(e.none, row, now), true
	})
}

// claim is what a worker may do with a due row.
type claim string

const (
	claimNothing  claim = "nothing"  // it is not due, or not any more
	claimDecide   claim = "decide"   // it is reserved for the worker
	claimResend   claim = "resend"   // the frozen text is the worker's to send again
	claimConsumed claim = "consumed" // the outcome will never be known: counted as sent
)

// claim is the first step of the protocol for a due row.
func (e Entry) claim(p *Policy, who Contact, t terms, token func() string, now time.Time) (Entry, claim) {
	if e.Due.IsZero() || e.Due.After(now) {
		return e, claimNothing
	}
	switch e.State {
	case Waiting, Reserved:
		return e.reserve(t, token(), now), claimDecide
	case Sending:
		if e.retries(p, t, now) && !who.Blocked && !who.OptedOut && !e.Consent.Out {
			return e.again(t, token(), now), claimResend
		}
		return e.sent(e.Due), claimConsumed
	}
	return e.free(), claimConsumed
}
