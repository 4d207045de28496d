package callflow_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

type kindSchema struct {
	Required   []string
	Properties map[string]struct{ Const any }
}

// everyField has each kind of step with all of its fields set.
var everyField = []callflow.Step{
	callflow.Ring{Targets: []string{"amy"}, For: time.Second},
	callflow.Hours{Schedule: "main"},
	callflow.Menu{Prompt: "p", Keys: []string{"1"}, First: 1, Between: 1, Wrong: 1, Silent: 1, NoBargeIn: true},
	callflow.Language{Tag: language.French},
	callflow.Play{Prompt: "p", Clip: "c", Escape: []string{"1"}},
	callflow.Voicemail{Mailbox: "m", Escape: []string{"1"}, Max: 1},
	callflow.Hangup{Outcome: phone.Answered},
}

func TestTheSchemaNamesWhatTheParserReads(t *testing.T) {
	t.Parallel()
	var schema struct {
		Properties map[string]any
		Defs       map[string]kindSchema `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal([]byte(callflow.Schema()), &schema))
	assert.ElementsMatch(t, []string{"v", "start", "steps"}, slices.Collect(maps.Keys(schema.Properties)))

	kinds := 0
	for _, def := range schema.Defs {
		if _, isKind := def.Properties["kind"]; isKind {
			kinds++
		}
	}
	require.Equal(t, len(everyField), kinds)
	for _, step := range everyField {
		d := callflow.Definition{Start: "a", Steps: map[string]callflow.Node{
			"a": {Step: step, Department: "d", Next: map[phone.Outcome]string{"x": "y"}},
		}}
		var form struct{ Steps map[string]map[string]any }
		require.NoError(t, json.Unmarshal([]byte(marshal(t, d)), &form))
		fields := form.Steps["a"]
		kind, _ := fields["kind"].(string)
		require.Contains(t, schema.Defs, kind)
		def := schema.Defs[kind]
		assert.Equal(t, kind, def.Properties["kind"].Const)
		assert.ElementsMatch(t, slices.Collect(maps.Keys(fields)), slices.Collect(maps.Keys(def.Properties)), kind)
		for _, name := range def.Required {
			assert.Contains(t, fields, name)
		}
	}
}
