package greeting_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

const montreal = "America/Toronto"

// clip is a hash as good as any other.
var clip = strings.Repeat("a", 64)

// hello is a greeting that is ready to be heard.
func hello(id string, tag language.Tag) greeting.Greeting {
	return greeting.Greeting{ID: id, Language: tag, Clip: clip}
}

func library(t testing.TB, o *greeting.Options, greetings []greeting.Greeting, rules ...greeting.Rule) *greeting.Library {
	t.Helper()
	l, err := greeting.New(greeting.Snapshot{Greetings: greetings, Rules: rules}, o)
	require.NoError(t, err)
	return l
}

// at is a quarter past nine on a Tuesday in June 2026, in Montréal.
func at(t testing.TB) time.Time {
	t.Helper()
	zone, err := time.LoadLocation(montreal)
	require.NoError(t, err)
	return time.Date(2026, time.June, 23, 9, 15, 0, 0, zone)
}

func asked(t testing.TB, d phone.Divert) greeting.Query {
	t.Helper()
	return greeting.Query{At: at(t), Divert: d}
}

func situation(k hours.Kind) hours.Situation {
	return hours.Situation{Kind: k, Source: hours.SourceWeek}
}

func kinds(k ...hours.Kind) greeting.When { return greeting.When{Kinds: k} }
