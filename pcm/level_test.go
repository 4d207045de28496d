package pcm_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
)

func noise(rate int, d time.Duration, level float64) pcm.Clip {
	c := pcm.Silence(rate, d)
	r := rand.New(rand.NewPCG(9, 9))
	for i := range c.Samples {
		c.Samples[i] = int16(min(max(level*r.NormFloat64(), -32768), 32767))
	}
	return c
}

// over adds two sounds.
func over(a, b pcm.Clip) pcm.Clip {
	sum := a.Append()
	for i := range min(len(a.Samples), len(b.Samples)) {
		sum.Samples[i] = int16(min(max(int(a.Samples[i])+int(b.Samples[i]), -32768), 32767))
	}
	return sum
}

func quieter(c pcm.Clip, by int16) pcm.Clip {
	out := c.Append()
	for i := range out.Samples {
		out.Samples[i] /= by
	}
	return out
}

func TestLevelScale(t *testing.T) {
	t.Parallel()
	square := pcm.Silence(8000, time.Second)
	for i := range square.Samples {
		square.Samples[i] = -32768
	}
	tests := []struct {
		name      string
		c         pcm.Clip
		rms, peak float64
	}{
		{"full scale", square, 0, 0},
		{"a tenth of it", quieter(square, 10), -20, -20},
		{"sine", wave(8000, 1000), -0.915 - 3.01, -0.915},
		{"digital silence", pcm.Silence(8000, time.Second), pcm.Floor, pcm.Floor},
		{"empty", pcm.Clip{Rate: 8000}, pcm.Floor, pcm.Floor},
		{"no rate", pcm.Clip{Samples: []int16{1}}, pcm.Floor, pcm.Floor},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.c.Level()
			assert.InDelta(t, tt.rms, got.RMS, 0.01)
			assert.InDelta(t, tt.peak, got.Peak, 0.01)
		})
	}
}

func TestSomebodySpoke(t *testing.T) {
	t.Parallel()
	const enough = 300 * time.Millisecond
	silence := func(d time.Duration) pcm.Clip { return pcm.Silence(8000, d) }
	voice := pcmtest.Voice(8000, 5*time.Second, 3)
	hum := pcm.Tone(8000, 10*time.Second, 50, 150)
	click := silence(time.Second).Append(pcm.Tone(8000, 30*time.Millisecond, 900), silence(5*time.Second))
	offset := silence(5 * time.Second)
	for i := range offset.Samples {
		offset.Samples[i] = 8000
	}
	low := silence(10 * time.Second)
	for i := range low.Samples {
		low.Samples[i] = int16(8 * (i % 2)) // the idle code of A-law toggling
	}
	tests := []struct {
		name  string
		c     pcm.Clip
		spoke bool
	}{
		{"a voice", voice, true},
		{"a voice from 2 metres", quieter(voice, 20), true},
		{"a short word in a long silence", silence(20*time.Second).Append(voice.Slice(0, time.Second), silence(20*time.Second)), true},
		{"a voice over line noise", over(voice, noise(8000, 5*time.Second, 200)), true},
		{"a voice over hum", over(voice.Append(silence(5*time.Second)), quieter(hum, 4)), true},
		{"a soft voice beside a DC offset", over(quieter(voice, 10), offset), true},
		{"a voice at 48 kHz", pcmtest.Voice(48000, 5*time.Second, 3), true},
		{"digital silence", silence(10 * time.Second), false},
		{"idle A-law", low, false},
		{"faint noise", noise(8000, 10*time.Second, 10), false},
		{"line noise", noise(8000, 10*time.Second, 200), false},
		{"loud noise", noise(8000, 10*time.Second, 5000), false},
		{"hum", hum, false},
		{"a DC offset", offset, false},
		{"dial tone", pcm.Tone(8000, 10*time.Second, 350, 440), false},
		{"the click of a hangup", click, false},
		{"a word too faint to hear", quieter(voice, 1000), false},
		{"nothing", pcm.Clip{Rate: 8000}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := tt.c.Level()
			assert.Equal(t, tt.spoke, l.Speech >= enough, "%v of speech", l.Speech)
			if !tt.spoke && l.Speech == 0 {
				assert.Equal(t, l.Length, l.Quiet)
				assert.Equal(t, l.Length, l.Lead)
			}
		})
	}
}

func TestLevelFindsBothSilences(t *testing.T) {
	t.Parallel()
	c := pcm.Silence(8000, 2*time.Second).Append(pcmtest.Voice(8000, 3*time.Second, 3), pcm.Silence(8000, 4*time.Second))
	l := over(c, noise(8000, 9*time.Second, 30)).Level()
	assert.Equal(t, 9*time.Second, l.Length)
	assert.InDelta(t, 2*time.Second, l.Lead, float64(300*time.Millisecond))
	assert.InDelta(t, 4*time.Second, l.Quiet, float64(300*time.Millisecond))
}

// A recorder asks after each frame how long nobody has spoken.
func TestMeterWhileRecording(t *testing.T) {
	t.Parallel()
	c := pcmtest.Voice(8000, 3*time.Second, 3).Append(noise(8000, 10*time.Second, 30))
	m, err := pcm.NewMeter(8000)
	require.NoError(t, err)
	stopped := time.Duration(0)
	for at := 0; at < len(c.Samples) && stopped == 0; at += 160 {
		m.Feed(c.Samples[at : at+160])
		if l := m.Level(); l.Speech > 0 && l.Quiet >= 5*time.Second {
			stopped = l.Length
		}
	}
	assert.InDelta(t, 8*time.Second, stopped, float64(300*time.Millisecond))
	_, err = pcm.NewMeter(1)
	require.ErrorIs(t, err, pcm.ErrFormat)
}

func TestMeterFrames(t *testing.T) {
	t.Parallel()
	c := pcmtest.Voice(8000, 2*time.Second, 8)
	want := c.Level()
	rapid.Check(t, func(t *rapid.T) {
		m, err := pcm.NewMeter(8000)
		require.NoError(t, err)
		for rest := c.Samples; len(rest) > 0; {
			n := min(rapid.IntRange(0, 1000).Draw(t, "frame"), len(rest))
			m.Feed(rest[:n])
			_ = m.Level() // asking changes nothing
			rest = rest[n:]
		}
		require.Equal(t, want, m.Level())
	})
}
