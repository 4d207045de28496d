package hours_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/hours"
)

func TestZeroScheduleIsAlwaysOpen(t *testing.T) {
	t.Parallel()
	var s hours.Schedule
	at := clock(t, "2026-06-24T12:00:00-04:00")
	assert.Equal(t, hours.Situation{Kind: hours.KindOpen, Source: hours.SourceAlways}, s.At(at))
	next, ok := s.NextOpen(at)
	assert.True(t, ok)
	assert.Equal(t, at, next)
	_, ok = s.NextOpening(at)
	assert.False(t, ok, "it never closes")
	end, ok := s.AddOpen(at, 36*time.Hour)
	assert.True(t, ok)
	assert.Equal(t, at.Add(36*time.Hour), end)
	day, ok := s.NextBusinessDay(at)
	assert.True(t, ok)
	assert.Equal(t, "2026-06-25", day.String())
	assert.Equal(t, hours.KindOpen, s.Day(day).Kind)
	assert.Equal(t, time.UTC, s.Zone())
	n := 0
	for from, answer := range s.Calendar(at, at.AddDate(1, 0, 0)) {
		n++
		assert.Equal(t, at, from)
		assert.Equal(t, hours.SourceAlways, answer.Source)
	}
	assert.Equal(t, 1, n)
}

func TestNoWeekIsAlwaysOpenButForItsDays(t *testing.T) {
	t.Parallel()
	s := compile(t, hours.Spec{Zone: toronto, Holidays: region(t, "CA-QC")})
	got := s.At(clock(t, "2026-06-20T03:00:00-04:00"))
	assert.Equal(t, hours.SourceAlways, got.Source)
	assert.Equal(t, "2026-06-24T00:00:00-04:00", show(s, got.Until))
	assert.Equal(t, hours.KindHoliday, s.At(got.Until).Kind)

	s = compile(t, hours.Spec{Zone: toronto})
	assert.True(t, s.At(got.Until).Until.IsZero(), "nothing changes for ever")

	s = compile(t, hours.Spec{Zone: toronto, Week: hours.Week{time.Monday: nil}})
	assert.Equal(t, hours.KindClosed, s.At(clock(t, "2026-06-22T12:00:00-04:00")).Kind, "a week with a key is one")
	assert.Equal(t, hours.KindWeekend, s.At(clock(t, "2026-06-21T12:00:00-04:00")).Kind)
}

func TestFarChangesAreFound(t *testing.T) {
	t.Parallel()
	spec := hours.Spec{Zone: toronto, Exceptions: []hours.Exception{{Date: civil("2150-05-05"), Label: "Jubilee"}}}
	got := compile(t, spec).At(clock(t, "2026-01-01T00:00:00-05:00"))
	assert.Equal(t, "2150-05-05T00:00:00-04:00", got.Until.Format(time.RFC3339))

	spec = hours.Spec{Zone: toronto, Holidays: []hours.Holiday{{Name: "New", On: "05-05", Since: 2150}}}
	got = compile(t, spec).At(clock(t, "2026-01-01T00:00:00-05:00"))
	assert.Equal(t, "2150-05-05T00:00:00-04:00", got.Until.Format(time.RFC3339))

	spec = hours.Spec{
		Zone: toronto, Week: hours.Week{time.Monday: nil},
		Exceptions: []hours.Exception{{Date: civil("2199-12-31"), Spans: spans("10:00-11:00")}},
	}
	s := compile(t, spec)
	next, ok := s.NextOpen(clock(t, "1970-01-01T00:00:00-05:00"))
	require.True(t, ok)
	assert.Equal(t, "2199-12-31T10:00:00-05:00", show(s, next))
	day, ok := s.NextBusinessDay(clock(t, "1970-01-01T00:00:00-05:00"))
	require.True(t, ok)
	assert.Equal(t, "2199-12-31", day.String())
}

func TestInstantsFarOut(t *testing.T) {
	t.Parallel()
	s := compile(t, office(toronto, region(t, "CA-QC")...))
	for _, at := range []time.Time{
		{},
		time.Unix(1<<62, 0), time.Unix(-1<<62, 0), time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(-500, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		assert.NotEmpty(t, s.At(at).Kind)
		s.NextOpen(at)
		n := 0
		for range s.Calendar(at, at.AddDate(0, 0, 7)) {
			n++
		}
		assert.Less(t, n, 30)
	}
	assert.Equal(t, "2199-12-25T00:00:00-05:00", show(s, s.At(clock(t, "2199-12-24T18:00:00-05:00")).Until))
}

func TestOverride(t *testing.T) {
	t.Parallel()
	base := compile(t, office(toronto)) // Wednesday 24 June 2026
	noon := clock(t, "2026-06-24T12:00:00-04:00").In(base.Zone())
	evening := clock(t, "2026-06-24T20:00:00-04:00").In(base.Zone())
	t.Run("open late", func(t *testing.T) {
		t.Parallel()
		s := base.With(hours.Override{Open: true, Label: "Late", From: noon, Until: evening})
		assert.Equal(t, hours.Situation{
			Kind: hours.KindOpen, Source: hours.SourceOverride, Label: "Late", Until: evening,
		}, s.At(noon.Add(7*time.Hour)))
		assert.False(t, s.At(evening).Open(), "half-open")
		assert.Equal(t, noon, s.At(noon.Add(-time.Hour)).Until, "the answer before ends where it begins")
		assert.False(t, base.At(noon.Add(7*time.Hour)).Open(), "the schedule itself did not change")
		abroad := base.With(hours.Override{Open: true, From: noon.UTC(), Until: evening.UTC()})
		assert.Equal(t, s.At(noon).Until, abroad.At(noon).Until, "in the zone of the schedule")
	})
	t.Run("closed until the next opening", func(t *testing.T) {
		t.Parallel()
		s := base.With(hours.Override{Label: "Storm", From: noon})
		next, ok := s.NextOpen(noon)
		require.True(t, ok)
		assert.Equal(t, "2026-06-25T09:00:00-04:00", show(s, next))
		end, ok := s.AddOpen(noon.Add(-time.Hour), 2*time.Hour)
		require.True(t, ok)
		assert.Equal(t, "2026-06-25T10:00:00-04:00", show(s, end))
	})
	t.Run("set at night, until the morning", func(t *testing.T) {
		t.Parallel()
		s := base.With(hours.Override{Open: true, From: evening})
		assert.Equal(t, "2026-06-25T09:00:00-04:00", show(s, s.At(evening).Until))
	})
	t.Run("one that lies ahead", func(t *testing.T) {
		t.Parallel()
		s := base.With(hours.Override{Open: true, From: evening, Until: evening.Add(time.Hour)})
		next, ok := s.NextOpen(evening.Add(-time.Hour))
		require.True(t, ok)
		assert.Equal(t, evening, next)
		tomorrow := clock(t, "2026-06-25T08:00:00-04:00")
		s = base.With(hours.Override{From: tomorrow, Until: tomorrow.Add(4 * time.Hour)})
		next, ok = s.NextOpen(evening)
		require.True(t, ok)
		assert.Equal(t, "2026-06-25T12:00:00-04:00", show(s, next))
	})
	t.Run("open from the moment that the schedule opens", func(t *testing.T) {
		t.Parallel()
		nine := clock(t, "2026-06-25T09:00:00-04:00")
		s := base.With(hours.Override{Open: true, From: nine, Until: nine.Add(time.Hour)})
		next, ok := s.NextOpen(evening)
		require.True(t, ok)
		assert.True(t, next.Equal(nine), next)
	})
	t.Run("only the last one counts, and the zero value ends it", func(t *testing.T) {
		t.Parallel()
		s := base.With(hours.Override{From: noon}).With(hours.Override{Open: true, From: noon, Until: evening})
		assert.True(t, s.At(noon).Open())
		assert.Equal(t, base, s.With(hours.Override{}))
		assert.Equal(t, base, s.With(hours.Override{From: evening, Until: noon}), "it ends before it begins")
		assert.Equal(t, base, s.With(hours.Override{From: noon, Until: noon}))
	})
	t.Run("for ever where nothing opens", func(t *testing.T) {
		t.Parallel()
		s := hours.Schedule{}.With(hours.Override{From: noon})
		assert.True(t, s.At(noon).Until.IsZero())
		_, ok := s.NextOpen(noon)
		assert.False(t, ok)
		_, ok = s.NextOpen(noon.Add(-time.Hour))
		assert.True(t, ok)
		_, ok = s.AddOpen(noon.Add(-time.Hour), 2*time.Hour)
		assert.False(t, ok)
	})
	t.Run("from ever", func(t *testing.T) {
		t.Parallel()
		s := base.With(hours.Override{Until: noon})
		assert.Equal(t, hours.SourceOverride, s.At(time.Time{}).Source)
		assert.True(t, s.At(noon).Open())
	})
}

func TestNextOpening(t *testing.T) {
	t.Parallel()
	s := compile(t, hours.Spec{Zone: toronto, Week: hours.MondayToFriday(spans("09:00-12:00", "13:00-17:00")...)})
	for at, want := range map[string]string{
		"2026-06-24T10:00:00-04:00": "2026-06-24T13:00:00-04:00",
		"2026-06-24T12:30:00-04:00": "2026-06-24T13:00:00-04:00",
		"2026-06-26T13:00:00-04:00": "2026-06-29T09:00:00-04:00",
	} {
		next, ok := s.NextOpening(clock(t, at))
		require.True(t, ok)
		assert.Equal(t, want, show(s, next), at)
	}
}

func TestAddOpen(t *testing.T) {
	t.Parallel()
	s := compile(t, office(toronto, region(t, "CA-QC")...))
	for _, c := range []struct{ name, at, d, want string }{
		{"none", "2026-06-20T03:00:00-04:00", "0s", "2026-06-20T03:00:00-04:00"},
		{"the same day", "2026-06-23T10:00:00-04:00", "4h", "2026-06-23T14:00:00-04:00"},
		{"exactly until it closes", "2026-06-23T13:00:00-04:00", "4h", "2026-06-23T17:00:00-04:00"},
		{"over the holiday", "2026-06-23T15:00:00-04:00", "4h", "2026-06-25T11:00:00-04:00"},
		{"from the weekend", "2026-06-20T15:00:00-04:00", "30m", "2026-06-22T09:30:00-04:00"},
		{"a week", "2026-06-22T09:00:00-04:00", "40h", "2026-06-29T17:00:00-04:00"},
	} {
		d, err := time.ParseDuration(c.d)
		require.NoError(t, err)
		got, ok := s.AddOpen(clock(t, c.at), d)
		require.True(t, ok, c.name)
		assert.Equal(t, c.want, show(s, got), c.name)
	}
	_, ok := s.AddOpen(clock(t, "2026-06-22T09:00:00-04:00"), -time.Second)
	assert.False(t, ok)

	night := compile(t, hours.Spec{Zone: toronto, Week: hours.EveryDay(span("00:00-06:00"))})
	got, _ := night.AddOpen(clock(t, "2026-11-01T00:00:00-04:00"), 6*time.Hour)
	assert.Equal(t, "2026-11-01T05:00:00-05:00", show(night, got), "the night has an hour more")
	got, _ = night.AddOpen(clock(t, "2026-03-08T00:00:00-05:00"), 5*time.Hour)
	assert.Equal(t, "2026-03-08T06:00:00-04:00", show(night, got), "and in spring one less")
}

func TestNextBusinessDay(t *testing.T) {
	t.Parallel()
	spec := office(toronto, region(t, "CA-QC")...)
	spec.Exceptions = []hours.Exception{
		{Date: civil("2026-06-26")}, {Date: civil("2026-06-27"), Spans: spans("10:00-12:00"), Label: "Inventory"},
	}
	s := compile(t, spec)
	for at, want := range map[string]string{
		"2026-06-22T12:00:00-04:00": "2026-06-23", "2026-06-23T23:59:59-04:00": "2026-06-25",
		"2026-06-25T12:00:00-04:00": "2026-06-27", "2026-06-27T12:00:00-04:00": "2026-06-29",
		"2026-06-24T03:00:00Z": "2026-06-25", // still the 23rd in Toronto
	} {
		day, ok := s.NextBusinessDay(clock(t, at))
		require.True(t, ok)
		assert.Equal(t, want, day.String(), at)
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	spec := office(toronto, region(t, "CA-QC")...)
	spec.Exceptions = []hours.Exception{{Date: civil("2026-12-24"), ID: "eve", Label: "Christmas Eve", Spans: spans("09:00-12:00")}}
	s := compile(t, spec)
	for date, want := range map[string]hours.Day{
		"2026-06-23T09:30": {Kind: hours.KindOpen, Source: hours.SourceWeek, Spans: spans("09:00-17:00")},
		"2026-06-24":       {Kind: hours.KindHoliday, Source: hours.SourceHoliday, Label: "Fête nationale", ID: "fete-nationale"},
		"2026-06-27":       {Kind: hours.KindWeekend, Source: hours.SourceWeek},
		"2026-12-24": {
			Kind: hours.KindOpen, Source: hours.SourceException, Label: "Christmas Eve", ID: "eve", Spans: spans("09:00-12:00"),
		},
	} {
		want.Date = civil(date[:10])
		assert.Equal(t, want, s.Day(civil(date)))
	}
}

// TestCalendarJoins holds that the segments of a calendar meet without a gap,
// differ from their neighbours, and agree with At, NextOpen and AddOpen.
func TestCalendarJoins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(hardZones).Draw(t, "zone")
		s, err := hours.New(drawSpec(t, zone))
		require.NoError(t, err)
		from := time.Date(rapid.IntRange(1970, 2198).Draw(t, "year"), 3, 1, 0, 0, 0, 0, time.UTC)
		if rapid.Bool().Draw(t, "override") {
			o := hours.Override{Open: rapid.Bool().Draw(t, "open"), Label: "by hand"}
			o.From = from.Add(time.Duration(rapid.IntRange(-100, 1000).Draw(t, "begin")) * time.Hour)
			if rapid.Bool().Draw(t, "end") {
				o.Until = o.From.Add(time.Duration(rapid.IntRange(1, 500).Draw(t, "length")) * time.Hour)
			}
			s = s.With(o)
		}
		to := from.AddDate(0, 8, 0)
		var last hours.Situation
		at, open, n := from, time.Duration(0), 0
		for begin, answer := range s.Calendar(from, to) {
			require.True(t, begin.Equal(at), "%s, want %s", begin, at)
			same := answer
			same.Until = last.Until
			require.NotEqual(t, last, same, "%s", begin)
			end := answer.Until
			if end.IsZero() || end.After(to) {
				end = to
			}
			require.Equal(t, answer, s.At(begin.Add(end.Sub(begin)/2)))
			if next, ok := s.NextOpen(begin); answer.Open() {
				require.True(t, ok && next.Equal(begin))
				open += end.Sub(begin)
				if n++; n%40 == 0 {
					got, ok := s.AddOpen(from, open)
					require.True(t, ok && got.Equal(end), "%s of open time: %s, want %s", open, got, end)
				}
			} else if ok {
				require.True(t, s.At(next).Open() && !next.Before(end) || next.After(to))
				require.False(t, s.At(next.Add(-time.Nanosecond)).Open())
			}
			last, at = answer, answer.Until
		}
		require.True(t, at.IsZero() || !at.Before(to))
	})
}
