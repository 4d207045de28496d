package softphone

import (
	"context"
	"errors"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
)

// Accept returns the next call that comes in. It is neither ringing nor
// answered yet.
func (p *Phone) Accept(ctx context.Context) (*Incoming, error) {
	select {
	case call := <-p.calls:
		return call, nil
	case <-p.done:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Answer waits for a call, lets it ring for a while, answers it and talks. The
// call is hung up when talk returns. A caller who gives up meanwhile is
// [ua.ErrEnded].
func (p *Phone) Answer(ctx context.Context, after time.Duration, talk func(ctx context.Context, call *Call) error) error {
	in, err := p.Accept(ctx)
	if err != nil {
		return err
	}
	if err := in.Ring(); err != nil {
		return err
	}
	if err := wait(ctx, after, in.Done()); err != nil {
		return err
	}
	call, err := in.Answer(ctx)
	if err != nil {
		return err
	}
	return errors.Join(talk(ctx, call), call.Hangup(ctx))
}

// wait lets time pass, unless something ends first.
func wait(ctx context.Context, d time.Duration, done <-chan struct{}) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-done:
		return ua.ErrEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Incoming is a call that has come in and waits for an answer. It belongs to
// one goroutine.
type Incoming struct {
	phone *Phone
	in    *ua.Incoming
}

// From is who calls, as a SIP address. It is hostile text.
func (i *Incoming) From() string { return i.in.Request.From().Address.String() }

// FromName is the display name of who calls. It is hostile text.
func (i *Incoming) FromName() string { return i.in.Request.From().DisplayName }

// Done is closed when the caller gives up.
func (i *Incoming) Done() <-chan struct{} { return i.in.Done() }

// Ring says that the phone rings.
func (i *Incoming) Ring() error {
	return i.in.Provisional(sip.StatusRinging, "Ringing", nil)
}

// Decline refuses the call with a SIP status: 486 for busy, 603 for no.
func (i *Incoming) Decline(code int) { i.in.Reject(code, "Refused") }

// Answer takes the call.
func (i *Incoming) Answer(ctx context.Context) (*Call, error) {
	remote, format, err := i.phone.agree(i.in.Request.Body())
	if err != nil {
		i.in.Reject(sip.StatusNotAcceptableHere, "Not Acceptable Here")
		return nil, err
	}
	session, err := media.Open(i.phone.Addr().Addr(), media.Ports{})
	if err != nil {
		i.in.Reject(sip.StatusInternalServerError, "Server Internal Error")
		return nil, err
	}
	answer, err := remote.Answer(session.Local(), format, 1)
	if err != nil {
		i.in.Reject(sip.StatusInternalServerError, "Server Internal Error")
		return nil, errors.Join(err, session.Close())
	}
	call := i.phone.begin(i.in.Dialog, session, remote, format)
	if _, err := i.in.Accept(ctx, answer); err != nil {
		return nil, err // the call is over, and with it its socket
	}
	return call, nil
}
