package afterbeep

import (
	"context"
	"errors"
	"fmt"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// Serve takes one call from its ring to its end, for hosts that block on a
// call: it drives the flow of the line, performs what is the desk's to perform
// over leg, and notes how the call ended. It returns when the flow is over; a
// caller who was joined with a person is the host's to keep.
//
// The end of ctx is the end of the process, not of the call: a caller who hangs
// up is told by leg, and the message is kept all the same. An error means that
// a socket or the leg failed; the caller got the best that was left, at the
// worst a hangup. [ErrBusy] is the one error after which nobody has touched the
// call. After a crash in the middle of a call, Serve on another node
// takes it up where it was, and [Desk.Recover] and [Desk.Work] finish what
// there is to finish.
func (d *Desk) Serve(ctx context.Context, c phone.Call, leg Leg) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()

	v, err := d.visit(ctx, c, true)
	if err == nil {
		v.leg = leg
		err = callflow.Run(ctx, v.flow, &v.session, v, &callflow.RunOptions{
			Clock: d.o.Clock, Sessions: v.sessions(), Trace: v.trace, Log: d.o.Log,
		})
	}
	if err != nil && ctx.Err() == nil && (v == nil || v.session.Outcome != phone.Answered) {
		err = errors.Join(err, d.drop(ctx, c, v, leg))
	}
	if v != nil {
		err = errors.Join(err, v.trouble)
	}
	return err
}

// drop ends a call that can not go on because something is down: the caller
// must not meet silence, and is a missed call.
func (d *Desk) drop(ctx context.Context, c phone.Call, v *visit, leg Leg) error {
	now := d.o.Clock.Now()
	_, err := leg.Do(ctx, callflow.Command{Tenant: c.Tenant, Call: c.ID, At: now, Action: callflow.Hangup{Outcome: phone.Failed}})
	if v == nil || v.session.Over() || v.session.Revision > 0 {
		return err // nothing is known of it, or the sweep will note it
	}
	failed := v.call
	failed.Outcome, failed.Ended = phone.Failed, now
	_, err2 := d.Note(ctx, failed.Event())
	return errors.Join(err, err2)
}

// Do is where the packages meet: the flow decides, greeting chooses, voicemail
// keeps, and the leg does the rest.
func (v *visit) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	switch a := c.Action.(type) {
	case callflow.Prepare:
		result, err := v.prepare(ctx, c, a)
		v.note("mailbox", err)
		return result, err
	case callflow.Play:
		if a.Clip != "" {
			return v.leg.Play(ctx, v.sound(ctx, c, a.Clip), a.Escape)
		}
	case callflow.Record:
		result, err := v.record(ctx, c, a)
		v.note("recording", err)
		return result, err
	case callflow.Release:
		err := v.d.mail.Release(ctx, v.request(c))
		v.note("release", err)
		return callflow.Result{}, err
	}
	return v.leg.Do(ctx, c)
}

// prepare holds the room for a message and chooses what the caller hears.
func (v *visit) prepare(ctx context.Context, c callflow.Command, a callflow.Prepare) (callflow.Result, error) {
	r := v.request(c)
	r.MaxLength = a.Max
	var err error
	if v.leg != nil {
		_, err = v.d.mail.Begin(ctx, r)
	} else {
		err = v.d.mail.Expect(ctx, r)
	}
	switch {
	case errors.Is(err, voicemail.ErrFull):
		return callflow.Result{Outcome: callflow.Full}, nil
	case errors.Is(err, voicemail.ErrNotFound):
		return callflow.Result{Outcome: phone.Unavailable}, fmt.Errorf("mailbox %q: %w", c.Divert.Mailbox, err)
	case err != nil:
		return callflow.Result{Outcome: phone.Failed}, err
	}
	pick := v.hello.Select(greeting.Query{At: c.At, Divert: c.Divert})
	v.d.greeted(ctx, v.call, c, pick)
	return callflow.Result{Outcome: callflow.Ready, Clip: pick.Greeting.Clip}, nil
}

// sound is the sound of a greeting; where the store of clips fails the caller
// hears a built-in one.
func (v *visit) sound(ctx context.Context, c callflow.Command, hash string) pcm.Clip {
	clip, err := greeting.Fetch(ctx, v.d.s.Clips, v.call.Tenant, greeting.Greeting{Clip: hash, Language: c.Divert.Language})
	v.note("greeting", err)
	return clip
}

// record plays the beep and keeps what follows. Everything is ready before the
// beep, so that the first syllable is not lost; a caller who is gone before the
// beep has ended left no message.
func (v *visit) record(ctx context.Context, c callflow.Command, a callflow.Record) (callflow.Result, error) {
	r := v.request(c)
	r.MaxLength = a.Max
	capture, err := v.d.mail.Begin(ctx, r)
	if err != nil {
		return callflow.Result{Outcome: phone.Failed}, err
	}
	if kept, over := capture.Receipt(); over {
		// Another node recorded it, and died before it could say so.
		return recorded(kept), nil
	}
	_, rate := v.leg.Format()
	beep, err := v.leg.Play(ctx, pcm.Beep(rate), nil)
	if beep.HungUp {
		return callflow.Result{Outcome: callflow.Empty, HungUp: true}, errors.Join(err, v.d.mail.Release(ctx, r))
	}
	v.note("beep", err) // a caller can leave a message without one
	kept, err := capture.Record(ctx, v.leg.Frames(ctx), a.Escape...)
	v.d.recorded(ctx, v.call, c, kept)
	return recorded(kept), err
}

func recorded(kept voicemail.Receipt) callflow.Result {
	return callflow.Result{
		Outcome: kept.Outcome, Message: kept.Message, Digits: kept.Key,
		HungUp: kept.Stop == voicemail.StopHangup,
	}
}
