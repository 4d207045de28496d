package pcm

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// WAVFormat is what the header of a WAV file says of its sound.
type WAVFormat struct {
	Encoding WAVEncoding
	Rate     int   // samples a second and channel, MinRate to MaxRate
	Channels int   // 1 or 2
	Bits     int   // of one stored sample: 8, 16, 24, 32 or 64
	Frames   int64 // samples a channel as declared; -1 when the header does not know
}

// WAVEncoding is how a WAV file stores a sample.
type WAVEncoding string

// The encodings that the reader knows.
const (
	Linear WAVEncoding = "linear" // integers of 8 (unsigned), 16, 24 or 32 bits
	Float  WAVEncoding = "float"  // 32 or 64 bits, full scale ±1
	MuLaw  WAVEncoding = "mu-law" // G.711
	ALaw   WAVEncoding = "a-law"  // G.711
)

// Duration returns the declared length; false when the header does not know it.
func (f WAVFormat) Duration() (time.Duration, bool) {
	if f.Frames < 0 {
		return 0, false
	}
	return samplesToTime(int(f.Frames), f.Rate), true
}

// Tags of the format chunk (mmreg.h).
const (
	tagPCM        = 1
	tagFloat      = 3
	tagALaw       = 6
	tagMuLaw      = 7
	tagExtensible = 0xFFFE
)

// subFormat is the tail that turns a tag into the GUID of WAVE_FORMAT_EXTENSIBLE.
const subFormat = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"

// parseFormat checks a format chunk. body is its beginning, offset its place in
// the file.
func parseFormat(body []byte, offset int64) (WAVFormat, error) {
	fail := func(at int64, got, want string) (WAVFormat, error) {
		return WAVFormat{}, &FormatError{Offset: offset + at, Got: got, Want: want}
	}
	le := binary.LittleEndian
	tag, tagAt := le.Uint16(body), int64(0)
	channels, rate := le.Uint16(body[2:]), le.Uint32(body[4:])
	align, bits := le.Uint16(body[12:]), le.Uint16(body[14:])
	if tag == tagExtensible {
		if len(body) < 40 {
			return fail(0, "extensible format of "+strconv.Itoa(len(body))+" bytes", "40")
		}
		if string(body[26:40]) != subFormat {
			return fail(24, fmt.Sprintf("sub-format %x", body[24:40]), "one of WAVE")
		}
		tag, tagAt = le.Uint16(body[24:]), 24
	}
	encoding, widths := encodingOf(tag)
	switch {
	case encoding == "":
		return fail(tagAt, fmt.Sprintf("format tag %#x", tag), "PCM, float, A-law or mu-law")
	case channels < 1 || channels > 2:
		return fail(2, fmt.Sprintf("%d channels", channels), "1 or 2")
	case rate < MinRate || rate > MaxRate:
		return fail(4, fmt.Sprintf("rate %d Hz", rate), fmt.Sprintf("%d to %d", MinRate, MaxRate))
	case !slices.Contains(widths, bits):
		return fail(14, fmt.Sprintf("%d bits in %s", bits, encoding), fmt.Sprint(widths))
	case align != channels*bits/8:
		return fail(12, fmt.Sprintf("block of %d bytes", align), strconv.Itoa(int(channels*bits/8)))
	}
	return WAVFormat{Encoding: encoding, Rate: int(rate), Channels: int(channels), Bits: int(bits), Frames: -1}, nil
}

func encodingOf(tag uint16) (WAVEncoding, []uint16) {
	switch tag {
	case tagPCM:
		return Linear, []uint16{8, 16, 24, 32}
	case tagFloat:
		return Float, []uint16{32, 64}
	case tagMuLaw:
		return MuLaw, []uint16{8}
	case tagALaw:
		return ALaw, []uint16{8}
	}
	return "", nil
}

// frame is the bytes of one sample of every channel.
func (f WAVFormat) frame() int { return f.Channels * f.Bits / 8 }

// decode turns len(dst) stored samples into 16-bit ones: rounded, clipped, with
// NaN as silence.
func (f WAVFormat) decode(dst []int16, raw []byte) {
	le := binary.LittleEndian
	switch {
	case f.Encoding == MuLaw:
		PCMU.Decode(dst[:0], raw)
	case f.Encoding == ALaw:
		PCMA.Decode(dst[:0], raw)
	case f.Encoding == Float && f.Bits == 32:
		for i := range dst {
			dst[i] = clip16(float64(math.Float32frombits(le.Uint32(raw[4*i:]))) * fullScale)
		}
	case f.Encoding == Float:
		for i := range dst {
			dst[i] = clip16(math.Float64frombits(le.Uint64(raw[8*i:])) * fullScale)
		}
	case f.Bits == 8:
		for i := range dst {
			dst[i] = int16(int(raw[i])-128) << 8
		}
	case f.Bits == 16:
		PCM16.Decode(dst[:0], raw)
	case f.Bits == 24:
		for i := range dst {
			dst[i] = narrow(int64(int32(le.Uint16(raw[3*i:]))|int32(int8(raw[3*i+2]))<<16), 24)
		}
	default:
		for i := range dst {
			dst[i] = narrow(int64(int32(le.Uint32(raw[4*i:]))), 32)
		}
	}
}
