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

	"github.com/pion/rtp"

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
	s.deliver(Packet{Digit: digit, At: time.Since(s.began), First: true})
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

func (s *Session) read() {
	buf := make([]byte, 1600)
	var packet rtp.Packet
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			s.order.flush(time.Since(s.first), s.emit)
			return
		}
		if err != nil || packet.Unmarshal(buf[:n]) != nil {
			continue
		}
		if remote, ok := s.from(netip.AddrPortFrom(from.Addr().Unmap(), from.Port())); ok {
			s.take(&packet, remote, time.Now())
		}
	}
}

// from decides whether a packet is the other end's, by its address; the port
// may be another one.
func (s *Session) from(source netip.AddrPort) (Remote, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch source.Addr() {
	case s.remote.Addr.Addr():
	case s.peer:
		if !s.remote.Addr.Addr().IsUnspecified() {
			s.remote.Addr = source
		}
	default:
		return Remote{}, false
	}
	return s.remote, true
}

func (s *Session) take(p *rtp.Packet, remote Remote, now time.Time) {
	if s.first.IsZero() {
		s.first = now
	}
	elapsed := now.Sub(s.first)
	if remote.Events != 0 && p.PayloadType == remote.Events {
		s.mark(now)
		s.takeEvent(p, elapsed)
		return
	}
	for _, f := range remote.Formats {
		if f.Type != p.PayloadType || len(p.Payload) == 0 || len(p.Payload) > maxPayload {
			continue
		}
		s.mark(now)
		s.order.push(sound{
			source: p.SSRC, seq: p.SequenceNumber, stamp: p.Timestamp,
			codec: f.Codec, payload: append([]byte(nil), p.Payload...),
		}, elapsed, s.emit)
		return
	}
}

func (s *Session) mark(now time.Time) {
	s.heard.Add(1)
	s.latest.Store(int64(now.Sub(s.began)))
}

func (s *Session) takeEvent(p *rtp.Packet, elapsed time.Duration) {
	digit := digitOf(p.Payload)
	if digit == 0 {
		return
	}
	if p.SSRC == s.order.source {
		s.step(p.SequenceNumber)
	}
	at := max(s.order.end, elapsed)
	start, first := s.events.first(p.SSRC, p.Timestamp, at)
	packet := Packet{At: at, Event: append([]byte(nil), p.Payload[:4]...), Start: start, First: first}
	if first {
		packet.Digit = digit
		s.press(digit)
	}
	s.deliver(packet)
}

// step passes over the number of a packet that is no sound, so that sound
// does not wait for it.
func (s *Session) step(seq uint16) {
	if s.order.began && seq == s.order.next {
		s.order.next++
		s.order.release(time.Since(s.first), s.emit)
	}
}

func (s *Session) emit(p sound, at time.Duration) {
	s.deliver(Packet{At: at, Codec: p.codec, Payload: p.payload})
	if s.inband == nil {
		return
	}
	for _, digit := range s.inband(p.codec, p.payload) {
		s.press(digit)
		s.deliver(Packet{At: at, Digit: digit, First: true})
	}
}
