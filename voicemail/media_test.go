package voicemail_test

import (
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/voicemail"
)

const packet = 20 * time.Millisecond

// record leaves what the frames bring.
func (f *office) record(key string, send iter.Seq[voicemail.Frame]) (voicemail.Receipt, pcm.Clip) {
	f.t.Helper()
	c, err := f.Begin(f.t.Context(), f.request(key))
	require.NoError(f.t, err)
	r, err := c.Record(f.t.Context(), send)
	require.NoError(f.t, err)
	require.Equal(f.t, voicemail.StateSaved, r.State, "%+v", r)
	return r, f.listen(r.Message)
}

func TestMediaTime(t *testing.T) {
	all := slices.Collect(frames(speech(3 * time.Second)))
	said := pcm.PCMU.Decode(nil, pcm.PCMU.Encode(nil, speech(3*time.Second).Samples))
	shift := func(by time.Duration) []voicemail.Frame {
		moved := slices.Clone(all)
		for i := range moved {
			moved[i].At += by
		}
		return moved
	}
	without := func(from, to int) []int16 {
		quiet := slices.Clone(said)
		for i := from * 160; i < to*160; i++ {
			quiet[i] = 0
		}
		return quiet
	}
	swapped := slices.Clone(all)
	swapped[40], swapped[41], swapped[42] = swapped[42], swapped[40], swapped[41]
	reset := slices.Clone(all)
	for i := 75; i < len(reset); i++ {
		reset[i].At += 71 * time.Hour
	}
	back := shift(time.Hour)
	for i := 75; i < len(back); i++ {
		back[i].At -= time.Hour
	}
	untimed := slices.Clone(all)
	for i := range untimed {
		untimed[i].At = voicemail.Follows
	}
	jittery := slices.Clone(all)
	for i := range jittery {
		jittery[i].At += time.Duration(rand.IntN(4)) * time.Millisecond
	}
	odd := slices.Clone(all)
	odd = slices.Insert(odd, 10, voicemail.Frame{At: all[10].At}, voicemail.Frame{At: all[9].At, Key: "5"})
	tests := []struct {
		name string
		send []voicemail.Frame
		want []int16
	}{
		{"in order", all, said},
		{"counting from anywhere", shift(123456 * time.Hour), said},
		{"loss becomes silence", append(slices.Clone(all[:50]), all[60:]...), without(50, 60)},
		{"duplicates count once", slices.Concat(all[:50], all[40:50], all[50:]), said},
		{"every packet twice", slices.Concat(slices.Collect(twice(all))), said},
		{"late packets go to their place", swapped, said},
		{"a very late packet", slices.Concat(all[:50], all[51:120], all[50:51], all[120:]), said},
		{"a clock that jumps ahead", reset, said},
		{"a clock that jumps back", back, said},
		{"no media time", untimed, said},
		{"jitter of the clock of the host", jittery, said},
		{"empty frames and digits", odd, said},
		{"nothing at the start", slices.Concat([]voicemail.Frame{{At: 0}}, all[50:]), without(0, 50)},
		{"from before the start", slices.Concat(all[50:60], all[40:50], all[60:]), said[50*160:]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
			r, clip := f.record("k", slices.Values(tt.send))
			assert.Equal(t, pcm.Clip{Rate: 8000, Samples: tt.want}.Duration(), r.Length)
			assert.Equal(t, tt.want, clip.Samples)
		})
	}
}

func twice(all []voicemail.Frame) iter.Seq[voicemail.Frame] {
	return func(yield func(voicemail.Frame) bool) {
		for _, f := range all {
			for range 2 {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// Whatever becomes of packets on the way, what arrives is at its place.
func TestPacketsOnAnyWay(t *testing.T) {
	all := slices.Collect(frames(speech(2 * time.Second)))
	said := pcm.PCMU.Decode(nil, pcm.PCMU.Encode(nil, speech(2*time.Second).Samples))
	rapid.Check(t, func(rt *rapid.T) {
		var send []voicemail.Frame
		arrived := map[int]bool{}
		last := 0
		for i := range all {
			if i == 0 || i == len(all)-1 || rapid.IntRange(0, 9).Draw(rt, "lost") > 0 {
				arrived[i] = true
				send = append(send, all[i])
				last = i
			}
			if rapid.IntRange(0, 9).Draw(rt, "twice") == 0 && arrived[i] {
				send = append(send, all[i])
			}
		}
		for range rapid.IntRange(0, 20).Draw(rt, "swaps") { // never the first one, which sets the zero
			i := rapid.IntRange(1, len(send)-1).Draw(rt, "from")
			j := min(i+rapid.IntRange(0, 5).Draw(rt, "by"), len(send)-1)
			send[i], send[j] = send[j], send[i]
		}
		f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
		_, clip := f.record("k", slices.Values(send))
		require.Len(rt, clip.Samples, (last+1)*160)
		for i := range last + 1 {
			got := clip.Samples[i*160 : (i+1)*160]
			if arrived[i] {
				require.Equal(rt, said[i*160:(i+1)*160], got, "packet %d", i)
			} else {
				require.Equal(rt, make([]int16, 160), got, "lost packet %d", i)
			}
		}
	})
}

func TestLimitsOfOneFrame(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	c, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	stop, err := c.Write(voicemail.Frame{Data: make([]byte, 64<<10+1)})
	require.Error(t, err)
	assert.Empty(t, stop, "a frame that is too large ends nothing")
	r, err := c.Record(t.Context(), frames(speech(2*time.Second)))
	require.NoError(t, err)
	assert.Equal(t, 2*time.Second, r.Length)
}

// A caller who sends the same packet for ever does not fill the disk.
func TestDuplicatesWithoutEnd(t *testing.T) {
	m := voicemail.NewMemory()
	f := newOffice(t, m, voicemail.Settings{MaxLength: 2 * time.Second}, voicemail.Options{})
	c, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	one := slices.Collect(frames(speech(time.Second)))
	for range 100 {
		for _, frame := range one {
			_, err := c.Write(frame)
			require.NoError(t, err)
		}
	}
	r, err := c.Finish(t.Context(), voicemail.StopHangup)
	require.NoError(t, err)
	assert.Equal(t, time.Second, r.Length)
}

func TestCodecsAndRates(t *testing.T) {
	for _, codec := range []pcm.Codec{pcm.PCM16, pcm.PCMU, pcm.PCMA} {
		for _, rate := range []int{8000, 11025, 16000, 48000} {
			f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
			req := f.request("k")
			req.Codec, req.Rate = codec, rate
			c, err := f.Begin(t.Context(), req)
			require.NoError(t, err)
			said := speech(1501 * time.Millisecond).Resample(rate)
			n, at := rate/50, 0
			r, err := c.Record(t.Context(), func(yield func(voicemail.Frame) bool) {
				for ; at < len(said.Samples); at += n {
					piece := said.Samples[at:min(at+n, len(said.Samples))]
					when := time.Duration(at) * time.Second / time.Duration(rate)
					if !yield(voicemail.Frame{At: when, Data: codec.Encode(nil, piece)}) {
						return
					}
				}
			})
			require.NoError(t, err)
			clip := f.listen(r.Message)
			assert.Equal(t, rate, clip.Rate)
			assert.Equal(t, codec.Decode(nil, codec.Encode(nil, said.Samples)), clip.Samples, "%s at %d", codec, rate)
		}
	}
}
