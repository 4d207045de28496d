package pcm

import (
	"encoding/binary"
	"slices"
)

// Codec names how samples become bytes: on the wire, in a spool, in a file. The
// names are stable in JSON and in stores. The zero value is no codec.
type Codec string

// The codecs of telephony. All are mono here.
const (
	PCM16 Codec = "pcm16" // signed 16-bit, little-endian, two bytes a sample
	PCMU  Codec = "pcmu"  // G.711 mu-law, one byte a sample (RTP payload type 0)
	PCMA  Codec = "pcma"  // G.711 A-law, one byte a sample (RTP payload type 8)
)

// Width returns the bytes of one sample: 2, 1 or 1. It is 0 for anything that
// is not a codec of this package, so it is also the test for one.
func (c Codec) Width() int {
	switch c {
	case PCM16:
		return 2
	case PCMU, PCMA:
		return 1
	}
	return 0
}

// Encode appends the samples to dst as bytes and returns the longer slice. It
// allocates only when dst lacks room. An unknown codec appends nothing.
//
// G.711 is within half a step of every sample. A sample half-way between two
// goes to the more positive one, as in the reference software of ITU-T (G.191).
// Peaks beyond the range of mu-law (32635) are clipped.
func (c Codec) Encode(dst []byte, samples []int16) []byte {
	at := len(dst)
	dst = slices.Grow(dst, len(samples)*c.Width())[:at+len(samples)*c.Width()]
	out := dst[at:]
	switch c {
	case PCM16:
		for i, s := range samples {
			binary.LittleEndian.PutUint16(out[2*i:], uint16(s))
		}
	case PCMU:
		for i, s := range samples {
			out[i] = encodeMu(s)
		}
	case PCMA:
		for i, s := range samples {
			out[i] = encodeA(s)
		}
	}
	return dst
}

// Decode appends the samples in data to dst and returns the longer slice. It
// allocates only when dst lacks room. A last odd byte of [PCM16] is left out;
// an unknown codec appends nothing.
func (c Codec) Decode(dst []int16, data []byte) []int16 {
	at, n := len(dst), 0
	if w := c.Width(); w > 0 {
		n = len(data) / w
	}
	dst = slices.Grow(dst, n)[:at+n]
	out := dst[at:]
	switch c {
	case PCM16:
		for i := range out {
			out[i] = int16(binary.LittleEndian.Uint16(data[2*i:]))
		}
	case PCMU:
		for i := range out {
			out[i] = muTable[data[i]]
		}
	case PCMA:
		for i := range out {
			out[i] = aTable[data[i]]
		}
	}
	return dst
}
