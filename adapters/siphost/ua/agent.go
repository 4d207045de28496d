// Package ua is one SIP endpoint: a socket, the transactions of sipgo over
// it, and the dialogs of both directions. The host and the softphone share it.
//
// It keeps its own dialogs instead of those of sipgo, because a dialog here
// must survive what sipgo's do not: a CANCEL that crosses a 200, an ACK that
// never comes, a BYE at any moment, more than ten provisional responses.
package ua

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Methods is what an agent understands, as the Allow header says it.
const Methods = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE"

// farewell bounds how long Close waits for the others.
const farewell = 2 * time.Second

// ErrEnded is what an operation on a dialog meets that is over.
var ErrEnded = errors.New("ua: the dialog is over")

// ErrNoACK is what Accept meets when the caller never confirms.
var ErrNoACK = errors.New("ua: no ACK came")

// Config is what an agent needs.
type Config struct {
	Conn     net.PacketConn // bound; the agent closes it
	Name     string         // User-Agent and Server
	Identity netip.Addr     // what Contact and Via name; the address of Conn when invalid
	Log      *slog.Logger
	ACK      time.Duration // how long a 200 waits for its ACK
	Invite   func(in *Incoming)
	Register func(req *sip.Request, respond func(*sip.Response)) // nil: 405
	Garbage  func()                                              // a datagram that is not SIP; nil ignores
}

// Agent is one endpoint. Its methods may be called concurrently.
type Agent struct {
	cfg    Config
	ua     *sipgo.UserAgent
	server *sipgo.Server
	client *sipgo.Client
	local  netip.AddrPort
	laddr  sip.Addr
	ready  chan struct{}
	wg     sync.WaitGroup

	life   context.Context // of what no caller waits for; set by Serve
	expire context.CancelFunc

	mu      sync.Mutex
	closed  bool
	dialogs map[dialogID]*Dialog
}

type dialogID struct{ call, local, remote string }

// New prepares an agent. Nothing is read before [Agent.Serve].
func New(cfg Config) (*Agent, error) {
	local, err := netip.ParseAddrPort(cfg.Conn.LocalAddr().String())
	if err != nil {
		return nil, fmt.Errorf("ua: local address: %w", err)
	}
	a := &Agent{
		cfg: cfg, dialogs: make(map[dialogID]*Dialog), ready: make(chan struct{}),
		laddr: sip.Addr{IP: net.IP(local.Addr().AsSlice()), Port: int(local.Port())},
	}
	identity := cfg.Identity
	if !identity.IsValid() {
		identity = local.Addr()
	}
	a.local = netip.AddrPortFrom(identity.Unmap(), local.Port())
	log := slog.New(demote{cfg.Log.Handler()})
	gate := newGate(cfg.Garbage)
	a.ua, err = sipgo.NewUA(
		sipgo.WithUserAgent(cfg.Name), sipgo.WithUserAgentHostname(identity.String()),
		sipgo.WithUserAgentTransportLayerOptions(
			sip.WithTransportLayerLogger(log), sip.WithTransportLayerReadFilter(gate.filter)),
		sipgo.WithUserAgentTransactionLayerOptions(
			sip.WithTransactionLayerLogger(log), sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {})),
	)
	if err != nil {
		return nil, err
	}
	if a.server, err = sipgo.NewServer(a.ua, sipgo.WithServerLogger(log)); err != nil {
		return nil, err
	}
	if a.client, err = sipgo.NewClient(a.ua, sipgo.WithClientLogger(log)); err != nil {
		return nil, err
	}
	a.route()
	return a, nil
}

func (a *Agent) route() {
	a.server.OnInvite(a.onInvite)
	a.server.OnAck(a.onACK)
	a.server.OnBye(a.onBye)
	a.server.OnInfo(a.onInfo)
	a.server.OnUpdate(a.onUpdate)
	a.server.OnCancel(func(req *sip.Request, tx sip.ServerTransaction) {
		a.respond(tx, a.response(req, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist", nil))
	})
	a.server.OnOptions(func(req *sip.Request, tx sip.ServerTransaction) {
		res := a.response(req, sip.StatusOK, "OK", nil)
		res.AppendHeader(sip.NewHeader("Allow", a.methods()))
		res.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
		a.respond(tx, res)
	})
	if a.cfg.Register != nil {
		a.server.OnRegister(func(req *sip.Request, tx sip.ServerTransaction) {
			a.cfg.Register(req, func(res *sip.Response) { a.respond(tx, res) })
		})
	}
	a.server.OnNoRoute(func(req *sip.Request, tx sip.ServerTransaction) {
		res := a.response(req, sip.StatusMethodNotAllowed, "Method Not Allowed", nil)
		res.AppendHeader(sip.NewHeader("Allow", a.methods()))
		a.respond(tx, res)
	})
}

func (a *Agent) methods() string {
	if a.cfg.Register != nil {
		return Methods + ", REGISTER"
	}
	return Methods
}

// Serve reads the socket until Close. It is called once. The end of ctx does
// not end it: calls that are open still have to say goodbye.
func (a *Agent) Serve(ctx context.Context) error {
	a.life, a.expire = context.WithCancel(context.WithoutCancel(ctx))
	return a.server.ServeUDP(&announcing{PacketConn: a.cfg.Conn, ready: a.ready})
}

// Ready is closed when the socket is being read, which is when requests can
// be sent as well.
func (a *Agent) Ready() <-chan struct{} { return a.ready }

// Close lets what the agent still has to say be said, for at most [farewell],
// and then ends every transaction and the socket. Dialogs that are open end
// without a BYE.
func (a *Agent) Close() error {
	a.mu.Lock()
	a.closed = true
	open := make([]*Dialog, 0, len(a.dialogs))
	for _, d := range a.dialogs {
		open = append(open, d)
	}
	a.mu.Unlock()
	said := make(chan struct{})
	go func() {
		a.wg.Wait()
		close(said)
	}()
	limit := time.NewTimer(farewell)
	defer limit.Stop()
	select {
	case <-said:
	case <-limit.C:
	}
	for _, d := range open {
		d.end()
	}
	err := a.ua.Close()
	if closing := a.cfg.Conn.Close(); closing != nil && !errors.Is(closing, net.ErrClosed) {
		err = errors.Join(err, closing)
	}
	select {
	case <-a.ready:
		a.expire()
	default: // never served
	}
	<-said
	return err
}

// Addr is where the agent is reached.
func (a *Agent) Addr() netip.AddrPort { return a.local }

// contact is the Contact header of this agent for a user.
func (a *Agent) contact(user string) *sip.ContactHeader {
	return &sip.ContactHeader{Address: sip.Uri{
		Scheme: "sip", User: user, Host: a.local.Addr().String(), Port: int(a.local.Port()),
	}}
}

// send hands a request of our own to the socket that the agent listens on.
func (a *Agent) transact(ctx context.Context, req *sip.Request) (sip.ClientTransaction, error) {
	a.finish(req)
	return a.client.TransactionRequest(ctx, req, asBuilt)
}

func (a *Agent) write(req *sip.Request) error {
	a.finish(req)
	return a.client.WriteRequest(req, asBuilt)
}

func asBuilt(*sipgo.Client, *sip.Request) error { return nil }

func (a *Agent) finish(req *sip.Request) {
	if req.Via() == nil {
		via := &sip.ViaHeader{
			ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "UDP",
			Host: a.local.Addr().String(), Port: int(a.local.Port()),
		}
		via.Params.Add("branch", sip.GenerateBranch())
		via.Params.Add("rport", "")
		req.PrependHeader(via)
	}
	if req.Body() == nil {
		req.SetBody(nil)
	}
	req.SetTransport("UDP")
	req.Laddr = a.laddr
}

func (a *Agent) response(req *sip.Request, code int, reason string, body []byte) *sip.Response {
	res := sip.NewResponseFromRequest(req, code, reason, body)
	if body != nil {
		res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	}
	res.AppendHeader(sip.NewHeader("Server", a.cfg.Name))
	return res
}

func (a *Agent) respond(tx sip.ServerTransaction, res *sip.Response) {
	if err := tx.Respond(res); err != nil {
		a.cfg.Log.Debug("a response was not sent", "status", res.StatusCode, "err", err)
	}
}
