package phone_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

func number(t testing.TB, text string) phone.Number {
	t.Helper()
	n, err := phone.ParseNumber(text)
	require.NoError(t, err)
	return n
}

func missedCall(t testing.TB) phone.Call {
	at := time.Date(2026, time.June, 24, 15, 0, 0, 0, time.UTC)
	return phone.Call{
		ID: "a1", Tenant: "tremblay", Line: "main", Called: number(t, "+15145550199"),
		Caller:  phone.Party{Number: number(t, "+15145550123"), Name: "Luc Gagnon"},
		Outcome: phone.NoAnswer, Began: at.Add(-30 * time.Second), Ended: at,
		Divert: phone.Divert{
			Outcome: phone.NoAnswer, Language: language.CanadianFrench, Department: "support",
			Situation: hours.Situation{Kind: hours.KindHoliday, Source: hours.SourceHoliday, Label: "Fête nationale", Until: at.Add(time.Hour)},
		},
	}
}

func TestEventIsStableJSON(t *testing.T) {
	t.Parallel()
	event := missedCall(t).Event()
	data, err := json.MarshalIndent(event, "", "  ")
	require.NoError(t, err)
	golden, err := os.ReadFile("testdata/call.missed.json")
	require.NoError(t, err)
	assert.Equal(t, string(golden), string(data)+"\n", "hosts store events: their form does not change")

	var back phone.Event
	require.NoError(t, json.Unmarshal(golden, &back))
	assert.Equal(t, event, back)
}

func TestTheEventOfACall(t *testing.T) {
	t.Parallel()
	for outcome, missed := range map[phone.Outcome]bool{
		"": false, phone.Answered: false, phone.Voicemail: false,
		phone.NoAnswer: true, phone.Declined: true, phone.Busy: true, phone.Unavailable: true,
		phone.DND: true, phone.Failed: true, phone.Abandoned: true,
	} {
		call := missedCall(t)
		call.Outcome = outcome
		assert.Equal(t, missed, outcome.Missed(), outcome)
		if missed {
			assert.Equal(t, phone.CallMissed, call.Event().Type)
			assert.Equal(t, call.Event(), call.Event(), "two nodes report the same event")
		} else if outcome == phone.Answered {
			assert.Equal(t, phone.CallAnswered, call.Event().Type)
			assert.Equal(t, phone.Person, call.Event().Actor.Kind)
		} else {
			assert.Zero(t, call.Event(), outcome)
		}
	}
}

func TestContactKey(t *testing.T) {
	t.Parallel()
	event := missedCall(t).Event()
	assert.Equal(t, phone.ContactKey("+15145550123"), event.ContactKey())
	event.Key = "person-7"
	assert.Equal(t, phone.ContactKey("person-7"), event.ContactKey())
	assert.Empty(t, phone.Event{}.ContactKey())
}

func TestDoNotDisturb(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.June, 16, 14, 0, 0, 0, time.UTC)
	for _, length := range []time.Duration{30 * time.Minute, time.Hour, 8 * time.Hour, 90 * time.Second} {
		d, err := phone.Silence("ana", at, length, false)
		require.NoError(t, err)
		assert.True(t, d.Silences(at, false))
		assert.True(t, d.Silences(at.Add(length-1), false))
		assert.False(t, d.Silences(at.Add(length), false), "half-open")
		assert.False(t, d.Silences(at.Add(-1), false))
		assert.False(t, d.Silences(at, true), "a shared line rings")
	}
	_, err := phone.Silence("ana", at, time.Hour, true)
	require.ErrorIs(t, err, phone.ErrShared)
	for _, length := range []time.Duration{0, -time.Hour, 32 * 24 * time.Hour} {
		_, err := phone.Silence("ana", at, length, false)
		require.Error(t, err, length)
	}
	_, err = phone.SilenceUntilOpening("ana", at, hours.Schedule{}, false)
	require.Error(t, err, "a line that is always open has no next opening")
	assert.False(t, phone.DoNotDisturb{}.Silences(at, false), "the zero value is off")

	schedule, err := hours.Parse([]byte(`{"zone": "America/Toronto", "week": {"tuesday": ["09:00-17:00"], "wednesday": ["09:00-17:00"]}}`))
	require.NoError(t, err)
	d, err := phone.SilenceUntilOpening("ana", at, schedule, false) // Tuesday 10:00 in Toronto, open
	require.NoError(t, err)
	assert.Equal(t, at.Add(23*time.Hour), d.Until.UTC(), "the next time that the doors open")
}
