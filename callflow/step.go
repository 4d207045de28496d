package callflow

import (
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// verdictTime is how long a session waits for the answer to a ring or a
// recording after it learnt elsewhere that the caller has gone.
const verdictTime = 30 * time.Second

// Step is the evaluator: it takes one input, changes s, and fills t with what
// to do next. It is pure: the same flow, session and input give the same
// result, and nothing else is looked at. t is used again between calls, so
// that a steady state allocates nothing.
//
// Save s after each Step, then perform t: what was decided survives a crash,
// and [Flow.Pending] rebuilds what was to be done. After a turn with Repeat s is
// as it was, and need not be saved.
//
// A hang-up that no command answered ends the session at once, with two
// exceptions: while a ring or a recording is awaited its verdict still counts,
// and is waited for, 30 s at most; the turn then has the same awaited command
// again, by its ID. Status callbacks overtake answers, and neither a
// conversation nor a message may count as an abandoned call.
//
// The errors are [ErrFlow], [ErrVersion], [ErrCall] and [ErrInput]; nothing
// has changed then.
func (f *Flow) Step(s *Session, in Input, t *Turn) error {
	n, err := f.accept(s)
	if err != nil {
		return err
	}
	if in.At.IsZero() {
		return ErrInput
	}
	t.reset()
	e := eval{f: f, s: s, t: t, n: n, at: instant(in.At)}
	switch in.Kind {
	case Start:
		if s.Seq == 0 {
			return e.start()
		}
	case HungUp:
		if !s.Over() {
			e.hungUp()
			return nil
		}
	case Tick:
		if !s.Over() && s.Seq > 0 && !e.at.Before(s.Deadline) {
			e.tick()
			return nil
		}
	case Done:
		if s.Over() || s.Seq == 0 {
			break
		}
		if in.Command == s.Seq {
			e.done(in.Result)
			return nil
		}
		if in.Result.HungUp { // a late answer, but the caller has gone for all that
			e.hungUp()
			return nil
		}
	default:
		return ErrInput
	}
	e.pending()
	t.Repeat = true
	return nil
}

// accept reports whether s can be stepped by f, and is its current step, nil
// before the first.
func (f *Flow) accept(s *Session) (*node, error) {
	switch {
	case s.V > SessionVersion:
		return nil, fmt.Errorf("%w: version %d", ErrVersion, s.V)
	case s.V < 1, s.Flow != f.digest:
		return nil, fmt.Errorf("%w: %s, not %s", ErrFlow, quote(s.Flow), f.digest)
	case s.Call == "", len(s.Call) > phone.MaxCallID:
		return nil, ErrCall
	case len(s.Visits) != len(f.nodes):
		return nil, fmt.Errorf("%w: %d visits of %d steps", ErrFlow, len(s.Visits), len(f.nodes))
	}
	if s.Step == "" && (s.Seq == 0 || s.Over()) {
		return nil, nil
	}
	i, there := f.index[s.Step]
	if !there {
		return nil, fmt.Errorf("%w: no step %s", ErrFlow, quote(s.Step))
	}
	return &f.nodes[i], nil
}

// eval is one run of the evaluator.
type eval struct {
	f  *Flow
	s  *Session
	t  *Turn
	n  *node // the current step
	at time.Time
}

// turn begins a turn that changes the session.
func (e *eval) turn() {
	e.s.Seq++
	e.s.At = e.at
	e.s.Freed = 0
}

func (e *eval) start() error {
	if !e.s.fits() || !e.s.readable() {
		return ErrCall
	}
	e.turn()
	e.s.Began = e.at
	e.enter(e.f.start)
	return nil
}

// hungUp is a hang-up that no answer of the awaited command told.
func (e *eval) hungUp() {
	if e.s.Seq > 0 && e.verdict() {
		e.t.Repeat = e.s.Gone
		e.s.Gone = true
		if limit := e.at.Add(verdictTime); limit.Before(e.s.Deadline) {
			e.s.Deadline = limit
		}
		e.pending()
		e.t.Emit = e.t.Emit[:0]
		return
	}
	e.turn()
	e.leaveVoicemail()
	e.end(EndCaller, "")
}

// verdict reports whether the awaited command decides how the call ended, even
// when the caller has gone.
func (e *eval) verdict() bool {
	switch e.n.step.(type) {
	case Ring:
		return true
	case Voicemail:
		return e.s.Phase == recording
	}
	return false
}

// tick is a deadline that has come: the host is silent, and the step goes on
// with its failure.
func (e *eval) tick() {
	gone := e.s.Gone
	e.turn()
	switch {
	case gone:
		if _, ring := e.n.step.(Ring); ring {
			e.s.Divert.Outcome = phone.Abandoned
		}
		e.end(EndCaller, "")
	case !e.at.Before(e.s.Began.Add(e.f.limits.Life)):
		e.leaveVoicemail()
		e.end(EndLife, "")
	default:
		e.failed()
	}
}

func (e *eval) failed() {
	n := e.n
	switch n.step.(type) {
	case Ring:
		e.s.Divert.Outcome = phone.Failed
		e.follow(n, phone.Failed)
	case Menu:
		e.follow(n, Timeout)
	default:
		e.leaveVoicemail()
		e.follow(n, phone.Failed)
	}
}

// done is the answer to the awaited command.
func (e *eval) done(r Result) {
	n := e.n
	gone := r.HungUp || e.s.Gone
	e.turn()
	switch step := n.step.(type) {
	case Ring:
		e.rang(n, r, gone)
	case Menu:
		e.chose(n, step, r, gone)
	case Play:
		e.played(n, step, r, gone)
	case Voicemail:
		e.voicemail(n, step, r, gone)
	}
}
