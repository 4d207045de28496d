package pcmtest

import (
	"math"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

// Align finds sent in got and returns where it begins there and how well it
// matches: 1 is the same wave at any loudness, 0 is nothing alike, -1 the same
// wave upside down. lag is negative when the beginning of sent is missing.
//
// The whole of sent counts: what got lacks of it lowers the correlation, what
// got has before and after does not. G.711 leaves a correlation above 0.999. A
// lost packet that became silence costs little; one that was left out shifts all
// that follows and is seen at once. got is resampled to the rate of sent. Both
// results are zero when either clip is silent.
func Align(sent, got pcm.Clip) (lag time.Duration, correlation float64) {
	a, b := sent.Samples, got.Resample(sent.Rate).Samples
	energyA := energies(a)
	energyB := energies(b)
	whole := energyA[len(a)]
	if whole == 0 || energyB[len(b)] == 0 {
		return 0, 0
	}
	// A window of got that is all but silent matches nothing.
	least := 1e-6 * whole
	best := 0
	for i, product := range products(a, b) {
		shift := i - len(a) + 1
		from, to := max(shift, 0), min(shift+len(a), len(b))
		c := product / math.Sqrt(whole*max(energyB[to]-energyB[from], least))
		if math.Abs(c) > math.Abs(correlation) {
			best, correlation = shift, c
		}
	}
	return time.Duration(best) * time.Second / time.Duration(sent.Rate), correlation
}

// energies returns the running sums of squares: entry i is that of s[:i].
func energies(s []int16) []float64 {
	sums := make([]float64, len(s)+1)
	for i, v := range s {
		sums[i+1] = sums[i] + float64(v)*float64(v)
	}
	return sums
}

// products returns the sum of products for every shift of a against b, from
// -(len(a)-1) to len(b)-1.
func products(a, b []int16) []float64 {
	size := 1
	for size < len(a)+len(b) {
		size *= 2
	}
	// a is reversed, so that a convolution is a correlation.
	spectrum := make([]complex128, size)
	for i, v := range a {
		spectrum[len(a)-1-i] = complex(float64(v), 0)
	}
	other := make([]complex128, size)
	for i, v := range b {
		other[i] = complex(float64(v), 0)
	}
	fourier(spectrum)
	fourier(other)
	for i, v := range other {
		// Conjugating before and after makes the forward transform the inverse.
		p := spectrum[i] * v
		spectrum[i] = complex(real(p), -imag(p))
	}
	fourier(spectrum)
	sums := make([]float64, len(a)+len(b)-1)
	for i := range sums {
		sums[i] = real(spectrum[i]) / float64(size)
	}
	return sums
}
