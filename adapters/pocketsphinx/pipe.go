package pocketsphinx

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"

	"github.com/afterbeep/afterbeep/transcript"
)

// samples reads as headerless 16-bit sound in the byte order of the machine,
// which is what the program takes from a file that is not named *.wav. It
// encodes as it goes, so that there is no second copy of a long clip.
type samples struct{ rest []int16 }

func (s *samples) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	if len(p) < 2 {
		return 0, io.ErrShortBuffer
	}
	n := min(len(p)/2, len(s.rest))
	for i, v := range s.rest[:n] {
		binary.NativeEndian.PutUint16(p[2*i:], uint16(v))
	}
	s.rest = s.rest[n:]
	return 2 * n, nil
}

// head keeps what is written to it up to a limit, and then refuses.
type head struct {
	data  []byte
	limit int
	full  bool
}

func (h *head) Write(p []byte) (int, error) {
	if len(h.data)+len(p) > h.limit {
		h.full = true
		return 0, transcript.ErrTooLong
	}
	h.data = append(h.data, p...)
	return len(p), nil
}

// tail keeps the last bytes that were written to it.
type tail struct {
	data  []byte
	limit int
}

func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p[max(0, len(p)-t.limit):]...)
	t.data = t.data[max(0, len(t.data)-t.limit):]
	return len(p), nil
}

// reason is the last line in which the program calls something an error, as a
// suffix. Its other lines may quote what was said.
func (t *tail) reason() string {
	reason := ""
	for line := range bytes.Lines(t.data) {
		if bytes.HasPrefix(line, []byte("ERROR: ")) || bytes.HasPrefix(line, []byte("FATAL: ")) {
			reason = ": " + strings.ToValidUTF8(string(bytes.TrimSpace(line)), "?")
		}
	}
	return reason
}
