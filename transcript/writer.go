package transcript

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"
)

var errClosed = errors.New("transcript: write to a closed writer")

// stream is a filter over what is written bit by bit. It keeps the words whose
// meaning is still open, and before them those that they may look back at.
type stream struct {
	filter *Filter
	to     io.Writer
	render renderer
	buf    []byte
	done   int  // of buf, already passed on
	long   bool // done stands inside a word that is too long to be one
	spans  []Span
	few    [8]Span // what spans begins with
	err    error
}

// flushAt is how much a stream gathers before it looks at it.
const flushAt = 4 << 10

// Write filters p. It always takes all of it unless passing on fails.
func (s *stream) Write(p []byte) (int, error) {
	return s.WriteString(unsafe.String(unsafe.SliceData(p), len(p))) // not kept
}

// WriteString is Write without a copy.
func (s *stream) WriteString(p string) (int, error) {
	n := 0
	for len(p) > 0 && s.err == nil {
		take := min(len(p), flushAt)
		s.buf = append(s.buf, p[:take]...)
		p = p[take:]
		s.pass(false)
		if s.err == nil {
			n += take
		}
	}
	return n, s.err
}

// Close passes the rest on.
func (s *stream) Close() error {
	if s.err != nil {
		if errors.Is(s.err, errClosed) {
			return nil
		}
		return s.err
	}
	s.pass(true)
	err := s.err
	s.err, s.buf = errClosed, nil
	if err != nil {
		s.err = err
	}
	return err
}

// pass writes what is certain.
func (s *stream) pass(last bool) {
	text := unsafe.String(unsafe.SliceData(s.buf), len(s.buf)) // not kept
	safe, long := len(text), false
	if !last {
		if safe, long = certain(text, s.filter.reach); s.filter.texting {
			safe = min(safe, typedStart(text[:whole(text)]))
		}
	}
	if safe <= s.done {
		return
	}
	from := s.done
	if s.long {
		from = wordEnd(text, from)
	}
	if s.spans == nil {
		s.spans = s.few[:0]
	}
	s.spans = s.filter.append(s.spans[:0], text, from)
	n := len(s.spans)
	for n > 0 && (s.spans[n-1].To > safe || s.spans[n-1].To == safe && s.filter.mode == Remove && !last) {
		n-- // a removed word takes the space behind it along
		if s.spans[n].From < safe {
			safe, long = s.spans[n].From, false
		}
	}
	for i := range s.spans[:n] {
		s.spans[i].From = max(s.spans[i].From, s.done)
	}
	if safe <= s.done {
		return
	}
	if n == 0 { // clean text needs no copy
		_, s.err = s.to.Write(s.buf[s.done:safe])
		s.render.last = text[safe-1]
	} else {
		s.render.out = slices.Grow(s.render.out[:0], safe-s.done)
		s.render.text(text, s.done, safe, s.spans[:n])
		if len(s.render.out) > 0 {
			_, s.err = s.to.Write(s.render.out)
		}
	}
	s.done, s.long = safe, long
	if safe < flushAt {
		return // keep would do nothing
	}
	keep := safe
	for range s.filter.reach + 1 {
		before, _, _, ok := wordBefore(text, keep)
		if !ok {
			break
		}
		keep = before
	}
	s.keep(keep - maxWord - 2*maxGap)
}

// keep forgets what lies before the byte from.
func (s *stream) keep(from int) {
	if from < flushAt {
		return // not worth the copy
	}
	s.buf = s.buf[:copy(s.buf, s.buf[from:])]
	s.done -= from
}

// certain is how far the end of text can no longer change what it says: the
// last words, as many as reach, and the one that may still grow are open, unless
// a sentence ends among them. long tells that it ends inside a word of more than
// maxWord bytes.
func certain(text string, reach int) (safe int, long bool) {
	text = text[:whole(text)]
	safe = len(text)
	for n := range reach + 1 {
		from, _, _, ok := wordBefore(text, safe)
		if !ok {
			if r, size := utf8.DecodeLastRuneInString(text); n == 0 && size > 0 && neighbourRune(r) {
				return safe, true
			}
			break
		}
		safe = from
	}
	// What a bracket opens may be an engine's placeholder.
	tail := max(0, len(text)-maxRegion-16)
	if i := strings.IndexAny(text[tail:], "<["); i >= 0 {
		safe = min(safe, tail+i)
	}
	return safe, false
}

// whole is the length of text without a character that is cut off at its end.
func whole(text string) int {
	for i := len(text) - 1; i >= 0 && i > len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRuneInString(text[i:]) {
				return i
			}
			break
		}
	}
	return len(text)
}

// wordEnd is the end of the word in which the byte at stands.
func wordEnd(text string, at int) int {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !neighbourRune(r) {
			break
		}
		at += size
	}
	return at
}
