package pcm_test

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

// wave is two seconds of a sine at 0.9 of full scale, without faded edges.
func wave(rate int, hz float64) pcm.Clip {
	c := pcm.Silence(rate, 2*time.Second)
	for i := range c.Samples {
		c.Samples[i] = int16(math.Round(ideal(rate, hz, i)))
	}
	return c
}

func ideal(rate int, hz float64, i int) float64 {
	return 0.9 * 32768 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))
}

// The figures of the package doc, for the rates that speech comes in.
func TestResamplerQuality(t *testing.T) {
	t.Parallel()
	pairs := [][2]int{
		{48000, 8000},
		{44100, 8000},
		{32000, 8000},
		{24000, 8000},
		{22050, 8000},
		{16000, 8000},
		{11025, 8000},
		{44100, 16000},
		{8000, 16000},
		{8000, 44100},
		{8000, 48000},
		{12345, 8000},
	}
	for _, p := range pairs {
		from, to := p[0], p[1]
		nyquist := float64(min(from, to)) / 2
		t.Run(fmt.Sprintf("%d to %d", from, to), func(t *testing.T) {
			t.Parallel()
			middle := func(c pcm.Clip) pcm.Clip { return c.Slice(500*time.Millisecond, 1500*time.Millisecond) }

			out := wave(from, 1000).Resample(to)
			var signal, noise, bias float64
			for i, s := range out.Samples {
				if i < to/2 || i >= to*3/2 {
					continue
				}
				want := ideal(to, 1000, i) // at this very sample: no delay
				signal += want * want
				noise += (float64(s) - want) * (float64(s) - want)
				bias += (float64(s) - want) / float64(to)
			}
			assert.InDelta(t, 0, bias, 0.1, "mean error, in steps of 16 bits")
			assert.Greater(t, 10*math.Log10(signal/noise), 90.0, "signal to noise at 1 kHz, dB")

			edge := 0.85 * nyquist // 3.4 kHz of 4
			gain := pcmtest.ToneLevel(middle(wave(from, edge).Resample(to)), edge) - pcmtest.ToneLevel(middle(wave(from, edge)), edge)
			assert.InDelta(t, 0, gain, 0.1, "gain at %.0f Hz, dB", edge)

			if above := 1.25 * nyquist; above < float64(from)/2 {
				leak := middle(wave(from, above).Resample(to)).Level().RMS - middle(wave(from, above)).Level().RMS
				assert.Less(t, leak, -80.0, "what is left of %.0f Hz, dB", above)
			}
		})
	}
}

func TestResampleLength(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rates := rapid.OneOf(rapid.SampledFrom([]int{8000, 16000, 22050, 44100, 48000, 96000}), rapid.IntRange(pcm.MinRate, pcm.MaxRate))
		from, to := rates.Draw(t, "from"), rates.Draw(t, "to")
		level := rapid.Int16().Draw(t, "level")
		c := pcm.Clip{Rate: from, Samples: make([]int16, rapid.IntRange(0, 600).Draw(t, "n"))}
		for i := range c.Samples {
			c.Samples[i] = level
		}
		got := c.Resample(to)
		require.Equal(t, to, got.Rate)
		require.Len(t, got.Samples, (len(c.Samples)*to+from-1)/from)
		if len(c.Samples) > 400 && from <= 4*to {
			require.InDelta(t, level, got.Samples[len(got.Samples)/2], 2, "a constant stays what it is")
		}
	})
}

func TestResampleKeepsInstants(t *testing.T) {
	t.Parallel()
	click := pcm.Silence(48000, time.Second)
	click.Samples[24000] = 32767
	got := click.Resample(8000)
	loudest := 0
	for i, s := range got.Samples {
		if s > got.Samples[loudest] {
			loudest = i
		}
	}
	assert.Equal(t, 4000, loudest)

	voice := pcmtest.Voice(8000, time.Second, 5)
	lag, alike := pcmtest.Align(voice, voice.Resample(44100))
	assert.Zero(t, lag)
	assert.Greater(t, alike, 0.999)
}

func TestResampleClipsInsteadOfWrapping(t *testing.T) {
	t.Parallel()
	square := pcm.Silence(48000, 100*time.Millisecond)
	for i := range square.Samples {
		square.Samples[i] = 32767
		if i/50%2 == 1 {
			square.Samples[i] = -32768
		}
	}
	for i, s := range square.Resample(8000).Samples[10:700] {
		at := i + 10
		if phase := at * 6 % 100; phase > 10 && phase < 40 {
			require.Positive(t, s, "the overshoot of sample %d became its opposite", at)
		}
	}
}

func TestResampleRefusesToMislabel(t *testing.T) {
	t.Parallel()
	c := pcm.Clip{Rate: 8000, Samples: []int16{1, 2, 3}}
	for _, rate := range []int{0, -1, 7999, 96001, math.MaxInt} {
		assert.Equal(t, c, c.Resample(rate))
	}
	odd := pcm.Clip{Rate: 1, Samples: []int16{1}}
	assert.Equal(t, odd, odd.Resample(8000))
	assert.Empty(t, pcm.Clip{Rate: 8000}.Resample(16000).Samples)
}
