package autoreply

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// turn is what one look at a row led to.
type turn struct {
	next     Entry // the row to store
	changed  bool  // whether there is anything to store
	decision Decision
	mine     bool // the slot is reserved for the caller
	late     bool // a person's contact came after the reply
}

// accept is the first step of the protocol: what e makes of the row. The
// decision is [Reply] only when the slot has been reserved under token. k is the
// key of the row; all of out is overwritten.
func (p *Policy) accept(out *turn, k *Key, row Entry, e *phone.Event, c Contact, t terms, token func() string, now time.Time) {
	seen := row.current(now)
	entry := seen.normal(p, t, now)
	p.decideFor(k, &out.decision, e, &Facts{Entry: entry, Contact: c}, now)
	out.next, out.changed, out.mine, out.late = row, false, false, false
	switch {
	case person(e):
		out.late = !entry.Sent.IsZero() && e.At.Before(entry.Sent) && e.At.After(entry.Touched)
		entry = entry.touched(e.At, now)
	case !triggers(e.Type):
		return
	default:
		entry, out.mine = p.trigger(&out.decision, entry, e, t, token, now)
	}
	if out.changed = !same(&entry, &seen); out.changed {
		out.next = entry.next(p, row, now)
	}
}

// trigger is what the decision d about e makes of the row, and of d: it may have
// to wait for others. True means that the slot has been reserved.
func (p *Policy) trigger(d *Decision, entry Entry, e *phone.Event, t terms, token func() string, now time.Time) (Entry, bool) {
	if d.Event.Type == OptOut || d.Event.Type == OptIn {
		entry = entry.heard(Consent{At: earlier(e.At, now), Out: d.Event.Type == OptOut}, now)
	}
	switch d.Reason {
	case ReasonCooldown, ReasonBackoff, ReasonFuture, ReasonStale: // the missed call is refused for the same
	default:
		if e.Type == phone.VoicemailLeft {
			entry = entry.left(*e)
		}
	}
	if d.Verdict != Reply && d.Verdict != Wait {
		if entry.State == Waiting {
			entry = entry.wait(entry.due(p.settle))
		}
		return entry, false
	}
	entry = entry.join(*e)
	if entry.State == Reserved && entry.Due.After(now) {
		d.Verdict, d.Text, d.Rule, d.Language = Wait, "", "", ""
		d.because(ReasonSettling, entry.Due)
		d.Due = entry.Due
		return entry, false
	}
	if d.Reason == ReasonQuiet {
		entry.Deferred = later(entry.Deferred, d.Due)
	}
	if due := entry.due(p.settle); due.After(now) {
		d.Verdict, d.Due = Wait, due
		d.because(ReasonSettling, due)
		if !entry.Deferred.Before(due) {
			d.Reason = ReasonQuiet
		}
		return entry.wait(due), false
	}
	return entry.reserve(t, token(), now), true
}

// resolve decides about all that is pending, the best first: the first that
// may be answered is, or else the first reason stands. One that has to wait
// for the morning makes the row wait.
func resolve(row Entry, policy func(phone.Event) *Policy, c Contact, now time.Time) Decision {
	var out Decision
	view := row
	view.State = Waiting
	for i := range row.Pending {
		e := &row.Pending[i]
		d := policy(*e).decide(e, &Facts{Entry: view, Contact: c}, now, true)
		if d.Verdict == Reply {
			return d
		}
		if i == 0 || d.Verdict == Wait && out.Verdict != Wait {
			out = d
		}
	}
	return out
}

// same reports whether a is b. No function here writes to the slices of a row,
// so the same array is the same content.
func same(a, b *Entry) bool {
	return a.State == b.State && a.Due.Equal(b.Due) && a.Slot == b.Slot && a.Born.Equal(b.Born) &&
		a.Token == b.Token && a.Attempt == b.Attempt && a.Rule == b.Rule && a.Text == b.Text &&
		a.Sent.Equal(b.Sent) && a.Touched.Equal(b.Touched) && a.Replies == b.Replies && a.Deferred.Equal(b.Deferred) &&
		a.Protect.Equal(b.Protect) && a.Heard == b.Heard && a.Consent.Out == b.Consent.Out && a.Consent.At.Equal(b.Consent.At) &&
		array(a.Pending, b.Pending) && array(a.Seen, b.Seen) && array(a.Earlier, b.Earlier)
}

func array[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
