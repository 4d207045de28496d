package afterbeep

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
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
// a socket failed; the caller got the best that was left. After a crash in the
// middle of a call, [Desk.Recover] and [Desk.Work] finish what there is to
// finish.
func (d *Desk) Serve(ctx context.Context, c phone.Call, leg Leg) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()

	v, err := d.visit(ctx, c)
	if err != nil {
		// The caller must not meet silence because a store is down.
		_, hangup := leg.Do(ctx, callflow.Command{Tenant: c.Tenant, Call: c.ID, At: d.o.Clock.Now(), Action: callflow.Hangup{Outcome: phone.Failed}})
		return errors.Join(err, hangup)
	}
	v.leg = leg
	session, err := d.s.Sessions.Load(ctx, c.Tenant, c.ID)
	if errors.Is(err, callflow.ErrNotFound) {
		session, err = v.flow.New(v.call), nil
	}
	if err == nil {
		err = d.follow(ctx, &v, &session)
	}
	return errors.Join(v.trouble, err)
}

// follow runs the flow on the session of a visit.
func (d *Desk) follow(ctx context.Context, v *visit, session *callflow.Session) error {
	// A session that was taken over goes on on the flow that it began on.
	if session.Flow != v.flow.Digest() {
		var err error
		if v.flow, err = d.flow(ctx, session.Tenant, session.Flow, v.line); err != nil {
			return err
		}
	}
	return callflow.Run(ctx, v.flow, session, v, &callflow.RunOptions{
		Clock: d.o.Clock, Sessions: ending{d.s.Sessions, d, v.call}, Trace: v.trace,
	})
}

// visit is one call at the desk.
type visit struct {
	d     *Desk
	call  phone.Call
	line  Line
	flow  *callflow.Flow
	hello *greeting.Library
	leg   Leg
	// trouble is what went wrong on the way without stopping the call.
	trouble error
}

// visit asks the host for everything that belongs to a call.
func (d *Desk) visit(ctx context.Context, c phone.Call) (visit, error) {
	if c.ID == "" || len(c.ID) > phone.MaxCallID {
		return visit{}, fmt.Errorf("afterbeep: call id: %d bytes, want 1 to %d", len(c.ID), phone.MaxCallID)
	}
	line, err := d.s.Line(ctx, c)
	if err != nil {
		return visit{}, fmt.Errorf("afterbeep: line: %w", err)
	}
	if err := line.Check(); err != nil {
		return visit{}, err
	}
	v := visit{d: d, call: c, line: line}
	v.call.Line = line.ID
	v.call.Divert = divert(c, line)
	if v.flow, err = d.flow(ctx, c.Tenant, line.Flow, line); err != nil {
		return visit{}, err
	}
	if d.s.Greetings != nil && line.Greetings != "" {
		v.hello, err = d.s.Greetings(ctx, c.Tenant, line.Greetings)
		v.note("greetings", err)
	}
	return v, nil
}

// divert is what is known of a caller before anything happens.
func divert(c phone.Call, line Line) phone.Divert {
	v := c.Divert
	v.Line = line.ID
	if v.Mailbox == "" {
		v.Mailbox = line.Mailbox
	}
	if v.Language == language.Und {
		v.Language = c.Language
	}
	if v.Language == language.Und {
		settings, _ := Effective(Layer{"line", line.Settings})
		v.Language = settings.Languages[0]
	}
	return v
}

// flow is the flow of a digest with the schedules of today.
func (d *Desk) flow(ctx context.Context, tenant phone.TenantID, digest string, line Line) (*callflow.Flow, error) {
	flow, err := d.s.Flows.Flow(ctx, tenant, digest)
	if err != nil {
		return nil, fmt.Errorf("afterbeep: flow: %w", err)
	}
	if d.s.Schedule == nil || len(line.Schedules) == 0 {
		return flow, nil
	}
	schedules := make(map[string]hours.Schedule, len(line.Schedules))
	for _, name := range line.Schedules {
		if schedules[name], err = d.s.Schedule(ctx, tenant, name); err != nil {
			return nil, fmt.Errorf("afterbeep: schedule %q: %w", name, err)
		}
	}
	return flow.With(schedules), nil
}

// note keeps an error that must not stop the call.
func (v *visit) note(what string, err error) {
	if err != nil {
		err = fmt.Errorf("afterbeep: %s: %w", what, err)
		v.trouble = errors.Join(v.trouble, err)
		v.d.o.Log.Warn("a call goes on without", "what", what, "err", err)
	}
}

func (v *visit) trace(in callflow.Input, t *callflow.Turn) {
	if v.d.o.Trace != nil {
		v.d.o.Trace(v.call, in, t)
	}
}

// Do is where the packages meet: the flow decides, greeting chooses, voicemail
// keeps, and the leg does the rest.
func (v *visit) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	switch a := c.Action.(type) {
	case callflow.Prepare:
		return v.prepare(ctx, c, a)
	case callflow.Play:
		if a.Clip != "" {
			return v.leg.Play(ctx, v.sound(ctx, c, a.Clip), a.Escape)
		}
	case callflow.Record:
		return v.record(ctx, c, a)
	case callflow.Release:
		return callflow.Result{}, v.d.mail.Release(ctx, v.request(c))
	}
	return v.leg.Do(ctx, c)
}

// request names the capture of a slot: the same for every command of a visit of
// the voicemail step, on whatever node.
func (v *visit) request(c callflow.Command) voicemail.Request {
	r := voicemail.Request{Key: c.Key(), Call: v.call, Divert: c.Divert}
	if v.leg != nil {
		r.Codec, r.Rate = v.leg.Format()
	}
	return r
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
		return callflow.Result{Outcome: phone.Unavailable}, fmt.Errorf("afterbeep: mailbox %q: %w", c.Divert.Mailbox, err)
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
	_, rate := v.leg.Format()
	beep, err := v.leg.Play(ctx, pcm.Beep(rate), nil)
	if err != nil || beep.HungUp {
		return callflow.Result{Outcome: callflow.Empty, HungUp: beep.HungUp}, errors.Join(err, v.d.mail.Release(ctx, r))
	}
	kept, err := capture.Record(ctx, v.leg.Frames(ctx), a.Escape...)
	v.d.recorded(ctx, v.call, c, kept)
	return callflow.Result{
		Outcome: kept.Outcome, Message: kept.Message, Digits: kept.Key,
		HungUp: kept.Stop == voicemail.StopHangup,
	}, err
}
