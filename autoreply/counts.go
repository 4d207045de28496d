package autoreply

import (
	"slices"
	"sync/atomic"
)

// Counts is what an [Engine] has decided since [New], each event as often as it
// was delivered, and each decision of [Engine.RunDue]. A reply that had to wait
// is in Waits, and when it is due in Replies or Skips. The numbers are those of
// this engine, not of the ledger; they only grow, so that a monitor may take
// differences.
type Counts struct {
	Replies int64            `json:"replies"` // texts that the sender accepted
	Noted   int64            `json:"noted"`
	Waits   map[Reason]int64 `json:"waits,omitempty"`
	Skips   map[Reason]int64 `json:"skips,omitempty"`
	// Errors are the calls of Handle and the keys of RunDue that ended in an
	// error, whatever the decision. The calls past [Options.Limit] are among
	// them, and among the Skips.
	Errors int64 `json:"errors"`
	// Late are contacts by a person that were reported after the reply; see
	// [LateContact].
	Late int64 `json:"late"`
}

// Counts returns the counts, as fresh maps without zeros. It does not block;
// decisions that are made meanwhile may be in one number and not in another.
func (e *Engine) Counts() Counts {
	t := &e.tally
	c := Counts{
		Replies: t.replies.Load(), Noted: t.noted.Load(), Errors: t.errors.Load(), Late: t.late.Load(),
		Waits: map[Reason]int64{}, Skips: map[Reason]int64{},
	}
	for i, r := range reasons {
		if n := t.waits[i].Load(); n > 0 {
			c.Waits[r] = n
		}
		if n := t.skips[i].Load(); n > 0 {
			c.Skips[r] = n
		}
	}
	return c
}

// reasons are all that there are, the frequent ones first. Never written to.
var reasons = [...]Reason{
	ReasonCooldown, ReasonSettling, ReasonRecent, ReasonNoRule, ReasonIgnored, ReasonStale, ReasonCovered, ReasonDuplicate,
	ReasonShort, ReasonWithheld, ReasonKeyword, ReasonOptedOut, ReasonMachine, ReasonInvalid, ReasonForeign, ReasonGateway,
	ReasonAlpha, ReasonOwn, ReasonService, ReasonTollFree, ReasonGroup, ReasonBlocked, ReasonUnreachable, ReasonFuture,
	ReasonBackoff, ReasonLifetime, ReasonBudget, ReasonEmpty, ReasonQuiet, ReasonBreaker, ReasonRejected, ReasonUnknown,
	ReasonUnavailable,
}

// tally counts without a lock and without allocating.
type tally struct {
	replies, noted, errors, late atomic.Int64
	waits, skips                 [len(reasons)]atomic.Int64
}

func (t *tally) add(d *Decision, err error) {
	if err != nil {
		t.errors.Add(1)
	}
	switch d.Verdict {
	case Reply:
		t.replies.Add(1)
	case Noted:
		t.noted.Add(1)
	case Wait:
		t.waits[slices.Index(reasons[:], d.Reason)].Add(1)
	case Skip:
		t.skips[slices.Index(reasons[:], d.Reason)].Add(1)
	}
}
