package pcm

import "math/bits"

// ITU-T G.711 in the scale of 16-bit samples. Both laws cut the range into
// eight segments of sixteen equal steps; each segment is twice as coarse as the
// one before. A code is sign, segment and step, with bits inverted on the wire
// (all of them for mu-law, every other one for A-law), so that a silent line
// still has edges to recover a clock from.
const (
	muBias = 132   // makes the segments of mu-law begin at powers of two
	muClip = 32635 // the largest magnitude that fits after the bias
	aMask  = 0x55
)

// The tables are written once, before main, and only read afterwards.
var (
	muTable = table(decodeMu)
	aTable  = table(decodeA)
)

func table(decode func(byte) int16) (t [256]int16) {
	for i := range t {
		t[i] = decode(byte(i))
	}
	return t
}

// magnitude returns s without its sign as one's complement, which keeps -32768
// in range and sends ties the same way on both sides of zero.
func magnitude(s int16) (m uint16, negative bool) {
	mask := s >> 15
	return uint16(s ^ mask), mask != 0
}

func encodeMu(s int16) byte {
	m, negative := magnitude(s)
	m = min(m, muClip) + muBias
	segment := bits.Len16(m) - 8
	code := ^byte(segment<<4 | int(m>>(segment+3))&0xF)
	if negative {
		code &= 0x7F
	}
	return code
}

func decodeMu(code byte) int16 {
	code = ^code
	segment, step := int(code>>4)&7, int(code)&0xF
	v := int16((2*step+33)<<(segment+2) - muBias)
	if code&0x80 != 0 {
		return -v
	}
	return v
}

func encodeA(s int16) byte {
	m, negative := magnitude(s)
	segment := max(bits.Len16(m)-8, 0) // the first two have the same step
	code := byte(m>>4) & 0xF
	if segment > 0 {
		code = byte(segment<<4 | int(m>>(segment+3))&0xF)
	}
	if negative {
		return code ^ aMask
	}
	return code ^ aMask ^ 0x80
}

func decodeA(code byte) int16 {
	code ^= aMask
	segment, step := int(code>>4)&7, int(code)&0xF
	v := int16(2*step+1) << 3
	if segment > 0 {
		v = int16((2*step + 33) << (segment + 2))
	}
	if code&0x80 == 0 {
		return -v
	}
	return v
}
