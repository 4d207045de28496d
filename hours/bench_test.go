package hours_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

// busy is the schedule of the measurements: two spans a day, an overnight
// Saturday, eight exceptions and the holidays of Québec.
func busy(tb testing.TB) hours.Spec {
	tb.Helper()
	spec := hours.Spec{Zone: toronto, Week: hours.MondayToFriday(spans("09:00-12:00", "13:00-17:00")...), Holidays: region(tb, "CA-QC")}
	spec.Week[time.Saturday] = spans("22:00-30:00")
	for i := range 8 {
		spec.Exceptions = append(spec.Exceptions, hours.Exception{
			Date: civil("2026-01-15").AddDays(40 * i), Label: "Exception", Spans: spans("10:00-14:00"),
		})
	}
	return spec
}

// instants are spread over the year 2026.
func instants() (list [1024]time.Time) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range list {
		list[i] = start.Add(time.Duration(i*i*7919%(365*86400)) * time.Second)
	}
	return list
}

func TestAnswersAllocateNothing(t *testing.T) {
	s := compile(t, busy(t))
	at := clock(t, "2026-06-24T12:00:00-04:00")
	s = s.With(hours.Override{From: at.Add(time.Hour), Until: at.Add(2 * time.Hour)})
	s.At(at)
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.At(at) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.NextOpen(at) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.AddOpen(at, 20*time.Hour) }))
}

func BenchmarkClock(b *testing.B) { // what a naive reading costs before it has looked at any rule
	zone, _ := time.LoadLocation(toronto)
	list := instants()
	i := 0
	for b.Loop() {
		t := list[i&1023].In(zone)
		t.Date()
		t.Clock()
		i++
	}
}

func BenchmarkAt(b *testing.B) {
	s := compile(b, busy(b))
	list := instants()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		s.At(list[i&1023])
		i++
	}
}

func BenchmarkAtNow(b *testing.B) { // the same instant again, as on a busy line
	s := compile(b, busy(b))
	at := instants()[77]
	b.ReportAllocs()
	for b.Loop() {
		s.At(at)
	}
}

func BenchmarkNextOpen(b *testing.B) {
	s := compile(b, busy(b))
	list := instants()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		s.NextOpen(list[i&1023])
		i++
	}
}

func BenchmarkNew(b *testing.B) { // the zone is read from the disk each time
	spec := busy(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hours.New(spec); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompileYear(b *testing.B) { // two pages, 388 days, that no schedule has yet
	s := compile(b, busy(b))
	b.ReportAllocs()
	year := 1970
	for b.Loop() {
		s.At(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		s.At(time.Date(year, 7, 20, 0, 0, 0, 0, time.UTC))
		if year += 3; year > 2190 {
			year = 1970
		}
	}
}

func BenchmarkCalendarYear(b *testing.B) {
	s := compile(b, busy(b))
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(1, 0, 0)
	b.ReportAllocs()
	for b.Loop() {
		for range s.Calendar(from, to) {
			continue
		}
	}
}

func BenchmarkAddOpen(b *testing.B) { // within 40 business hours
	s := compile(b, busy(b))
	list := instants()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		s.AddOpen(list[i&1023], 40*time.Hour)
		i++
	}
}

func BenchmarkExplain(b *testing.B) {
	s := compile(b, busy(b))
	list := instants()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		s.Explain(list[i&1023], language.French)
		i++
	}
}

func BenchmarkParse(b *testing.B) {
	data := []byte(sample)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hours.ParseSpec(data); err != nil {
			b.Fatal(err)
		}
	}
}
