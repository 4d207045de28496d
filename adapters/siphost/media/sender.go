package media

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/pion/rtp"

	"github.com/afterbeep/afterbeep/pcm"
)

const (
	digitFrames = 5                      // packets of a digit: 100 ms
	digitGap    = 60 * time.Millisecond  // to the next one
	maxLag      = 100 * time.Millisecond // what a sender that was held up makes good at once
)

// ErrEvents means that the other end has no telephone-event.
var ErrEvents = errors.New("media: the other end takes no digits as events")

// sender is the stream that we send: one source, one clock for stamps, a
// number for each packet.
type sender struct {
	source uint32
	seq    uint16
	base   uint32 // stamp at epoch
	epoch  time.Time
	next   time.Time // before it nothing may be sent
}

func newSender(now time.Time) sender {
	return sender{source: rand.Uint32(), seq: uint16(rand.Uint32()), base: rand.Uint32(), epoch: now}
}

// stamp is the timestamp of an instant.
func (s *Session) stamp(at time.Time) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sender.base + uint32(at.Sub(s.sender.epoch)/tick)
}

// begin is when a new spurt may begin.
func (s *Session) begin() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.sender.next.Before(now) {
		return now
	}
	return s.sender.next
}

// send writes one packet of the kind typ; next is when the one after it may go.
func (s *Session) send(typ func(Remote, Format) (uint8, bool), stamp uint32, marker bool, payload []byte, next time.Time) {
	s.mu.Lock()
	number, ok := typ(s.remote, s.format)
	to, deaf := s.remote.Addr, s.remote.Deaf
	header := rtp.Header{
		Version: 2, Marker: marker, PayloadType: number,
		SequenceNumber: s.sender.seq, Timestamp: stamp, SSRC: s.sender.source,
	}
	s.sender.next = next
	if ok && !deaf && !s.closed && s.started {
		s.sender.seq++
	} else {
		ok = false
	}
	s.mu.Unlock()
	if !ok {
		return
	}
	packet := rtp.Packet{Header: header, Payload: payload}
	data, err := packet.Marshal()
	if err != nil {
		return // our own header: it can not happen
	}
	_, _ = s.conn.WriteToUDPAddrPort(data, to) // RTP is lost as it is sent; a call ends by SIP
}

func asSound(_ Remote, f Format) (uint8, bool) { return f.Type, f.Codec != "" }
func asEvent(r Remote, _ Format) (uint8, bool) { return r.Events, r.Events != 0 }

// Play sends samples of 8 kHz, 20 ms each 20 ms, until they end, stop is
// closed, ctx is done, or key says that a digit ends it. It returns when the
// last frame has been heard. With a nil key digits wait in [Session.Digits].
//
// The timestamps are those of the clip: a machine that is held up delays the
// rest of it, and cuts no hole into it.
func (s *Session) Play(ctx context.Context, samples []int16, stop <-chan struct{}, key func(digit rune) bool) error {
	var digits <-chan rune
	if key != nil {
		digits = s.digits
	}
	at := s.begin()
	stamp := s.stamp(at)
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	frame := make([]int16, frameSize)
	first := true // of a spurt
	for {
		select {
		case <-timer.C:
		case digit := <-digits:
			if key(digit) {
				return nil
			}
			continue
		case <-stop:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
		if len(samples) == 0 {
			return nil
		}
		n := copy(frame, samples)
		clear(frame[n:])
		samples = samples[n:]
		if time.Since(at) > maxLag {
			at = time.Now()
		}
		s.mu.Lock()
		codec := s.format.Codec
		s.mu.Unlock()
		at = at.Add(frameTime)
		s.send(asSound, stamp, first, codec.Encode(nil, frame), at)
		stamp += frameSize
		first = false
		timer.Reset(time.Until(at))
	}
}

// SendDigits sends keys as events, 100 ms each.
func (s *Session) SendDigits(ctx context.Context, digits string) error {
	if !s.Events() {
		return ErrEvents
	}
	for _, digit := range digits {
		if !IsDigit(digit) {
			return fmt.Errorf("media: %q is no key", digit)
		}
		if err := s.sendDigit(ctx, digit); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) sendDigit(ctx context.Context, digit rune) error {
	at := s.begin()
	stamp := s.stamp(at)
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	for i := 1; i <= digitFrames+2; i++ { // the last of them three times
		select {
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		length := min(i, digitFrames)
		at = at.Add(frameTime)
		s.send(asEvent, stamp, i == 1, event(digit, length*frameSize, i >= digitFrames), at.Add(digitGap))
		if i < digitFrames+2 {
			timer.Reset(time.Until(at))
		}
	}
	return nil
}

// Relay sends on what another session received. Sound must be in the codec of
// this session; offset is what its media time is to the clock of this one.
func (s *Session) Relay(p Packet, offset time.Duration) {
	s.mu.Lock()
	base := s.sender.base
	s.mu.Unlock()
	now := time.Now()
	if p.Event != nil {
		s.send(asEvent, base+uint32((p.Start+offset)/tick), p.First, p.Event, now)
		return
	}
	s.send(asSound, base+uint32((p.At+offset)/tick), p.First, p.Payload, now)
}

// Elapsed is the time on the clock of the sender.
func (s *Session) Elapsed() time.Duration { return time.Since(s.sender.epoch) }

// Transcode returns payload in another codec, the same when it is.
func Transcode(payload []byte, from, to pcm.Codec) []byte {
	if from == to {
		return payload
	}
	return to.Encode(nil, from.Decode(nil, payload))
}
