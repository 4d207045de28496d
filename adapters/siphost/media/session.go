package media

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

// Ports is a range of UDP ports, both inclusive. The zero value leaves the
// choice to the system.
type Ports struct{ From, To int }

// Session is the sound of one call. It reads from Start to Close, in one
// goroutine.
type Session struct {
	conn  *net.UDPConn
	local netip.AddrPort
	wg    sync.WaitGroup

	heard  atomic.Int64 // packets that were taken
	latest atomic.Int64 // when the last one came, in nanoseconds after began
	began  time.Time

	end atomic.Int64 // media time of the end of the last sound

	version atomic.Uint64

	mu      sync.Mutex
	remote  Remote
	peer    netip.Addr // who it is on the network, whatever its description says
	format  Format
	started bool
	closed  bool
	sender  sender
	taps    map[*Tap]struct{}
	inband  func(pcm.Codec, []byte) []rune // nil: digits come as events

	order  order // of the reader alone
	events seen  // of the reader alone
	first  time.Time

	digits chan rune
}

// Open binds a socket for RTP. Ports of a range are tried from a random one
// on, the even ones only (RFC 3550 section 11).
func Open(addr netip.Addr, ports Ports) (*Session, error) {
	conn, err := bind(addr, ports)
	if err != nil {
		return nil, err
	}
	local, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	now := time.Now()
	return &Session{
		conn: conn, local: netip.AddrPortFrom(local.Addr().Unmap(), local.Port()), began: now,
		sender: newSender(now), taps: make(map[*Tap]struct{}), digits: make(chan rune, 64),
	}, nil
}

func bind(addr netip.Addr, ports Ports) (*net.UDPConn, error) {
	if ports == (Ports{}) {
		return net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
	}
	low := ports.From + ports.From%2
	count := (ports.To-low)/2 + 1
	start := rand.IntN(max(count, 1))
	var last error
	for i := range count {
		port := low + (start+i)%count*2
		conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, uint16(port))))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, fmt.Errorf("media: no free port from %d to %d: %w", ports.From, ports.To, last)
}

// Local is where the session receives.
func (s *Session) Local() netip.AddrPort { return s.local }

// Inband sets what finds digits in sound; it is called by the reader alone,
// before Start.
func (s *Session) Inband(find func(codec pcm.Codec, payload []byte) []rune) { s.inband = find }

// Peer tells where the other end is on the network. Sound that comes from
// there is taken, and answered there, although the description names another
// address: a telephone behind a NAT knows only its own (RFC 7362).
func (s *Session) Peer(addr netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peer = addr.Unmap()
}

// Start begins to receive, and to send to r in the format f. Called again, it
// only changes the other end.
func (s *Session) Start(r Remote, f Format) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remote, s.format = r, f
	if !s.started && !s.closed {
		s.started = true
		s.wg.Go(s.read)
	}
}

// Codec is what the session sends.
func (s *Session) Codec() pcm.Codec {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.format.Codec
}

// Events reports whether the other end understands digits as events.
func (s *Session) Events() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remote.Events != 0
}

// Version numbers the descriptions of this session after the first, which is 1.
func (s *Session) Version() uint64 { return s.version.Add(1) + 1 }

// Held reports whether the other end has said that it will not send.
func (s *Session) Held() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remote.Silent || s.remote.Deaf
}

// Close ends the session and waits for its reader.
func (s *Session) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	err := s.conn.Close()
	s.wg.Wait()
	return err
}

// Quiet is how long nothing has been received.
func (s *Session) Quiet() time.Duration {
	return time.Since(s.began) - time.Duration(s.latest.Load())
}

// Heard counts the packets that were received.
func (s *Session) Heard() int64 { return s.heard.Load() }

// Digits are the keys that were pressed and not yet taken, at most 64.
func (s *Session) Digits() <-chan rune { return s.digits }

// Press adds a digit that came by another way, such as INFO.
func (s *Session) Press(digit rune) {
	s.press(digit)
	s.deliver(Packet{Digit: digit, At: time.Duration(s.end.Load()), First: true})
}

func (s *Session) press(digit rune) {
	select {
	case s.digits <- digit:
	default: // somebody leans on the keys
	}
}

// Forget drops the digits that nobody took.
func (s *Session) Forget() {
	for {
		select {
		case <-s.digits:
		default:
			return
		}
	}
}
