package afterbeep_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/voicemail"
)

func TestEffectiveNamesTheSourceOfEachValue(t *testing.T) {
	t.Parallel()
	got, from := afterbeep.Effective(
		afterbeep.Layer{Name: "mailbox", Settings: afterbeep.Settings{Filter: afterbeep.Off}},
		afterbeep.Layer{Name: "line", Settings: afterbeep.Settings{Filter: afterbeep.On, MaxLength: time.Minute, Recipients: []string{}}},
		afterbeep.Layer{Name: "tenant", Settings: afterbeep.Settings{
			Languages: []language.Tag{language.CanadianFrench}, MaxLength: 2 * time.Minute, Recipients: []string{"office@tremblay.example"},
		}},
	)
	assert.Equal(t, afterbeep.Settings{
		Ring:      30 * time.Second,
		MaxLength: time.Minute, Languages: []language.Tag{language.CanadianFrench},
		Transcript: afterbeep.On, Filter: afterbeep.Off, Recipients: []string{},
	}, got)
	assert.Equal(t, map[string]string{
		"ring": "default", "maxLength": "line", "languages": "tenant", "transcript": "default", "filter": "mailbox", "recipients": "line",
	}, from, "an empty list is a statement: nobody")
}

func TestSettingsTravelAsJSON(t *testing.T) {
	t.Parallel()
	for _, s := range []afterbeep.Settings{
		{},
		afterbeep.Defaults(),
		{Ring: 20 * time.Second, MaxLength: 90 * time.Second, Languages: []language.Tag{language.CanadianFrench}, Filter: afterbeep.Off},
	} {
		data, err := json.Marshal(s)
		require.NoError(t, err)
		var back afterbeep.Settings
		require.NoError(t, json.Unmarshal(data, &back), string(data))
		assert.Equal(t, s, back, string(data))
	}
	for _, bad := range []string{`{"max-length": "3m"}`, `{"maxLength": 180}`, `{"maxLength": "3 minutes"}`, `{"languages": ["!"]}`, `[]`} {
		var s afterbeep.Settings
		require.Error(t, json.Unmarshal([]byte(bad), &s), bad)
		assert.Zero(t, s)
	}
}

func TestLineCheckReportsEveryProblem(t *testing.T) {
	t.Parallel()
	good := afterbeep.Line{ID: "main", Mailbox: "general", Flow: "f1"}
	require.NoError(t, good.Check())

	err := afterbeep.Line{Languages: []language.Tag{language.Und}, Schedules: make([]string, 33)}.Check()
	for _, path := range []string{"/id", "/mailbox", "/flow", "/schedules", "/languages/0"} {
		require.ErrorContains(t, err, path+":")
	}
}

func TestSettingsCheckReportsEveryProblem(t *testing.T) {
	t.Parallel()
	require.NoError(t, afterbeep.Defaults().Check())
	require.NoError(t, afterbeep.Settings{}.Check())
	bad := afterbeep.Settings{
		Ring: time.Hour, MaxLength: time.Second, Languages: []language.Tag{language.Und}, Transcript: "yes", Filter: "no",
		Recipients: []string{"a@b.example", "two\nlines"},
	}
	err := bad.Check()
	require.Error(t, err)
	for _, path := range []string{"/ring", "/maxLength", "/languages/0", "/transcript", "/filter", "/recipients/1"} {
		assert.Contains(t, err.Error(), path+":")
	}
	assert.NotContains(t, err.Error(), "/recipients/0:")
}

func TestTheRingTimeOfAStepIsStronger(t *testing.T) {
	t.Parallel()
	d := callflow.Definition{Start: "a", Steps: map[string]callflow.Node{
		"a": {Step: callflow.Ring{Targets: []string{"team"}}},
		"b": {Step: callflow.Ring{Targets: []string{"boss"}, For: 15 * time.Second}},
		"c": {Step: callflow.Hangup{}},
	}}
	got := afterbeep.Settings{Ring: 45 * time.Second}.Flow(d)
	assert.Equal(t, 45*time.Second, got.Steps["a"].Step.(callflow.Ring).For)
	assert.Equal(t, 15*time.Second, got.Steps["b"].Step.(callflow.Ring).For)
	assert.Zero(t, d.Steps["a"].Step.(callflow.Ring).For, "the definition of the host is left alone")
}

func TestSettingsOfAMailbox(t *testing.T) {
	t.Parallel()
	s, _ := afterbeep.Effective(afterbeep.Layer{Name: "line", Settings: afterbeep.Settings{
		Languages: []language.Tag{language.CanadianFrench}, Transcript: afterbeep.Off, Filter: afterbeep.Off,
	}})
	assert.Equal(t, voicemail.Settings{
		MaxLength: 3 * time.Minute, Language: language.CanadianFrench, NoTranscript: true, NoFilter: true,
	}, s.Box())
	assert.False(t, afterbeep.Defaults().Box().NoFilter)
}
