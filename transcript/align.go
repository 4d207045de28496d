package transcript

import (
	"strings"
	"time"
)

// maxCells bounds the table of the exact word alignment: two thousand words
// rewritten into two thousand others. Beyond it the part that differs counts
// as replaced as a whole.
const maxCells = 4 << 20

// align gives text the times of old: equal words take them over, those between
// are interpolated.
func align(old Transcript, text string) Transcript {
	next := Transcript{Text: text, Language: old.Language, Words: split(text)}
	bounds := boundsOf(letteringOf(text), next.Words)
	known := make([]bool, len(next.Words))
	owner := make([]int, len(next.Words)) // the old word that each new one stands by
	last := time.Duration(0)
	for _, w := range old.Words {
		last = max(last, w.End)
	}
	o, n := 0, 0
	for _, p := range append(match(old, next), [2]int{len(old.Words), len(next.Words)}) {
		replace(old, o, p[0], next.Words[n:p[1]], bounds[n:p[1]], known[n:p[1]])
		for i := n; i < p[1]; i++ {
			owner[i] = max(0, min(o+(i-n), p[0]-1, len(old.Words)-1))
		}
		if p[1] < len(next.Words) {
			w, from := &next.Words[p[1]], old.Words[p[0]]
			w.Start, w.End, w.Confidence = from.Start, from.End, from.Confidence
			known[p[1]], owner[p[1]] = from.timed(), p[0]
		}
		o, n = p[0]+1, p[1]+1
	}
	fill(next.Words, bounds, known, last)
	next.Segments = resegment(old.Segments, owner)
	return next
}

// replace gives words that took the place of old words o to p their times: one
// for one where there are as many, or else shared by length.
func replace(old Transcript, o, p int, words []Word, bounds [][2]int, known []bool) {
	if len(words) == 0 {
		return
	}
	if len(words) == p-o {
		for i, w := range old.Words[o:p] {
			words[i].Start, words[i].End, known[i] = w.Start, w.End, w.timed()
		}
		return
	}
	start, end, ok := old.Times(o, p)
	if !ok {
		return // put in, or nothing is known: see fill
	}
	share(words, bounds, start, max(start, end))
	for i := range known {
		known[i] = true
	}
}

// Change says that words of one transcript became words of the next: removed
// when New is empty, put in when Old is.
type Change struct {
	Old, New [2]int // words, half-open
}

// Diff is what distinguishes two transcripts, by word, in order: the changes of
// a [Revision], say. Case and punctuation are no differences.
func Diff(old, next Transcript) []Change {
	var out []Change
	o, n := 0, 0
	for _, p := range append(match(old, next), [2]int{len(old.Words), len(next.Words)}) {
		if o < p[0] || n < p[1] {
			out = append(out, Change{Old: [2]int{o, p[0]}, New: [2]int{n, p[1]}})
		}
		o, n = p[0]+1, p[1]+1
	}
	return out
}

// match pairs the equal words of both transcripts, in order: a longest common
// subsequence between what both begin with and what both end with.
func match(old, next Transcript) [][2]int {
	var pairs [][2]int
	same := func(i, j int) bool { return strings.EqualFold(old.Word(i), next.Word(j)) }
	lo, a, b := 0, len(old.Words), len(next.Words)
	for lo < a && lo < b && same(lo, lo) {
		pairs = append(pairs, [2]int{lo, lo})
		lo++
	}
	var tail int
	for a-tail > lo && b-tail > lo && same(a-tail-1, b-tail-1) {
		tail++
	}
	if rows, cols := a-tail-lo, b-tail-lo; rows > 0 && cols > 0 && rows*cols <= maxCells {
		pairs = append(pairs, subsequence(lo, rows, cols, same)...)
	}
	for i := tail; i > 0; i-- {
		pairs = append(pairs, [2]int{a - i, b - i})
	}
	return pairs
}

func subsequence(lo, rows, cols int, same func(i, j int) bool) [][2]int {
	width := cols + 1
	length := make([]int32, (rows+1)*width) // of the suffixes that begin at row, col
	for i := rows - 1; i >= 0; i-- {
		for j := cols - 1; j >= 0; j-- {
			if same(lo+i, lo+j) {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < rows && j < cols; {
		switch {
		case same(lo+i, lo+j):
			pairs = append(pairs, [2]int{lo + i, lo + j})
			i, j = i+1, j+1
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// resegment carries the segments of the old words over to the new ones.
func resegment(old []Segment, owner []int) []Segment {
	if len(old) == 0 {
		return nil
	}
	next := make([]Segment, 0, len(old))
	at := 0
	for i, s := range old {
		from := at
		for at < len(owner) && (owner[at] < s.To || i == len(old)-1) {
			at++
		}
		s.From, s.To = from, at
		next = append(next, s)
	}
	return next
}
