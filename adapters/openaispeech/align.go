package openaispeech

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// letters is what engines agree on between a text and its words: letters,
// digits and marks, in lower case.
type letters struct {
	norm string
	at   []int32 // where in the text the character of each byte of norm begins
}

func lettersOf(text string) letters {
	l := letters{at: make([]int32, 0, len(text))}
	var b strings.Builder
	b.Grow(len(text))
	for i, r := range text {
		if !unicode.In(r, unicode.L, unicode.N, unicode.M) {
			continue
		}
		n, _ := b.WriteRune(unicode.ToLower(r))
		for range n {
			l.at = append(l.at, int32(i))
		}
	}
	l.norm = b.String()
	return l
}

// index is where in norm the text from byte at on begins.
func (l letters) index(at int) int {
	i, _ := slices.BinarySearch(l.at, int32(at))
	return i
}

// unit is a stretch of speech as an engine lists it: a word, a piece of one, a
// segment.
type unit struct {
	norm       string
	start, end time.Duration
	timed      bool
	confidence float32 // zero: unknown
	of         int     // its place in the engine's list
}

// piece is a unit that was found, at norm[from:to].
type piece struct {
	unit
	from, to int
}

// time is when the character at a position in norm is spoken: as far into the
// unit as it is into its letters.
func (p piece) time(at int) time.Duration {
	at = min(max(at, p.from), p.to)
	return p.start + time.Duration(float64(p.end-p.start)*float64(at-p.from)/float64(p.to-p.from)).Round(time.Millisecond)
}

// align finds units in the text, in order. Where the two differ it leaves out
// units, one after another, until the next few are found further on.
func align(l letters, begins func(int) bool, units []unit) []piece {
	var found []piece
	pos := 0
	for i, u := range units {
		if u.norm == "" {
			continue
		}
		if !strings.HasPrefix(l.norm[pos:], u.norm) {
			next, ok := resume(l, begins, units[i:], pos)
			if !ok {
				continue
			}
			pos = next
		}
		found = append(found, piece{u, pos, pos + len(u.norm)})
		pos += len(u.norm)
	}
	return found
}

// resume is where after pos the first units stand together at the beginning of
// a word. A long run is searched for widely, a short one nearby.
func resume(l letters, begins func(int) bool, units []unit, pos int) (int, bool) {
	for _, s := range [...]struct{ letters, ahead int }{{12, 2048}, {4, 32}} {
		if at, ok := find(l, begins, together(units, s.letters), pos, min(pos+s.ahead, len(l.norm))); ok {
			return at, true
		}
	}
	return 0, false
}

// together are the letters of the first units that have enough. At the end of
// the list few are left, and those will do.
func together(units []unit, enough int) string {
	run := units[0].norm
	for i := 1; i < len(units) && len(run) < enough; i++ {
		run += units[i].norm
	}
	return run
}

// tries bounds the search through places that do not begin a word.
const tries = 16

func find(l letters, begins func(int) bool, run string, pos, end int) (int, bool) {
	for range tries {
		i := strings.Index(l.norm[pos:end], run)
		if i < 0 {
			return 0, false
		}
		if pos += i; begins(pos) {
			return pos, true
		}
		pos++
	}
	return 0, false
}

// distrust takes the time from a piece that begins after both of the next two:
// one wrong time must not push all later words to its place.
func distrust(pieces []piece) []piece {
	for i := range max(0, len(pieces)-2) {
		p, next, third := &pieces[i], pieces[i+1], pieces[i+2]
		p.timed = p.timed && (!next.timed || !third.timed || p.start <= max(next.start, third.start))
	}
	return pieces
}

// unspaced are the scripts that put no space between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// divides reports whether a word may begin at byte at inside a run of letters.
func divides(text string, at int) bool {
	after, _ := utf8.DecodeRuneInString(text[at:])
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	return unicode.In(after, unspaced...) && !unicode.In(after, unicode.M) || unicode.In(before, unspaced...)
}
