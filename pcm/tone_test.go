package pcm_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
)

const minusTenDBm0 = -10 - 3.14 - 3.01 // as an RMS level in dBFS

func TestToneInToneFound(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 16000, 44100} {
		c := pcm.Tone(rate, time.Second, 440, 480)
		require.Equal(t, time.Second, c.Duration())
		assert.InDelta(t, minusTenDBm0, c.Level().RMS, 0.1, "together")
		for _, hz := range []float64{440, 480} {
			assert.InDelta(t, minusTenDBm0-3.01, pcmtest.ToneLevel(c, hz), 0.1, "%v Hz at rate %d", hz, rate)
		}
		for _, hz := range []float64{40, 350, 460, 880, 1320, 3400} {
			assert.Less(t, pcmtest.ToneLevel(c, hz), -90.0, "%v Hz at rate %d", hz, rate)
		}
	}
}

func TestToneHasCleanEdges(t *testing.T) {
	t.Parallel()
	c := pcm.Tone(8000, time.Second, 1000)
	for _, s := range []int16{c.Samples[0], c.Samples[1], c.Samples[7998], c.Samples[7999]} {
		assert.InDelta(t, 0, s, 72, "1 % of the peak")
	}
	full := pcmtest.ToneLevel(c.Slice(5*time.Millisecond, 45*time.Millisecond), 1000)
	assert.InDelta(t, minusTenDBm0, full, 0.01, "the edge is 5 ms, not more")
}

func TestToneDoesNotDrift(t *testing.T) {
	t.Parallel()
	c := pcm.Tone(8000, 2*time.Minute, 1000.5)
	for _, i := range []int{8000, 7999, 240_001, 959_000} {
		want := 32768 * math.Pow(10, -13.14/20) * math.Sin(2*math.Pi*math.Mod(1000.5*float64(i)/8000, 1))
		assert.InDelta(t, want, c.Samples[i], 1, "sample %d", i)
	}
}

func TestToneLeavesOutWhatItCannotCarry(t *testing.T) {
	t.Parallel()
	for _, hz := range []float64{0, -440, 4000, 5000, math.NaN(), math.Inf(1)} {
		assert.Equal(t, pcm.Silence(8000, time.Second), pcm.Tone(8000, time.Second, hz), "%v Hz", hz)
	}
	assert.Equal(t, pcm.Silence(8000, time.Second), pcm.Tone(8000, time.Second))
	assert.Empty(t, pcm.Tone(0, time.Second, 440).Samples)
	assert.Empty(t, pcm.Tone(8000, -time.Second, 440).Samples)
	assert.Len(t, pcm.Tone(8000, 125*time.Microsecond, 440).Samples, 1)
}

func TestBeep(t *testing.T) {
	t.Parallel()
	beep := pcm.Beep(8000)
	assert.Equal(t, 500*time.Millisecond, beep.Duration())
	assert.InDelta(t, minusTenDBm0, pcmtest.ToneLevel(beep, 640), 0.1)
	assert.Zero(t, beep.Level().Speech, "a beep is nobody")
}
