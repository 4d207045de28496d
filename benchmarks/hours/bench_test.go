package hours_test

import (
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ca"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// engine answers whether an office in Toronto is open, Monday to Friday from
// nine to five but not on holidays.
type engine struct {
	name string
	open func(t time.Time) bool
}

func engines(t testing.TB) []engine {
	t.Helper()
	holidays, err := hours.Holidays("CA-ON")
	require.NoError(t, err)
	ours, err := hours.New(hours.Spec{Zone: "America/Toronto", Week: hours.MondayToFriday(hours.Span{From: 9 * 60, To: 17 * 60}), Holidays: holidays})
	require.NoError(t, err)
	zone, err := time.LoadLocation("America/Toronto")
	require.NoError(t, err)
	calendar := func(cached bool) func(time.Time) bool {
		c := cal.NewBusinessCalendar()
		c.Cacheable = cached
		c.AddHoliday(ca.Holidays...)
		return func(t time.Time) bool { return c.IsWorkTime(t.In(zone)) }
	}
	return []engine{
		{"ours", func(t time.Time) bool { return ours.At(t).Open() }},
		{"rickar-cal", calendar(false)},
		{"rickar-cal-cached", calendar(true)},
	}
}

func instants() (list [1024]time.Time) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range list {
		list[i] = start.Add(time.Duration(i*i*7919%(365*86400)) * time.Second)
	}
	return list
}

// BenchmarkOpen asks at 1024 instants over a year.
func BenchmarkOpen(b *testing.B) {
	list := instants()
	for _, e := range engines(b) {
		for at, want := range map[string]bool{
			"2026-03-10T10:00:00-04:00": true,  // a Tuesday
			"2026-03-10T08:59:00-04:00": false, // before nine
			"2026-03-14T10:00:00-04:00": false, // a Saturday
			"2026-12-25T10:00:00-05:00": false, // Christmas
			"2026-11-02T16:59:00-05:00": true,  // the day after the clocks went back
		} {
			instant, err := time.Parse(time.RFC3339, at)
			require.NoError(b, err)
			require.Equal(b, want, e.open(instant), "%s at %s", e.name, at)
		}
		b.Run(e.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				_ = e.open(list[i&1023])
				i++
			}
		})
	}
}

// BenchmarkNumber reads a number of E.164. The peer also reads national numbers
// and knows the ranges of each country; it parses only, and checks nothing.
func BenchmarkNumber(b *testing.B) {
	const text = "+15145550100"
	own, err := phone.ParseNumber(text)
	require.NoError(b, err)
	require.Equal(b, text, own.String())
	other, err := phonenumbers.Parse(text, "")
	require.NoError(b, err)
	require.Equal(b, text, phonenumbers.Format(other, phonenumbers.E164))
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := phone.ParseNumber(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("nyaruka-phonenumbers", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := phonenumbers.Parse(text, ""); err != nil {
				b.Fatal(err)
			}
		}
	})
}
