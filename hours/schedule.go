package hours

import "time"

// Schedule is opening hours that can be asked: a compiled, immutable [Spec]
// and perhaps an [Override]. It is a small value, to be copied freely, and
// safe for concurrent use. The zero value is always open, and says so.
type Schedule struct {
	tables   *tables
	override *switched
}

// New checks and compiles s, of which it keeps nothing. Its error joins every
// [*Problem] of s. It reads the zone from the zone database of the host, see
// the package documentation.
func New(s Spec) (Schedule, error) {
	var ps problems
	zone := s.check(&ps)
	if err := ps.err(); err != nil {
		return Schedule{}, err
	}
	return Schedule{tables: compile(&s, zone)}, nil
}

// Zone is the zone of s, and UTC for the zero Schedule.
func (s Schedule) Zone() *time.Location {
	if s.tables == nil {
		return time.UTC
	}
	return s.tables.zone
}

// At is the answer at an instant, whatever the location of at. Until is the
// next change, in the zone of s. At allocates nothing once the half year of at
// has been built.
func (s Schedule) At(at time.Time) Situation {
	if s.override != nil {
		return s.overridden(at)
	}
	t := s.tables
	if t == nil {
		return Situation{Kind: KindOpen, Source: SourceAlways}
	}
	second := at.Unix()
	inside := min(max(second, firstSecond), lastSecond)
	p := t.page(inside)
	i := p.find(inside)
	a := &t.answers[p.marks[i]>>1]
	var until time.Time
	if next := p.begin(i + 1); next != never && inside == second {
		until = time.Unix(next, 0).In(t.zone)
	}
	return Situation{Kind: a.Kind, Source: a.Source, Label: a.Label, ID: a.ID, Until: until}
}

func (s Schedule) overridden(at time.Time) Situation {
	o := s.override
	if o.holds(at) {
		return o.answer
	}
	answer := Schedule{tables: s.tables}.At(at)
	if at.Before(o.from) && (answer.Until.IsZero() || o.from.Before(answer.Until)) {
		answer.Until = o.from
	}
	return answer
}

// NextOpen is the first instant at or after at that is open: at itself while
// open. It is false when there is none ahead.
func (s Schedule) NextOpen(at time.Time) (time.Time, bool) {
	o := s.override
	if o == nil {
		return s.tables.nextOpen(at)
	}
	if o.holds(at) {
		if o.answer.Open() {
			return at, true
		}
		if o.until.IsZero() {
			return time.Time{}, false
		}
		return s.tables.nextOpen(o.until)
	}
	open, ok := s.tables.nextOpen(at)
	if !at.Before(o.from) {
		return open, ok
	}
	switch {
	case o.answer.Open() && (!ok || open.After(o.from)):
		return o.from, true
	case ok && !o.answer.Open() && o.holds(open):
		if o.until.IsZero() {
			return time.Time{}, false
		}
		return s.tables.nextOpen(o.until)
	}
	return open, ok
}

func (t *tables) nextOpen(at time.Time) (time.Time, bool) {
	if t == nil {
		return at, true
	}
	second := min(max(at.Unix(), firstSecond), lastSecond)
	p := t.page(second)
	i := p.find(second)
	if p.marks[i].open() {
		return at, true
	}
	open := p.open
	for i++; i < len(p.marks); i++ {
		if p.marks[i].open() {
			open = p.begin(i)
			break
		}
	}
	if open == never {
		return time.Time{}, false
	}
	return time.Unix(open, 0).In(t.zone), true
}

// NextOpening is the first instant after at when s goes from not open to open:
// while open, the next time that the doors open. It is false when there is
// none ahead.
func (s Schedule) NextOpening(at time.Time) (time.Time, bool) {
	closed, ok := s.closes(at)
	if !ok {
		return time.Time{}, false
	}
	return s.NextOpen(closed)
}

// closes is the first instant at or after at that is not open.
func (s Schedule) closes(at time.Time) (time.Time, bool) {
	for range maxSteps {
		answer := s.At(at)
		if !answer.Open() {
			return at, true
		}
		if !answer.Until.After(at) {
			break
		}
		at = answer.Until
	}
	return time.Time{}, false
}

// maxSteps bounds walks from change to change: more than any two centuries of
// a busy schedule have, less than a second of work.
const maxSteps = 1 << 20
