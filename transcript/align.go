package transcript

import (
	"strings"
	"time"
	"unicode/utf8"
)

// maxCells bounds the table of the exact word alignment: two thousand words
// rewritten into two thousand others. Beyond it the part that differs counts
// as replaced as a whole.
const maxCells = 4 << 20

// align gives text the times of old: equal words take them over, the runs
// between are interpolated.
func align(old Transcript, text string) Transcript {
	next := Transcript{Text: text, Language: old.Language, Words: split(text)}
	pairs := match(old, next)
	owner := make([]int, len(next.Words)) // the old word that each new one stands by
	o, n := 0, 0
	for _, p := range append(pairs, [2]int{len(old.Words), len(next.Words)}) {
		interpolate(old.Words, next.Words, o, p[0], n, p[1], next.Text)
		for i := n; i < p[1]; i++ {
			owner[i] = max(0, min(o+(i-n), p[0]-1, len(old.Words)-1))
		}
		if p[1] < len(next.Words) {
			w, from := &next.Words[p[1]], old.Words[p[0]]
			w.Start, w.End, w.Confidence = from.Start, from.End, from.Confidence
			owner[p[1]] = p[0]
		}
		o, n = p[0]+1, p[1]+1
	}
	next.Segments = resegment(old.Segments, owner)
	return next
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

// interpolate gives times to next[n:m], which replaced old[o:p]. When nothing
// was there the pause between the neighbours is shared.
func interpolate(old, next []Word, o, p, n, m int, text string) {
	if n >= m {
		return
	}
	var start, end time.Duration
	if o < p {
		start, end = old[o].Start, old[p-1].End
		if p-o == m-n {
			for i := range m - n {
				next[n+i].Start, next[n+i].End = old[o+i].Start, old[o+i].End
			}
			return
		}
	} else {
		if o > 0 && o <= len(old) {
			start = old[o-1].End
			end = start
		}
		if p < len(old) {
			end = old[p].Start
		}
	}
	end = max(start, end)
	total := 0
	for _, w := range next[n:m] {
		total += utf8.RuneCountInString(text[w.From:w.To])
	}
	done := 0
	for i := n; i < m; i++ {
		next[i].Start = start + part(end-start, done, total)
		done += utf8.RuneCountInString(text[next[i].From:next[i].To])
		next[i].End = start + part(end-start, done, total)
	}
}

// part is whole × done / total, without overflow for any recording.
func part(whole time.Duration, done, total int) time.Duration {
	if total == 0 {
		return 0
	}
	return time.Duration(float64(whole) * float64(done) / float64(total))
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
