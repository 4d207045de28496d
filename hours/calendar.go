package hours

import (
	"iter"
	"slices"
	"time"
)

// Calendar yields each answer between two instants with the instant at which
// it begins, the first at from. The Until of the last may lie after to. The
// sequence can be ranged over again.
func (s Schedule) Calendar(from, to time.Time) iter.Seq2[time.Time, Situation] {
	return func(yield func(time.Time, Situation) bool) {
		for at := from; at.Before(to); {
			answer := s.At(at)
			if !yield(at, answer) || !answer.Until.After(at) {
				return
			}
			at = answer.Until
		}
	}
}

// AddOpen is the earliest instant from at on by which s has been open for d:
// "within 4 business hours". Time is real time, so that an open night in which
// the clocks go back has one hour more. A d of 0 is at itself. It is false for
// a negative d, and when s is not open for so long any more.
func (s Schedule) AddOpen(at time.Time, d time.Duration) (time.Time, bool) {
	if d < 0 {
		return time.Time{}, false
	}
	for range maxSteps {
		if d == 0 {
			return at, true
		}
		open, ok := s.NextOpen(at)
		if !ok {
			break
		}
		answer := s.At(open)
		if answer.Until.IsZero() {
			return open.Add(d), true
		}
		length := answer.Until.Sub(open)
		if length <= 0 {
			break
		}
		if d <= length {
			return open.Add(d), true
		}
		at, d = answer.Until, d-length
	}
	return time.Time{}, false
}

// Day is what a schedule has planned for one date.
type Day struct {
	Date Civil `json:"date"`
	// Kind is open when the date has spans of its own; otherwise it is why not.
	Kind   Kind   `json:"kind"`
	Source Source `json:"source"`
	Label  string `json:"label,omitempty"`
	ID     string `json:"id,omitempty"`
	Spans  []Span `json:"spans,omitempty"` // a fresh slice
}

// Day is what s has planned for a date, apart from any override and from what
// the day before leaves open past midnight.
func (s Schedule) Day(date Civil) Day {
	date.Minute = 0
	if s.tables == nil {
		return Day{Date: date, Kind: KindOpen, Source: SourceAlways, Spans: []Span{{0, minutesADay}}}
	}
	p := (&cursor{t: s.tables}).plan(date.days())
	answer := s.tables.answers[p.outside>>1]
	if len(p.spans) > 0 {
		answer.Kind = KindOpen
	}
	return Day{
		Date: date, Kind: answer.Kind, Source: answer.Source, Label: answer.Label, ID: answer.ID,
		Spans: slices.Clone(p.spans),
	}
}

// NextBusinessDay is the first date after the one of at (in the zone of s, and
// for the zero Schedule in that of at) that has hours of its own. It is false
// when there is none ahead. An override does not count: it is about hours.
func (s Schedule) NextBusinessDay(at time.Time) (Civil, bool) {
	if s.tables == nil {
		return Date(at.Date()).AddDays(1), true
	}
	c := cursor{t: s.tables}
	day := Date(at.In(s.tables.zone).Date()).days()
	end := max(Date(horizonYear, time.January, 1).days(), day+10*366)
	for day++; day < end; day++ {
		if len(c.plan(day).spans) > 0 {
			return civilDay(day), true
		}
		if s.tables.steady {
			day = s.tables.jump(&c, day, int64(end)*secondsADay)
		}
	}
	return Civil{}, false
}
