package siphost

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

const (
	sampleRate = 8000
	goodbye    = 2 * time.Second // for the answer to a BYE
)

// Why a leg is over, as [Leg.Cause] says.
var (
	ErrHungUp   = errors.New("siphost: the other end hung up")
	ErrNoMedia  = errors.New("siphost: no sound came any more")
	ErrAction   = errors.New("siphost: not an action of this host")
	errLeft     = errors.New("siphost: we hung up")
	errShutdown = errors.New("siphost: the host is going down")
	errDuration = errors.New("siphost: the call lasted too long")
)

// Leg is one incoming call. It performs callflow's Answer, Ring, Collect, Play
// of a prompt and Hangup, plays clips and delivers frames, which is what the
// desk wants of a blocking host.
//
// Do, Play and Frames are called by one goroutine at a time; the rest may be
// called concurrently. Everything but a ring answers the call first, if nobody
// has.
type Leg struct {
	host    *Host
	in      *ua.Incoming
	call    phone.Call
	ctx     context.Context // of the handler: what is joined lives on after Do
	session *media.Session
	tap     *media.Tap // what came since the last sound; see listen
	since   time.Time

	mu       sync.Mutex
	remote   media.Remote
	format   media.Format
	offered  bool // the INVITE carried an offer
	answered bool
	give     context.CancelFunc // gives up an answer that waits for its ACK
	cause    error
	joined   chan struct{} // closed when a conversation is over; nil: none
}

func newLeg(h *Host, in *ua.Incoming) *Leg {
	return &Leg{host: h, in: in, call: h.callOf(in)}
}

// offer reads what the caller offers, and binds the socket for sound.
func (l *Leg) offer() error {
	if body := l.in.Request.Body(); len(body) > 0 {
		remote, format, err := l.host.agree(body)
		if err != nil {
			return err
		}
		l.remote, l.format, l.offered = remote, format, true
	}
	session, err := l.host.open()
	if err != nil {
		return err
	}
	if l.host.cfg.Inband && l.offered && l.remote.Events == 0 {
		session.Inband(newInband())
	}
	session.Peer(peerOf(l.in.Request.Source()))
	l.session = session
	h := l.host
	l.in.Handle(func(offer []byte) ([]byte, int) { return h.reoffered(session, offer) }, l.info)
	return nil
}

// Call is the call as the INVITE described it.
func (l *Leg) Call() phone.Call { return l.call }

// CallID is the Call-ID on the wire: for finding the call in a trace. It is
// hostile.
func (l *Leg) CallID() string { return l.in.CallID() }

// Format is the codec and the rate of the frames of [Leg.Frames].
func (l *Leg) Format() (pcm.Codec, int) { return l.host.cfg.Frames, sampleRate }

// Done is closed when the call is over, whoever ended it.
func (l *Leg) Done() <-chan struct{} { return l.in.Done() }

// Cause is why the call is over, nil as long as it is not: [ErrHungUp],
// [ErrNoMedia], or that we ended it.
func (l *Leg) Cause() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil || !l.over() {
		return l.cause
	}
	return ErrHungUp
}

func (l *Leg) over() bool {
	select {
	case <-l.in.Done():
		return true
	default:
		return false
	}
}

// Wait returns when the conversation that a ring began is over, or ctx is
// done. Without a conversation it returns at once.
func (l *Leg) Wait(ctx context.Context) error {
	l.mu.Lock()
	joined := l.joined
	l.mu.Unlock()
	if joined == nil {
		return nil
	}
	select {
	case <-joined:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Do performs one command of a flow; see [callflow.Host]. Actions that are not
// telephony, such as Prepare and Record, are the outcome failed and an error
// of [ErrAction].
//
// Answer and Hangup take a round trip, also when nobody waits for them: what
// comes after them relies on it.
func (l *Leg) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	if l.over() {
		return callflow.Result{HungUp: true}, nil
	}
	switch action := c.Action.(type) {
	case callflow.Answer:
		return l.result(l.answer(ctx))
	case callflow.Ring:
		return l.ring(ctx, action)
	case callflow.Collect:
		return l.collect(ctx, action, c.Divert)
	case callflow.Play:
		if action.Prompt == "" {
			return callflow.Result{Outcome: phone.Failed}, fmt.Errorf("%w: a clip that is not a prompt", ErrAction)
		}
		clip, err := l.prompt(ctx, action.Prompt, c.Divert)
		if err != nil {
			return callflow.Result{Outcome: phone.Failed}, err
		}
		return l.Play(ctx, clip, action.Escape)
	case callflow.Hangup:
		return l.hangup(ctx, action.Outcome)
	}
	return callflow.Result{Outcome: phone.Failed}, fmt.Errorf("%w: %T", ErrAction, c.Action)
}

// result makes the end of the call a result, and leaves other errors.
func (l *Leg) result(err error) (callflow.Result, error) {
	switch {
	case err == nil:
		return callflow.Result{Outcome: callflow.Completed}, nil
	case l.over():
		return callflow.Result{HungUp: true}, nil
	}
	return callflow.Result{Outcome: phone.Failed}, err
}

// answer takes the call, once.
func (l *Leg) answer(ctx context.Context) error {
	l.mu.Lock()
	if l.answered {
		l.mu.Unlock()
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l.answered, l.give = true, cancel
	remote, format, offered := l.remote, l.format, l.offered
	l.mu.Unlock()
	defer l.settled()
	var body []byte
	var err error
	if offered {
		l.session.Start(remote, format)
		body, err = remote.Answer(l.host.public(l.session), format, 1)
	} else {
		body, err = media.Offer{Local: l.host.public(l.session), Codecs: l.host.cfg.Codecs}.Marshal()
	}
	if err != nil {
		return err
	}
	ack, err := l.in.Accept(ctx, body)
	if err != nil || offered {
		return err
	}
	remote, format, err = l.host.agree(ack.Body()) // the offer was ours
	if err != nil {
		l.leave(err)
		return err
	}
	l.mu.Lock()
	l.remote, l.format = remote, format
	l.mu.Unlock()
	l.session.Start(remote, format)
	return nil
}

func (l *Leg) settled() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.give = nil
}

func (l *Leg) info(kind string, body []byte) bool {
	digit, ok := infoDigit(kind, body)
	if digit != 0 {
		l.session.Press(digit)
	}
	return ok
}
