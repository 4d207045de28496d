package media

import (
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

const (
	rate       = 8000
	tick       = time.Second / rate // one sample
	frameTime  = 20 * time.Millisecond
	frameSize  = rate / 50
	maxHeld    = 5   // packets that wait for a missing one: 100 ms
	maxJump    = 200 // packets; beyond it the sender began anew
	maxAhead   = 2 * time.Second
	maxPayload = 1200 // bytes: 150 ms of G.711
)

// Packet is what was received, in order: sound, or a digit.
type Packet struct {
	// At is the media time since the first packet of the call. What was lost
	// is a gap.
	At      time.Duration
	Codec   pcm.Codec
	Payload []byte // owned by whoever receives the packet; read only
	Digit   rune   // a digit begins here; 0: none
	// Event is the payload of a telephone-event, as it came, and Start its
	// time: for relaying.
	Event []byte
	Start time.Duration
	First bool // of an event, or of a spurt of speech
}

// sound is one packet of audio on its way through order.
type sound struct {
	source  uint32
	seq     uint16
	stamp   uint32
	codec   pcm.Codec
	payload []byte
}

// order puts packets back in their order and gives them their media time. It
// is pure: now is the time since the first packet, as the clock on the wall
// has it, and bounds how far the sender's own time may run ahead.
type order struct {
	began  bool
	source uint32
	next   uint16
	stamp  uint32        // of the last packet
	at     time.Duration // of the last packet
	end    time.Duration // of the last packet
	held   []sound
}

func (o *order) push(p sound, now time.Duration, emit func(sound, time.Duration)) {
	switch ahead := int(int16(p.seq - o.next)); {
	case !o.began || p.source != o.source:
		o.flush(now, emit)
		at := time.Duration(0)
		if o.began {
			at = max(o.end, now)
		}
		o.began, o.source = true, p.source
		o.give(p, at, emit)
	case ahead > maxJump || ahead < -maxJump:
		o.flush(now, emit)
		o.give(p, o.time(p.stamp, now), emit)
	case ahead < 0: // late, or twice
	case ahead == 0:
		o.give(p, o.time(p.stamp, now), emit)
		o.release(now, emit)
	default:
		o.hold(p)
		if len(o.held) > maxHeld {
			o.next = o.held[0].seq
			o.release(now, emit)
		}
	}
}

func (o *order) hold(p sound) {
	i := len(o.held)
	for i > 0 {
		d := int16(o.held[i-1].seq - p.seq)
		if d == 0 {
			return
		}
		if d < 0 {
			break
		}
		i--
	}
	o.held = append(o.held, sound{})
	copy(o.held[i+1:], o.held[i:])
	o.held[i] = p
}

// release gives what is held and no longer waits for anything.
func (o *order) release(now time.Duration, emit func(sound, time.Duration)) {
	for len(o.held) > 0 && o.held[0].seq == o.next {
		p := o.held[0]
		o.held = append(o.held[:0], o.held[1:]...)
		o.give(p, o.time(p.stamp, now), emit)
	}
}

// flush gives all that is held: nothing else will come.
func (o *order) flush(now time.Duration, emit func(sound, time.Duration)) {
	for len(o.held) > 0 {
		o.next = o.held[0].seq
		o.release(now, emit)
	}
}

// time is the media time of a stamp. A sender whose stamps go back, or run
// ahead of the wall, is put where the sound before it ended: a stamp is never
// worth hours of silence.
func (o *order) time(stamp uint32, now time.Duration) time.Duration {
	at := o.at + time.Duration(int32(stamp-o.stamp))*tick
	if at < o.at || at > now+maxAhead {
		return o.end
	}
	return at
}

func (o *order) give(p sound, at time.Duration, emit func(sound, time.Duration)) {
	o.next, o.stamp, o.at = p.seq+1, p.stamp, at
	o.end = at + time.Duration(len(p.payload))*tick
	emit(p, at)
}
