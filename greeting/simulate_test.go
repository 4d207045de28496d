package greeting_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

func office(t require.TestingT) hours.Schedule {
	s, err := hours.New(hours.Spec{
		Zone: montreal,
		Week: hours.MondayToFriday(hours.Span{From: 9 * 60, To: 12 * 60}, hours.Span{From: 13 * 60, To: 17 * 60}),
		Exceptions: []hours.Exception{
			{Date: hours.Date(2026, time.November, 3), ID: "noel", Label: "Noël en novembre"},
			{Date: hours.Date(2026, time.November, 5), Label: "Inventory", Spans: []hours.Span{{From: 9 * 60, To: 11 * 60}}, Kind: hours.KindClosed},
		},
	})
	require.NoError(t, err)
	return s
}

// A week in which the clocks change, minute by minute, against the sweep.
func TestSimulateLikeEveryMinute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, _ := anyLibrary(t)
		schedule := office(t)
		from := anyInstant.Draw(t, "begin")
		to := from.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(t, "minutes")) * time.Minute)
		q := greeting.Query{Divert: anyDivert(t)}

		type change struct {
			at   time.Time
			rule string
			id   string
		}
		var want, got []change
		for at := from; at.Before(to); at = at.Add(time.Minute) {
			q.At, q.Divert.Situation = at, schedule.At(at)
			d := l.Select(q)
			c := change{at.UTC(), d.Rule, d.Greeting.ID}
			if n := len(want); n == 0 || want[n-1].rule != c.rule || want[n-1].id != c.id {
				want = append(want, c)
			}
		}
		var end time.Time
		for at, d := range l.Simulate(schedule, q, from, to) {
			if len(got) > 0 {
				require.True(t, end.Equal(at), "the segments touch: %v, %v", end, at)
			}
			got, end = append(got, change{at.UTC(), d.Rule, d.Greeting.ID}), d.ValidUntil
		}
		require.Equal(t, want, got)
		if len(got) > 0 {
			require.True(t, end.IsZero() || !end.Before(to))
		}
	})
}

func TestSimulateStops(t *testing.T) {
	t.Parallel()
	l := library(t, nil, []greeting.Greeting{hello("g", language.English)},
		greeting.Rule{ID: "closed", Greeting: "g", When: kinds(hours.KindClosed)},
		greeting.Rule{ID: "open", Greeting: "g", When: kinds(hours.KindOpen)})
	start := at(t)
	n := 0
	for range l.Simulate(office(t), asked(t, phone.Divert{}), start, start.AddDate(1000, 0, 0)) {
		if n++; n == 3 {
			break
		}
	}
	assert.Equal(t, 3, n)
	for range l.Simulate(office(t), asked(t, phone.Divert{}), start, start) {
		t.Fatal("nothing lies between an instant and itself")
	}
	// It opens at nine and breaks at noon, which is no longer asked for.
	noon := hours.Civil{Year: 2026, Month: time.June, Day: 23, Minute: 12 * 60}.In(start.Location())
	for at, d := range l.Simulate(office(t), asked(t, phone.Divert{}), start, noon) {
		assert.Equal(t, start, at)
		assert.True(t, noon.Equal(d.ValidUntil))
	}
}
