package hours

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// check adds everything that is wrong with s, and returns its zone when there
// is one.
func (s *Spec) check(ps *problems) *time.Location {
	zone := checkZone(ps, s.Zone)
	s.checkWeek(ps)
	for i, d := range s.Weekend {
		if dayName(d) == "" {
			ps.add(CodeValue, fmt.Sprintf("/weekend/%d", i), fmt.Sprint(int(d)), "a day of the week, monday to sunday")
		} else if slices.Contains(s.Weekend[:i], d) {
			ps.add(CodeTwice, fmt.Sprintf("/weekend/%d", i), dayName(d), "each day once")
		}
		if i > 14 {
			break
		}
	}
	s.checkExceptions(ps)
	s.checkHolidays(ps)
	return zone
}

func checkZone(ps *problems, name string) *time.Location {
	const want = "the IANA name of a zone, such as America/Toronto"
	switch {
	case name == "":
		ps.add(CodeRequired, "/zone", "", want)
		return nil
	case name == "Local" || len(name) > 64:
		ps.add(CodeZone, "/zone", name, want)
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		ps.add(CodeZone, "/zone", name, want+"; a host without a zone database can import time/tzdata")
		return nil
	}
	return zone
}

func (s *Spec) checkWeek(ps *problems) {
	for d := range s.Week {
		if dayName(d) == "" {
			ps.add(CodeField, "/week", fmt.Sprint(int(d)), "a day of the week, monday to sunday")
		}
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if !checkSpans(ps, "/week/"+dayName(d), s.Week[d]) {
			continue
		}
		next := (d + 1) % 7
		for i, a := range s.Week[d] {
			for _, b := range s.Week[next] {
				if a.To-minutesADay > b.From {
					ps.add(CodeOverlap, fmt.Sprintf("/week/%s/%d", dayName(d), i), a.String(),
						fmt.Sprintf("an end before %s of %s begins", b, dayName(next)))
				}
			}
		}
	}
}

func checkSpans(ps *problems, pointer string, spans []Span) bool {
	if len(spans) > MaxSpans {
		ps.add(CodeLimit, pointer, fmt.Sprint(len(spans)), fmt.Sprintf("at most %d spans a day", MaxSpans))
		return false
	}
	fine := true
	for i, a := range spans {
		where := fmt.Sprintf("%s/%d", pointer, i)
		if want := a.wrong(); want != "" {
			ps.add(CodeSpan, where, a.String(), want)
			fine = false
			continue
		}
		for _, b := range spans[:i] {
			if a.From < b.To && b.From < a.To {
				ps.add(CodeOverlap, where, a.String(), "no overlap with "+b.String())
				fine = false
				break
			}
		}
	}
	return fine
}

func (s *Spec) checkExceptions(ps *problems) {
	if len(s.Exceptions) > MaxExceptions {
		ps.add(CodeLimit, "/exceptions", fmt.Sprint(len(s.Exceptions)), fmt.Sprintf("at most %d exceptions", MaxExceptions))
		return
	}
	type taken struct{ first, last, index int }
	var days []taken
	for i, e := range s.Exceptions {
		where := fmt.Sprintf("/exceptions/%d", i)
		if t := (taken{first: e.Date.days(), index: i}); checkDates(ps, where, e) {
			t.last = max(t.first, e.Through.days())
			days = append(days, t)
		}
		checkText(ps, where+"/id", e.ID)
		checkText(ps, where+"/label", e.Label)
		checkSpans(ps, where+"/spans", e.Spans)
		switch e.Kind {
		case "", KindClosed, KindWeekend, KindHoliday:
		default:
			ps.add(CodeValue, where+"/kind", string(e.Kind), "closed, weekend or holiday")
		}
	}
	slices.SortStableFunc(days, func(a, b taken) int { return a.first - b.first })
	for i := 1; i < len(days); i++ {
		if a, b := days[i-1], days[i]; b.first <= a.last {
			ps.add(CodeOverlap, fmt.Sprintf("/exceptions/%d/date", b.index), s.Exceptions[b.index].Date.String(),
				fmt.Sprintf("a date that exception %d does not have", a.index))
			days[i].last = max(a.last, b.last)
		}
	}
}

func checkDates(ps *problems, where string, e Exception) bool {
	fine := true
	if !e.Date.valid() || e.Date.Minute != 0 {
		ps.add(CodeValue, where+"/date", e.Date.String(), "a date such as 2029-06-25")
		fine = false
	}
	if !e.Through.IsZero() && (!e.Through.valid() || e.Through.Minute != 0 || fine && e.Through.Compare(e.Date) < 0) {
		ps.add(CodeValue, where+"/through", e.Through.String(), "a date that is not before /date")
		fine = false
	}
	return fine
}

func (s *Spec) checkHolidays(ps *problems) {
	if len(s.Holidays) > MaxHolidays {
		ps.add(CodeLimit, "/holidays", fmt.Sprint(len(s.Holidays)), fmt.Sprintf("at most %d holidays", MaxHolidays))
		return
	}
	for i, h := range s.Holidays {
		where := fmt.Sprintf("/holidays/%d", i)
		checkText(ps, where+"/id", h.ID)
		checkText(ps, where+"/english", h.English)
		if h.Name == "" {
			ps.add(CodeRequired, where+"/name", "", "the name of the holiday")
		}
		checkText(ps, where+"/name", h.Name)
		if _, want := parseRule(h.On); want != "" {
			ps.add(CodeValue, where+"/on", h.On, want)
		}
		if _, ok := parseMoves(h.Observed); !ok {
			ps.add(CodeValue, where+"/observed", h.Observed, wantMoves)
		}
		if h.Since < 0 || h.Since > lastYear {
			ps.add(CodeValue, where+"/since", fmt.Sprint(h.Since), "a year")
		}
		if h.Through != 0 && (h.Through < max(h.Since, firstYear) || h.Through > lastYear) {
			ps.add(CodeValue, where+"/through", fmt.Sprint(h.Through), "a year that is not before /since")
		}
		checkSpans(ps, where+"/spans", h.Spans)
	}
}

// checkText refuses what would break a line of text or a log.
func checkText(ps *problems, pointer, text string) {
	switch {
	case len(text) > MaxLabelBytes:
		ps.add(CodeLimit, pointer, text, fmt.Sprintf("at most %d bytes", MaxLabelBytes))
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		ps.add(CodeValue, pointer, text, "UTF-8 text without control characters")
	}
}
