package transcript

import (
	"slices"
	"strings"
	"time"
)

// piece is a stretch of speech that was found in the text: letters from to to.
type piece struct {
	stretch
	of       int // its place in the list of the engine
	from, to int
}

// timed reports whether the engine said when.
func (s stretch) timed() bool { return s.start >= 0 && s.end > 0 }

// instant is when the character at a position in norm is spoken: as far into
// the piece as it is into its letters.
func (p piece) instant(at int) time.Duration {
	at = min(max(at, p.from), p.to)
	return p.start + time.Duration(float64(p.end-p.start)*float64(at-p.from)/float64(p.to-p.from)).Round(time.Millisecond)
}

// place finds stretches in the text, in order. Where the two differ it leaves
// out stretches, one after another, until the next few are found further on.
func place(l lettering, begins func(int) bool, all []stretch, norms []string) []piece {
	var found []piece
	pos := 0
	for i, norm := range norms {
		if norm == "" {
			continue
		}
		if !strings.HasPrefix(l.norm[pos:], norm) {
			next, ok := resume(l, begins, norms[i:], pos)
			if !ok {
				continue
			}
			pos = next
		}
		found = append(found, piece{stretch: all[i], of: i, from: pos, to: pos + len(norm)})
		pos += len(norm)
	}
	return found
}

// normsOf are the letters of each stretch.
func normsOf(all []stretch) []string {
	norms := make([]string, len(all))
	for i := range all {
		norms[i] = normOf(all[i].text)
	}
	return norms
}

// resume is where after pos the first stretches stand together at the beginning
// of a word. A long run is searched for widely, a short one nearby.
func resume(l lettering, begins func(int) bool, norms []string, pos int) (int, bool) {
	for _, s := range [...]struct{ letters, ahead int }{{12, 2048}, {4, 32}} {
		if at, ok := find(l, begins, together(norms, s.letters), pos, min(pos+s.ahead, len(l.norm))); ok {
			return at, true
		}
	}
	return 0, false
}

// together are the letters of the first stretches that have enough. At the end
// of the list few are left, and those will do.
func together(norms []string, enough int) string {
	run := norms[0]
	for i := 1; i < len(norms) && len(run) < enough; i++ {
		run += norms[i]
	}
	return run
}

// tries bounds the search through places that do not begin a word.
const tries = 16

func find(l lettering, begins func(int) bool, run string, pos, end int) (int, bool) {
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

// disorder is by how much one word may begin before the one in front of it:
// engines guess at borders, and that much is put right by [order].
const disorder = 500 * time.Millisecond

// agree takes the time from the stretches that contradict the others: it keeps
// a longest run of times that rise, so that one wrong time does not push all
// later words to its place. Of runs that are equally long it keeps the one that
// ends first, because a time far too late does the most harm.
func agree(all []stretch) {
	var starts []time.Duration
	rise := true
	for i := range all {
		s := &all[i]
		if s.start < 0 || s.end < 0 {
			s.start, s.end = never, never
		}
		if s.end = max(s.start, s.end); s.timed() {
			rise = rise && (len(starts) == 0 || starts[len(starts)-1] <= s.start)
			starts = append(starts, s.start)
		}
	}
	if rise {
		return
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	rank := func(t time.Duration) int { i, _ := slices.BinarySearch(starts, t+1); return i }
	type run struct{ length, last int } // last: the stretch at its end
	best := make([]run, len(starts)+1)  // a Fenwick tree: the longest run up to a start
	before := make([]int, len(all))
	end := run{0, -1}
	for i, s := range all {
		if !s.timed() {
			continue
		}
		from := run{0, -1}
		for k := rank(s.start + disorder); k > 0; k &= k - 1 {
			if best[k].length > from.length {
				from = best[k]
			}
		}
		before[i] = from.last
		this := run{from.length + 1, i}
		for k := rank(s.start); k <= len(starts); k += k & -k {
			if this.length > best[k].length {
				best[k] = this
			}
		}
		if this.length > end.length || this.length == end.length && s.start < all[end.last].start {
			end = this
		}
	}
	keep := make([]bool, len(all))
	for i := end.last; i >= 0; i = before[i] {
		keep[i] = true
	}
	for i := range all {
		if !keep[i] {
			all[i].start, all[i].end = never, never
		}
	}
}
