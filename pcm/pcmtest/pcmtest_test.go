package pcmtest_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
)

const second = time.Second

func scaled(c pcm.Clip, by float64) pcm.Clip {
	out := c.Append()
	for i, s := range out.Samples {
		out.Samples[i] = int16(float64(s) * by)
	}
	return out
}

func TestAlign(t *testing.T) {
	t.Parallel()
	voice := pcmtest.Voice(8000, 4*second, 1)
	silence := pcm.Silence(8000, second)
	coded := pcm.Clip{Rate: 8000, Samples: pcm.PCMU.Decode(nil, pcm.PCMU.Encode(nil, voice.Samples))}
	packet := 20 * time.Millisecond
	tests := []struct {
		name     string
		got      pcm.Clip
		lag      time.Duration
		min, max float64
	}{
		{"itself", voice, 0, 0.999999, 1.000001},
		{"later, through G.711", silence.Append(coded, silence), second, 0.999, 1},
		{"quieter", scaled(voice, 0.1), 0, 0.999, 1},
		{"upside down", scaled(voice, -1), 0, -1.000001, -0.999},
		{"at another rate", silence.Append(voice).Resample(16000), second, 0.998, 1},
		{"its first half missing", voice.Slice(2*second, 4*second), -2 * second, 0.3, 0.9},
		{"its second half missing", voice.Slice(0, 2*second), 0, 0.3, 0.9},
		{"a packet left out", voice.Slice(0, 2*second).Append(voice.Slice(2*second+packet, 4*second)), -1, 0.2, 0.9},
		{"a packet silenced", voice.Slice(0, 2*second).Append(pcm.Silence(8000, packet), voice.Slice(2*second+packet, 4*second)), 0, 0.98, 1},
		{"somebody else", pcmtest.Voice(8000, 4*second, 2), -1, -0.3, 0.3},
		{"silence", silence, 0, 0, 0},
		{"nothing", pcm.Clip{Rate: 8000}, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lag, alike := pcmtest.Align(voice, tt.got)
			if tt.lag != -1 { // anywhere
				assert.Equal(t, tt.lag, lag)
			}
			assert.GreaterOrEqual(t, alike, tt.min)
			assert.LessOrEqual(t, alike, tt.max)
		})
	}
	lag, alike := pcmtest.Align(pcm.Clip{Rate: 8000}, voice)
	assert.Zero(t, lag)
	assert.Zero(t, alike)
}

// The fast way gives what the plain definition gives.
func TestAlignIsCrossCorrelation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sound := rapid.SliceOfN(rapid.Int16Range(-999, 999), 1, 40)
		a := pcm.Clip{Rate: 8000, Samples: sound.Draw(t, "a")}
		b := pcm.Clip{Rate: 8000, Samples: sound.Draw(t, "b")}
		_, got := pcmtest.Align(a, b)
		want, whole := 0.0, energy(a.Samples)
		for shift := -len(a.Samples) + 1; shift < len(b.Samples); shift++ {
			product, part := 0.0, 0.0
			for i, s := range a.Samples {
				if j := i + shift; j >= 0 && j < len(b.Samples) {
					product += float64(s) * float64(b.Samples[j])
					part += float64(b.Samples[j]) * float64(b.Samples[j])
				}
			}
			if whole > 0 {
				want = max(want, math.Abs(product)/math.Sqrt(whole*max(part, 1e-6*whole)))
			}
		}
		require.InDelta(t, want, math.Abs(got), 1e-6)
	})
}

func energy(s []int16) (sum float64) {
	for _, v := range s {
		sum += float64(v) * float64(v)
	}
	return sum
}

func TestToneLevel(t *testing.T) {
	t.Parallel()
	c := pcm.Tone(8000, 2*second, 440)
	assert.InDelta(t, c.Level().RMS, pcmtest.ToneLevel(c, 440), 0.1)
	assert.Less(t, pcmtest.ToneLevel(c, 450), -80.0)
	assert.Equal(t, pcm.Floor, pcmtest.ToneLevel(pcm.Silence(8000, second), 440))
	assert.Equal(t, pcm.Floor, pcmtest.ToneLevel(pcm.Clip{Rate: 8000}, 440))
}

func TestVoice(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 16000, 48000} {
		v := pcmtest.Voice(rate, 5*second, 4)
		l := v.Level()
		assert.Equal(t, 5*second, l.Length)
		assert.Greater(t, l.Speech, 5*second/2)
		assert.InDelta(t, -22, l.RMS, 4)
		assert.Less(t, l.Peak, 0.0, "not clipped")
		assert.Equal(t, v, pcmtest.Voice(rate, 5*second, 4), "the same seed, the same voice")
	}
	assert.Empty(t, pcmtest.Voice(8000, 0, 1).Samples)
}

// What arrived is what was sent, 120 ms later.
func ExampleAlign() {
	sent := pcmtest.Voice(8000, 2*time.Second, 1)
	wire := pcm.PCMU.Encode(nil, sent.Samples)
	recorded := pcm.Silence(8000, 120*time.Millisecond).Append(pcm.Clip{Rate: 8000, Samples: pcm.PCMU.Decode(nil, wire)})
	lag, correlation := pcmtest.Align(sent, recorded)
	fmt.Println(lag, correlation > 0.99)
	// Output:
	// 120ms true
}
