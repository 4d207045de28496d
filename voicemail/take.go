package voicemail

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// The sound of a capture is a sequence of chunks in the [Spool]: one that
// says what it is, one for each frame with its place in media time, and one
// that says how it ended. A chunk has a head of 16 bytes, little-endian:
//
//	0  2  'A' 'b'
//	2  1  version, 1
//	3  1  kind: 'b' begin (JSON), 'f' frame (8 bytes first sample, data), 's' stop (JSON)
//	4  4  number of the chunk, from 0
//	8  4  length of the payload
//	12 4  CRC-32C of the 12 bytes before and the payload
//
// Reading ends at the first chunk that is not whole: a torn end is cut, never
// guessed. Without a stop chunk the recorder died.
const (
	chunkHead    = 16
	frameHead    = 8
	chunkVersion = 1
	chunkBegin   = 'b'
	chunkFrame   = 'f'
	chunkStop    = 's'
	maxChunk     = 1<<20 + frameHead
)

// beginNote is the payload of the first chunk: enough to find the row again.
type beginNote struct {
	Tenant  phone.TenantID `json:"tenant,omitempty"`
	Key     string         `json:"key"`
	Message string         `json:"message"`
	Epoch   int            `json:"epoch"`
	Codec   pcm.Codec      `json:"codec"`
	Rate    int            `json:"rate"`
	Started time.Time      `json:"started"` // when the first sound came
}

// stopNote is the payload of the last chunk.
type stopNote struct {
	Stop Stop   `json:"stop"`
	Key  string `json:"key,omitempty"`
}

// appendChunk appends one chunk whose payload is first (for a frame) and data.
func appendChunk(dst []byte, kind byte, number uint32, first int64, data []byte) []byte {
	from := len(dst)
	size := len(data)
	if kind == chunkFrame {
		size += frameHead
	}
	dst = append(dst, 'A', 'b', chunkVersion, kind)
	dst = binary.LittleEndian.AppendUint32(dst, number)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(size))
	dst = append(dst, 0, 0, 0, 0)
	if kind == chunkFrame {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(first))
	}
	dst = append(dst, data...)
	sum := crc32.Update(0, castagnoli, dst[from:from+12])
	sum = crc32.Update(sum, castagnoli, dst[from+chunkHead:])
	binary.LittleEndian.PutUint32(dst[from+12:], sum)
	return dst
}

// piece is a frame as the spool has it.
type piece struct {
	first int64 // sample
	data  []byte
}

// take is what a spool holds.
type take struct {
	begin  beginNote
	chunks uint32  // whole ones, without the stop
	pieces []piece // in the order of arrival
	stop   *stopNote
}

// errNoTake is a spool without a whole first chunk. There is no sound in it.
var errNoTake = errors.New("voicemail: spool without a beginning")

// readTake reads a spool, at most limit bytes of sound. Only a failure of r is
// an error other than errNoTake: it must not pass for the end of the sound.
func readTake(r io.Reader, limit int64) (take, error) {
	var t take
	return t, t.read(bufio.NewReaderSize(r, 64<<10), limit)
}

// read adds what follows the chunks of t.
func (t *take) read(in *bufio.Reader, limit int64) error {
	for ; t.stop == nil; t.chunks++ {
		kind, payload, err := readChunk(in, t.chunks)
		if err != nil {
			return err
		}
		if t.chunks == 0 {
			if kind != chunkBegin || json.Unmarshal(payload, &t.begin) != nil || t.begin.Codec.Width() == 0 || !pcm.ValidRate(t.begin.Rate) {
				return errNoTake
			}
			continue
		}
		switch kind {
		case chunkFrame:
			p := piece{int64(binary.LittleEndian.Uint64(payload)), payload[frameHead:]}
			if limit -= int64(len(p.data)); limit < 0 {
				return nil
			}
			t.pieces = append(t.pieces, p)
		case chunkStop:
			var s stopNote
			if json.Unmarshal(payload, &s) == nil {
				t.stop = &s
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// add takes in chunks that did not get as far as the spool. Those that did all
// the same count once.
func (t *take) add(chunks []byte, limit int64) error {
	if len(chunks) < chunkHead {
		return nil
	}
	first := binary.LittleEndian.Uint32(chunks[4:])
	if first == 0 {
		*t = take{}
	}
	rest := take{begin: t.begin, chunks: first}
	err := rest.read(bufio.NewReader(bytes.NewReader(chunks)), limit)
	t.begin, t.pieces = rest.begin, append(t.pieces, rest.pieces...)
	if first <= t.chunks {
		t.chunks = max(t.chunks, rest.chunks)
	}
	return err
}

// readChunk returns kind 0 at the end, torn or not.
func readChunk(in *bufio.Reader, number uint32) (byte, []byte, error) {
	var head [chunkHead]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, nil, spoolError(err)
	}
	kind, size := head[3], binary.LittleEndian.Uint32(head[8:])
	if head[0] != 'A' || head[1] != 'b' || head[2] != chunkVersion || size > maxChunk ||
		kind == chunkFrame && size < frameHead || binary.LittleEndian.Uint32(head[4:]) != number {
		return 0, nil, nil
	}
	payload, err := readExactly(in, int(size))
	if err != nil {
		return 0, nil, spoolError(err)
	}
	sum := crc32.Update(crc32.Update(0, castagnoli, head[:12]), castagnoli, payload)
	if sum != binary.LittleEndian.Uint32(head[12:]) {
		return 0, nil, nil
	}
	return kind, payload, nil
}

func spoolError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("voicemail: spool: %w", err)
}

// silence is the byte of which the codec makes silence.
func silence(c pcm.Codec) byte {
	switch c {
	case pcm.PCMU:
		return 0xff
	case pcm.PCMA:
		return 0xd5
	}
	return 0
}

// sound puts the pieces in their places, at most limit samples: gaps are
// silence, and where two pieces overlap the first to arrive counts.
func (t *take) sound(limit int64) []byte {
	w := int64(t.begin.Codec.Width())
	total := int64(0)
	for _, p := range t.pieces {
		if p.first >= 0 && p.first < limit && int64(len(p.data)) >= w {
			total = max(total, min(limit, p.first+int64(len(p.data))/w))
		}
	}
	out := make([]byte, 0, total*w)
	var gaps []gap // ascending, in samples
	quiet := silence(t.begin.Codec)
	for _, p := range t.pieces {
		from, to := p.first, p.first+int64(len(p.data))/w
		end := int64(len(out)) / w
		if from < 0 || from >= limit || from == to {
			continue
		}
		to = min(to, limit)
		if from > end {
			gaps = append(gaps, gap{end, from})
			out = append(out, make([]byte, (from-end)*w)...)
			if quiet != 0 {
				fill(out[end*w:], quiet)
			}
			end = from
		}
		if from < end {
			gaps = fillGaps(gaps, out, p, to, w)
		}
		if to > end {
			out = append(out, p.data[(end-from)*w:(to-from)*w]...)
		}
	}
	return out
}

// gap is a stretch of samples that has not arrived, half-open.
type gap struct{ from, to int64 }

func fill(b []byte, with byte) {
	for i := range b {
		b[i] = with
	}
}

// fillGaps copies what p has of the gaps and returns those that are left.
func fillGaps(gaps []gap, out []byte, p piece, to, w int64) []gap {
	for i := 0; i < len(gaps); i++ {
		g := gaps[i]
		from, end := max(g.from, p.first), min(g.to, to)
		if from >= end {
			continue
		}
		copy(out[from*w:end*w], p.data[(from-p.first)*w:])
		var left []gap
		if g.from < from {
			left = append(left, gap{g.from, from})
		}
		if end < g.to {
			left = append(left, gap{end, g.to})
		}
		gaps = slices.Replace(gaps, i, i+1, left...)
		i += len(left) - 1
	}
	return gaps
}
