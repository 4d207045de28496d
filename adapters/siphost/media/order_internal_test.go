package media

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// heard runs packets through an order and returns their numbers and times.
func heard(packets []sound, elapsed func(i int) time.Duration) (seqs []uint16, times []time.Duration) {
	var o order
	emit := func(p sound, at time.Duration) {
		seqs, times = append(seqs, p.seq), append(times, at)
	}
	for i, p := range packets {
		o.push(p, elapsed(i), emit)
	}
	o.flush(time.Hour, emit)
	return seqs, times
}

func frame(i int) sound {
	return sound{source: 1, seq: uint16(65530 + i), stamp: 4294967000 + uint32(i)*frameSize, payload: make([]byte, frameSize)}
}

// Whatever the network does to a stream, within the reach of the buffer: each
// packet that arrived is given once, in order, at its own time.
func TestOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "packets")
		var sent, kept []sound
		for i := range n {
			if i == 0 || rapid.IntRange(0, 9).Draw(t, "lost") > 0 {
				kept = append(kept, frame(i))
			}
		}
		sent = append(sent, kept...)
		for i := 1; i+1 < len(sent); i++ { // neighbours change places, some come twice
			switch rapid.IntRange(0, 5).Draw(t, "mishap") {
			case 0:
				sent[i], sent[i+1] = sent[i+1], sent[i]
				i++
			case 1:
				sent = append(sent[:i+1], append([]sound{sent[i]}, sent[i+1:]...)...)
				i++
			}
		}
		seqs, times := heard(sent, func(i int) time.Duration { return time.Duration(i) * frameTime })
		assert.Len(t, seqs, len(kept))
		for i, p := range kept {
			assert.Equal(t, p.seq, seqs[i])
			assert.Equal(t, time.Duration(p.stamp-kept[0].stamp)*tick, times[i])
		}
	})
}

// Hostile stamps and numbers never go back in time and never run far ahead of
// the wall.
func TestOrderIsBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "packets")
		packets := make([]sound, n)
		for i := range packets {
			packets[i] = sound{
				source: rapid.Uint32Range(1, 2).Draw(t, "source"), seq: rapid.Uint16().Draw(t, "seq"),
				stamp: rapid.Uint32().Draw(t, "stamp"), payload: make([]byte, rapid.IntRange(1, maxPayload).Draw(t, "size")),
			}
		}
		length := time.Duration(0)
		for _, p := range packets {
			length += time.Duration(len(p.payload)) * tick
		}
		_, times := heard(packets, func(i int) time.Duration { return time.Duration(i) * frameTime })
		last := time.Duration(0)
		for _, at := range times {
			assert.GreaterOrEqual(t, at, last)
			assert.LessOrEqual(t, at, length+time.Hour+maxAhead)
			last = at
		}
	})
}

func TestOrderFollowsANewSource(t *testing.T) {
	t.Parallel()
	second := sound{source: 2, seq: 9, stamp: 5, payload: make([]byte, frameSize)}
	seqs, times := heard([]sound{frame(0), frame(1), second}, func(i int) time.Duration { return time.Duration(i) * frameTime * 10 })
	assert.Equal(t, []uint16{65530, 65531, 9}, seqs)
	assert.Equal(t, []time.Duration{0, frameTime, 20 * frameTime}, times, "a new sender begins when it is heard")
}

func TestEachEventIsOneDigit(t *testing.T) {
	t.Parallel()
	var s seen
	for i := range 20 {
		for packet := range 8 {
			at, first := s.first(1, uint32(i*1000), time.Duration(i)*time.Second+time.Duration(packet))
			assert.Equal(t, packet == 0, first)
			assert.Equal(t, time.Duration(i)*time.Second, at)
		}
	}
	for i, key := range keys {
		assert.Equal(t, key, digitOf(event(key, 160, i%2 == 0)))
	}
	assert.Zero(t, digitOf([]byte{16, 0, 0, 0}))
	assert.Zero(t, digitOf([]byte{1}))
}

func BenchmarkOrder(b *testing.B) {
	var o order
	p, given := frame(0), 0
	emit := func(sound, time.Duration) { given++ }
	now := time.Duration(0)
	for b.Loop() {
		o.push(p, now, emit)
		p.seq++
		p.stamp += frameSize
		now += frameTime
	}
	if given == 0 {
		b.Fatal("nothing was given")
	}
}
