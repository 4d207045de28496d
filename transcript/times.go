package transcript

import (
	"slices"
	"time"
)

// Fit returns t with its times inside a recording of this length, in order and
// without overlap. Where two words overlap, the earlier one gives way. Words
// that begin after the end are not believed; they, and those that have no time,
// share the pause between their neighbours, by length, or what is left of the
// recording. When no word has a time, none gets one. t is unchanged.
//
// [Importer] knows the data only; a host that has the sound, too, calls Fit with
// the duration of its clip.
func (t Transcript) Fit(length time.Duration) Transcript {
	length = max(0, length)
	t.Words = slices.Clone(t.Words)
	known := make([]bool, len(t.Words))
	for i, w := range t.Words {
		known[i] = w.timed()
	}
	doubt(t.Words, known, length)
	fill(t.Words, boundsOf(letteringOf(t.Text), t.Words), known, length)
	order(t.Words, length)
	return t
}

// timed reports whether w has a time.
func (w Word) timed() bool { return w.Start != 0 || w.End != 0 }

// doubt forgets the times after the end of the recording. Of a word that
// reaches past it when the next one begins there, the beginning is kept: it
// shares what is left with those behind it.
func doubt(words []Word, known []bool, length time.Duration) {
	late := false // the next word begins after the end
	for i := len(words) - 1; i >= 0; i-- {
		w := &words[i]
		if !known[i] {
			continue
		}
		outside := w.Start > length
		if outside {
			w.Start = 0
		}
		if outside || late && w.End > length {
			w.End, known[i] = 0, false
		}
		late = outside
	}
}

// overlapping calls yield for each word with the pieces that its letters stand
// in.
func overlapping(bounds [][2]int, pieces []piece, yield func(word int, p piece)) {
	first := 0
	for i, b := range bounds {
		for first < len(pieces) && pieces[first].to <= b[0] {
			first++
		}
		for _, p := range pieces[first:] {
			if p.from >= b[1] {
				break
			}
			yield(i, p)
		}
	}
}

// cover gives the words that are not known yet the times of the pieces that
// their letters stand in.
func cover(words []Word, bounds [][2]int, known []bool, pieces []piece) {
	covered := make([]bool, len(words))
	overlapping(bounds, pieces, func(i int, p piece) {
		if known[i] || !p.timed() {
			return
		}
		w := &words[i]
		if start := p.instant(bounds[i][0]); !covered[i] || start < w.Start {
			w.Start = start
		}
		w.End, covered[i] = max(w.End, p.instant(bounds[i][1])), true
	})
	for i := range known {
		known[i] = known[i] || covered[i]
	}
}

// rate gives the words without confidence the lowest of their pieces.
func rate(words []Word, bounds [][2]int, pieces []piece) {
	lowest := make([]float32, len(words))
	overlapping(bounds, pieces, func(i int, p piece) {
		if p.confidence > 0 && (lowest[i] == 0 || p.confidence < lowest[i]) {
			lowest[i] = p.confidence
		}
	})
	for i := range words {
		if words[i].Confidence == 0 {
			words[i].Confidence = lowest[i]
		}
	}
}

// between cuts segments at the words in them whose times are known: what is
// left is spoken before, between and after those.
func between(runs []piece, words []Word, bounds [][2]int, known []bool) []piece {
	out := make([]piece, 0, len(runs))
	i := 0
	for _, run := range runs {
		if !run.timed() {
			continue
		}
		rest := run
		cut := func(to int, end time.Duration) {
			if rest.to, rest.end = to, end; rest.from < rest.to && rest.start <= rest.end && rest.end > 0 {
				out = append(out, rest)
			}
		}
		for i < len(words) && bounds[i][0] < run.from {
			i++
		}
		for ; i < len(words) && bounds[i][0] < run.to; i++ {
			if known[i] {
				cut(bounds[i][0], words[i].Start)
				rest.from, rest.start = bounds[i][1], max(rest.start, words[i].End)
			}
		}
		cut(run.to, run.end)
	}
	return out
}

// fill shares the pauses between known words among the unknown ones that stand
// in them, by length. Those behind the last share what is left of the
// recording, or stay unknown when its length is. When no word is known, none
// becomes so. The first of them may have a beginning; see [doubt].
func fill(words []Word, bounds [][2]int, known []bool, length time.Duration) {
	var last time.Duration
	some := false
	for from := 0; from < len(words); {
		if known[from] {
			last, some = max(last, words[from].End), true
			from++
			continue
		}
		to := from + 1
		for to < len(words) && !known[to] && words[to].Start == 0 {
			to++
		}
		if begin := words[from].Start; begin > 0 {
			last, some = max(last, begin), true
		}
		end := length
		if to < len(words) {
			end = words[to].Start
		} else if !some || length < 0 {
			return
		}
		share(words[from:to], bounds[from:to], last, max(last, end))
		from = to
	}
}

// share divides a stretch of time among words. Each counts one letter more
// than it has, so that a word without letters has a time too.
func share(words []Word, bounds [][2]int, start, end time.Duration) {
	total := len(words)
	for _, b := range bounds {
		total += b[1] - b[0]
	}
	at := func(done int) time.Duration {
		return start + time.Duration(float64(end-start)*float64(done)/float64(total)).Truncate(time.Millisecond)
	}
	done := 0
	for i, b := range bounds {
		words[i].Start = at(done)
		done += 1 + b[1] - b[0]
		words[i].End = at(done)
	}
}

// order makes the times of words such that each begins no sooner than the one
// before ends, and all end with the recording when its length is known. Where
// two overlap, the earlier word gives way. Words without a time are passed over.
func order(words []Word, length time.Duration) {
	if length < 0 {
		length = longest
	}
	var last *Word
	for i := range words {
		w := &words[i]
		if !w.timed() {
			continue
		}
		if last != nil {
			w.Start = max(w.Start, last.Start)
		}
		w.Start = min(max(w.Start, 0), length)
		w.End = min(max(w.End, w.Start), length)
		if last != nil {
			last.End = min(last.End, w.Start)
		}
		last = w
	}
}
