package pcm

import "math"

// The low-pass filter of the resampler: a sinc under a Kaiser window, this many
// zero crossings long on each side.
const (
	crossings = 24
	beta      = 8.6
	cutoff    = 0.955 // of the lower Nyquist frequency; -6 dB there
	block     = 1024  // output samples between two fills of the input window
)

// Resample returns the clip at another rate. It is ceil(n·rate/c.Rate) samples
// long, and what sounded at an instant still sounds at that instant: the filter
// has no delay. At the same rate the samples are shared with c.
//
// When either rate is not valid, the clip is returned as it is, with its own
// Rate: it is never mislabelled. [ValidRate] tells beforehand.
//
// The filter is made anew in each call: resample clips, not frames.
func (c Clip) Resample(rate int) Clip {
	if rate == c.Rate || !ValidRate(rate) || !ValidRate(c.Rate) {
		return c
	}
	p := newPolyphase(rate, c.Rate)
	out := make([]int16, (int64(len(c.Samples))*int64(p.up)+int64(p.down)-1)/int64(p.down))
	window := make([]float32, block*p.down/p.up+2*p.half+1)
	at, phase := 0, 0 // the instant of an output sample: at + phase/up input samples
	for from := 0; from < len(out); from += block {
		first := at - p.half + 1
		fill(window, c.Samples, first)
		for m := from; m < min(from+block, len(out)); m++ {
			start := at - p.half + 1 - first
			out[m] = round16(dot(p.row(phase), window[start:start+2*p.half]))
			at += p.down / p.up
			if phase += p.down % p.up; phase >= p.up {
				phase -= p.up
				at++
			}
		}
	}
	return Clip{Rate: rate, Samples: out}
}

// polyphase is the filter, cut into one row of taps for each position that an
// output sample can have between two input samples.
type polyphase struct {
	up, down int         // the ratio of the rates, in lowest terms
	half     int         // taps on each side
	rows     [][]float32 // made when first needed: a short clip needs few
}

func newPolyphase(to, from int) *polyphase {
	g := gcd(to, from)
	p := &polyphase{up: to / g, down: from / g}
	p.half = (crossings*max(p.up, p.down) + p.up - 1) / p.up
	p.rows = make([][]float32, p.up)
	return p
}

func (p *polyphase) row(phase int) []float32 {
	if p.rows[phase] == nil {
		p.rows[phase] = p.taps(phase)
	}
	return p.rows[phase]
}

// taps computes one row. Its sum is made exactly one, so that a constant stays
// constant in every phase.
func (p *polyphase) taps(phase int) []float32 {
	scale := min(1, float64(p.up)/float64(p.down))
	exact, sum := make([]float64, 2*p.half), 0.0
	for i := range exact {
		t := float64(i-p.half+1) - float64(phase)/float64(p.up)
		exact[i] = sinc(scale*cutoff*t) * kaiser(scale*t/crossings)
		sum += exact[i]
	}
	row := make([]float32, len(exact))
	for i, v := range exact {
		row[i] = float32(v / sum)
	}
	return row
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window over -1 to 1, up to a factor that the rows divide out.
func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	// The power series of the modified Bessel function I0.
	q, term, sum := beta*beta*(1-x*x)/4, 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= q / (k * k)
		sum += term
	}
	return sum
}

// fill copies the samples from index first on into window, with silence before
// and after the clip.
func fill(window []float32, samples []int16, first int) {
	clear(window)
	skip := max(-first, 0)
	for i := skip; i < len(window) && first+i < len(samples); i++ {
		window[i] = float32(samples[first+i])
	}
}

// dot is the inner loop: eight taps a turn in four independent sums, which
// keeps the adders of the processor busy.
func dot(taps, in []float32) float32 {
	var a, b, c, d float32
	for len(taps) >= 8 && len(in) >= 8 {
		a += taps[0]*in[0] + taps[4]*in[4]
		b += taps[1]*in[1] + taps[5]*in[5]
		c += taps[2]*in[2] + taps[6]*in[6]
		d += taps[3]*in[3] + taps[7]*in[7]
		taps, in = taps[8:], in[8:]
	}
	for i, t := range taps {
		a += t * in[i]
	}
	return a + b + c + d
}

// round16 rounds to the nearest sample and clips the overshoot of the filter.
func round16(v float32) int16 {
	return int16(min(max(math.Floor(float64(v)+0.5), -fullScale), fullScale-1))
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
