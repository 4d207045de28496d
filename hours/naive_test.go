package hours_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/hours"
)

// The zones in which libraries go wrong: gaps at midnight (Havana, Santiago,
// Cairo), half an hour of summer time (Lord Howe), 45 minutes (Kathmandu), a
// skipped day (Apia, 2011), summer time that pauses for Ramadan (Casablanca),
// half hours (St. John's).
var hardZones = []string{
	"America/Toronto", "America/Havana", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe",
	"Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "UTC",
}

// naive answers by looking at the clock on the wall, and at the rules one by
// one. It shares no code with the package but the types.
type naive struct {
	spec hours.Spec
	zone *time.Location
	days map[hours.Civil]naiveDay
}

type naiveDay struct {
	kind   hours.Kind
	answer hours.Situation
	spans  []hours.Span
}

// day looks each date up once.
func (n naive) day(y int, m time.Month, d int) naiveDay {
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	date := hours.Date(noon.Year(), noon.Month(), noon.Day())
	day, ok := n.days[date]
	if !ok {
		day = n.plan(noon, date)
		n.days[date] = day
	}
	return day
}

func (n naive) plan(noon time.Time, date hours.Civil) naiveDay {
	for _, e := range n.spec.Exceptions {
		through := e.Through
		if through.IsZero() {
			through = e.Date
		}
		if date.Compare(e.Date) >= 0 && date.Compare(through) <= 0 {
			kind := e.Kind
			if kind == "" {
				kind = hours.KindHoliday
			}
			return naiveDay{kind, hours.Situation{Source: hours.SourceException, Label: e.Label, ID: e.ID}, e.Spans}
		}
	}
	if h := n.holiday(date); h != nil {
		return naiveDay{hours.KindHoliday, hours.Situation{Source: hours.SourceHoliday, Label: h.Name, ID: h.ID}, h.Spans}
	}
	if len(n.spec.Week) == 0 {
		return naiveDay{hours.KindClosed, hours.Situation{Source: hours.SourceAlways}, []hours.Span{{From: 0, To: 1440}}}
	}
	spans := n.spec.Week[noon.Weekday()]
	kind := hours.KindClosed
	weekend := n.spec.Weekend
	if weekend == nil {
		weekend = hours.Days{time.Saturday, time.Sunday}
	}
	if len(spans) == 0 && slices.Contains(weekend, noon.Weekday()) {
		kind = hours.KindWeekend
	}
	return naiveDay{kind, hours.Situation{Source: hours.SourceWeek}, spans}
}

func (n naive) holiday(date hours.Civil) *hours.Holiday {
	var best *hours.Holiday
	bestRank := 0
	for i := range n.spec.Holidays {
		h := &n.spec.Holidays[i]
		for _, y := range []int{date.Year - 1, date.Year, date.Year + 1} {
			actual, observed, ok := h.Date(y)
			if !ok {
				continue
			}
			works := len(n.spec.Week) == 0 || len(n.spec.Week[actual.Weekday()]) > 0
			if works {
				observed = actual
			}
			rank := 1
			switch {
			case actual == date:
				rank = 3
			case observed == date:
				rank = 2
			default:
				continue
			}
			if len(h.Spans) == 0 {
				rank += 10
			}
			if rank > bestRank {
				best, bestRank = h, rank
			}
		}
	}
	return best
}

func inSpans(spans []hours.Span, minute int) (in, between bool) {
	before, after := false, false
	for _, s := range spans {
		in = in || minute >= s.From && minute < s.To
		before = before || minute >= s.To
		after = after || minute < s.From
	}
	return in, before && after
}

func (n naive) at(t time.Time) hours.Situation {
	local := t.In(n.zone)
	y, m, d := local.Date()
	minute := local.Hour()*60 + local.Minute()
	own, before := n.day(y, m, d), n.day(y, m, d-1)
	ownIn, ownBreak := inSpans(own.spans, minute)
	beforeIn, _ := inSpans(before.spans, minute+1440) // no span begins so late: there is no break
	with := func(s hours.Situation, k hours.Kind) hours.Situation {
		s.Kind = k
		return s
	}
	switch {
	case ownIn:
		return with(own.answer, hours.KindOpen)
	case beforeIn:
		return with(before.answer, hours.KindOpen)
	case ownBreak:
		return with(own.answer, hours.KindBreak)
	}
	return with(own.answer, own.kind)
}

// drawSpec draws a schedule that New accepts.
func drawSpec(t *rapid.T, zone string) hours.Spec {
	minute := rapid.Custom(func(t *rapid.T) int {
		if rapid.Bool().Draw(t, "round") {
			return 15 * rapid.IntRange(0, 192).Draw(t, "quarter")
		}
		return rapid.IntRange(0, 2880).Draw(t, "minute")
	})
	spans := func(name string) (list []hours.Span) {
		cuts := rapid.SliceOfNDistinct(minute, 0, 6, rapid.ID[int]).Draw(t, name)
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			if s := (hours.Span{From: cuts[i], To: cuts[i+1]}); s.From < 1440 {
				list = append(list, s)
			}
		}
		if len(list) == 0 && rapid.Bool().Draw(t, "gap") {
			from := rapid.IntRange(0, 240).Draw(t, "from")
			list = append(list, hours.Span{From: from, To: from + rapid.IntRange(1, 120).Draw(t, "len")})
		}
		return list
	}
	s := hours.Spec{Zone: zone, Week: hours.Week{}}
	for d := range 7 {
		s.Week[time.Weekday(d)] = spans(fmt.Sprint("day", d))
	}
	if rapid.Bool().Draw(t, "saturday night") {
		s.Week[time.Saturday] = []hours.Span{{From: 22 * 60, To: 30 * 60}}
		s.Week[time.Sunday] = nil
	}
	for d, list := range s.Week { // a night ends where the next day begins
		for i := range list {
			if next := s.Week[(d+1)%7]; len(next) > 0 {
				list[i].To = min(list[i].To, 1440+next[0].From)
			}
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
		s.Week = nil
	}
	date := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rapid.IntRange(0, 6).Draw(t, "exceptions") {
		date = date.AddDate(0, 0, rapid.IntRange(1, 90).Draw(t, "days"))
		e := hours.Exception{Date: hours.CivilOf(date), Label: fmt.Sprint("exception ", i), Spans: spans("exception")}
		if n := rapid.IntRange(0, 5).Draw(t, "long"); n > 2 {
			date = date.AddDate(0, 0, n)
			e.Through = hours.CivilOf(date)
		}
		s.Exceptions = append(s.Exceptions, e)
	}
	rules := []string{
		"01-01", "easter -2", "easter +1", "monday before 05-25", "06-24", "3rd monday of february",
		"last friday of november", "12-25", "12-26", "12-31", "02-29", "4th thursday of november +1", "03-08", "11-01",
	}
	for i, on := range rapid.SliceOfN(rapid.SampledFrom(rules), 0, 8).Draw(t, "holidays") {
		h := hours.Holiday{Name: fmt.Sprint("holiday ", i), On: on}
		h.Observed = rapid.SampledFrom([]string{"", "sunday +1", "saturday -1, sunday +1"}).Draw(t, "observed")
		if rapid.IntRange(0, 4).Draw(t, "half") == 0 {
			h.Spans = spans("holiday")
		}
		s.Holidays = append(s.Holidays, h)
	}
	return s
}

// TestWallClock holds the compiled answers against the naive ones: for one
// schedule in three hundred at each minute of a year, for the others around each
// change of the zone, and at random instants in between. With
// AFTERBEEP_HOURS=all it is each minute for all of them.
func TestWallClock(t *testing.T) {
	t.Parallel()
	all := os.Getenv("AFTERBEEP_HOURS") == "all"
	for _, name := range hardZones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(name)
			require.NoError(t, err)
			year := 2026
			if name == "Pacific/Apia" {
				year = 2011
			}
			rapid.Check(t, func(t *rapid.T) {
				spec := drawSpec(t, name)
				s, err := hours.New(spec)
				if err != nil {
					t.Fatalf("%v", err)
				}
				n := naive{spec, zone, map[hours.Civil]naiveDay{}}
				random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
				check := func(at time.Time) {
					got, want := s.At(at), n.at(at)
					if until := got.Until; !until.IsZero() && !until.After(at) {
						t.Fatalf("%s: until %s", at.In(zone), until)
					}
					got.Until = time.Time{}
					if got != want {
						t.Fatalf("%s: got %+v, want %+v", at.In(zone), got, want)
					}
				}
				start := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
				end := start.AddDate(1, 0, 0)
				if all || random.IntN(300) == 0 {
					for at := start; at.Before(end); at = at.Add(time.Minute) {
						check(at)
					}
					return
				}
				for at := start; at.Before(end); {
					_, change := at.In(zone).ZoneBounds()
					if change.IsZero() || change.After(end) {
						break
					}
					for m := -4 * 60; m < 30*60; m += 1 + random.IntN(8) {
						check(change.Add(time.Duration(m) * time.Minute))
					}
					at = change
				}
				for range 300 {
					check(start.Add(time.Duration(random.IntN(400*86400)-86400) * time.Second))
				}
				// Each Until is exact: the second before is still the same, and it is another one.
				at := start.Add(time.Duration(random.IntN(360*86400)) * time.Second)
				for range 60 {
					now := s.At(at)
					if now.Until.IsZero() {
						break
					}
					last, next := n.at(now.Until.Add(-time.Second)), n.at(now.Until)
					now.Until = time.Time{}
					if last != now || next == now {
						t.Fatalf("from %s: %+v, at its end %+v, then %+v", at.In(zone), now, last, next)
					}
					at = s.At(at).Until
				}
			})
		})
	}
}
