package softphone

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/pcm"
)

const (
	maxHeard  = 10 * time.Minute
	block     = sampleRate / 50 // samples that are looked at together: 20 ms
	certain   = 3               // blocks of a tone in a row
	pure      = 0.8             // share of the energy that the tone must have
	audible   = 100             // RMS below which nothing is a tone
	trailing  = 50 * time.Millisecond
	afterTone = 300 * time.Millisecond // without a packet: the tone has ended, not stalled
)

// ear keeps what a call has heard.
type ear struct {
	mu      sync.Mutex
	samples []int16
	keys    []rune
	packets int
	latest  time.Time
	cursor  int           // samples that WaitTone has looked at
	changed chan struct{} // closed at the next packet
}

// listen collects until the call is over, and a moment more: the last sound
// comes after the BYE.
func (c *Call) listen(tap *media.Tap) {
	for {
		select {
		case p := <-tap.C:
			c.ear.take(p)
			continue
		case <-c.dialog.Done():
		}
		break
	}
	limit := time.NewTimer(trailing)
	defer limit.Stop()
	for {
		select {
		case p := <-tap.C:
			c.ear.take(p)
		case <-limit.C:
			return
		}
	}
}

func (e *ear) take(p media.Packet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p.Digit != 0 && len(e.keys) < 1000 {
		e.keys = append(e.keys, p.Digit)
	}
	if p.Payload != nil && p.At < maxHeard {
		at := int(p.At * sampleRate / time.Second)
		for len(e.samples) < at {
			e.samples = append(e.samples, 0)
		}
		e.samples = p.Codec.Decode(e.samples[:at], p.Payload)
		e.packets++
		e.latest = time.Now()
	}
	close(e.changed)
	e.changed = make(chan struct{})
}

// Heard is all that has been heard so far, 8000 Hz, at most ten minutes. What
// was lost, or not sent, is silence.
func (c *Call) Heard() pcm.Clip {
	c.ear.mu.Lock()
	defer c.ear.mu.Unlock()
	return pcm.Clip{Rate: sampleRate, Samples: append([]int16(nil), c.ear.samples...)}
}

// Keys are the keys that the other end has pressed so far.
func (c *Call) Keys() string {
	c.ear.mu.Lock()
	defer c.ear.mu.Unlock()
	return string(c.ear.keys)
}

// WaitHeard returns when so much sound has come from now on. It is [ErrEnded]
// when the call ends first.
func (c *Call) WaitHeard(ctx context.Context, d time.Duration) error {
	start := -1
	want := int((d + 19*time.Millisecond) / (20 * time.Millisecond))
	return c.until(ctx, 0, func(e *ear) bool {
		if start < 0 {
			start = e.packets
		}
		return e.packets-start >= want
	})
}

// WaitQuiet returns when something has been heard, and then nothing for a
// while: the other end waits for us.
func (c *Call) WaitQuiet(ctx context.Context, d time.Duration) error {
	return c.until(ctx, d, func(e *ear) bool {
		return e.packets > 0 && time.Since(e.latest) >= d
	})
}

// WaitTone returns as soon as a tone is certain, after 60 ms of it. What was
// looked at before is not looked at again, so that the next call finds the
// next tone.
func (c *Call) WaitTone(ctx context.Context, hz float64) error {
	run := 0
	return c.until(ctx, 0, func(e *ear) bool {
		for ; e.cursor+block <= len(e.samples); e.cursor += block {
			if isTone(e.samples[e.cursor:e.cursor+block], hz) {
				run++
			} else {
				run = 0
			}
			if run >= certain {
				e.cursor += block
				return true
			}
		}
		return false
	})
}

// WaitBeep returns when a tone has come and gone: now it is our turn. The beep
// of pcm.Beep has 640 Hz.
func (c *Call) WaitBeep(ctx context.Context, hz float64) error {
	if err := c.WaitTone(ctx, hz); err != nil {
		return err
	}
	return c.until(ctx, afterTone, func(e *ear) bool {
		for ; e.cursor+block <= len(e.samples); e.cursor += block {
			if !isTone(e.samples[e.cursor:e.cursor+block], hz) {
				return true
			}
		}
		return time.Since(e.latest) >= afterTone
	})
}

// until waits for a condition, which is looked at after each packet, and every
// so often when tick is not 0.
func (c *Call) until(ctx context.Context, tick time.Duration, done func(*ear) bool) error {
	var pulse <-chan time.Time
	if tick > 0 {
		ticker := time.NewTicker(max(tick/8, 5*time.Millisecond))
		defer ticker.Stop()
		pulse = ticker.C
	}
	for {
		c.ear.mu.Lock()
		ok, changed := done(&c.ear), c.ear.changed
		c.ear.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-pulse:
		case <-c.ended:
			return ErrEnded
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// isTone measures the share of one frequency in a block (Goertzel).
func isTone(samples []int16, hz float64) bool {
	w := 2 * math.Pi * hz / sampleRate
	coefficient := 2 * math.Cos(w)
	var s1, s2, energy float64
	for _, sample := range samples {
		v := float64(sample)
		energy += v * v
		s1, s2 = v+coefficient*s1-s2, s1
	}
	n := float64(len(samples))
	if energy/n < audible*audible {
		return false
	}
	power := s1*s1 + s2*s2 - coefficient*s1*s2
	return 2*power/(n*energy) >= pure
}
