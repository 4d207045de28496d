package media

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/pion/rtp"
)

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
	s.end.Store(int64(s.order.end))
	s.deliver(Packet{At: at, Codec: p.codec, Payload: p.payload})
	if s.inband == nil {
		return
	}
	for _, digit := range s.inband(p.codec, p.payload) {
		s.press(digit)
		s.deliver(Packet{At: at, Digit: digit, First: true})
	}
}
