package openaispeech

import (
	"time"

	"github.com/afterbeep/afterbeep/transcript"
)

// cover gives the words that are not known yet the times of the pieces that
// their letters stand in, and the words without confidence the lowest of them.
func cover(words []transcript.Word, bounds [][2]int, known []bool, pieces []piece) {
	first := 0
	for i, b := range bounds {
		for first < len(pieces) && pieces[first].to <= b[0] {
			first++
		}
		timed := false
		var start, end time.Duration
		var confidence float32
		for _, p := range pieces[first:] {
			if p.from >= b[1] {
				break
			}
			if p.confidence > 0 && (confidence == 0 || p.confidence < confidence) {
				confidence = p.confidence
			}
			if !p.timed {
				continue
			}
			if !timed {
				start, end = p.time(b[0]), p.time(b[0])
			}
			timed = true
			start, end = min(start, p.time(b[0])), max(end, p.time(b[1]))
		}
		if timed && !known[i] {
			words[i].Start, words[i].End, known[i] = start, end, true
		}
		if words[i].Confidence == 0 {
			words[i].Confidence = confidence
		}
	}
}

// fill shares the pauses between known words among the unknown ones that stand
// in them, by length. When no word is known, none becomes so.
func fill(words []transcript.Word, bounds [][2]int, known []bool, length time.Duration) {
	var last time.Duration
	some := false
	for from := 0; from < len(words); {
		if known[from] {
			last, some = max(last, words[from].End), true
			from++
			continue
		}
		to := from
		for to < len(words) && !known[to] {
			to++
		}
		if to == len(words) && !some {
			return
		}
		end := length
		if to < len(words) {
			end = words[to].Start
		}
		share(words[from:to], bounds[from:to], last, max(last, end))
		from = to
	}
}

// share divides a stretch of time among words. Each counts one letter more
// than it has, so that a word without letters has a time too.
func share(words []transcript.Word, bounds [][2]int, start, end time.Duration) {
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
// before ends, and all end with the clip. Where two overlap, the earlier word
// gives way.
func order(words []transcript.Word, length time.Duration) {
	var last time.Duration
	for i := range words {
		w := &words[i]
		w.Start = min(max(w.Start, last), length)
		w.End = min(max(w.End, w.Start), length)
		last = w.Start
		if i > 0 {
			words[i-1].End = min(words[i-1].End, w.Start)
		}
	}
}
