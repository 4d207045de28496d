package pcm

import (
	"math"
	"time"
)

const (
	// toneLevel, in dBm0, is the nominal level of call progress tones (ITU-T
	// E.180).
	toneLevel = -10

	// fade is the raised-cosine edge of every tone. Without it the jump at both
	// ends is heard as a click and spreads over the whole band.
	fade = 5 * time.Millisecond

	fullScale = 1 << 15
)

// Tone returns d of one or several sine tones, at most [Longest]: a beep, a
// ringback (440 and 480 Hz in North America), a test signal. All tones are
// equally loud and together have -10 dBm0, which is 0.22 of full scale for a
// single one. The first and last 5 ms fade in and out.
//
// Frequencies that the rate cannot carry (zero or less, half the rate or more)
// are left out. Without any, or with an invalid rate, the clip is silent or
// empty as in [Silence].
func Tone(rate int, d time.Duration, hz ...float64) Clip {
	c := Silence(rate, d)
	peak := amplitude(toneLevel) / math.Sqrt(float64(max(len(hz), 1)))
	sum := make([]float64, len(c.Samples))
	for _, f := range hz {
		addSine(sum, rate, f, peak)
	}
	store(c, sum)
	return c
}

// Beep returns the tone after which a caller may speak: 640 Hz for half a
// second. The pitch is that of FreeSWITCH's mailbox; the length, that of Kazoo's,
// because every caller waits for it. No DTMF key, fax or call progress tone has
// this pitch.
func Beep(rate int) Clip { return Tone(rate, 500*time.Millisecond, 640) }

// addSine adds a sine that starts at phase zero. The phase is turned, not
// computed, for each sample; one resynchronisation a second keeps it exact.
func addSine(sum []float64, rate int, hz, peak float64) {
	if !(hz > 0 && hz < float64(rate)/2) {
		return
	}
	step := 2 * math.Pi * hz / float64(rate)
	turnSin, turnCos := math.Sincos(step)
	var sin, cos float64
	for i := range sum {
		if i%rate == 0 {
			sin, cos = math.Sincos(math.Mod(step*float64(i), 2*math.Pi))
		}
		sum[i] += peak * sin
		sin, cos = sin*turnCos+cos*turnSin, cos*turnCos-sin*turnSin
	}
}

// store rounds the sum into the samples of c, with faded edges.
func store(c Clip, sum []float64) {
	edge := min(timeToSamples(fade, c.Rate), len(sum)/2)
	for i := range edge {
		gain := 0.5 - 0.5*math.Cos(math.Pi*(float64(i)+0.5)/float64(edge))
		sum[i] *= gain
		sum[len(sum)-1-i] *= gain
	}
	for i, v := range sum {
		c.Samples[i] = clip16(v)
	}
}

// clip16 rounds to the nearest sample and clips what does not fit. NaN is
// silence.
func clip16(v float64) int16 {
	if v != v {
		return 0
	}
	return int16(math.RoundToEven(min(max(v, -fullScale), fullScale-1)))
}
