package pcmtest

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

// ToneLevel returns the level of one frequency in the clip, as the RMS level in
// dBFS that a steady sine of it would have: the sine of [pcm.Tone] at full
// length gives what [pcm.Clip.Level] gives. It is [pcm.Floor] at least. Its
// resolution is about two divided by the length of the clip: 4 Hz for half a
// second.
func ToneLevel(c pcm.Clip, hz float64) float64 {
	var re, im, weights float64
	for i, s := range c.Samples {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(len(c.Samples)))
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / float64(c.Rate))
		re += w * cos * float64(s)
		im += w * sin * float64(s)
		weights += w
	}
	if weights == 0 {
		return pcm.Floor
	}
	peak := 2 * math.Hypot(re, im) / weights / (1 << 15)
	return max(20*math.Log10(peak/math.Sqrt2), pcm.Floor)
}

// Voice returns d of something like speech, the same for the same seed: a pitch
// between 90 and 250 Hz that wanders, through three resonances that change with
// every syllable, with pauses. Nobody would understand it, but a meter hears a
// person, a detector must hear no key, and it aligns with a copy of itself at
// one place only. Its level is about that of a telephone talker, -20 dBFS.
func Voice(rate int, d time.Duration, seed uint64) pcm.Clip {
	c := pcm.Silence(rate, d)
	r := rand.New(rand.NewPCG(seed, 0))
	pitch, phase := 90+100*r.Float64(), 0.0
	var formants [3]resonance
	for at := 0; at < len(c.Samples); {
		length := min(rate/10+r.IntN(rate/5), len(c.Samples)-at)
		loud := r.Float64()
		if r.IntN(5) == 0 {
			loud = 0 // between words
		}
		for i, low := range []float64{300, 900, 2200} {
			formants[i].tune(low*(1+r.Float64()), 60+60*float64(i), rate)
		}
		glide := 1 + (r.Float64()-0.5)*2/float64(rate)
		for i := range length {
			pitch = min(max(pitch*glide, 90), 250)
			pulse := 0.02 * r.NormFloat64()
			if phase += pitch / float64(rate); phase >= 1 {
				phase--
				pulse++
			}
			shape := math.Sin(math.Pi * (float64(i) + 0.5) / float64(length))
			sum := formants[0].filter(pulse) + 0.5*formants[1].filter(pulse) + 0.25*formants[2].filter(pulse)
			c.Samples[at+i] = int16(min(max(1.4e4*loud*shape*sum, -32768), 32767))
		}
		at += length
	}
	return c
}

// resonance is a two-pole filter.
type resonance struct{ a, b, gain, y1, y2 float64 }

func (f *resonance) tune(hz, width float64, rate int) {
	radius := math.Exp(-math.Pi * width / float64(rate))
	f.a = 2 * radius * math.Cos(2*math.Pi*hz/float64(rate))
	f.b = -radius * radius
	f.gain = math.Sin(2 * math.Pi * hz / float64(rate))
}

func (f *resonance) filter(x float64) float64 {
	y := f.gain*x + f.a*f.y1 + f.b*f.y2
	f.y1, f.y2 = y, f.y1
	return y
}
