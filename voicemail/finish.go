package voicemail

import (
	"context"
	"errors"
	"fmt"

	"github.com/afterbeep/afterbeep/phone"
)

// Finish ends the recording for the reason why, unless Write has ended it for
// another one, and decides, seals and commits. The end of ctx does not stop
// it: a caller who hangs up has left a message. It has [Limits].Commit of its
// own, and may be called again, with the same answer.
//
// After a nil error the receipt is the truth: saved, discarded, or pending,
// which means that the sound is safe in the spool and [Service.Work] will
// finish when the stores answer again. A pending receipt that is partial is of
// a broken disk: only what that had taken will be judged. An error means that
// there may be no sound to keep: [ErrStorage], or [ErrFenced].
func (c *Capture) Finish(ctx context.Context, why Stop) (Receipt, error) {
	if c.finished {
		return c.receipt, c.err
	}
	if c.ended == "" {
		c.ended = known(why)
	}
	if c.ended == StopKey {
		c.receipt.Key = c.key
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.s.limits.Commit)
	defer cancel()
	key := c.receipt.Key
	c.receipt, c.err = c.finish(ctx)
	c.receipt.Key = key
	c.finished = true
	c.stop()
	c.s.forget(c)
	return c.receipt, c.err
}

func known(why Stop) Stop {
	switch why {
	case StopHangup, StopKey, StopLength, StopSilence, StopNoMedia, StopStorage:
		return why
	case "":
		return StopHangup
	}
	return StopCancelled
}

func (c *Capture) finish(ctx context.Context) (Receipt, error) {
	end := ending{stop: c.ended, key: c.receipt.Key}
	if !c.begun {
		r, err := c.s.discard(ctx, c.row, Receipt{Stop: end.stop, Key: end.key, Why: WhyEmpty})
		if err != nil { // its room comes back when the lease ends
			c.s.log.WarnContext(ctx, "voicemail: empty capture not closed", "key", c.live.key, "err", err)
			r = Receipt{Outcome: Empty, State: StateDiscarded, Why: WhyEmpty, Stop: end.stop}
		}
		return r, nil
	}
	broken := c.close(ctx)
	if errors.Is(broken, errHangs) { // whatever it has will be found by Recover
		return c.pendingReceipt(c.message, true), broken
	}
	end.rest, end.chunks = c.rest, c.number
	safe := broken == nil || c.spooled > 0 && span(c.spooled, c.rate) >= c.set.MinLength
	if errors.Is(broken, ErrFenced) {
		return c.fenced(ctx)
	}
	if broken != nil {
		end.partial = c.ended == StopStorage
		c.s.log.ErrorContext(ctx, "voicemail: spool", "key", c.live.key, "err", broken)
	}
	r, err := c.s.settle(ctx, c.row, &end)
	switch {
	case err == nil && r.Partial && r.State == StateDiscarded: // what was lost may have been worth it
		r.Outcome, r.State = phone.Failed, StateFailed
		return r, broken
	case err == nil:
		return r, nil
	case errors.Is(err, ErrFenced):
		return c.fenced(ctx)
	case !safe:
		return Receipt{Outcome: phone.Failed, State: StateFailed, Stop: end.stop},
			fmt.Errorf("%w: %w", ErrStorage, errors.Join(broken, err))
	}
	c.s.log.ErrorContext(ctx, "voicemail: pending", "key", c.live.key, "err", err)
	c.s.tell(ctx, EventPending, c.row, eventData{Stop: end.stop, Err: err.Error()})
	return c.pendingReceipt(c.message, broken != nil), nil
}

func (c *Capture) pendingReceipt(message string, partial bool) Receipt {
	return Receipt{
		Outcome: phone.Voicemail, Message: message, State: StatePending, Stop: c.ended,
		Length: span(c.next, c.rate), Partial: partial,
	}
}

// fenced is the receipt of a capture that another node has taken over. When
// it took over the sound as well, the message is its business.
func (c *Capture) fenced(ctx context.Context) (Receipt, error) {
	row, err := c.s.store.Capture(ctx, c.live.tenant, c.live.key)
	if err != nil || row.Spool != c.row.Spool {
		return Receipt{Outcome: phone.Failed, State: StateFailed, Stop: c.ended}, ErrFenced
	}
	if row.State.final() {
		c.s.clean(ctx, row) // this process may have made it anew
		return row.Receipt, nil
	}
	return c.pendingReceipt(row.Message, true), nil
}
