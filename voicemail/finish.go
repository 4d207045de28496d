package voicemail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Finish ends the recording for the reason why, unless Write has ended it for
// another one, and decides, seals and commits. The end of ctx does not stop
// it: a caller who hangs up has left a message. It has [Limits].Commit of its
// own, and may be called again, with the same answer.
//
// After a nil error the receipt is the truth: saved, discarded, or pending,
// which means that the sound is safe in the spool and [Service.Work] will
// finish when the stores answer again. An error means that there may be no
// sound to keep: [ErrStorage], or [ErrFenced].
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
	length := span(c.next, c.rate)
	broken := c.close(ctx)
	if errors.Is(broken, ErrFenced) {
		return c.fenced(ctx, length)
	}
	if broken != nil {
		end.stop, end.partial = StopStorage, true
		c.s.log.ErrorContext(ctx, "voicemail: spool", "key", c.live.key, "err", broken)
	}
	r, err := c.s.settle(ctx, c.row, &end)
	switch {
	case err == nil && broken != nil && r.State == StateDiscarded: // what was lost may have been worth it
		r.Outcome, r.State = phone.Failed, StateFailed
		return r, broken
	case err == nil:
		return r, nil
	case errors.Is(err, ErrFenced):
		return c.fenced(ctx, length)
	case errors.Is(err, ErrNotFound), broken != nil && !c.s.readable(ctx, c.row):
		return Receipt{Outcome: phone.Failed, State: StateFailed, Stop: StopStorage},
			fmt.Errorf("%w: %w", ErrStorage, errors.Join(broken, err))
	}
	c.s.log.ErrorContext(ctx, "voicemail: pending", "key", c.live.key, "err", err)
	c.s.tell(ctx, EventPending, c.row, eventData{Stop: end.stop, Err: err.Error()})
	return Receipt{
		Outcome: phone.Voicemail, Message: c.row.Message, State: StatePending, Stop: end.stop,
		Length: length, Partial: end.partial,
	}, nil
}

// fenced is the receipt of a capture that another node has taken over. When
// it took over the sound as well, the message is its business.
func (c *Capture) fenced(ctx context.Context, length time.Duration) (Receipt, error) {
	row, err := c.s.store.Capture(ctx, c.live.tenant, c.live.key)
	if err != nil || row.Spool != c.row.Spool {
		return Receipt{Outcome: phone.Failed, State: StateFailed, Stop: c.ended}, ErrFenced
	}
	if row.State.final() {
		return row.Receipt, nil
	}
	return Receipt{
		Outcome: phone.Voicemail, Message: row.Message, State: StatePending, Stop: c.ended, Length: length,
	}, nil
}
