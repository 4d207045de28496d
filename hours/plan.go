package hours

import "slices"

// mark is an index into the answers of a schedule, shifted by one; the lowest
// bit says whether that answer is open.
type mark uint16

func (m mark) open() bool { return m&1 != 0 }

// plan is what one day has of its own: its spans, and the answers inside,
// between and outside them.
type plan struct {
	spans                []Span // sorted, without overlaps
	open, pause, outside mark
}

// step is a minute of a day, and the answer from there to the next step.
type step struct {
	minute int
	mark   mark
}

// at is the specification of this package in a few lines: what a minute of a
// day is, given the plan of that day and of the day before. The minute is one
// of the wall clock.
func at(before, own *plan, minute int) mark {
	switch {
	case own.covers(minute):
		return own.open
	case before.covers(minute + minutesADay):
		return before.open
	case own.between(minute):
		return own.pause
	}
	return own.outside
}

func (p *plan) covers(minute int) bool {
	for _, s := range p.spans {
		if s.From <= minute && minute < s.To {
			return true
		}
	}
	return false
}

// between reports whether a minute that no span covers has one on each side.
func (p *plan) between(minute int) bool {
	return len(p.spans) > 1 && p.spans[0].From <= minute && minute < p.spans[len(p.spans)-1].To
}

// shape appends the steps of a day to dst, the first of them at minute 0.
func shape(dst []step, before, own *plan) []step {
	var room [16]int
	cuts := append(room[:0], 0)
	for _, s := range own.spans {
		cuts = append(cuts, s.From, s.To)
	}
	for _, s := range before.spans {
		cuts = append(cuts, s.From-minutesADay, s.To-minutesADay)
	}
	slices.Sort(cuts)
	last := -1
	for _, c := range cuts {
		if c <= last || c < 0 || c >= minutesADay {
			continue
		}
		last = c
		dst = append(dst, step{minute: c, mark: at(before, own, c)})
	}
	return dst
}
