package softphone

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
	"github.com/afterbeep/afterbeep/pcm"
)

const (
	sampleRate = 8000
	goodbye    = 2 * time.Second // for the answer to a BYE
	backlog    = 512
)

// ErrEnded means that the call is over, usually because the other end hung up.
var ErrEnded = ua.ErrEnded

// Call is a call that has been answered. One goroutine talks; the others may
// listen, and hang up.
type Call struct {
	dialog  *ua.Dialog
	session *media.Session
	offer   media.Offer
	ear     ear
	ended   chan struct{}
}

func (p *Phone) begin(dialog *ua.Dialog, session *media.Session, remote media.Remote, format media.Format) *Call {
	c := &Call{
		dialog: dialog, session: session, ended: make(chan struct{}),
		offer: media.Offer{Local: session.Local(), Codecs: []pcm.Codec{format.Codec}},
		ear:   ear{changed: make(chan struct{})},
	}
	dialog.Handle(func(offer []byte) ([]byte, int) {
		remote, format, err := p.agree(offer)
		if err != nil {
			return nil, sip.StatusNotAcceptableHere
		}
		answer, err := remote.Answer(session.Local(), format, session.Version())
		if err != nil {
			return nil, sip.StatusInternalServerError
		}
		session.Start(remote, format)
		return answer, sip.StatusOK
	}, nil)
	tap := session.Tap(backlog)
	session.Start(remote, format)
	p.wg.Go(func() {
		c.listen(tap)
		tap.Close()
		if err := session.Close(); err != nil {
			p.options.Log.Debug("a socket was not closed", "err", err)
		}
		close(c.ended)
	})
	return c
}

// Done is closed when the call is over, whoever ended it, and all that was
// said has been heard.
func (c *Call) Done() <-chan struct{} { return c.ended }

// CallID is the Call-ID on the wire.
func (c *Call) CallID() string { return c.dialog.CallID() }

// Codec is what this end sends.
func (c *Call) Codec() pcm.Codec { return c.session.Codec() }

// Wait returns when the call is over, or ctx is done.
func (c *Call) Wait(ctx context.Context) error {
	select {
	case <-c.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Hangup ends the call. One that is over already is no error.
func (c *Call) Hangup(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	if err := c.dialog.Bye(ctx); err != nil {
		return fmt.Errorf("softphone: BYE: %w", err)
	}
	<-c.ended
	return nil
}

// SendAudio says a clip, as it would be said: a second takes a second. It is
// [ErrEnded] when the call ends first.
func (c *Call) SendAudio(ctx context.Context, clip pcm.Clip) error {
	samples := clip.Samples
	if clip.Rate != sampleRate && len(samples) > 0 {
		if !pcm.ValidRate(clip.Rate) {
			return fmt.Errorf("softphone: a rate of %d", clip.Rate)
		}
		samples = clip.Resample(sampleRate).Samples
	}
	if err := c.session.Play(ctx, samples, c.dialog.Done(), nil); err != nil {
		return err
	}
	return c.over()
}

// Silence says nothing for a while, as a person does: the line stays open and
// carries silence.
func (c *Call) Silence(ctx context.Context, d time.Duration) error {
	return c.SendAudio(ctx, pcm.Silence(sampleRate, d))
}

// Pause sends nothing at all for a while.
func (c *Call) Pause(ctx context.Context, d time.Duration) error {
	return wait(ctx, d, c.dialog.Done())
}

// SendDigits presses keys, 0 to 9, *, # and A to D, as events of RFC 4733: 100
// ms each, 60 ms apart.
func (c *Call) SendDigits(ctx context.Context, keys string) error {
	if err := c.session.SendDigits(ctx, keys); err != nil {
		return err
	}
	return c.over()
}

// SendInband presses keys as sound, for telephones without events.
func (c *Call) SendInband(ctx context.Context, keys string) error {
	clip, err := pcm.DTMF(sampleRate, keys, 100*time.Millisecond, 100*time.Millisecond)
	if err != nil {
		return err
	}
	return c.SendAudio(ctx, clip)
}

// SendInfo presses keys by SIP INFO, as application/dtmf-relay.
func (c *Call) SendInfo(ctx context.Context, keys string) error {
	for _, key := range keys {
		body := fmt.Sprintf("Signal=%c\r\nDuration=160\r\n", key)
		res, err := c.dialog.Do(ctx, sip.INFO, "application/dtmf-relay", []byte(body))
		if err != nil {
			return err
		}
		if !res.IsSuccess() {
			return &RefusedError{Code: res.StatusCode, Reason: res.Reason}
		}
	}
	return nil
}

// Hold puts the other end on hold, or takes it back.
func (c *Call) Hold(ctx context.Context, on bool) error {
	offer := c.offer
	offer.Hold, offer.Version = on, c.session.Version()
	body, err := offer.Marshal()
	if err != nil {
		return err
	}
	answer, err := c.dialog.Offer(ctx, body)
	if err != nil {
		return refused(err)
	}
	if _, err := media.Parse(answer); err != nil {
		return err
	}
	return nil
}

func (c *Call) over() error {
	select {
	case <-c.dialog.Done():
		return ErrEnded
	default:
		return nil
	}
}

// IsRefused reports whether err is a refusal with a SIP status.
func IsRefused(err error, code int) bool {
	var refusal *RefusedError
	return errors.As(err, &refusal) && refusal.Code == code
}
