package siphost

import (
	"context"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

// connect joins the caller with who answered.
func (l *Leg) connect(ctx context.Context, winner *fork) (callflow.Result, error) {
	if err := l.answer(ctx); err != nil {
		winner.drop()
		return l.result(err)
	}
	l.mu.Lock()
	l.joined = make(chan struct{})
	l.mu.Unlock()
	go l.converse(winner)
	return callflow.Result{Outcome: phone.Answered, By: winner.name}, nil
}

// converse carries the sound both ways until one of the two hangs up. The
// goroutine of the call waits for it.
func (l *Leg) converse(other *fork) {
	defer close(l.joined)
	other.dialog.Handle(func(offer []byte) ([]byte, int) { return l.host.reoffered(other.session, offer) },
		func(kind string, body []byte) bool {
			digit, ok := infoDigit(kind, body)
			if digit != 0 {
				other.session.Press(digit)
			}
			return ok
		})
	ctx, cancel := context.WithCancel(l.ctx)
	var wg sync.WaitGroup
	wg.Go(func() { l.relay(ctx, l.session, other.session) })
	wg.Go(func() { l.relay(ctx, other.session, l.session) })
	l.attend(other)
	cancel()
	wg.Wait()
	goodbyes, done := context.WithTimeout(context.WithoutCancel(l.ctx), goodbye)
	defer done()
	if err := other.dialog.Bye(goodbyes); err != nil {
		l.host.cfg.Log.Debug("a BYE was not answered", "call", l.call.ID, "err", err)
	}
	if !l.over() {
		l.because(ErrHungUp)
		if err := l.in.Bye(goodbyes); err != nil {
			l.host.cfg.Log.Debug("a BYE was not answered", "call", l.call.ID, "err", err)
		}
	}
	_ = other.session.Close() // the conversation is over in any case
}

// attend returns when the conversation is over.
func (l *Leg) attend(other *fork) {
	pulse := time.NewTicker(time.Second)
	defer pulse.Stop()
	for {
		select {
		case <-l.in.Done():
			return
		case <-other.dialog.Done():
			return
		case <-l.ctx.Done():
			l.because(errShutdown)
			return
		case <-pulse.C:
			held := l.session.Held() || other.session.Held()
			if !held && min(l.session.Quiet(), other.session.Quiet()) > l.host.cfg.NoMedia {
				l.because(ErrNoMedia)
				return
			}
		}
	}
}

// relay carries sound and keys one way. Keys that did not come as events are
// sent as events.
func (l *Leg) relay(ctx context.Context, from, to *media.Session) {
	tap := from.Tap(backlog)
	defer tap.Close()
	offset, begun := time.Duration(0), false
	for {
		select {
		case p := <-tap.C:
			switch {
			case p.Payload == nil && p.Event == nil:
				if err := to.SendDigits(ctx, string(p.Digit)); err != nil && ctx.Err() == nil {
					l.host.cfg.Log.Debug("a key was not passed on", "call", l.call.ID, "err", err)
				}
				continue
			case !begun:
				offset, begun = to.Elapsed()-p.At, true
				p.First = true
			}
			if p.Payload != nil {
				p.Payload = media.Transcode(p.Payload, p.Codec, to.Codec())
			}
			to.Relay(p, offset)
		case <-ctx.Done():
			return
		}
	}
}
