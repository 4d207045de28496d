package autoreply

import (
	"encoding/binary"
	"fmt"
	"time"
)

// maxMembers of a list in the code of a row; the engine stays far below.
const maxMembers = 1024

// The seconds that JSON can say: from year 0 to the end of 9999.
const (
	firstSecond = -62167219200
	lastSecond  = 253402300799
)

// codeWriter appends fields; the first error stays.
type codeWriter struct {
	b   []byte
	err error
}

func (w *codeWriter) number(tag byte, n int) {
	if n != 0 {
		w.b = binary.AppendVarint(append(w.b, tag), int64(n))
	}
}

func (w *codeWriter) text(tag byte, s string) {
	if s != "" {
		w.b = append(w.b, tag)
		w.bytes(s)
	}
}

func (w *codeWriter) bytes(s string) {
	w.b = append(binary.AppendUvarint(w.b, uint64(len(s))), s...)
}

func (w *codeWriter) flag(tag byte, on bool) {
	if on {
		w.b = append(w.b, tag)
	}
}

func (w *codeWriter) instant(tag byte, t time.Time) {
	if !t.IsZero() {
		w.b = append(w.b, tag)
		w.at(t)
	}
}

func (w *codeWriter) at(t time.Time) {
	seconds := t.Unix()
	if (seconds < firstSecond || seconds > lastSecond) && w.err == nil {
		w.err = fmt.Errorf("%w: byte %d: an instant outside the years 0 to 9999", ErrRow, len(w.b))
	}
	w.b = binary.AppendVarint(w.b, seconds)
	w.b = binary.AppendUvarint(w.b, uint64(t.Nanosecond()))
}

func (w *codeWriter) list(tag byte, n int) bool {
	if n > maxMembers && w.err == nil {
		w.err = fmt.Errorf("%w: byte %d: a list of %d, at most %d", ErrRow, len(w.b), n, maxMembers)
	}
	if n == 0 || w.err != nil {
		return false
	}
	w.b = binary.AppendUvarint(append(w.b, tag), uint64(n))
	return true
}

// codeReader takes fields off the front. Nothing is read after the first error.
type codeReader struct {
	s   string
	at  int
	err error
}

func (r *codeReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: byte %d: %s", ErrRow, r.at, fmt.Sprintf(format, args...))
	}
}

func (r *codeReader) more() bool { return r.err == nil && r.at < len(r.s) }

func (r *codeReader) byte() byte {
	if !r.more() {
		r.fail("it ends here")
		return 0
	}
	r.at++
	return r.s[r.at-1]
}

func (r *codeReader) unsigned() uint64 {
	var n uint64
	for shift := 0; ; shift += 7 {
		b := r.byte()
		if shift == 63 && b > 1 {
			r.fail("a number of more than 64 bits")
			return 0
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (r *codeReader) signed() int64 {
	n := r.unsigned()
	return int64(n>>1) ^ -int64(n&1)
}

func (r *codeReader) number() int {
	n := r.signed()
	if int64(int(n)) != n {
		r.fail("a number of more than 32 bits")
	}
	return int(n)
}

func (r *codeReader) instant() time.Time {
	seconds, nanos := r.signed(), r.unsigned()
	if seconds < firstSecond || seconds > lastSecond || nanos >= uint64(time.Second) {
		r.fail("an instant that is none")
	}
	if r.err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanos)).UTC()
}

func (r *codeReader) text() string {
	n := r.unsigned()
	if n > uint64(len(r.s)-r.at) {
		r.fail("a text of %d bytes", n)
	}
	if r.err != nil {
		return ""
	}
	r.at += int(n)
	return r.s[r.at-int(n) : r.at]
}

// list is the number of members, which is at most that of the bytes that are
// left, because each takes one.
func (r *codeReader) list() int {
	n := r.unsigned()
	if n > maxMembers || n > uint64(len(r.s)-r.at) {
		r.fail("a list of %d", n)
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}
