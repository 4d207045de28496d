package siphost

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
	"github.com/afterbeep/afterbeep/phone"
)

var (
	// ErrInUse means that somebody else listens on the port. The error is an
	// [*AddrError].
	ErrInUse = errors.New("siphost: the port is taken")
	// ErrBusy is why a call past [Options].Calls is refused, in the log.
	ErrBusy = errors.New("siphost: too many calls")
	// ErrClosed means that the host is closed, or serves already.
	ErrClosed = errors.New("siphost: closed, or serving already")
	// ErrDrain means that handlers were still at work when Grace was over.
	ErrDrain = errors.New("siphost: handlers still at work")

	errSocket = errors.New("siphost: the socket can not be read any more")
)

// AddrError says which address could not be listened on.
type AddrError struct {
	Addr string
	Err  error // [ErrInUse] when the port is taken, else the system's
}

// Error implements error.
func (e *AddrError) Error() string { return fmt.Sprintf("%v: %s", e.Err, e.Addr) }

// Unwrap returns Err.
func (e *AddrError) Unwrap() error { return e.Err }

// Stats are counters since Listen. They only grow, except Calls.
type Stats struct {
	Calls    int   // in progress
	Accepted int64 // given to a handler
	Refused  int64 // past a limit
	Garbage  int64 // datagrams that were not SIP
}

// Handler takes one call. It runs in the call's own goroutine. When it
// returns, the call is hung up unless it has been joined with somebody; then
// it ends when they end it. An error is logged, and an unanswered call is
// refused with 500.
//
// ctx ends with the process, never because the caller has gone: that is in
// the results of the leg, and in [Leg.Done].
type Handler func(ctx context.Context, call phone.Call, leg *Leg) error

// Host answers and places SIP calls. It may be used concurrently.
type Host struct {
	cfg       config
	agent     *ua.Agent
	registrar *registrar

	calls    sync.WaitGroup
	accepted atomic.Int64
	refused  atomic.Int64
	garbage  atomic.Int64

	mu     sync.Mutex
	state  state
	handle Handler
	ctx    context.Context // of the handlers
	legs   map[*Leg]struct{}
}

type state int

const (
	bound state = iota
	serving
	draining
	closed
)

// Listen binds the socket and checks the options. Nothing is read, and nothing
// is started, before Serve. A port that is taken is an [*AddrError] of
// [ErrInUse]; wrong options are [*OptionError] values, joined.
func Listen(o *Options) (*Host, error) {
	cfg, err := newConfig(o)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(cfg.addr))
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			err = ErrInUse
		}
		return nil, &AddrError{Addr: cfg.Addr, Err: err}
	}
	h := &Host{cfg: cfg, legs: make(map[*Leg]struct{})}
	h.registrar = newRegistrar(&h.cfg)
	h.agent, err = ua.New(ua.Config{
		Conn: conn, Name: "afterbeep", Identity: cfg.advertise, Log: cfg.Log, ACK: cfg.ACK,
		Invite: h.invited, Register: h.register, Garbage: h.dropped,
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return h, nil
}

// Addr is where the host is reached: the advertised address and the port.
func (h *Host) Addr() netip.AddrPort { return h.agent.Addr() }

// Stats returns the counters.
func (h *Host) Stats() Stats {
	h.mu.Lock()
	calls := len(h.legs)
	h.mu.Unlock()
	return Stats{Calls: calls, Accepted: h.accepted.Load(), Refused: h.refused.Load(), Garbage: h.garbage.Load()}
}

// Close frees the socket of a host that never served. A host that serves is
// closed by the end of its context.
func (h *Host) Close() error {
	h.mu.Lock()
	was := h.state
	if was == bound {
		h.state = closed
	}
	h.mu.Unlock()
	if was != bound {
		return nil
	}
	return h.agent.Close()
}

// Serve takes calls until ctx is done, each in its own goroutine. Then no new
// call is taken, those in progress may go on for [Options].Drain and are hung
// up, and their handlers have [Options].Grace to finish; their own context
// ends only after that. It returns nil, [ErrDrain], or why the socket failed,
// and is called once.
func (h *Host) Serve(ctx context.Context, handle Handler) error {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	h.mu.Lock()
	if h.state != bound {
		h.mu.Unlock()
		return ErrClosed
	}
	h.state, h.handle, h.ctx = serving, handle, life
	h.mu.Unlock()
	failed := make(chan error, 1)
	go func() { failed <- h.agent.Serve(ctx) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		failed <- errSocket
	}
	err = errors.Join(err, h.drain(cancel))
	h.mu.Lock()
	h.state = closed
	h.mu.Unlock()
	err = errors.Join(err, h.agent.Close())
	return errors.Join(err, <-failed)
}

// drain lets the calls come to their end.
func (h *Host) drain(cancel context.CancelFunc) error {
	h.mu.Lock()
	h.state = draining
	h.mu.Unlock()
	done := make(chan struct{})
	go func() {
		h.calls.Wait()
		close(done)
	}()
	if h.cfg.Drain > 0 && within(done, h.cfg.Drain) {
		return nil
	}
	h.mu.Lock()
	for leg := range h.legs {
		leg.leave(errShutdown)
	}
	h.mu.Unlock()
	if within(done, h.cfg.Grace) {
		return nil
	}
	cancel()
	if within(done, time.Second) {
		return nil
	}
	return ErrDrain
}

func within(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
