package pcm

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// Limits of the WAV reader. Honest files are far below.
const (
	maxChunks = 1024     // before the sound
	maxSkip   = 32 << 20 // bytes before the sound: cover pictures, edit lists
	maxFormat = 4096     // bytes of the format chunk; 16, 18 or 40 in practice
	readAhead = 16 << 10
)

// DefaultLimit is what [ReadWAV] reads when it is given no limit.
const DefaultLimit = 10 * time.Minute

// ReadWAV reads a WAV file into memory: all that [OpenWAV] understands, with
// two channels made one. Their mean is taken, unless they are opposed in phase
// and would cancel, or one is 20 dB below the other; then the louder one is
// taken alone.
//
// limit bounds the sound; zero or less means [DefaultLimit], and [Longest] is the
// most. A longer sound gives its beginning with [ErrTooLong]. Memory grows with what is really read,
// whatever the header claims.
//
// A file that ends before the declared length, as after a crash of its
// recorder, gives what is there and no error; [WAVReader.Truncated] tells such
// files apart. An error of r comes wrapped, with what was read before it.
func ReadWAV(r io.Reader, limit time.Duration) (Clip, error) {
	if limit <= 0 {
		limit = DefaultLimit
	}
	limit = min(limit, Longest)
	w, err := OpenWAV(r)
	if err != nil {
		return Clip{}, err
	}
	most := timeToSamples(limit, w.format.Rate) * w.format.Channels
	samples := make([]int16, 0, 4096)
	for err == nil && len(samples) <= most {
		if len(samples)+w.format.Channels > cap(samples) {
			samples = slices.Grow(samples, cap(samples))
		}
		var n int
		n, err = w.Read(samples[len(samples):min(cap(samples), most+w.format.Channels)])
		samples = samples[:len(samples)+n]
	}
	if len(samples) > most {
		samples, err = samples[:most], fmt.Errorf("%w of %v", ErrTooLong, limit)
	}
	if err == io.EOF {
		err = nil
	}
	return Clip{Rate: w.format.Rate, Samples: mono(samples, w.format.Channels)}, err
}

// WAVReader reads the sound of a WAV file piece by piece, in constant memory.
// It belongs to one goroutine at a time.
type WAVReader struct {
	in        *bufio.Reader
	format    WAVFormat
	offset    int64 // bytes consumed
	left      int64 // bytes of sound to come; -1 until the end of the file
	truncated bool
	err       error // what Read answers from now on
}

// OpenWAV reads the header of a WAV file, up to the first sample. It reads
// ahead by up to 16 KiB and never seeks, so r may be a pipe or a response body.
//
// Understood are RIFF/WAVE files of one or two channels, [MinRate] to [MaxRate],
// as integers of 8, 16, 24 or 32 bits, floats of 32 or 64 bits, mu-law or A-law,
// plain or WAVE_FORMAT_EXTENSIBLE. Anything else is a [*FormatError]: another
// codec is never played as noise. Errors of r come wrapped.
//
// Recorders that cannot go back leave a placeholder for the length (0, 42,
// nearly 2 or 4 GiB). Such a file sounds until it ends, and its Frames are -1. A
// zero is a length when the RIFF size agrees with it.
func OpenWAV(r io.Reader) (*WAVReader, error) {
	w := &WAVReader{in: bufio.NewReaderSize(r, readAhead)}
	var head [12]byte
	if err := w.full(head[:], "a RIFF header"); err != nil {
		return nil, err
	}
	if id := string(head[:4]); id != "RIFF" {
		return nil, &FormatError{Offset: 0, Got: strconv.Quote(id), Want: `"RIFF"`}
	}
	if id := string(head[8:]); id != "WAVE" {
		return nil, &FormatError{Offset: 8, Got: strconv.Quote(id), Want: `"WAVE"`}
	}
	if err := w.chunks(binary.LittleEndian.Uint32(head[4:])); err != nil {
		return nil, err
	}
	return w, nil
}

// Format returns what the header says.
func (w *WAVReader) Format() WAVFormat { return w.format }

// Truncated reports, once Read has answered [io.EOF], whether the file ended
// before the length that its header declares.
func (w *WAVReader) Truncated() bool { return w.truncated }

// Read fills samples and returns how many it filled: whole frames, the channels
// of two interleaved as in the file. At the end of the sound it returns 0 and
// [io.EOF]; chunks behind it are not read. samples should have room for a
// frame at least.
func (w *WAVReader) Read(samples []int16) (int, error) {
	done := 0
	for w.err == nil && len(samples)-done >= w.format.Channels {
		want := min(readAhead/w.format.frame(), (len(samples)-done)/w.format.Channels) * w.format.frame()
		if w.left >= 0 {
			want = int(min(int64(want), w.left/int64(w.format.frame())*int64(w.format.frame())))
		}
		if want == 0 {
			w.err = io.EOF
			break
		}
		raw, err := w.in.Peek(want)
		frames := len(raw) / w.format.frame()
		w.format.decode(samples[done:done+frames*w.format.Channels], raw[:frames*w.format.frame()])
		w.discard(len(raw))
		if w.left >= 0 {
			w.left -= int64(len(raw))
		}
		done += frames * w.format.Channels
		w.end(err)
	}
	if done > 0 {
		return done, nil
	}
	return 0, w.err
}

// end remembers how reading went.
func (w *WAVReader) end(err error) {
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		w.err, w.truncated = io.EOF, w.left > 0
	default:
		w.err = fmt.Errorf("pcm: reading WAV at byte %d: %w", w.offset, err)
	}
}

// chunks walks to the first sample.
func (w *WAVReader) chunks(riff uint32) error {
	skipped := int64(0)
	for range maxChunks {
		var head [8]byte
		if err := w.full(head[:], `a chunk "data"`); err != nil {
			return err
		}
		id, size := string(head[:4]), binary.LittleEndian.Uint32(head[4:])
		known := w.format.Encoding != ""
		switch {
		case id == "data" && !known:
			return &FormatError{Offset: w.offset - 8, Got: `"data"`, Want: `"fmt " before it`}
		case id == "data":
			w.begin(riff, size)
			return nil
		case id == "fmt " && known:
			return &FormatError{Offset: w.offset - 8, Got: `a second "fmt "`, Want: "one"}
		case id == "fmt ":
			if err := w.readFormat(size); err != nil {
				return err
			}
		default:
			if skipped += int64(size); skipped > maxSkip {
				return &FormatError{
					Offset: w.offset - 8, Got: fmt.Sprintf("%q of %d bytes", id, size),
					Want: fmt.Sprintf("at most %d bytes before the sound", maxSkip),
				}
			}
			if err := w.skip(int64(size) + int64(size&1)); err != nil {
				return err
			}
		}
	}
	return &FormatError{Offset: w.offset, Got: fmt.Sprintf("%d chunks", maxChunks), Want: `"data" among them`}
}

func (w *WAVReader) readFormat(size uint32) error {
	if size < 16 || size > maxFormat {
		return &FormatError{
			Offset: w.offset - 4, Got: fmt.Sprintf(`"fmt " of %d bytes`, size),
			Want: fmt.Sprintf("16 to %d", maxFormat),
		}
	}
	var body [40]byte
	at, n := w.offset, min(int64(size), int64(len(body)))
	if err := w.full(body[:n], `the whole of "fmt "`); err != nil {
		return err
	}
	format, err := parseFormat(body[:n], at)
	if err != nil {
		return err
	}
	w.format = format
	return w.skip(int64(size) + int64(size&1) - n)
}

// begin decides how much sound there is. A placeholder betrays itself by its
// value, or by a RIFF size that ends the file before its sound begins.
func (w *WAVReader) begin(riff, size uint32) {
	const streamed = 0x7fff0000 // and above: written by sox, ffmpeg, espeak-ng
	unfinished := size == 0 && int64(riff)+8 <= w.offset
	if size >= streamed || unfinished || size == 42 && riff == 42 {
		w.left = -1
		return
	}
	w.left = int64(size)
	w.format.Frames = w.left / int64(w.format.frame())
}

// full reads exactly len(p) bytes of header.
func (w *WAVReader) full(p []byte, want string) error {
	head, err := w.in.Peek(len(p))
	w.discard(copy(p, head))
	return w.headerError(err, want)
}

// discard moves on by n bytes that were peeked at, which cannot fail. Peek,
// unlike Read, gives up on a source that answers nothing for ever.
func (w *WAVReader) discard(n int) {
	_, _ = w.in.Discard(n)
	w.offset += int64(n)
}

func (w *WAVReader) skip(n int64) error {
	skipped, err := w.in.Discard(int(n))
	w.offset += int64(skipped)
	return w.headerError(err, `a chunk "data"`)
}

func (w *WAVReader) headerError(err error, want string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return &FormatError{Offset: w.offset, Got: "the end of the file", Want: want}
	}
	return fmt.Errorf("pcm: reading WAV at byte %d: %w", w.offset, err)
}
