package afterbeep_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep"
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
		MaxLength: time.Minute, Languages: []language.Tag{language.CanadianFrench},
		Transcript: afterbeep.On, Filter: afterbeep.Off, Recipients: []string{},
	}, got)
	assert.Equal(t, map[string]string{
		"max-length": "line", "languages": "tenant", "transcript": "default", "filter": "mailbox", "recipients": "line",
	}, from, "an empty list is a statement: nobody")
}

func TestSettingsTravelAsJSON(t *testing.T) {
	t.Parallel()
	for _, s := range []afterbeep.Settings{
		{},
		afterbeep.Defaults(),
		{MaxLength: 90 * time.Second, Languages: []language.Tag{language.CanadianFrench}, Filter: afterbeep.Off},
	} {
		data, err := json.Marshal(s)
		require.NoError(t, err)
		var back afterbeep.Settings
		require.NoError(t, json.Unmarshal(data, &back), string(data))
		assert.Equal(t, s, back, string(data))
	}
	for _, bad := range []string{`{"maxlength": "3m"}`, `{"max-length": 180}`, `{"max-length": "3 minutes"}`, `{"languages": ["!"]}`, `[]`} {
		var s afterbeep.Settings
		require.Error(t, json.Unmarshal([]byte(bad), &s), bad)
		assert.Zero(t, s)
	}
}

func TestLineCheckReportsEveryProblem(t *testing.T) {
	t.Parallel()
	good := afterbeep.Line{ID: "main", Mailbox: "general", Flow: "f1"}
	require.NoError(t, good.Check())

	bad := afterbeep.Line{Settings: afterbeep.Settings{
		MaxLength: time.Second, Languages: []language.Tag{language.Und}, Transcript: "yes", Filter: "no",
		Recipients: []string{"a@b.example", "two\nlines"},
	}}
	err := bad.Check()
	require.Error(t, err)
	for _, path := range []string{"/id", "/mailbox", "/flow", "/settings/max-length", "/settings/languages/0", "/settings/transcript", "/settings/filter", "/settings/recipients/1"} {
		assert.Contains(t, err.Error(), path+":")
	}
	assert.NotContains(t, err.Error(), "/settings/recipients/0:")
}
