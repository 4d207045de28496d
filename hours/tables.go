package hours

import (
	"slices"
	"sync/atomic"
	"time"
)

// tables is a checked Spec in the form in which it is quick to ask. All but
// the pages is immutable; those are a cache.
type tables struct {
	zone    *time.Location
	answers []Situation // without Until; a mark leads here
	week    [7]*plan
	shapes  [7][]step // of a weekday whose day before is an ordinary one too
	// steady is a week without any change of answer: all open or all closed.
	// Only special days can change something then, and the walk jumps to them.
	steady     bool
	usual      int             // answers of a page without special days
	opens      bool            // some day has spans
	exceptions []stretchOfDays // sorted
	holidays   []feast
	pages      [pageSlots]atomic.Pointer[page]
}

type stretchOfDays struct {
	first, last int // days since 1970, both included
	plan        *plan
}

// feast is a compiled Holiday.
type feast struct {
	rule           Rule
	moves          Moves
	around         int // 1 when a year's date may lie in the year before or after
	since, through int
	plan           *plan
}

// special is one day that a holiday replaces.
type special struct {
	day  int
	rank int // the lowest wins
	plan *plan
}

// compile builds the tables of a spec that has no problems.
func compile(s *Spec, zone *time.Location) *tables {
	t := &tables{zone: zone}
	marks := marker{t, map[Situation]mark{}}
	t.compileWeek(s, marks)
	for _, e := range s.Exceptions {
		through := e.Through
		if through.IsZero() {
			through = e.Date
		}
		kind := e.Kind
		if kind == "" {
			kind = KindHoliday
		}
		base := Situation{Source: SourceException, Label: e.Label, ID: e.ID}
		t.exceptions = append(t.exceptions, stretchOfDays{
			first: e.Date.days(), last: through.days(), plan: marks.plan(e.Spans, base, kind),
		})
	}
	slices.SortFunc(t.exceptions, func(a, b stretchOfDays) int { return a.first - b.first })
	for _, h := range s.Holidays {
		rule, _ := parseRule(h.On)
		moves, _ := parseMoves(h.Observed)
		for d := range moves {
			if len(t.week[d].spans) > 0 {
				moves[d] = 0 // they work on that day, and keep the date itself
			}
		}
		f := feast{rule: rule, moves: moves, since: h.Since, through: h.Through}
		if moves != (Moves{}) || !rule.stays() {
			f.around = 1
		}
		f.plan = marks.plan(h.Spans, Situation{Source: SourceHoliday, Label: h.Name, ID: h.ID}, KindHoliday)
		if f.through == 0 {
			f.through = lastYear
		}
		t.holidays = append(t.holidays, f)
	}
	return t
}

func (t *tables) compileWeek(s *Spec, marks marker) {
	weekend := s.Weekend
	if weekend == nil {
		weekend = Days{time.Saturday, time.Sunday}
	}
	for d := range t.week {
		spans, kind, base := s.Week[time.Weekday(d)], KindClosed, Situation{Source: SourceWeek}
		if len(s.Week) == 0 {
			spans, base.Source = []Span{{0, minutesADay}}, SourceAlways
		} else if len(spans) == 0 && slices.Contains(weekend, time.Weekday(d)) {
			kind = KindWeekend
		}
		t.week[d] = marks.plan(spans, base, kind)
	}
	t.steady = true
	weeks := 1<<pageShift/(7*secondsADay) + 1
	for d := range t.shapes {
		t.shapes[d] = shape(nil, t.week[(d+6)%7], t.week[d])
		t.usual += weeks * len(t.shapes[d])
		for _, st := range t.shapes[d] {
			t.steady = t.steady && st.mark == t.shapes[0][0].mark
		}
	}
	if t.steady {
		t.usual = 8
	}
}

// marker gives equal answers equal marks, so that two days in a row with the
// same answer are one.
type marker struct {
	tables *tables
	known  map[Situation]mark
}

func (k marker) plan(spans []Span, base Situation, outside Kind) *plan {
	p := &plan{spans: slices.Clone(spans)}
	slices.SortFunc(p.spans, func(a, b Span) int { return a.From - b.From })
	k.tables.opens = k.tables.opens || len(spans) > 0
	p.open = k.mark(base, KindOpen)
	p.pause = k.mark(base, KindBreak)
	p.outside = k.mark(base, outside)
	return p
}

func (k marker) mark(base Situation, kind Kind) mark {
	base.Kind = kind
	m, ok := k.known[base]
	if !ok {
		m = mark(len(k.tables.answers) << 1)
		if kind == KindOpen {
			m |= 1
		}
		k.known[base] = m
		k.tables.answers = append(k.tables.answers, base)
	}
	return m
}

// feasts appends the days of all holidays that lie in a year, sorted, one
// plan a day.
func (t *tables) feasts(dst []special, year int) []special {
	first, end := Date(year, time.January, 1).days(), Date(year+1, time.January, 1).days()
	for i := range t.holidays {
		f := &t.holidays[i]
		for y := max(year-f.around, f.since); y <= min(year+f.around, f.through); y++ {
			day, ok := f.rule.days(y)
			if !ok {
				continue
			}
			rank := 4 * i
			if len(f.plan.spans) > 0 {
				rank += 4 * 2 * MaxHolidays
			}
			if first <= day && day < end {
				dst = append(dst, special{day, rank, f.plan})
			}
			if n := f.moves[weekday(day)]; n != 0 && first <= day+int(n) && day+int(n) < end {
				dst = append(dst, special{day + int(n), rank + 4*MaxHolidays, f.plan})
			}
		}
	}
	slices.SortFunc(dst, func(a, b special) int {
		if a.day != b.day {
			return a.day - b.day
		}
		return a.rank - b.rank
	})
	return slices.CompactFunc(dst, func(a, b special) bool { return a.day == b.day })
}
