package greeting_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// busyOffice has n rules over ten departments in three languages, a quarter of
// them with dates, and a call for which only the last of them apply.
func busyOffice(t testing.TB, n int) (*greeting.Library, greeting.Query) {
	t.Helper()
	greetings := []greeting.Greeting{
		hello("en", language.English), hello("fr", language.CanadianFrench), hello("es", language.MustParse("es-419")),
	}
	var rules []greeting.Rule
	for i := range n {
		r := greeting.Rule{ID: fmt.Sprint(i), Greeting: greetings[i%3].ID, Order: i}
		r.When.Department = fmt.Sprint("department ", i%10)
		switch i % 4 {
		case 0:
			r.From, r.Until, r.Zone = hours.Date(2027, time.January, 1+i%28), hours.Date(2027, time.February, 1), montreal
		case 1:
			r.When.Kinds = []hours.Kind{hours.KindClosed, hours.KindWeekend}
		case 2:
			r.When.Outcomes = []phone.Outcome{phone.Busy, phone.DND}
		}
		rules = append(rules, r)
	}
	q := asked(t, phone.Divert{
		Department: "department 7", Outcome: phone.NoAnswer, Language: language.MustParse("fr-FR"),
		Situation: situation(hours.KindOpen),
	})
	return library(t, nil, greetings, rules...), q
}

func TestSelectAllocatesNothing(t *testing.T) {
	l, q := busyOffice(t, 100)
	builtin := q
	builtin.Divert.Department = "nobody's"
	builtin.Divert.Language = language.MustParse("fr-CA-x-loud")
	assert.Equal(t, greeting.ClassDepartment, l.Select(q).Class)
	assert.Equal(t, greeting.ClassBuiltin, l.Select(builtin).Class)
	assert.Zero(t, testing.AllocsPerRun(100, func() { l.Select(q) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { l.Select(builtin) }))
}

func BenchmarkSelect(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		l, q := busyOffice(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Select(q)
			}
		})
	}
}

func BenchmarkExplain(b *testing.B) {
	l, q := busyOffice(b, 100)
	b.ReportAllocs()
	for b.Loop() {
		l.Explain(q)
	}
}

func BenchmarkNew(b *testing.B) {
	_, q := busyOffice(b, 0)
	s := greeting.Snapshot{Greetings: []greeting.Greeting{hello("g", q.Divert.Language)}}
	for i := range 100 {
		s.Rules = append(s.Rules, greeting.Rule{
			ID: fmt.Sprint(i), Greeting: "g", From: hours.Date(2027, time.January, 1), Zone: montreal,
		})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := greeting.New(s, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// A year of an office with a hundred rules.
func BenchmarkSimulateYear(b *testing.B) {
	l, q := busyOffice(b, 100)
	schedule := office(b)
	to := q.At.AddDate(1, 0, 0)
	b.ReportAllocs()
	for b.Loop() {
		for range l.Simulate(schedule, q, q.At, to) {
		}
	}
}
