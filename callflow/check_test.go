package callflow_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// everything is a host that has all that the forms of these tests name.
var everything = callflow.Env{
	Schedules: map[string]hours.Schedule{"main": {}},
	Prompts:   []string{"p"}, Targets: []string{"amy"}, Languages: []language.Tag{language.French},
	Mailboxes: []string{"office"},
}

const bye = `, "bye": {"kind": "hangup"}`

func steps(text string) string { return `{"start": "a", "steps": {` + text + bye + `}}` }

func TestEachCheckWithOneFailingFlow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, form    string
		code          callflow.Code
		step, pointer string
	}{
		{"no JSON", `{"start": `, callflow.BadJSON, "", ""},
		{"text after the end", steps(`"a": {"kind": "hangup"}`) + "x", callflow.BadJSON, "", ""},
		{"no object", `[]`, callflow.BadJSON, "", ""},
		{"too deep", strings.Repeat("[", 20) + strings.Repeat("]", 20), callflow.BadJSON, "", ""},
		{"too large", `{"start": "` + strings.Repeat("x", callflow.MaxDefinition) + `"}`, callflow.OverLimit, "", ""},
		{"a newer form", `{"v": 2, "start": "a", "steps": {}}`, callflow.BadValue, "", "/v"},
		{"no start", `{"steps": {"a": {"kind": "hangup"}}}`, callflow.MissingField, "", "/start"},
		{"a start that is not there", `{"start": "b", "steps": {"a": {"kind": "hangup"}}}`, callflow.MissingStep, "", "/start"},
		{"no steps", `{"start": "a"}`, callflow.MissingField, "", "/steps"},
		{"steps that are none", `{"start": "a", "steps": []}`, callflow.BadValue, "", "/steps"},
		{"a step that is none", steps(`"a": 7`), callflow.BadValue, "a", "/steps/a"},
		{"unknown field of the flow", `{"start": "a", "begin": "a", "steps": {"a": {"kind": "hangup"}}}`, callflow.UnknownField, "", "/begin"},
		{"unknown field of a step", steps(`"a": {"kind": "hangup", "ring/time": 1}`), callflow.UnknownField, "a", "/steps/a/ring~1time"},
		{"a field of another kind", steps(`"a": {"kind": "hangup", "targets": []}`), callflow.UnknownField, "a", "/steps/a/targets"},
		{"twice the same step", `{"start": "a", "steps": {"a": {"kind": "hangup"}, "a": {"kind": "hangup"}}}`, callflow.DuplicateField, "", "/steps/a"},
		{"a name with a blank", `{"start": "a b", "steps": {"a b": {"kind": "hangup"}}}`, callflow.BadName, "a b", "/steps/a b"},
		{"a long name", `{"start": "a", "steps": {"a": {"kind": "language", "tag": "fr", "next": {"done": "` + strings.Repeat("b", 49) + `"}}, "` + strings.Repeat("b", 49) + `": {"kind": "hangup"}}}`, callflow.BadName, strings.Repeat("b", 49), "/steps/" + strings.Repeat("b", 49)},
		{"no kind", steps(`"a": {"next": {"done": "bye"}}`), callflow.MissingField, "a", "/steps/a/kind"},
		{"unknown kind", steps(`"a": {"kind": "dance", "next": {"done": "bye"}}`), callflow.UnknownKind, "a", "/steps/a/kind"},
		{"a long department", steps(`"a": {"kind": "hangup", "department": "` + strings.Repeat("d", 65) + `"}`), callflow.BadValue, "a", "/steps/a/department"},

		{"unwired outcome", steps(`"a": {"kind": "ring", "targets": ["amy"], "next": {"busy": "bye"}}`), callflow.UnwiredOutcome, "a", "/steps/a/next"},
		{"unwired key", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["1"], "next": {"timeout": "bye"}}`), callflow.UnwiredOutcome, "a", "/steps/a/next"},
		{"unwired full mailbox", steps(`"a": {"kind": "voicemail"}`), callflow.UnwiredOutcome, "a", "/steps/a/next"},
		{"unwired closed", steps(`"a": {"kind": "hours", "schedule": "main", "next": {"open": "bye"}}`), callflow.UnwiredOutcome, "a", "/steps/a/next"},
		{"unknown outcome", steps(`"a": {"kind": "language", "tag": "fr", "next": {"done": "bye", "no-answer": "bye"}}`), callflow.UnknownOutcome, "a", "/steps/a/next/no-answer"},
		{"an edge for answered", steps(`"a": {"kind": "ring", "targets": ["amy"], "next": {"no-answer": "bye", "answered": "bye"}}`), callflow.UnknownOutcome, "a", "/steps/a/next/answered"},
		{"an edge from a hangup", `{"start": "a", "steps": {"a": {"kind": "hangup", "next": {"done": "a"}}}}`, callflow.UnknownOutcome, "a", "/steps/a/next/done"},
		{"an edge to nowhere", steps(`"a": {"kind": "language", "tag": "fr", "next": {"done": "b"}}`), callflow.MissingStep, "a", "/steps/a/next/done"},
		{"an edge that is none", steps(`"a": {"kind": "language", "tag": "fr", "next": {"done": 1}}`), callflow.BadValue, "a", "/steps/a/next/done"},
		{"unreachable", steps(`"a": {"kind": "hangup"}, "b": {"kind": "hangup"}`), callflow.Unreachable, "b", "/steps/b"},
		{"trapped", `{"start": "a", "steps": {"a": {"kind": "ring", "targets": ["amy"], "next": {"no-answer": "a"}}}}`, callflow.Trapped, "a", "/steps/a"},
		{"trapped by a voicemail", `{"start": "a", "steps": {"a": {"kind": "voicemail", "next": {"voicemail": "a", "full": "a"}}}}`, callflow.Trapped, "a", "/steps/a"},
		{"busy loop", steps(`"a": {"kind": "hours", "schedule": "main", "next": {"open": "b", "closed": "bye"}}, "b": {"kind": "language", "tag": "fr", "next": {"done": "a"}}`), callflow.BusyLoop, "a", "/steps/a"},

		{"empty ring", steps(`"a": {"kind": "ring", "next": {"no-answer": "bye"}}`), callflow.EmptyRing, "a", "/steps/a/targets"},
		{"a target without a name", steps(`"a": {"kind": "ring", "targets": [""], "next": {"no-answer": "bye"}}`), callflow.MissingField, "a", "/steps/a/targets/0"},
		{"a target that is a number", steps(`"a": {"kind": "ring", "targets": [7], "next": {"no-answer": "bye"}}`), callflow.BadValue, "a", "/steps/a/targets/0"},
		{"too many targets", steps(`"a": {"kind": "ring", "targets": [` + strings.Repeat(`"amy",`, 100) + `"amy"], "next": {"no-answer": "bye"}}`), callflow.OverLimit, "a", "/steps/a/targets"},
		{"a short ring", steps(`"a": {"kind": "ring", "targets": ["amy"], "for": "5s", "next": {"no-answer": "bye"}}`), callflow.RingTime, "a", "/steps/a/for"},
		{"a long ring", steps(`"a": {"kind": "ring", "targets": ["amy"], "for": "90s", "next": {"no-answer": "bye"}}`), callflow.RingTime, "a", "/steps/a/for"},
		{"an endless ring", steps(`"a": {"kind": "ring", "targets": ["amy"], "for": "1h", "next": {"no-answer": "bye"}}`), callflow.OverLimit, "a", "/steps/a/for"},
		{"a time that is none", steps(`"a": {"kind": "ring", "targets": ["amy"], "for": "soon", "next": {"no-answer": "bye"}}`), callflow.BadValue, "a", "/steps/a/for"},
		{"a time in numbers", steps(`"a": {"kind": "ring", "targets": ["amy"], "for": 30, "next": {"no-answer": "bye"}}`), callflow.BadValue, "a", "/steps/a/for"},

		{"no schedule", steps(`"a": {"kind": "hours", "next": {"open": "bye", "closed": "bye"}}`), callflow.MissingField, "a", "/steps/a/schedule"},
		{"a bad schedule", steps(`"a": {"kind": "hours", "schedule": "a/b", "next": {"open": "bye", "closed": "bye"}}`), callflow.BadName, "a", "/steps/a/schedule"},
		{"unknown schedule", steps(`"a": {"kind": "hours", "schedule": "x", "next": {"open": "bye", "closed": "bye"}}`), callflow.UnknownSchedule, "a", "/steps/a/schedule"},
		{"unknown prompt", steps(`"a": {"kind": "play", "prompt": "x", "next": {"done": "bye"}}`), callflow.UnknownPrompt, "a", "/steps/a/prompt"},
		{"unknown target", steps(`"a": {"kind": "ring", "targets": ["amy", "x"], "next": {"no-answer": "bye"}}`), callflow.UnknownTarget, "a", "/steps/a/targets/1"},
		{"unknown language", steps(`"a": {"kind": "language", "tag": "en-CA", "next": {"done": "bye"}}`), callflow.UnknownLanguage, "a", "/steps/a/tag"},
		{"no language", steps(`"a": {"kind": "language", "next": {"done": "bye"}}`), callflow.MissingField, "a", "/steps/a/tag"},
		{"a language that is none", steps(`"a": {"kind": "language", "tag": "québécois", "next": {"done": "bye"}}`), callflow.BadValue, "a", "/steps/a/tag"},

		{"empty menu", steps(`"a": {"kind": "menu", "prompt": "p", "next": {"timeout": "bye"}}`), callflow.EmptyMenu, "a", "/steps/a/keys"},
		{"a key that is none", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["A"], "next": {"timeout": "bye"}}`), callflow.BadKey, "a", "/steps/a/keys/0"},
		{"a long key", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["123456789"], "next": {"123456789": "bye", "timeout": "bye"}}`), callflow.BadKey, "a", "/steps/a/keys/0"},
		{"the same key twice", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["1", "1"], "next": {"1": "bye", "timeout": "bye"}}`), callflow.DuplicateKey, "a", "/steps/a/keys/1"},
		{"a key that begins another", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["12", "1"], "next": {"1": "bye", "12": "bye", "timeout": "bye"}}`), callflow.KeyPrefix, "a", "/steps/a/keys/1"},
		{"too many tries", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["1"], "wrong": 11, "next": {"1": "bye", "timeout": "bye"}}`), callflow.OverLimit, "a", "/steps/a/wrong"},
		{"no tries", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["1"], "silent": 0, "next": {"1": "bye", "timeout": "bye"}}`), callflow.BadValue, "a", "/steps/a/silent"},
		{"half a try", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["1"], "silent": 1.5, "next": {"1": "bye", "timeout": "bye"}}`), callflow.BadValue, "a", "/steps/a/silent"},
		{"a slow menu", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["1"], "first": "2m", "next": {"1": "bye", "timeout": "bye"}}`), callflow.OverLimit, "a", "/steps/a/first"},
		{"a flag that is none", steps(`"a": {"kind": "menu", "prompt": "p", "keys": ["1"], "noBargeIn": "yes", "next": {"1": "bye", "timeout": "bye"}}`), callflow.BadValue, "a", "/steps/a/noBargeIn"},

		{"nothing to play", steps(`"a": {"kind": "play", "next": {"done": "bye"}}`), callflow.MissingField, "a", "/steps/a/prompt"},
		{"two things to play", steps(`"a": {"kind": "play", "prompt": "p", "clip": "c", "next": {"done": "bye"}}`), callflow.BadValue, "a", "/steps/a/clip"},
		{"a long clip", steps(`"a": {"kind": "play", "clip": "` + strings.Repeat("c", 257) + `", "next": {"done": "bye"}}`), callflow.BadValue, "a", "/steps/a/clip"},
		{"an escape of two keys", steps(`"a": {"kind": "play", "prompt": "p", "escape": ["10"], "next": {"10": "bye", "done": "bye"}}`), callflow.BadKey, "a", "/steps/a/escape/0"},
		{"too many escapes", steps(`"a": {"kind": "play", "prompt": "p", "escape": ["0","1","2","3","4","5","6","7","8","9","*","#","0"], "next": {"done": "bye"}}`), callflow.OverLimit, "a", "/steps/a/escape"},
		{"unknown mailbox", steps(`"a": {"kind": "voicemail", "mailbox": "slaes", "next": {"full": "bye"}}`), callflow.UnknownMailbox, "a", "/steps/a/mailbox"},
		{"a long mailbox", steps(`"a": {"kind": "voicemail", "mailbox": "` + strings.Repeat("m", 129) + `", "next": {"full": "bye"}}`), callflow.BadValue, "a", "/steps/a/mailbox"},
		{"an endless message", steps(`"a": {"kind": "voicemail", "max": "2h", "next": {"full": "bye"}}`), callflow.OverLimit, "a", "/steps/a/max"},
		{"an end that is none", steps(`"a": {"kind": "hangup", "outcome": "voicemail"}`), callflow.BadValue, "a", "/steps/a/outcome"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			flow, report := callflow.Parse([]byte(test.form), &everything)
			var found []callflow.Problem
			for _, p := range report {
				if p.Code == test.code && p.Step == test.step && p.Pointer == test.pointer {
					found = append(found, p)
				}
			}
			require.Len(t, found, 1, "in %v", report)
			assert.NotEmpty(t, found[0].Text)
			assert.NotEmpty(t, found[0].Fix)
			assert.Equal(t, report.Err() == nil, flow != nil)
			if found[0].Severity == callflow.Error {
				assert.Nil(t, flow)
				assert.ErrorContains(t, report.Err(), found[0].String())
			}
			for _, p := range report {
				assert.NotEqual(t, callflow.NotRun, p.Severity, p)
			}
		})
	}
}

func TestAGoodFlowHasNoProblems(t *testing.T) {
	t.Parallel()
	flow, report := callflow.Parse([]byte(steps(`
		"a": {"kind": "hours", "schedule": "main", "next": {"open": "b", "closed": "bye"}},
		"b": {"kind": "language", "tag": "fr-CA", "next": {"done": "c"}},
		"c": {"kind": "ring", "targets": ["amy"], "next": {"no-answer": "d"}},
		"d": {"kind": "play", "prompt": "p", "escape": ["*"], "next": {"*": "c", "done": "bye"}}`)), &everything)
	require.Empty(t, report)
	require.Len(t, flow.Digest(), 32)
}

func TestAllProblemsComeAtOnce(t *testing.T) {
	t.Parallel()
	flow, report := callflow.Parse([]byte(`{"start": "a", "steps": {
		"a": {"kind": "menu", "keys": ["1", "1", "x"], "colour": "red", "next": {"1": "b", "2": "c", "timeout": "d"}},
		"b": {"kind": "dance"}, "c": {"kind": "ring", "for": 3}}}`), nil)
	require.Nil(t, flow)
	var pointers []string
	for _, p := range report {
		pointers = append(pointers, p.Pointer+" "+string(p.Code))
	}
	assert.Equal(t, []string{
		"/steps/a/colour unknown-field",
		"/steps/a/keys/1 duplicate-key",
		"/steps/a/keys/2 bad-key",
		"/steps/a/next/2 unknown-outcome",
		"/steps/a/next/timeout missing-step",
		"/steps/a/prompt missing-field",
		"/steps/b/kind unknown-kind",
		"/steps/c unreachable",
		"/steps/c/for bad-value",
		"/steps/c/next unwired-outcome",
		"/steps/c/targets empty-ring",
	}, pointers[len(pointers)-11:])
	assert.Contains(t, report.Err().Error(), "/steps/b/kind: error: no step is of kind \"dance\" (unknown-kind)")
}

func TestChecksThatCouldNotRunAreReported(t *testing.T) {
	t.Parallel()
	form := []byte(steps(`
		"a": {"kind": "hours", "schedule": "main", "next": {"open": "b", "closed": "bye"}},
		"b": {"kind": "language", "tag": "fr", "next": {"done": "c"}},
		"c": {"kind": "ring", "targets": ["amy"], "next": {"no-answer": "d"}},
		"d": {"kind": "play", "prompt": "p", "next": {"done": "bye"}}`))
	_, report := callflow.Parse(form, nil)
	require.NoError(t, report.Err())
	var texts []string
	for _, p := range report {
		assert.Equal(t, callflow.NotRun, p.Severity)
		texts = append(texts, string(p.Code)+": "+p.Text+", "+p.Fix)
	}
	assert.ElementsMatch(t, []string{
		"unknown-schedule: schedules were not checked, supply Env.Schedules",
		"unknown-prompt: prompts were not checked, supply Env.Prompts",
		"unknown-target: targets were not checked, supply Env.Targets",
		"unknown-language: languages were not checked, supply Env.Languages",
	}, texts)

	_, report = callflow.Parse(form, &callflow.Env{Targets: []string{}})
	require.Error(t, report.Err(), "an empty inventory knows nobody")
	_, report = callflow.Parse([]byte(`{"start": "bye", "steps": {"bye": {"kind": "hangup"}}}`), nil)
	require.Empty(t, report, "nothing to check")
}

func TestLimitsOfTheEnvAreChecked(t *testing.T) {
	t.Parallel()
	d := callflow.Definition{Start: "a", Steps: map[string]callflow.Node{"a": {Step: callflow.Hangup{}}}}
	for _, l := range []callflow.Limits{
		{Steps: -1}, {Steps: 10_001}, {Visits: -1}, {Visits: 1001}, {Burst: -1}, {Burst: 1001}, {Life: time.Second}, {Life: 8 * 24 * time.Hour},
	} {
		flow, report := callflow.Compile(d, &callflow.Env{Limits: l})
		assert.Nil(t, flow)
		assert.Error(t, report.Err(), "%+v", l)
	}
}

func TestFlowsThatAreTooLong(t *testing.T) {
	t.Parallel()
	chain := func(n int, first callflow.Step) callflow.Definition {
		d := callflow.Definition{Start: "s000", Steps: map[string]callflow.Node{}}
		for i := range n {
			d.Steps[fmt.Sprintf("s%03d", i)] = callflow.Node{
				Step: first, Next: map[phone.Outcome]string{"done": fmt.Sprintf("s%03d", i+1)},
			}
		}
		d.Steps[fmt.Sprintf("s%03d", n)] = callflow.Node{Step: callflow.Hangup{}}
		return d
	}
	_, report := callflow.Compile(chain(62, callflow.Language{Tag: language.French}), nil)
	require.NoError(t, report.Err())
	_, report = callflow.Compile(chain(63, callflow.Language{Tag: language.French}), nil)
	require.ErrorContains(t, report.Err(), "steps follow without waiting")
	_, report = callflow.Compile(chain(100, callflow.Play{Prompt: "p"}), nil)
	require.NoError(t, report.Err())
	_, report = callflow.Compile(chain(callflow.MaxSteps, callflow.Play{Prompt: "p"}), nil)
	require.ErrorContains(t, report.Err(), "257 steps, at most 256")

	d := chain(20, callflow.Play{Prompt: "p"})
	for i := range 20 {
		name := fmt.Sprintf("s%03d", i)
		next := fmt.Sprintf("s%03d", i+1)
		d.Steps[name] = callflow.Node{Step: callflow.Hours{Schedule: name}, Next: map[phone.Outcome]string{"open": next, "closed": next}}
	}
	_, report = callflow.Compile(d, nil)
	require.ErrorContains(t, report.Err(), "20 schedules, at most 8")
}

func TestAFlowBuiltInGoIsTheSameAsItsForm(t *testing.T) {
	t.Parallel()
	built := callflow.Definition{Start: "team", Steps: map[string]callflow.Node{
		"team": {
			Step: callflow.Ring{Targets: []string{"amy"}, For: 25 * time.Second}, Department: "sales",
			Next: map[phone.Outcome]string{phone.NoAnswer: "box"},
		},
		"box": {
			Step: callflow.Voicemail{Mailbox: "sales", Escape: []string{"0"}, Max: 90 * time.Second},
			Next: map[phone.Outcome]string{callflow.Full: "bye", "0": "menu"},
		},
		"menu": {
			Step: callflow.Menu{Prompt: "p", Keys: []string{"1", "23"}, First: 7 * time.Second, Wrong: 2, NoBargeIn: true},
			Next: map[phone.Outcome]string{"1": "team", "23": "fr", callflow.Timeout: "open"},
		},
		"fr": {Step: callflow.Language{Tag: language.CanadianFrench}, Next: map[phone.Outcome]string{callflow.Completed: "open"}},
		"open": {
			Step: callflow.Hours{Schedule: "main"},
			Next: map[phone.Outcome]string{callflow.Open: "hello", callflow.Closed: "bye"},
		},
		"hello": {Step: callflow.Play{Clip: "c<1>"}, Next: map[phone.Outcome]string{callflow.Completed: "bye"}},
		"bye":   {Step: callflow.Hangup{Outcome: phone.Answered}},
	}}
	flow, report := callflow.Compile(built, nil)
	require.NoError(t, report.Err())
	form, err := json.Marshal(built)
	require.NoError(t, err)
	parsed, report := callflow.Parse(form, nil)
	require.NoError(t, report.Err())
	assert.Equal(t, flow.Digest(), parsed.Digest())

	var again callflow.Definition
	require.NoError(t, json.Unmarshal(form, &again))
	assert.Equal(t, built, again)
	var broken callflow.Definition
	var problems *callflow.ReportError
	require.ErrorAs(t, json.Unmarshal([]byte(`{"start": "a", "steps": {"a": {"kind": "hop"}}}`), &broken), &problems)
	assert.Equal(t, "/steps/a/kind", problems.Problems[0].Pointer)

	built.Steps["bye"] = callflow.Node{Step: callflow.Hangup{}}
	other, _ := callflow.Compile(built, nil)
	assert.NotEqual(t, flow.Digest(), other.Digest())
	explicit := callflow.Definition{Start: "a", Steps: map[string]callflow.Node{
		"a": {Step: callflow.Ring{Targets: []string{"amy"}, For: 30 * time.Second}, Next: map[phone.Outcome]string{phone.NoAnswer: "b"}},
		"b": {Step: callflow.Hangup{}},
	}}
	implied := callflow.Definition{Start: "a", Steps: map[string]callflow.Node{
		"a": {Step: callflow.Ring{Targets: []string{"amy"}}, Next: map[phone.Outcome]string{phone.NoAnswer: "b"}},
		"b": {Step: callflow.Hangup{}},
	}}
	one, _ := callflow.Compile(explicit, nil)
	two, _ := callflow.Compile(implied, nil)
	assert.Equal(t, one.Digest(), two.Digest(), "a default that is written out is the same flow")
}

func TestCompileDoesNotPanicOnWhatGoAllows(t *testing.T) {
	t.Parallel()
	for _, d := range []callflow.Definition{
		{},
		{Start: "a"},
		{Start: "a", Steps: map[string]callflow.Node{"a": {}}},
		{Start: "a", Steps: map[string]callflow.Node{"a": {Step: callflow.Ring{For: -time.Second}}}},
		{Start: "", Steps: map[string]callflow.Node{"": {Step: callflow.Menu{Wrong: -1, Keys: []string{""}}}}},
	} {
		flow, report := callflow.Compile(d, nil)
		assert.Nil(t, flow)
		assert.Error(t, report.Err())
	}
}

func TestAReportIsBounded(t *testing.T) {
	t.Parallel()
	var form strings.Builder
	form.WriteString(`{"start": "s0", "steps": {"s0": {"kind": "hangup"}`)
	for i := range 254 {
		fmt.Fprintf(&form, `, "s%d": {"kind": "hangup"}`, i+1)
	}
	flow, report := callflow.Parse([]byte(form.String()+`}}`), nil)
	require.NotNil(t, flow)
	require.Len(t, report, callflow.MaxProblems)
	flow, report = callflow.Parse([]byte(form.String()+`, "z": {"kind": "dance"}}}`), nil)
	require.Nil(t, flow)
	require.Len(t, report, callflow.MaxProblems)
	require.Error(t, report.Err())
}
