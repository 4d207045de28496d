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

// ErrCommand says that a command is not the Record of the call that it is
// brought for.
var ErrCommand = errors.New("afterbeep: not the recording of this call")

// Step takes one input of a call for hosts that are called by webhooks, which
// have no goroutine to block: the answer is what to render now. Any node may
// take any input of a call. The first is of kind [callflow.Start]; an input that
// comes twice, late or out of order is answered with what the call waits on, or
// with a turn that is over.
//
// The desk performs Prepare and Release itself. What is left to the host:
//
//   - a Play with a Clip is a greeting: [greeting.Fetch] has its sound, also
//     that of the built-in ones;
//   - a Record is answered with the outcome voicemail when the carrier says
//     that it recorded something, and with empty otherwise. Its sound is brought
//     with [Desk.Ingest] whenever it is ready, and judged then;
//   - a Tick is fed at the deadline of the turn; [Desk.Work] does so for a host
//     that went silent.
//
// A turn may come together with an error: then it is right to render it, and
// the error says what the caller went without.
func (d *Desk) Step(ctx context.Context, c phone.Call, in callflow.Input) (callflow.Turn, error) {
	begin := in.Kind == callflow.Start
	for range tries {
		v, err := d.visit(ctx, c, begin)
		if err != nil {
			return callflow.Turn{}, err
		}
		if v == nil {
			return callflow.Turn{Repeat: true, Over: true}, nil
		}
		turn, err := v.step(ctx, in)
		if !errors.Is(err, callflow.ErrConflict) {
			return turn, errors.Join(err, v.trouble)
		}
		begin = false // another node has begun it, and perhaps ended it already
	}
	return callflow.Turn{}, fmt.Errorf("afterbeep: step: %w", callflow.ErrConflict)
}

// step feeds the session one input, and then the answers to what is the desk's
// own to do.
func (v *visit) step(ctx context.Context, in callflow.Input) (callflow.Turn, error) {
	var emit []callflow.Command
	for {
		var turn callflow.Turn
		if err := v.flow.Step(&v.session, in, &turn); err != nil {
			return turn, err
		}
		if !turn.Repeat {
			if err := v.sessions().Save(ctx, v.session); err != nil {
				return turn, err
			}
			v.session.Revision++
		}
		v.trace(in, &turn)
		for _, c := range turn.Emit {
			if _, own := c.Action.(callflow.Release); !own {
				emit = append(emit, c)
				continue
			}
			_, _ = v.Do(ctx, c) // noted there; nobody waits for it
		}
		if _, own := turn.Await.Action.(callflow.Prepare); !own {
			turn.Emit, turn.Path = emit, slices.Clone(turn.Path)
			return turn, nil
		}
		result, _ := v.Do(ctx, turn.Await) // the error is noted there, and the result says failed
		in = callflow.Input{At: v.d.o.Clock.Now(), Kind: callflow.Done, Command: turn.Await.ID, Result: result}
	}
}

// Ingest brings the sound of a recording that the carrier made: c is the Record
// command that [Desk.Step] handed out, which the host keeps beside the
// recording's name, and wav a RIFF/WAVE file. It may come at any time, also
// long after the call, and any number of times: there is one message. A
// recording in which nobody speaks is no message, and the call a missed one
// after all.
func (d *Desk) Ingest(ctx context.Context, call phone.Call, c callflow.Command, wav io.Reader) (voicemail.Receipt, error) {
	if _, ok := c.Action.(callflow.Record); !ok || c.Call != call.ID || c.Tenant != call.Tenant {
		return voicemail.Receipt{}, ErrCommand
	}
	session, there, err := d.load(ctx, call)
	if err != nil {
		return voicemail.Receipt{}, err
	}
	if there {
		call = closed(call, session)
	}
	call.Line, call.Outcome = c.Divert.Line, ""
	receipt, err := d.mail.Ingest(ctx, voicemail.Request{Key: c.Key(), Call: call, Divert: c.Divert}, wav)
	if err != nil {
		return receipt, err
	}
	d.recorded(ctx, call, c, receipt)
	if receipt.State == voicemail.StateDiscarded && (!there || session.Outcome == phone.Voicemail) {
		call.Outcome, call.Divert, call.Ended = phone.Abandoned, c.Divert, d.o.Clock.Now()
		_, err = d.Note(ctx, call.Event())
	}
	return receipt, err
}
