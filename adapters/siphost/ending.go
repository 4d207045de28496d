package siphost

import (
	"context"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

// hangup ends the call on behalf of a flow. A call that nobody answered is
// refused with the status that fits its outcome.
func (l *Leg) hangup(ctx context.Context, outcome phone.Outcome) (callflow.Result, error) {
	l.because(errLeft)
	l.mu.Lock()
	answered := l.answered
	l.mu.Unlock()
	if !answered {
		l.in.Reject(statusOf(outcome))
		return callflow.Result{HungUp: true}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, goodbye)
	defer cancel()
	if err := l.in.Bye(ctx); err != nil {
		l.host.cfg.Log.Debug("a BYE was not answered", "call", l.call.ID, "err", err)
	}
	return callflow.Result{HungUp: true}, nil
}

func statusOf(outcome phone.Outcome) (int, string) {
	switch outcome {
	case phone.Busy:
		return sip.StatusBusyHere, "Busy Here"
	case phone.Declined:
		return sip.StatusGlobalDecline, "Decline"
	case phone.Failed:
		return sip.StatusInternalServerError, "Server Internal Error"
	}
	return sip.StatusTemporarilyUnavailable, "Temporarily Unavailable"
}

func (l *Leg) because(cause error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause == nil && !l.over() {
		l.cause = cause
	}
}

// leave ends the call without waiting.
func (l *Leg) leave(cause error) {
	l.because(cause)
	l.mu.Lock()
	answered, give := l.answered, l.give
	l.mu.Unlock()
	switch {
	case give != nil:
		give() // a BYE must not overtake the 200
		return
	case answered:
		l.in.HangUp()
		return
	}
	l.in.Reject(sip.StatusTemporarilyUnavailable, "Temporarily Unavailable")
}

// finish is called when the handler has returned.
func (l *Leg) finish(failed error) {
	l.mu.Lock()
	joined := l.joined
	l.mu.Unlock()
	if joined != nil {
		<-joined
	}
	if !l.over() {
		outcome := phone.Unavailable
		if failed != nil {
			outcome = phone.Failed
		}
		_, _ = l.hangup(context.WithoutCancel(l.ctx), outcome) // it reports nothing but the end
	}
	l.deafen()
	if err := l.session.Close(); err != nil {
		l.host.cfg.Log.Debug("a socket was not closed", "call", l.call.ID, "err", err)
	}
}
