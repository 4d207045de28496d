package softphone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
	"github.com/afterbeep/afterbeep/pcm"
)

const queue = 8 // calls that may wait for Accept; another one finds us busy

// ErrClosed means that the phone has been closed.
var ErrClosed = errors.New("softphone: closed")

// RefusedError is a call, or a registration, that the other end refused.
type RefusedError struct {
	Code   int    // of SIP: 486 is busy, 603 declined
	Reason string // hostile
}

// Error implements error.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("softphone: refused with %d %q", e.Code, e.Reason)
}

// Options are the settings of a [Phone]. A nil *Options and the zero value
// work.
type Options struct {
	// Addr is where the phone is reached, an IP address and a port; 0 is any
	// free port. Empty: 127.0.0.1:0.
	Addr string
	// Number is who calls, such as +15145550100; empty: anonymous. It is also
	// the user that the phone registers as and is called under.
	Number string
	// Name is the display name.
	Name string
	// Codecs in the order of preference: pcm.PCMU and pcm.PCMA. Nil: both.
	Codecs []pcm.Codec
	// Log gets what happens on the wire, at debug. Nil discards.
	Log *slog.Logger
}

// Phone is one telephone. Its methods may be called concurrently.
type Phone struct {
	options Options
	agent   *ua.Agent
	calls   chan *Incoming
	done    chan struct{}
	once    sync.Once
	wg      sync.WaitGroup
	reading chan error
}

// New switches a phone on. It reads its socket in a goroutine until Close; of
// ctx only the values are used.
func New(ctx context.Context, o *Options) (*Phone, error) {
	p := &Phone{calls: make(chan *Incoming, queue), done: make(chan struct{}), reading: make(chan error, 1)}
	if o != nil {
		p.options = *o
	}
	if p.options.Addr == "" {
		p.options.Addr = "127.0.0.1:0"
	}
	if p.options.Number == "" {
		p.options.Number = "anonymous"
	}
	if p.options.Codecs == nil {
		p.options.Codecs = []pcm.Codec{pcm.PCMU, pcm.PCMA}
	}
	if p.options.Log == nil {
		p.options.Log = slog.New(slog.DiscardHandler)
	}
	addr, err := netip.ParseAddrPort(p.options.Addr)
	if err != nil {
		return nil, fmt.Errorf("softphone: address: %w", err)
	}
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("softphone: %w", err)
	}
	p.agent, err = ua.New(ua.Config{
		Conn: conn, Name: "afterbeep-softphone", Log: p.options.Log, ACK: 64 * sip.T1, Invite: p.invited,
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return p, p.start(ctx)
}

func (p *Phone) start(ctx context.Context) error {
	p.wg.Go(func() { p.reading <- p.agent.Serve(ctx) })
	select {
	case <-p.agent.Ready():
		return nil
	case err := <-p.reading:
		return errors.Join(err, p.agent.Close())
	}
}

// Close switches the phone off. Calls end without a BYE: hang up first.
func (p *Phone) Close() error {
	var err error
	p.once.Do(func() {
		close(p.done)
		err = p.agent.Close()
		p.wg.Wait()
	})
	return err
}

// Addr is where the phone is reached.
func (p *Phone) Addr() netip.AddrPort { return p.agent.Addr() }

// URI is the address under which the phone can be called.
func (p *Phone) URI() string { return fmt.Sprintf("sip:%s@%s", p.options.Number, p.Addr()) }

// Register tells a registrar, such as sip:127.0.0.1:5060, that this phone can
// be rung under a user for a while; 0 takes it back. It answers a challenge
// with the password.
func (p *Phone) Register(ctx context.Context, registrar, user, password string, expires time.Duration) error {
	var to sip.Uri
	if err := sip.ParseUri(registrar, &to); err != nil {
		return fmt.Errorf("softphone: registrar: %w", err)
	}
	to.User = user
	contact := fmt.Sprintf("<sip:%s@%s>;expires=%d", user, p.Addr(), int(expires.Seconds()))
	headers := []sip.Header{sip.NewHeader("Contact", contact)}
	res, err := p.agent.Request(ctx, sip.REGISTER, to, 1, headers...)
	if err != nil {
		return fmt.Errorf("softphone: register: %w", err)
	}
	if res.StatusCode == sip.StatusUnauthorized && res.GetHeader("WWW-Authenticate") != nil {
		authorization, err := authorize(res.GetHeader("WWW-Authenticate").Value(), to, user, password)
		if err != nil {
			return err
		}
		if res, err = p.agent.Request(ctx, sip.REGISTER, to, 2, append(headers, authorization)...); err != nil {
			return fmt.Errorf("softphone: register: %w", err)
		}
	}
	if !res.IsSuccess() {
		return &RefusedError{Code: res.StatusCode, Reason: res.Reason}
	}
	return nil
}

func authorize(challenge string, to sip.Uri, user, password string) (sip.Header, error) {
	asked, err := digest.ParseChallenge(challenge)
	if err != nil {
		return nil, fmt.Errorf("softphone: challenge: %w", err)
	}
	given, err := digest.Digest(asked, digest.Options{
		Method: sip.REGISTER.String(), URI: "sip:" + to.HostPort(), Username: user, Password: password, Count: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("softphone: challenge: %w", err)
	}
	return sip.NewHeader("Authorization", given.String()), nil
}

// DialOptions change one call. A nil *DialOptions and the zero value work.
type DialOptions struct {
	// Ringing is called for each provisional response, such as 180, in the
	// goroutine of Dial.
	Ringing func(code int)
	// Headers are added to the INVITE, name and value.
	Headers [][2]string
	// NoEvents hides that we can send keys as events.
	NoEvents bool
}

// Dial calls an address, such as sip:100@127.0.0.1:5060, and returns when
// somebody answers. A refusal is a [*RefusedError]. When ctx ends first the
// call is cancelled.
func (p *Phone) Dial(ctx context.Context, to string, o *DialOptions) (*Call, error) {
	var options DialOptions
	if o != nil {
		options = *o
	}
	var uri sip.Uri
	if err := sip.ParseUri(to, &uri); err != nil {
		return nil, fmt.Errorf("softphone: address: %w", err)
	}
	session, err := media.Open(p.Addr().Addr(), media.Ports{})
	if err != nil {
		return nil, err
	}
	offer, err := media.Offer{Local: session.Local(), Codecs: p.options.Codecs, NoEvents: options.NoEvents}.Marshal()
	if err != nil {
		return nil, errors.Join(err, session.Close())
	}
	out := ua.Outgoing{To: uri, User: p.options.Number, Name: p.options.Name, Offer: offer}
	for _, h := range options.Headers {
		out.Headers = append(out.Headers, sip.NewHeader(h[0], h[1]))
	}
	if options.Ringing != nil {
		out.Progress = func(res *sip.Response) { options.Ringing(res.StatusCode) }
	}
	dialog, answer, err := p.agent.Invite(ctx, out)
	if err != nil {
		err = errors.Join(refused(err), session.Close())
		return nil, err
	}
	remote, format, err := p.agree(answer)
	if err != nil {
		dialog.HangUp()
		return nil, errors.Join(err, session.Close())
	}
	return p.begin(dialog, session, remote, format), nil
}

func refused(err error) error {
	var status *ua.StatusError
	if errors.As(err, &status) {
		return &RefusedError{Code: status.Code, Reason: status.Reason}
	}
	return err
}

func (p *Phone) agree(body []byte) (media.Remote, media.Format, error) {
	remote, err := media.Parse(body)
	if err != nil {
		return media.Remote{}, media.Format{}, err
	}
	format, err := remote.Choose(p.options.Codecs)
	return remote, format, err
}

func (p *Phone) invited(in *ua.Incoming) {
	call := &Incoming{phone: p, in: in}
	select {
	case <-p.done:
	case p.calls <- call:
		// sipgo keeps the transaction as long as this goroutine waits.
		select {
		case <-in.Done():
		case <-p.done:
		}
		return
	default:
	}
	in.Reject(sip.StatusBusyHere, "Busy Here")
}
