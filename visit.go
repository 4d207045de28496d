package afterbeep

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// What a caller's network says about them is cut to this, in bytes.
const (
	maxCallerName = 256
	maxCallerURI  = 512
)

// visit is one call at the desk.
type visit struct {
	d       *Desk
	call    phone.Call
	session callflow.Session
	flow    *callflow.Flow
	hello   *greeting.Library
	leg     Leg // nil: a webhook host
	// trouble is what went wrong on the way without stopping the call.
	trouble error
}

// visit finds everything that belongs to a call: its session, or a new one if
// begin says so, on the flow that it began on. It is nil without an error for
// a call that has no session and must not get one: it has ended.
func (d *Desk) visit(ctx context.Context, c phone.Call, begin bool) (*visit, error) {
	if c.ID == "" || len(c.ID) > phone.MaxCallID {
		return nil, fmt.Errorf("afterbeep: call id: %d bytes, want 1 to %d", len(c.ID), phone.MaxCallID)
	}
	c.Caller.Name, c.Caller.URI = cut(c.Caller.Name, maxCallerName), cut(c.Caller.URI, maxCallerURI)
	session, there, err := d.load(ctx, c)
	if err != nil || !there && !begin {
		return nil, err
	}
	v := &visit{d: d, call: c, session: session}
	if there {
		v.call = closed(c, session) // what it is until then, too
		v.call.Outcome = ""
	}
	line, err := d.s.Line(ctx, v.call)
	if err == nil {
		err = line.Check()
	}
	if err != nil {
		return v, fmt.Errorf("afterbeep: line: %w", err)
	}
	if !there {
		v.call.Line, v.call.Divert = line.ID, divert(c, line)
	}
	digest := line.Flow
	if there {
		digest = session.Flow
	}
	if v.flow, err = d.s.Flows.Flow(ctx, c.Tenant, digest); err != nil {
		return v, fmt.Errorf("afterbeep: flow: %w", err)
	}
	v.flow = v.flow.With(v.schedules(ctx, line))
	if !there {
		v.session = v.flow.New(v.call)
	}
	if d.s.Greetings != nil && line.Greetings != "" {
		v.hello, err = d.s.Greetings(ctx, c.Tenant, line.Greetings)
		v.note("greetings", err)
	}
	return v, nil
}

// schedules are those of the line. One that can not be had costs nobody their
// call: the flow takes it for open, and the host is told.
func (v *visit) schedules(ctx context.Context, line Line) map[string]hours.Schedule {
	all := make(map[string]hours.Schedule, len(line.Schedules))
	for _, name := range line.Schedules {
		if v.d.s.Schedule == nil {
			break
		}
		schedule, err := v.d.s.Schedule(ctx, v.call.Tenant, name)
		v.note("schedule", err)
		if err == nil {
			all[name] = schedule
		}
	}
	return all
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
	if v.Language == language.Und && len(line.Languages) > 0 {
		v.Language = line.Languages[0]
	}
	return v
}

// sessions is where the flow of the visit saves its session.
func (v *visit) sessions() ending {
	return ending{v.d.s.Sessions, v.d, v.call, v.note}
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

// request names the capture of a slot: the same for every command of a visit of
// the voicemail step, on whatever node.
func (v *visit) request(c callflow.Command) voicemail.Request {
	r := voicemail.Request{Key: c.Key(), Call: v.call, Divert: c.Divert}
	if v.leg != nil {
		r.Codec, r.Rate = v.leg.Format()
	}
	return r
}
