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
	sines := make([]sine, len(hz))
	for i, f := range hz {
		sines[i] = sine{f, peak}
	}
	render(c, sines...)
	return c
}

// Beep returns the tone after which a caller may speak: 640 Hz for half a
// second. The pitch is that of FreeSWITCH's mailbox; the length is that of
// Kazoo's, half of it, because every caller waits for it. No DTMF key or fax
// tone has this pitch.
func Beep(rate int) Clip { return Tone(rate, 500*time.Millisecond, 640) }

type sine struct{ hz, peak float64 }

// render writes the sum of the sines into c, with faded edges. It goes by
// seconds: the phase is turned from sample to sample, and set anew each time.
func render(c Clip, sines ...sine) {
	n := len(c.Samples)
	edge := min(timeToSamples(fade, c.Rate), n/2)
	sum := make([]float64, min(c.Rate, n))
	for from := 0; from < n; from += len(sum) {
		part := c.Samples[from:min(from+len(sum), n)]
		clear(sum)
		for _, s := range sines {
			s.add(sum, c.Rate, from)
		}
		for i := range part {
			part[i] = clip16(sum[i] * edgeGain(min(from+i, n-1-from-i), edge))
		}
	}
}

// add adds the sine to sum, whose first sample is number from of the sound.
func (s sine) add(sum []float64, rate, from int) {
	if !(s.hz > 0 && s.hz < float64(rate)/2) {
		return
	}
	step := 2 * math.Pi * s.hz / float64(rate)
	turnSin, turnCos := math.Sincos(step)
	sin, cos := math.Sincos(math.Mod(step*float64(from), 2*math.Pi))
	for i := range sum {
		sum[i] += s.peak * sin
		sin, cos = sin*turnCos+cos*turnSin, cos*turnCos-sin*turnSin
	}
}

// edgeGain is the raised cosine, at a number of samples from the nearer end.
func edgeGain(at, edge int) float64 {
	if at >= edge {
		return 1
	}
	return 0.5 - 0.5*math.Cos(math.Pi*(float64(at)+0.5)/float64(edge))
}

// amplitude returns the peak of a sine of the given level in dBm0. A sine at
// digital full scale has +3.14 dBm0 (G.711).
func amplitude(dBm0 float64) float64 {
	return fullScale * math.Pow(10, (dBm0-3.14)/20)
}

// clip16 rounds to the nearest sample and clips what does not fit. NaN is
// silence.
func clip16(v float64) int16 {
	if math.IsNaN(v) {
		return 0
	}
	return int16(math.RoundToEven(min(max(v, -fullScale), fullScale-1)))
}
