package callflow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// maxConflicts is how often one input is stepped again because another node
// saved the session meanwhile.
const maxConflicts = 8

// closingTime is for the last save and the last commands of a process that is
// told to stop.
const closingTime = 5 * time.Second

// RunOptions are the options of [Run].
type RunOptions struct {
	// Clock is the time; nil is the real one.
	Clock phone.Clock
	// Sessions saves each turn before it is performed; nil keeps the session
	// in memory alone.
	Sessions Sessions
	// Trace is called after each step, before the turn is performed; nil is
	// not called. The turn is valid during the call.
	Trace func(Input, *Turn)
	// Log gets the errors of the host, with the call and the step; nil
	// discards.
	Log *slog.Logger
}

// Run drives one call to its end with a host whose Do blocks: step, save,
// perform, and again. It starts nothing; it returns when the session is over
// or ctx is done. s says how it ended.
//
// A session that has begun goes on where it is: its pending command is
// performed again, under the same key. Each Do gets a ctx that ends at the
// deadline of the turn; an error after that is a [Tick], any other one the
// outcome failed. An end of ctx itself is the end of the process, not of the
// call: Run returns its error, and s, as it was saved, can be run on another
// node.
//
// A conflict loads what the other node saved and steps again. An error of the
// store ends Run before the turn is performed.
func Run(ctx context.Context, f *Flow, s *Session, h Host, o *RunOptions) error {
	if o == nil {
		o = &RunOptions{}
	}
	r := runner{f: f, s: s, host: h, o: o}
	in := Input{At: r.now(), Kind: Start}
	for {
		if err := r.step(ctx, in); err != nil {
			return err
		}
		gone := r.emit(ctx)
		if r.turn.Over {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return r.stopped(err)
		}
		var answered bool
		if in, answered = r.await(ctx, gone); !answered {
			return r.stopped(ctx.Err())
		}
	}
}

type runner struct {
	f    *Flow
	s    *Session
	host Host
	o    *RunOptions
	turn Turn
}

func (r *runner) stopped(err error) error {
	return fmt.Errorf("callflow: call %q stopped at step %q: %w", r.s.Call, r.s.Step, err)
}

func (r *runner) now() time.Time {
	if r.o.Clock == nil {
		return time.Now()
	}
	return r.o.Clock.Now()
}

// step steps and saves, again when another node was faster.
func (r *runner) step(ctx context.Context, in Input) error {
	ctx, cancel := closing(ctx)
	defer cancel()
	for range maxConflicts {
		if err := r.f.Step(r.s, in, &r.turn); err != nil {
			return err
		}
		err := r.save(ctx)
		if err == nil {
			if r.o.Trace != nil {
				r.o.Trace(in, &r.turn)
			}
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
		stored, err := r.o.Sessions.Load(ctx, r.s.Tenant, r.s.Call)
		if err != nil {
			return err
		}
		*r.s = stored
	}
	return fmt.Errorf("%w: %d times in a row", ErrConflict, maxConflicts)
}

func (r *runner) save(ctx context.Context) error {
	if r.o.Sessions == nil {
		return nil
	}
	err := r.o.Sessions.Save(ctx, *r.s)
	if err == nil {
		r.s.Revision++
	}
	return err
}

// emit performs the commands that nobody waits for, and reports whether one of
// them found that the caller has gone.
func (r *runner) emit(ctx context.Context) (gone bool) {
	ctx, cancel := closing(ctx)
	defer cancel()
	for _, c := range r.turn.Emit {
		result, err := r.host.Do(ctx, c)
		r.log(ctx, c, err)
		gone = gone || result.HungUp
	}
	return gone
}

// closing is ctx, or a little time to save and say goodbye when ctx is done:
// an answer that came with the end of the process is not lost.
func closing(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(context.WithoutCancel(ctx), closingTime)
}

// await performs the awaited command and is its answer; false when the process
// ended before there was one.
func (r *runner) await(ctx context.Context, gone bool) (Input, bool) {
	c := r.turn.Await
	if gone { // before the command began: there is nothing to perform
		return Input{At: r.now(), Kind: Done, Command: c.ID, Result: Result{HungUp: true}}, true
	}
	limited, cancel := context.WithTimeout(ctx, r.turn.Deadline.Sub(r.now()))
	defer cancel()
	result, err := r.host.Do(limited, c)
	at := r.now()
	r.log(ctx, c, err)
	switch {
	case err == nil:
	case result != (Result{}):
		if result.Outcome == "" && result.Digits == "" {
			result.Outcome = phone.Failed
		}
	case ctx.Err() != nil:
		return Input{}, false
	case limited.Err() != nil:
		return Input{At: later(at, r.turn.Deadline), Kind: Tick}, true
	default:
		result.Outcome = phone.Failed
	}
	return Input{At: at, Kind: Done, Command: c.ID, Result: result}, true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (r *runner) log(ctx context.Context, c Command, err error) {
	if err != nil && r.o.Log != nil {
		r.o.Log.WarnContext(ctx, "callflow: command failed",
			"tenant", c.Tenant, "call", c.Call, "step", c.Step, "do", c.Action.do(), "error", err)
	}
}
