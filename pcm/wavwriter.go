package pcm

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// WriteWAV writes the clip as a WAV file with true sizes, encoded as the given
// codec. It needs no seeking and writes in pieces of at most 16 KiB.
//
// The errors are [ErrFormat] for an invalid rate, an unknown codec or a clip
// that does not fit into 4 GiB, before anything is written, and those of w.
func WriteWAV(w io.Writer, c Clip, as Codec) error {
	head, err := WAVHeader(as, c.Rate, int64(len(c.Samples)))
	if err != nil {
		return err
	}
	const piece = 8 << 10
	buf := append(make([]byte, 0, len(head)+piece*as.Width()+1), head...)
	for rest := c.Samples; ; {
		n := min(len(rest), piece)
		buf = as.Encode(buf, rest[:n])
		rest = rest[n:]
		if len(rest) == 0 && len(c.Samples)*as.Width()%2 == 1 {
			buf = append(buf, 0)
		}
		if _, err := w.Write(buf); err != nil {
			return fmt.Errorf("pcm: writing WAV: %w", err)
		}
		if len(rest) == 0 {
			return nil
		}
		buf = buf[:0]
	}
}

// WAVHeader returns the bytes that go before the encoded samples of a mono WAV
// file, for whoever has those already: a spool in G.711 becomes a playable file
// without being decoded. When samples times [Codec.Width] is odd, a zero byte
// must follow them.
//
// The errors are those of [WriteWAV].
func WAVHeader(as Codec, rate int, samples int64) ([]byte, error) {
	if as.Width() == 0 {
		return nil, fmt.Errorf("%w: codec %q", ErrFormat, string(as))
	}
	if err := checkRate(rate); err != nil {
		return nil, err
	}
	width := as.Width()
	const overhead = 64 // more than any header below
	if samples < 0 || samples > (math.MaxUint32-overhead)/int64(width) {
		return nil, fmt.Errorf("%w: %d samples do not fit into a WAV file", ErrFormat, samples)
	}
	size := uint32(samples) * uint32(width)
	le := binary.LittleEndian
	body := append(make([]byte, 0, overhead), "WAVEfmt "...)
	extra := as != PCM16 // other formats have an extension size and a fact chunk
	if extra {
		body = le.AppendUint32(body, 18)
	} else {
		body = le.AppendUint32(body, 16)
	}
	body = le.AppendUint16(body, as.tag())
	body = le.AppendUint16(body, 1)
	body = le.AppendUint32(body, uint32(rate))
	body = le.AppendUint32(body, uint32(rate*width))
	body = le.AppendUint16(body, uint16(width))
	body = le.AppendUint16(body, uint16(8*width))
	if extra {
		body = le.AppendUint16(body, 0)
		body = le.AppendUint32(append(body, "fact"...), 4)
		body = le.AppendUint32(body, uint32(samples))
	}
	body = le.AppendUint32(append(body, "data"...), size)
	head := le.AppendUint32([]byte("RIFF"), uint32(len(body))+size+size%2)
	return append(head, body...), nil
}

// tag is the number of the codec in a format chunk.
func (c Codec) tag() uint16 {
	switch c {
	case PCMU:
		return tagMuLaw
	case PCMA:
		return tagALaw
	}
	return tagPCM
}
