package greeting_test

import (
	"encoding/json"
	"os"
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

// The stored form is a promise: this file is read by every later release.
func TestGoldenSnapshot(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/snapshot.json")
	require.NoError(t, err)
	s, err := greeting.ParseSnapshot(data)
	require.NoError(t, err)
	assert.Equal(t, greeting.Snapshot{
		V: 1, Tenant: "tremblay", Revision: 12,
		Greetings: []greeting.Greeting{
			{ID: "closed-fr", Name: "Fermé", Script: "Nos bureaux sont fermés.", Clip: clip, Language: language.CanadianFrench},
			{ID: "both", Draft: true},
		},
		Rules: []greeting.Rule{
			{
				ID: "summer", Greeting: "closed-fr", Class: greeting.ClassTemporary, Zone: "America/Toronto", Order: 3,
				From:      hours.Date(2026, time.July, 18),
				Until:     hours.Civil{Year: 2026, Month: time.August, Day: 3, Minute: 8*60 + 30},
				Published: time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC),
				When: greeting.When{
					Kinds: []hours.Kind{hours.KindClosed}, Holiday: "st-jean", Outcomes: []phone.Outcome{phone.DND},
					Department: "sales", Line: "one", Mailbox: "two",
				},
			},
			{ID: "else", Greeting: "builtin-fr"},
		},
	}, s)
	_, err = greeting.New(s, nil)
	require.NoError(t, err)
	back, err := json.Marshal(s)
	require.NoError(t, err)
	assert.JSONEq(t, string(data), string(back))
}

func TestParseSnapshotRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":          ``,
		"an unknown field": `{"rules": [{"id": "r", "greeting": "g", "when": {"caller": "+15145550100"}}]}`,
		"something behind": `{} {}`,
		"rubbish behind":   `{} x`,
		"a language":       `{"greetings": [{"id": "g", "language": "not a language"}]}`,
		"a date":           `{"rules": [{"id": "r", "from": "tomorrow"}]}`,
		"too much":         `{"tenant": "` + string(make([]byte, greeting.MaxSnapshot)) + `"}`,
	} {
		_, err := greeting.ParseSnapshot([]byte(text))
		require.Error(t, err, name)
	}
}

func TestSnapshotSurvivesJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySnapshot(t)
		data, err := json.Marshal(s)
		require.NoError(t, err)
		back, err := greeting.ParseSnapshot(data)
		require.NoError(t, err)
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(data), string(again))
		want, err := greeting.New(s, nil)
		require.NoError(t, err)
		got, err := greeting.New(back, nil)
		require.NoError(t, err)
		q := greeting.Query{At: anyInstant.Draw(t, "at"), Divert: anyDivert(t)}
		require.Equal(t, want.Select(q), got.Select(q))
	})
}

// Whatever the host stored: New refuses it with paths, or Select and Explain
// agree and have a sound.
func FuzzSnapshot(f *testing.F) {
	data, err := os.ReadFile("testdata/snapshot.json")
	require.NoError(f, err)
	f.Add(data, "fr-CA", "holiday", int64(1_790_000_000))
	f.Add([]byte(`{"rules":[{"id":"a","greeting":"builtin-es","until":"2026-11-01T01:30","zone":"America/Toronto"}]}`), "es", "open", int64(1_793_000_000))
	f.Add([]byte(`{"greetings":[{"id":"g","language":"und"},{"id":"g"}],"rules":[{"class":"builtin"}]}`), "x", "", int64(-1<<62))
	f.Fuzz(func(t *testing.T, data []byte, tag, kind string, seconds int64) {
		s, err := greeting.ParseSnapshot(data)
		if err != nil {
			return
		}
		l, err := greeting.New(s, &greeting.Options{MaxRules: 50, MaxGreetings: 50})
		if err != nil {
			require.ErrorIs(t, err, greeting.ErrInvalid)
			require.NotEmpty(t, greeting.Errors(err))
			return
		}
		q := greeting.Query{At: time.Unix(seconds, 0), Divert: phone.Divert{Language: language.Make(tag)}}
		q.Divert.Situation.Kind = hours.Kind(kind)
		d, others := l.Explain(q)
		require.Equal(t, d, l.Select(q))
		require.NotEmpty(t, d.Greeting.Clip)
		require.True(t, d.ValidUntil.IsZero() || d.ValidUntil.After(q.At))
		if d.Rule == "" {
			require.Len(t, others, len(s.Rules))
		} else {
			require.Len(t, others, len(s.Rules)-1)
		}
	})
}
