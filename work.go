package afterbeep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// Report is what one pass of [Desk.Work] did.
type Report struct {
	Mail    voicemail.Report     `json:"mail"`              // transcripts, notices, captures
	Replies []autoreply.Decision `json:"replies,omitempty"` // decided in this pass
	Swept   int                  `json:"swept,omitempty"`   // calls of hosts that went silent
	// Next is when to call Work again, within a minute; something that happens
	// may bring it forward.
	Next time.Time `json:"next,omitzero"`
}

// sweepBatch is how many silent calls one pass ends.
const sweepBatch = 100

// sweepEvery is how often silent calls are looked for when nothing else is due.
const sweepEvery = time.Minute

// Work does one pass over everything that is due: it ends the calls of hosts
// that went silent, has messages transcribed and announced, and sends the
// auto-replies whose time has come. The host calls it after each call and at
// [Report.Next], on any number of nodes. It never waits for something that is
// not due yet. The error joins what failed; the rest was done.
func (d *Desk) Work(ctx context.Context) (Report, error) {
	var report Report
	swept, more, err := d.sweep(ctx)
	report.Swept = swept
	var err2 error
	report.Mail, err2 = d.workMail(ctx)
	report.Next = earlier(report.Mail.Next, d.o.Clock.Now().Add(sweepEvery))
	if more {
		report.Next = d.o.Clock.Now()
	}
	if d.replies == nil {
		return report, errors.Join(err, err2)
	}
	replies, next, err3 := d.replies.RunDue(ctx)
	report.Replies = replies
	report.Next = earlier(report.Next, next)
	return report, errors.Join(err, err2, err3)
}

// mailPasses bounds how often one pass of the desk goes over the mailboxes.
const mailPasses = 8

// workMail goes over the mailboxes until nothing more is due: a transcript that
// has just become final is announced in the same pass.
func (d *Desk) workMail(ctx context.Context) (all voicemail.Report, err error) {
	for range mailPasses {
		r, failed := d.mail.Work(ctx)
		err = errors.Join(err, failed)
		all = voicemail.Report{
			Recovered: all.Recovered + r.Recovered, Discarded: all.Discarded + r.Discarded,
			Stranded: all.Stranded + r.Stranded, Released: all.Released + r.Released,
			Overdue: all.Overdue + r.Overdue, Transcribed: all.Transcribed + r.Transcribed,
			Notified: all.Notified + r.Notified, Purged: all.Purged + r.Purged,
			Failed: all.Failed + r.Failed, Next: r.Next,
		}
		if failed != nil || r.Next.IsZero() || r.Next.After(d.o.Clock.Now()) {
			break
		}
	}
	return all, err
}

// earlier is the earlier of two instants, of which the zero one is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Recover takes over what a process that died has left: the recordings that it
// had begun become messages. Call it at the start, before the first call, and
// from time to time on nodes that share a spool with others.
func (d *Desk) Recover(ctx context.Context) (voicemail.Report, error) {
	return d.mail.Recover(ctx)
}

// sweep ends the sessions that nobody drives any more, and removes those that
// ended a while ago. more says that there are others.
func (d *Desk) sweep(ctx context.Context) (swept int, more bool, err error) {
	now := d.o.Clock.Now()
	due, err := d.s.Sessions.Due(ctx, now.Add(-d.o.Silent), sweepBatch)
	if err != nil {
		return 0, false, fmt.Errorf("afterbeep: sweep: %w", err)
	}
	var problems []error
	for _, s := range due {
		err := d.tidy(ctx, s)
		if errors.Is(err, callflow.ErrConflict) {
			continue // it is alive after all
		}
		if err != nil {
			// One bad row must not hide the others: it has to wait.
			s.Deadline = now.Add(d.o.Silent)
			err = errors.Join(err, d.s.Sessions.Save(ctx, s))
			problems = append(problems, fmt.Errorf("afterbeep: sweep of a call: %w", err))
			continue
		}
		if !s.Over() {
			swept++
		}
	}
	return swept, len(due) == sweepBatch, errors.Join(problems...)
}

// tidy does for one session what its host no longer does.
func (d *Desk) tidy(ctx context.Context, s callflow.Session) error {
	switch {
	case s.Over() && s.Deadline.After(s.Ended):
		return d.s.Sessions.Delete(ctx, s.Tenant, s.Call)
	case s.Over():
		return d.ended(ctx, phone.Call{}, s)
	}
	return d.tick(ctx, s)
}

// tick ends the call of a host that went silent. The caller has gone; a
// recording that may still be on its way is waited for no longer, and comes by
// [Desk.Recover] or [Desk.Ingest].
func (d *Desk) tick(ctx context.Context, s callflow.Session) error {
	v := &visit{d: d, call: closed(phone.Call{}, s), session: s}
	v.call.Outcome = ""
	var err error
	v.flow, err = d.s.Flows.Flow(ctx, s.Tenant, s.Flow)
	if errors.Is(err, callflow.ErrNotFound) {
		return d.abandon(ctx, v)
	}
	if err != nil {
		return err
	}
	var turn callflow.Turn
	for _, kind := range []callflow.InputKind{callflow.HungUp, callflow.Tick} {
		if v.session.Over() {
			break
		}
		// A hangup gives a ring or a recording some more time for its verdict,
		// which a silent host will not give.
		in := callflow.Input{At: d.o.Clock.Now(), Kind: kind}
		if kind == callflow.Tick && v.session.Deadline.After(in.At) {
			in.At = v.session.Deadline
		}
		if err := v.flow.Step(&v.session, in, &turn); err != nil {
			return err
		}
		v.trace(in, &turn)
		for _, c := range turn.Emit {
			if _, own := c.Action.(callflow.Release); own {
				_, _ = v.Do(ctx, c) // noted there; the room comes back by itself otherwise
			}
		}
	}
	return errors.Join(v.sessions().Save(ctx, v.session), v.trouble)
}

// abandon ends a session whose flow nobody has any more.
func (d *Desk) abandon(ctx context.Context, v *visit) error {
	d.o.Log.Warn("a silent call whose flow is gone", "flow", v.session.Flow)
	v.call.Outcome, v.call.Ended = phone.Failed, d.o.Clock.Now()
	if _, err := d.Note(ctx, v.call.Event()); err != nil {
		return err
	}
	return d.s.Sessions.Delete(ctx, v.session.Tenant, v.session.Call)
}
