package transcript

import "strings"

// bridge completes what [place] found: where text and list differ, equal words
// between two differences are found, too, and words that the engine wrote
// otherwise than it listed them, 4:30 for four thirty, take the time of what
// stands in their place.
func bridge(l lettering, bounds [][2]int, all []stretch, norms []string, found []piece) []piece {
	b := bridger{lettering: l, bounds: bounds, all: all, norms: norms, cells: maxCells}
	b.out = make([]piece, 0, len(found))
	from, first := 0, 0
	for _, p := range found {
		b.gap(from, p.from, first, p.of)
		b.out = append(b.out, p)
		from, first = p.to, p.of+1
	}
	b.gap(from, len(l.norm), first, len(all))
	return b.out
}

type bridger struct {
	lettering
	bounds [][2]int // letters of the words
	word   int      // the next of them
	all    []stretch
	norms  []string
	cells  int // that tables may still have
	out    []piece
}

// gap bridges the letters from from to to with the stretches from first to end.
func (b *bridger) gap(from, to, first, end int) {
	if from >= to || first >= end {
		return
	}
	for b.word < len(b.bounds) && b.bounds[b.word][0] < from {
		b.word++
	}
	begin := b.word
	for b.word < len(b.bounds) && b.bounds[b.word][1] <= to {
		b.word++
	}
	rows, cols := b.word-begin, end-first
	if rows == 0 || cols > b.cells/rows {
		b.standIn(from, to, first, end)
		return
	}
	b.cells -= rows * cols
	pairs := subsequence(0, rows, cols, func(i, j int) bool {
		w := b.bounds[begin+i]
		return w[0] < w[1] && b.norm[w[0]:w[1]] == b.norms[first+j]
	})
	next := first
	for _, pair := range pairs {
		w, of := b.bounds[begin+pair[0]], first+pair[1]
		b.standIn(from, w[0], next, of)
		b.out = append(b.out, piece{stretch: b.all[of], of: of, from: w[0], to: w[1]})
		from, next = w[1], of+1
	}
	b.standIn(from, to, next, end)
}

// swollen is how many letters may be written for one that was listed. Numbers
// have fewer; where there are many more, the list lacks words.
const swollen = 4

// standIn lets stretches stand for letters that are written otherwise.
func (b *bridger) standIn(from, to, first, end int) {
	if from >= to || first >= end {
		return
	}
	s := stretch{start: never, end: never}
	letters := 0
	for i := first; i < end; i++ {
		one := b.all[i]
		n := len(b.norms[i]) + strings.Count(one.text, "\uFFFD") // half a character, which engines print
		if n == 0 || !one.timed() {
			continue
		}
		if letters += n; s.start < 0 {
			s = one
		}
		s.end = max(s.end, one.end)
		if one.confidence > 0 && (s.confidence == 0 || one.confidence < s.confidence) {
			s.confidence = one.confidence
		}
	}
	if letters > 0 && to-from <= swollen*letters {
		b.out = append(b.out, piece{stretch: s, of: first, from: from, to: to})
	}
}
