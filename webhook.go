package afterbeep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// tries is how often a step is tried again because another node was faster.
const tries = 16

// Step takes one input of a call for hosts that are called by webhooks, which
// have no goroutine to block: the answer is what to render now. Any node may
// take any input of a call. The first is of kind [callflow.Start]; an input that
// comes twice, late or out of order is answered with what the call waits on.
//
// The desk performs Prepare and Release itself. What is left to the host: a
// Play with a Clip is the greeting of that key in [Sockets.Clips]; a Record is
// answered when the carrier says that it ended, and its sound is brought with
// [Desk.Ingest] whenever it is ready. Feed a Tick at the deadline of the turn;
// [Desk.Work] does so for a host that went silent.
func (d *Desk) Step(ctx context.Context, c phone.Call, in callflow.Input) (callflow.Turn, error) {
	v, err := d.visit(ctx, c)
	if err != nil {
		return callflow.Turn{}, err
	}
	for range tries {
		turn, err := d.step(ctx, &v, in)
		if !errors.Is(err, callflow.ErrConflict) {
			return turn, errors.Join(v.trouble, err)
		}
	}
	return callflow.Turn{}, fmt.Errorf("afterbeep: step: %w", callflow.ErrConflict)
}

// step loads the session, feeds it the input and saves it, and does so again
// for as long as the next thing is the desk's own to do.
func (d *Desk) step(ctx context.Context, v *visit, in callflow.Input) (callflow.Turn, error) {
	session, err := d.s.Sessions.Load(ctx, v.call.Tenant, v.call.ID)
	switch {
	case errors.Is(err, callflow.ErrNotFound) && in.Kind == callflow.Start:
		session = v.flow.New(v.call)
	case errors.Is(err, callflow.ErrNotFound):
		return callflow.Turn{Repeat: true, Over: true}, nil // the call has ended
	case err != nil:
		return callflow.Turn{}, err
	}
	if session.Flow != v.flow.Digest() {
		if v.flow, err = d.flow(ctx, session.Tenant, session.Flow, v.line); err != nil {
			return callflow.Turn{}, err
		}
	}
	var emit []callflow.Command
	for {
		var turn callflow.Turn
		if err := v.flow.Step(&session, in, &turn); err != nil {
			return turn, err
		}
		if !turn.Repeat {
			if err := (ending{d.s.Sessions, d, v.call}).Save(ctx, session); err != nil {
				return turn, err
			}
			session.Revision++
		}
		v.trace(in, &turn)
		for _, c := range turn.Emit {
			if _, own := c.Action.(callflow.Release); own {
				_, err := v.Do(ctx, c)
				v.note("release", err)
				continue
			}
			emit = append(emit, c)
		}
		if _, own := turn.Await.Action.(callflow.Prepare); !own {
			turn.Emit, turn.Path = emit, slices.Clone(turn.Path)
			return turn, nil
		}
		result, err := v.Do(ctx, turn.Await)
		v.note("prepare", err)
		in = callflow.Input{At: d.o.Clock.Now(), Kind: callflow.Done, Command: turn.Await.ID, Result: result}
	}
}

// Ingest brings the sound of a recording that the carrier made: c is the Record
// command that [Desk.Step] handed out, which the host keeps beside the
// recording's name, and wav a RIFF/WAVE file. It may come at any time, also
// long after the call, and any number of times: there is one message.
func (d *Desk) Ingest(ctx context.Context, call phone.Call, c callflow.Command, wav io.Reader) (voicemail.Receipt, error) {
	call.Line = c.Divert.Line
	receipt, err := d.mail.Ingest(ctx, voicemail.Request{Key: c.Key(), Call: call, Divert: c.Divert}, wav)
	if err == nil {
		d.recorded(ctx, call, c, receipt)
	}
	return receipt, err
}
