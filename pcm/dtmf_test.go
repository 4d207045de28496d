package pcm_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
)

const ms = time.Millisecond

func hear(t require.TestingT, c pcm.Clip) []pcm.Digit {
	d, err := pcm.NewDetector(c.Rate)
	require.NoError(t, err)
	return d.Flush(d.Feed(nil, c.Samples))
}

func keys(digits []pcm.Digit) string {
	var all strings.Builder
	for _, d := range digits {
		all.WriteString(d.Key)
	}
	return all.String()
}

// press is one key as a test wants it.
type press struct {
	key               byte
	d                 time.Duration
	offLow, offHigh   float64 // of the frequency, as a fraction
	dBm0Low, dBm0High float64
	snr               float64 // dB; 0 is no noise
	lead              int     // samples before it
	seed              uint64
}

func (p press) clip(rate int) pcm.Clip {
	at := strings.IndexByte("123A456B789C*0#D", p.key)
	low := []float64{697, 770, 852, 941}[at/4] * (1 + p.offLow)
	high := []float64{1209, 1336, 1477, 1633}[at%4] * (1 + p.offHigh)
	peak := func(dBm0 float64) float64 { return 32768 * math.Pow(10, (dBm0-3.14)/20) }
	n := int(p.d.Seconds() * float64(rate))
	c := pcm.Clip{Rate: rate, Samples: make([]int16, p.lead+n+rate/10)}
	noise := 0.0
	if p.snr != 0 {
		noise = math.Hypot(peak(p.dBm0Low), peak(p.dBm0High)) / math.Sqrt2 * math.Pow(10, -p.snr/20)
	}
	r := rand.New(rand.NewPCG(p.seed, 1))
	for i := range c.Samples {
		v := noise * r.NormFloat64()
		if at := float64(i-p.lead) / float64(rate); i >= p.lead && i < p.lead+n {
			v += peak(p.dBm0Low)*math.Sin(2*math.Pi*low*at) + peak(p.dBm0High)*math.Sin(2*math.Pi*high*at)
		}
		c.Samples[i] = int16(min(max(v, -32768), 32767))
	}
	return c
}

func TestDTMFInDTMFFound(t *testing.T) {
	t.Parallel()
	const all = "123A456B789C*0#D"
	for _, rate := range []int{8000, 11025, 16000, 22050, 44100, 48000, 96000} {
		c, err := pcm.DTMF(rate, all+"5544", 0, 0)
		require.NoError(t, err)
		require.InDelta(t, 20*200*ms, c.Duration(), float64(10*ms))
		got := hear(t, c)
		require.Equal(t, all+"5544", keys(got), "rate %d", rate)
		for i, d := range got {
			assert.InDelta(t, time.Duration(i)*200*ms, d.At, float64(10*ms), "key %d at rate %d", i, rate)
			assert.InDelta(t, 100*ms, d.Duration, float64(10*ms), "key %d at rate %d", i, rate)
		}
	}
}

func TestDTMFThroughG711(t *testing.T) {
	t.Parallel()
	c, err := pcm.DTMF(8000, "0123456789*#", 50*ms, 50*ms)
	require.NoError(t, err)
	for _, codec := range []pcm.Codec{pcm.PCMU, pcm.PCMA} {
		heard := pcm.Clip{Rate: 8000, Samples: codec.Decode(nil, codec.Encode(nil, c.Samples))}
		assert.Equal(t, "0123456789*#", keys(hear(t, heard)))
	}
}

func TestDTMFRefuses(t *testing.T) {
	t.Parallel()
	_, err := pcm.DTMF(8000, "12E", 0, 0)
	require.ErrorIs(t, err, pcm.ErrFormat)
	assert.ErrorContains(t, err, `'E' at byte 2`)
	_, err = pcm.DTMF(1, "1", 0, 0)
	require.ErrorIs(t, err, pcm.ErrFormat)
	_, err = pcm.NewDetector(500)
	require.ErrorIs(t, err, pcm.ErrFormat)
	lower, err := pcm.DTMF(8000, "abcd", 0, 0)
	require.NoError(t, err)
	assert.Equal(t, "ABCD", keys(hear(t, lower)))
	long, err := pcm.DTMF(8000, "11", 100*ms, 50*time.Minute)
	require.NoError(t, err)
	assert.Equal(t, pcm.Longest, long.Duration())
}

// The table of ITU-T Q.24: what must operate does for every key at every
// alignment, what must not does for none.
func TestDetectorAgainstQ24(t *testing.T) {
	t.Parallel()
	plain := press{d: 40 * ms, dBm0Low: -9, dBm0High: -7}
	with := func(change func(*press)) press { p := plain; change(&p); return p }
	tests := []struct {
		name    string
		p       press
		operate bool
	}{
		{"40 ms", plain, true},
		{"23 ms", with(func(p *press) { p.d = 23 * ms }), false},
		{"1.5 % high", with(func(p *press) { p.offLow, p.offHigh = 0.015, 0.015 }), true},
		{"1.5 % low", with(func(p *press) { p.offLow, p.offHigh = -0.015, -0.015 }), true},
		{"1.5 % apart", with(func(p *press) { p.offLow, p.offHigh = 0.015, -0.015 }), true},
		{"row 3.5 % high", with(func(p *press) { p.offLow, p.d = 0.035, 100*ms }), false},
		{"row 3.5 % low", with(func(p *press) { p.offLow, p.d = -0.035, 100*ms }), false},
		{"column 3.5 % high", with(func(p *press) { p.offHigh, p.d = 0.035, 100*ms }), false},
		{"column 3.5 % low", with(func(p *press) { p.offHigh, p.d = -0.035, 100*ms }), false},
		{"0 dBm0", with(func(p *press) { p.dBm0Low, p.dBm0High = 0, 0 }), true},
		{"-25 dBm0", with(func(p *press) { p.dBm0Low, p.dBm0High = -25, -25 }), true},
		{"-55 dBm0", with(func(p *press) { p.dBm0Low, p.dBm0High, p.d = -55, -55, 100*ms }), false},
		{"column 4 dB above", with(func(p *press) { p.dBm0Low, p.dBm0High = -12, -8 }), true},
		{"column 8 dB below", with(func(p *press) { p.dBm0Low, p.dBm0High = -8, -16 }), true},
		{"column 14 dB above", with(func(p *press) { p.dBm0Low, p.dBm0High, p.d = -20, -6, 100*ms }), false},
		{"column 14 dB below", with(func(p *press) { p.dBm0Low, p.dBm0High, p.d = -6, -20, 100*ms }), false},
		{"one tone", with(func(p *press) { p.dBm0High, p.d = -90, 100*ms }), false},
		{"15 dB above noise", with(func(p *press) { p.snr = 15 }), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, key := range []byte("123A456B789C*0#D") {
				for shift := range 8 { // over the 40 samples between two looks
					p := tt.p
					p.key, p.lead, p.seed = key, 200+5*shift, uint64(shift)
					want := ""
					if tt.operate {
						want = string(key)
					}
					require.Equal(t, want, keys(hear(t, p.clip(8000))), "key %c, shifted by %d samples", key, 5*shift)
				}
			}
		})
	}
}

func TestDetectorInterruptions(t *testing.T) {
	t.Parallel()
	for shift := range 8 {
		for gap, want := range map[time.Duration]string{10 * ms: "5", 40 * ms: "55"} {
			p := press{key: '5', d: 60 * ms, dBm0Low: -9, dBm0High: -7, lead: 800 + 5*shift}
			first, second := p.clip(8000), p.clip(8000)
			c := first.Slice(0, first.Duration()-100*ms).Append(pcm.Silence(8000, gap), second.Slice(second.Duration()-160*ms, time.Hour))
			assert.Equal(t, want, keys(hear(t, c)), "a gap of %v", gap)
		}
	}
}

func TestDetectorHearsNoKeyInSpeechNoiseAndTones(t *testing.T) {
	t.Parallel()
	noise := pcm.Silence(8000, 20*time.Second)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Samples {
		noise.Samples[i] = int16(4000 * r.NormFloat64())
	}
	offset := pcm.Silence(8000, time.Second)
	for i := range offset.Samples {
		offset.Samples[i] = 20000
	}
	tests := map[string]pcm.Clip{
		"noise":        noise,
		"DC":           offset,
		"dial tone":    pcm.Tone(8000, 5*time.Second, 350, 440),
		"busy tone":    pcm.Tone(8000, 5*time.Second, 480, 620),
		"fax":          pcm.Tone(8000, 5*time.Second, 1100),
		"a chord":      pcm.Tone(8000, 5*time.Second, 697, 880, 1209, 1480),
		"beep":         pcm.Beep(8000),
		"wideband":     pcmtest.Voice(48000, 5*time.Second, 100),
		"full silence": pcm.Silence(8000, time.Second),
	}
	for seed := range uint64(4) {
		tests["voice "+string(rune('a'+seed))] = pcmtest.Voice(8000, 30*time.Second, seed)
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Empty(t, hear(t, c))
		})
	}
}

func TestDetectorHearsKeysOverOffset(t *testing.T) {
	t.Parallel()
	c, err := pcm.DTMF(8000, "0", 0, 0)
	require.NoError(t, err)
	for i := range c.Samples {
		c.Samples[i] += 6000
	}
	assert.Equal(t, "0", keys(hear(t, c)))
}

// However the sound is cut into frames, the same keys are heard at the same time.
func TestDetectorFrames(t *testing.T) {
	t.Parallel()
	c, err := pcm.DTMF(8000, "159#", 60*ms, 45*ms)
	require.NoError(t, err)
	want := hear(t, c)
	require.Equal(t, "159#", keys(want))
	rapid.Check(t, func(t *rapid.T) {
		d, err := pcm.NewDetector(8000)
		require.NoError(t, err)
		var got []pcm.Digit
		for rest := c.Samples; len(rest) > 0; {
			n := min(rapid.IntRange(0, 400).Draw(t, "frame"), len(rest))
			got = d.Feed(got, rest[:n])
			rest = rest[n:]
		}
		require.Equal(t, want, d.Flush(got))
		require.Equal(t, want, d.Flush(d.Feed(nil, c.Samples)), "after Flush the clock is at zero again")
	})
}

func TestDetectorTellsAKeyThatIsHeld(t *testing.T) {
	t.Parallel()
	c := press{key: '7', d: 2 * time.Second, dBm0Low: -9, dBm0High: -7}.clip(8000)
	d, err := pcm.NewDetector(8000)
	require.NoError(t, err)
	_, down := d.Down()
	assert.False(t, down)
	assert.Empty(t, d.Feed(nil, c.Samples[:60*8]), "not released yet")
	held, down := d.Down()
	require.True(t, down, "known after 60 ms")
	assert.Equal(t, "7", held.Key)
	got := d.Feed(nil, c.Samples[60*8:])
	require.Len(t, got, 1)
	assert.InDelta(t, 2*time.Second, got[0].Duration, float64(10*ms))
	_, down = d.Down()
	assert.False(t, down)
}

func TestDetectorAllocatesNothing(t *testing.T) {
	c, err := pcm.DTMF(8000, "159#", 60*ms, 45*ms)
	require.NoError(t, err)
	d, err := pcm.NewDetector(8000)
	require.NoError(t, err)
	out := make([]pcm.Digit, 0, 16)
	assert.Zero(t, testing.AllocsPerRun(10, func() { out = d.Flush(d.Feed(out[:0], c.Samples)) }))
}
