package pcmtest

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// fourier transforms x in place. Its length is a power of two.
func fourier(x []complex128) {
	if len(x) < 2 {
		return
	}
	shift := bits.LeadingZeros64(uint64(len(x) - 1))
	for i := range x {
		if j := int(bits.Reverse64(uint64(i)) >> shift); i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	turns := make([]complex128, len(x)/2)
	for i := range turns {
		turns[i] = cmplx.Rect(1, -2*math.Pi*float64(i)/float64(len(x)))
	}
	for half := 1; half < len(x); half *= 2 {
		stride := len(x) / (2 * half)
		for start := 0; start < len(x); start += 2 * half {
			for i := range half {
				even, odd := x[start+i], x[start+i+half]*turns[i*stride]
				x[start+i], x[start+i+half] = even+odd, even-odd
			}
		}
	}
}
