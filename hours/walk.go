package hours

import (
	"math"
	"slices"
	"time"
)

// The years in which a walk looks for the next change. Before and after, the
// answers are right as well, but "never" means not until a few years later.
const (
	firstYear, lastYear = 1, 9999
	horizonYear         = 2200
)

// cursor finds the plan of a day. It keeps the holidays of one year.
type cursor struct {
	t          *tables
	first, end int // days of that year, half-open
	feasts     []special
	room       []step
	day        int   // the last one that steps saw
	own        *plan // what replaced it
	seen       bool
}

func (c *cursor) turn(day int) {
	if c.first <= day && day < c.end {
		return
	}
	year := civilDay(day).Year
	c.first, c.end = Date(year, time.January, 1).days(), Date(year+1, time.January, 1).days()
	c.feasts = c.t.feasts(c.feasts[:0], year)
}

// special is what replaces a day, and nil for an ordinary one.
func (c *cursor) special(day int) *plan {
	es := c.t.exceptions
	i, _ := slices.BinarySearchFunc(es, day, func(e stretchOfDays, day int) int { return e.last - day })
	if i < len(es) && es[i].first <= day {
		return es[i].plan
	}
	if len(c.t.holidays) == 0 {
		return nil
	}
	c.turn(day)
	i, found := slices.BinarySearchFunc(c.feasts, day, func(s special, day int) int { return s.day - day })
	if found {
		return c.feasts[i].plan
	}
	return nil
}

func (c *cursor) plan(day int) *plan {
	if p := c.special(day); p != nil {
		return p
	}
	return c.t.week[weekday(day)]
}

// steps are the answers of a day. They are valid until the next call.
func (c *cursor) steps(day int) []step {
	before := c.own
	if !c.seen || c.day != day-1 {
		before = c.special(day - 1)
	}
	own := c.special(day)
	c.day, c.own, c.seen = day, own, true
	w := weekday(day)
	if own == nil && before == nil {
		return c.t.shapes[w]
	}
	if own == nil {
		own = c.t.week[w]
	}
	if before == nil {
		before = c.t.week[(w+6)%7]
	}
	c.room = shape(c.room[:0], before, own)
	return c.room
}

// next is the first special day from a day on, before end; or end.
func (c *cursor) next(day, end int) int {
	es := c.t.exceptions
	i, _ := slices.BinarySearchFunc(es, day, func(e stretchOfDays, day int) int { return e.last - day })
	if i < len(es) {
		end = min(end, max(day, es[i].first))
	}
	if len(c.t.holidays) == 0 {
		return end
	}
	for day < end {
		c.turn(day)
		i, _ := slices.BinarySearchFunc(c.feasts, day, func(s special, day int) int { return s.day - day })
		if i < len(c.feasts) {
			return min(end, c.feasts[i].day)
		}
		day = c.end
	}
	return end
}

// walk calls emit for the answer at the instant from, and then at each instant
// up to end at which there may be another, until emit returns false.
//
// It goes along the stretches of time in which the zone keeps one offset. In
// each, the wall clock is the instant plus the offset, so that a gap and an
// overlap need no care: the first cuts days short, the second repeats a part.
func (t *tables) walk(c *cursor, from, end int64, emit func(at int64, m mark) bool) {
	for s := from; s < end; {
		offset, e := stretch(t.zone, s)
		e = min(e, end)
		day := int(floorDiv(s+offset, secondsADay))
		for ; ; day++ {
			midnight := int64(day)*secondsADay - offset
			if midnight >= e {
				break
			}
			if !emitDay(c.steps(day), midnight, s, e, emit) {
				return
			}
			if t.steady {
				day = t.jump(c, day, end)
			}
		}
		if t.steady { // nothing can happen before the day that was jumped to
			e = max(e, min(end, int64(day-1)*secondsADay-16*3600))
		}
		s = e
	}
}

func emitDay(steps []step, midnight, from, end int64, emit func(int64, mark) bool) bool {
	for i, st := range steps {
		begin, over := midnight+int64(st.minute)*60, midnight+secondsADay
		if i+1 < len(steps) {
			over = midnight + int64(steps[i+1].minute)*60
		}
		if over <= from || begin >= end {
			continue
		}
		if !emit(max(begin, from), st.mark) {
			return false
		}
	}
	return true
}

// jump is the day before the next one that can differ from a steady week: a
// special day, or the day after one, to which it may reach.
func (t *tables) jump(c *cursor, day int, end int64) int {
	if c.special(day) != nil {
		return day
	}
	return c.next(day+1, int(end/secondsADay)+2) - 1
}

// stretch is the offset of a zone at an instant, and an instant after it until
// which that offset holds.
//
// On 31 December of leap years, past the transitions that the zone database
// lists, ZoneBounds of Go 1.26 ends 365 days after the beginning of the year
// in UTC, which is not later than the instant. The offset then holds until the
// next midnight of UTC.
func stretch(zone *time.Location, at int64) (offset, end int64) {
	t := time.Unix(at, 0).In(zone)
	_, seconds := t.Zone()
	_, change := t.ZoneBounds()
	if change.IsZero() {
		return int64(seconds), math.MaxInt64
	}
	if end := change.Unix(); end > at {
		return int64(seconds), end
	}
	return int64(seconds), (floorDiv(at, secondsADay) + 1) * secondsADay
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
