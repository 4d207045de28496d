package hours_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/hours"
)

func span(text string) hours.Span {
	s, err := hours.ParseSpan(text)
	if err != nil {
		panic(err)
	}
	return s
}

func civil(text string) hours.Civil {
	c, err := hours.ParseCivil(text)
	if err != nil {
		panic(err)
	}
	return c
}

func spans(texts ...string) (list []hours.Span) {
	for _, text := range texts {
		list = append(list, span(text))
	}
	return list
}

// office is open Monday to Friday, 9 to 17, in a zone.
func office(zone string, holidays ...hours.Holiday) hours.Spec {
	return hours.Spec{Zone: zone, Week: hours.MondayToFriday(span("09:00-17:00")), Holidays: holidays}
}

func compile(t testing.TB, s hours.Spec) hours.Schedule {
	t.Helper()
	c, err := hours.New(s)
	require.NoError(t, err)
	return c
}

func region(t testing.TB, code string, choose ...string) []hours.Holiday {
	t.Helper()
	list, err := hours.Holidays(code, choose...)
	require.NoError(t, err)
	return list
}

// clock reads an instant with its offset: 2026-03-08T09:00:00-04:00.
func clock(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}

// show is an instant as the clock in the zone of s shows it.
func show(s hours.Schedule, at time.Time) string {
	return at.In(s.Zone()).Format(time.RFC3339)
}
