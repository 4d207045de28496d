package hours_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/hours"
)

const toronto = "America/Toronto"

// TestBugsOfOthers has a case for each bug that we measured in libraries for
// business hours, holidays and recurrences.
func TestBugsOfOthers(t *testing.T) {
	t.Parallel()
	day := func(texts ...string) hours.Spec {
		return hours.Spec{Zone: toronto, Week: hours.EveryDay(spans(texts...)...)}
	}
	for _, c := range []struct {
		name string
		spec hours.Spec
		at   string
		open bool
	}{
		{"the last second of a span is closed", day("09:00-17:00"), "2026-06-24T17:00:00.999-04:00", false},
		{"and the one before is open", day("09:00-17:00"), "2026-06-24T16:59:59.999-04:00", true},
		{"both ends in one hour", day("09:00-09:30"), "2026-06-24T09:45:00-04:00", false},
		{"until 24:00", day("09:00-24:00"), "2026-06-24T12:00:00-04:00", true},
		{"past midnight, before it", day("22:00-30:00"), "2026-06-24T23:00:00-04:00", true},
		{"past midnight, after it", day("22:00-30:00"), "2026-06-24T02:00:00-04:00", true},
		{"past midnight, over", day("22:00-30:00"), "2026-06-24T06:00:00-04:00", false},
		{"spring forward, before nine", day("09:00-17:00"), "2026-03-08T08:59:59-04:00", false},
		{"spring forward, at nine", day("09:00-17:00"), "2026-03-08T09:00:00-04:00", true},
		{"fall back, before nine", day("09:00-17:00"), "2026-11-01T08:59:59-05:00", false},
		{"fall back, at nine", day("09:00-17:00"), "2026-11-01T09:00:00-05:00", true},
		{"begins in a gap: not before it", day("02:30-05:00"), "2026-03-08T01:30:00-05:00", false},
		{"begins in a gap: right after it", day("02:30-05:00"), "2026-03-08T03:00:00-04:00", true},
		{"ends in a gap: until it", day("00:00-02:30"), "2026-03-08T01:59:59-05:00", true},
		{"ends in a gap: not after it", day("00:00-02:30"), "2026-03-08T03:00:00-04:00", false},
		{"overlap, first pass", day("00:00-01:30"), "2026-11-01T01:15:00-04:00", true},
		{"overlap, between the passes", day("00:00-01:30"), "2026-11-01T01:45:00-04:00", false},
		{"overlap, second pass", day("00:00-01:30"), "2026-11-01T01:15:00-05:00", true},
		{"a mask of days is that of the start: Tuesday 01:00 of Monday's night", hours.Spec{
			Zone: toronto, Week: hours.Week{time.Monday: spans("22:00-30:00")},
		}, "2026-06-23T01:00:00-04:00", true},
		{"and Monday 01:00 is Sunday's", hours.Spec{
			Zone: toronto, Week: hours.Week{time.Monday: spans("22:00-30:00")},
		}, "2026-06-22T01:00:00-04:00", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.open, compile(t, c.spec).At(clock(t, c.at)).Open())
		})
	}
}

// TestNoMidnight: where clocks go forward at midnight, time.Date gives 23:00 of
// the day before, and a library that trusts it opens on the wrong day.
func TestNoMidnight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, zone, span, before, opens string }{
		{"Havana", "America/Havana", "00:00-06:00", "2026-03-07T22:00:00-05:00", "2026-03-08T01:00:00-04:00"},
		{"Santiago", "America/Santiago", "00:00-06:00", "2026-09-05T22:00:00-04:00", "2026-09-06T01:00:00-03:00"},
		{"Cairo", "Africa/Cairo", "00:00-06:00", "2026-04-23T22:00:00+02:00", "2026-04-24T01:00:00+03:00"},
		{"Lord Howe", "Australia/Lord_Howe", "02:15-06:00", "2026-10-04T01:00:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"Toronto, 02:30", toronto, "02:30-05:00", "2026-03-08T01:00:00-05:00", "2026-03-08T03:00:00-04:00"},
		{"Apia, the skipped day", "Pacific/Apia", "10:00-12:00", "2011-12-29T13:00:00-10:00", "2011-12-31T10:00:00+14:00"},
	} {
		s := compile(t, hours.Spec{Zone: c.zone, Week: hours.EveryDay(span(c.span))})
		next, ok := s.NextOpen(clock(t, c.before))
		require.True(t, ok, c.name)
		assert.Equal(t, c.opens, show(s, next), c.name)
	}
}

// TestEachHourOnceAndTwice: recurrences skip or double hours when clocks change;
// a schedule that opens at each full hour does neither.
func TestEachHourOnceAndTwice(t *testing.T) {
	t.Parallel()
	var each []hours.Span
	for h := range 24 {
		each = append(each, hours.Span{From: h * 60, To: h*60 + 30})
	}
	s := compile(t, hours.Spec{Zone: toronto, Week: hours.EveryDay(each...)})
	for day, want := range map[string][]string{
		"2026-03-08": {"00 EST", "01 EST", "03 EDT", "04 EDT"},
		"2026-11-01": {"00 EDT", "01 EDT", "01 EST", "02 EST", "03 EST", "04 EST"},
	} {
		var got []string
		date := civil(day)
		for at, answer := range s.Calendar(date.In(s.Zone()), date.In(s.Zone()).Add(6*time.Hour-time.Minute)) {
			if answer.Open() && at.Hour() < 5 {
				got = append(got, at.Format("15 MST"))
			}
		}
		assert.Equal(t, want, got, day)
	}
}

func TestNextOpenDoesNotSkipADayOf23Hours(t *testing.T) {
	t.Parallel()
	s := compile(t, hours.Spec{Zone: toronto, Week: hours.EveryDay(span("09:00-17:00"))})
	next, ok := s.NextOpen(clock(t, "2026-03-07T23:30:00-05:00"))
	require.True(t, ok)
	assert.Equal(t, "2026-03-08T09:00:00-04:00", show(s, next))
}

func TestNoWorkdayIsNoEndlessLoop(t *testing.T) {
	t.Parallel()
	s := compile(t, hours.Spec{Zone: toronto, Week: hours.Week{time.Monday: nil}, Holidays: region(t, "CA-QC")})
	at := clock(t, "2026-06-24T12:00:00-04:00")
	_, ok := s.NextOpen(at)
	assert.False(t, ok)
	_, ok = s.NextBusinessDay(at)
	assert.False(t, ok)
	_, ok = s.AddOpen(at, time.Hour)
	assert.False(t, ok)
	_, ok = s.NextOpening(at)
	assert.False(t, ok)
}

func TestHolidayOnASaturdayThatIsWorked(t *testing.T) {
	t.Parallel()
	shop := hours.Spec{Zone: toronto, Week: hours.EveryDay(span("10:00-18:00")), Holidays: region(t, "CA-QC")}
	saturday := clock(t, "2028-07-01T12:00:00-04:00")
	assert.Equal(t, hours.KindHoliday, compile(t, shop).At(saturday).Kind)

	// Who works on that day keeps the day; who does not keeps the other one.
	shop.Holidays = region(t, "US")
	fourth, third := clock(t, "2026-07-04T12:00:00-04:00"), clock(t, "2026-07-03T12:00:00-04:00")
	assert.Equal(t, hours.KindHoliday, compile(t, shop).At(fourth).Kind)
	assert.Equal(t, hours.KindOpen, compile(t, shop).At(third).Kind)
	desk := compile(t, office(toronto, region(t, "US")...))
	assert.Equal(t, hours.KindHoliday, desk.At(fourth).Kind)
	assert.Equal(t, hours.KindHoliday, desk.At(third).Kind)
}

func TestZonesAreComparedByWhatTheyAre(t *testing.T) {
	t.Parallel()
	s := compile(t, office(toronto, region(t, "CA-QC")...))
	at := clock(t, "2026-06-24T12:00:00-04:00")
	for range 3 {
		again, err := time.LoadLocation(toronto)
		require.NoError(t, err)
		assert.Equal(t, hours.KindHoliday, s.At(at.In(again)).Kind)
	}
	// Nor does it matter in which zone the server or the instant is.
	for _, name := range hardZones {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		assert.Equal(t, s.At(at), s.At(at.In(zone)), name)
	}
}

func TestOrderOfHolidaysDoesNotMatter(t *testing.T) {
	t.Parallel()
	half := hours.Holiday{Name: "Half", On: "06-24", Spans: spans("09:00-12:00")}
	list := append(region(t, "CA-QC"), append(region(t, "US"), half)...)
	forward := compile(t, office(toronto, list...))
	slices.Reverse(list)
	backward := compile(t, office(toronto, list...))
	start := clock(t, "2027-01-01T00:00:00-05:00")
	for at := start; at.Before(start.AddDate(2, 0, 0)); at = at.Add(time.Hour) {
		require.Equal(t, forward.At(at).Kind, backward.At(at).Kind, at)
	}
}

func TestTwoHolidaysOnOneDay(t *testing.T) {
	t.Parallel()
	moved := hours.Holiday{Name: "moved", On: "06-21", Observed: "sunday +1"} // a Sunday in 2026
	own := hours.Holiday{Name: "own", On: "06-22"}
	half := hours.Holiday{Name: "half", On: "06-22", Spans: spans("09:00-10:00")}
	for _, c := range []struct {
		want string
		list []hours.Holiday
	}{
		{"own", []hours.Holiday{moved, own}},
		{"own", []hours.Holiday{own, moved}},
		{"moved", []hours.Holiday{half, moved}},
		{"moved", []hours.Holiday{moved, half}},
		{"own", []hours.Holiday{half, own}},
		{"own", []hours.Holiday{own, half}},
		{"half", []hours.Holiday{half}},
		{"own", []hours.Holiday{own, {Name: "second", On: "06-22"}}},
	} {
		s := compile(t, office(toronto, c.list...))
		assert.Equal(t, c.want, s.Day(civil("2026-06-22")).Label, c.list)
	}
}

func TestHolidayOfTheYearBeforeOrAfter(t *testing.T) {
	t.Parallel()
	s := compile(t, office(toronto,
		hours.Holiday{Name: "after", On: "12-31 +1", Since: 2026, Through: 2026},
		hours.Holiday{Name: "before", On: "01-01 -2", Since: 2026, Through: 2026},
	))
	assert.Equal(t, "after", s.Day(civil("2027-01-01")).Label)
	assert.Equal(t, hours.KindOpen, s.Day(civil("2026-01-01")).Kind)
	assert.Equal(t, "before", s.Day(civil("2025-12-30")).Label)
	assert.Equal(t, hours.KindOpen, s.Day(civil("2026-12-30")).Kind)
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := compile(t, office(toronto, region(t, "CA-QC")...))
	start := clock(t, "2026-01-01T00:00:00-05:00")
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range 400 { // more pages than a schedule keeps
				at := start.AddDate(0, (g*7+i)%240, i%28).Add(12 * time.Hour)
				if got, want := s.At(at).Kind == hours.KindOpen, s.Day(hours.CivilOf(at)).Kind == hours.KindOpen; got != want {
					t.Errorf("%s: %v, want %v", at, got, want)
				}
			}
		})
	}
	group.Wait()
}

func TestLeapDayIsNotMoved(t *testing.T) {
	t.Parallel()
	h := hours.Holiday{Name: "Leap day", On: "02-29"}
	_, _, ok := h.Date(2027)
	assert.False(t, ok)
	date, _, ok := h.Date(2028)
	require.True(t, ok)
	assert.Equal(t, "2028-02-29", date.String())
	s := compile(t, hours.Spec{Zone: "UTC", Holidays: []hours.Holiday{h}})
	assert.Equal(t, "2028-02-29T00:00:00Z", show(s, s.At(clock(t, "2027-03-01T00:00:00Z")).Until))
	assert.Equal(t, "2104-02-29T00:00:00Z", show(s, s.At(clock(t, "2096-03-01T00:00:00Z")).Until), "2100 is none")
}

func TestObservedInTheYearBefore(t *testing.T) {
	t.Parallel()
	s := compile(t, office(toronto, region(t, "US")...))
	got := s.At(clock(t, "2027-12-31T12:00:00-05:00"))
	assert.Equal(t, "New Year's Day", got.Label)
}

func TestLastPassOfAnOverlapIsSeen(t *testing.T) {
	t.Parallel()
	s := compile(t, hours.Spec{Zone: toronto, Week: hours.EveryDay(span("00:00-01:30"))})
	got := s.At(clock(t, "2026-11-01T00:30:00-04:00"))
	assert.Equal(t, "2026-11-01T01:30:00-04:00", show(s, got.Until))
	got = s.At(got.Until)
	assert.Equal(t, hours.KindClosed, got.Kind)
	assert.Equal(t, "2026-11-01T01:00:00-05:00", show(s, got.Until), "open again")
}

// TestAskedByUsers has a case for each wish and trap about hours that we found
// in the trackers of phone systems.
func TestAskedByUsers(t *testing.T) {
	t.Parallel()
	noon := clock(t, "2026-06-24T12:00:00-04:00") // a Wednesday
	t.Run("Saturday and Sunday as a range of days", func(t *testing.T) {
		t.Parallel()
		s := compile(t, hours.Spec{Zone: toronto, Week: hours.Week{
			time.Saturday: spans("10:00-16:00"), time.Sunday: spans("10:00-16:00"),
		}})
		for day, open := range map[string]bool{"26": false, "27": true, "28": true, "29": false} {
			assert.Equal(t, open, s.At(clock(t, "2026-06-"+day+"T12:00:00-04:00")).Open(), day)
		}
	})
	t.Run("the zone of the tenant, not of the server", func(t *testing.T) {
		t.Parallel()
		at := clock(t, "2026-01-15T13:30:00Z")
		assert.False(t, compile(t, office("America/Toronto")).At(at).Open(), "08:30")
		assert.True(t, compile(t, office("America/Halifax")).At(at).Open(), "09:30")
	})
	t.Run("a date does not shift when it is saved", func(t *testing.T) {
		t.Parallel()
		spec := office("Pacific/Auckland")
		spec.Exceptions = []hours.Exception{{Date: civil("2026-04-05"), Label: "x"}}
		first, err := json.Marshal(spec)
		require.NoError(t, err)
		for range 20 {
			again, err := hours.ParseSpec(first)
			require.NoError(t, err)
			next, err := json.Marshal(again)
			require.NoError(t, err)
			require.JSONEq(t, string(first), string(next))
		}
		assert.Contains(t, string(first), `"date":"2026-04-05"`)
	})
	t.Run("an unknown zone is an error, never UTC", func(t *testing.T) {
		t.Parallel()
		for _, zone := range []string{"", "Local", "Mars/Olympus", "../etc/passwd", "america/nowhere"} {
			_, err := hours.New(hours.Spec{Zone: zone})
			require.ErrorIs(t, err, hours.ErrSpec, zone)
		}
	})
	t.Run("one list of holidays for every route", func(t *testing.T) {
		t.Parallel()
		list := region(t, "CA-QC")
		a, b := compile(t, office(toronto, list...)), compile(t, office("America/New_York", list...))
		list[3].On = "06-25" // a later edit changes neither
		assert.Equal(t, "fete-nationale", a.At(noon).ID)
		assert.Equal(t, "fete-nationale", b.At(noon).ID)
	})
	t.Run("holiday sets that overlap", func(t *testing.T) {
		t.Parallel()
		s := compile(t, office(toronto, append(region(t, "CA-QC"), region(t, "US")...)...))
		got := s.At(clock(t, "2026-12-25T12:00:00-05:00"))
		assert.Equal(t, "Noël", got.Label, "the first one")
	})
	t.Run("a holiday wins whatever its place", func(t *testing.T) {
		t.Parallel()
		spec := office(toronto, region(t, "CA-QC")...)
		assert.Equal(t, hours.SourceHoliday, compile(t, spec).At(noon).Source)
		spec.Exceptions = []hours.Exception{{Date: civil("2026-06-24"), Label: "Festival", Spans: spans("12:00-20:00")}}
		got := compile(t, spec).At(noon)
		assert.Equal(t, hours.Situation{
			Kind: hours.KindOpen, Source: hours.SourceException, Label: "Festival",
			Until: got.Until,
		}, got, "and an exception wins over it")
	})
	t.Run("more parts of the day than open and closed", func(t *testing.T) {
		t.Parallel()
		s := compile(t, hours.Spec{Zone: toronto, Week: hours.MondayToFriday(spans("09:00-12:00", "13:00-17:00")...)})
		for text, kind := range map[string]hours.Kind{
			"2026-06-23T08:00:00-04:00": hours.KindClosed, "2026-06-23T11:00:00-04:00": hours.KindOpen,
			"2026-06-23T12:00:00-04:00": hours.KindBreak, "2026-06-23T13:00:00-04:00": hours.KindOpen,
			"2026-06-23T17:00:00-04:00": hours.KindClosed, "2026-06-27T12:00:00-04:00": hours.KindWeekend,
		} {
			assert.Equal(t, kind, s.At(clock(t, text)).Kind, text)
		}
	})
	t.Run("an override without any schedule", func(t *testing.T) {
		t.Parallel()
		s := hours.Schedule{}.With(hours.Override{Label: "Moving", From: noon, Until: noon.Add(time.Hour)})
		assert.Equal(t, hours.Situation{
			Kind: hours.KindClosed, Source: hours.SourceOverride, Label: "Moving", Until: noon.Add(time.Hour),
		}, s.At(noon))
		assert.Equal(t, hours.Situation{Kind: hours.KindOpen, Source: hours.SourceAlways}, s.At(noon.Add(time.Hour)))
		assert.Equal(t, noon, s.At(noon.Add(-time.Hour)).Until)
	})
	t.Run("an override is not stuck", func(t *testing.T) {
		t.Parallel()
		s := compile(t, office(toronto)).With(hours.Override{From: noon})
		got := s.At(noon.Add(time.Hour))
		assert.Equal(t, hours.SourceOverride, got.Source)
		assert.Equal(t, "2026-06-25T09:00:00-04:00", show(s, got.Until))
		assert.True(t, s.At(got.Until).Open())
	})
	t.Run("a day needs nothing but its hours", func(t *testing.T) {
		t.Parallel()
		s := compile(t, hours.Spec{Zone: toronto, Week: hours.Week{time.Wednesday: spans("09:00-17:00")}})
		assert.True(t, s.At(noon).Open())
		assert.False(t, s.At(noon.AddDate(0, 0, 1)).Open())
	})
}
