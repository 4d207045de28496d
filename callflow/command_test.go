package callflow_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

func TestTheJSONOfACommand(t *testing.T) {
	t.Parallel()
	c := callflow.Command{
		ID: 2, Slot: 1, Tenant: "acme", Call: "c1", Step: "menu", At: morning, Wait: true,
		Divert: phone.Divert{Language: language.CanadianFrench},
		Action: callflow.Collect{Prompt: "hi <&>", Keys: []string{"1", "2"}, First: 5 * time.Second, Between: 1500 * time.Millisecond},
	}
	assert.JSONEq(t, `{"id": 2, "slot": 1, "tenant": "acme", "call": "c1", "step": "menu",
		"at": "2026-03-10T14:00:00Z", "wait": true, "divert": {"language": "fr-CA"},
		"action": {"do": "collect", "prompt": "hi <&>", "keys": ["1", "2"], "first": "5s", "between": "1.5s"}}`, marshal(t, c))
}

func TestEveryCommandSurvivesJSON(t *testing.T) {
	t.Parallel()
	for _, action := range []callflow.Action{
		callflow.Answer{},
		callflow.Ring{Targets: []string{"amy", `b"o`}, For: 25 * time.Second},
		callflow.Collect{Prompt: "p", Keys: []string{"1"}, First: time.Second, Between: time.Second, NoBargeIn: true},
		callflow.Play{Prompt: "p", Clip: "c", Escape: []string{"0"}},
		callflow.Prepare{Max: time.Minute},
		callflow.Record{Escape: []string{"*", "#"}, Max: time.Hour},
		callflow.Release{},
		callflow.Hangup{Outcome: phone.Busy},
		nil,
	} {
		want := callflow.Command{ID: 1, Slot: 2, Call: "c", Step: "s", At: morning, Action: action}
		var got callflow.Command
		require.NoError(t, json.Unmarshal([]byte(marshal(t, want)), &got))
		assert.Equal(t, want, got)
	}
}

func TestTheJSONOfACommandIsStrictAboutTheAction(t *testing.T) {
	t.Parallel()
	for _, action := range []string{
		`{"do": "dance"}`, `{}`, `[]`, `{"do": 1}`, `{"do": "ring", "target": "amy"}`, `{"do": "ring", "for": 25}`,
	} {
		c := callflow.Command{ID: 7}
		require.Error(t, json.Unmarshal([]byte(`{"id": 1, "action": `+action+`}`), &c), action)
		require.Equal(t, callflow.Command{ID: 7}, c, "a failure changes nothing")
	}
	var c callflow.Command
	require.Error(t, json.Unmarshal([]byte(`{"id": "x"}`), &c))
}

func TestTheKeyIsThatOfTheVisit(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a/b/12", callflow.Command{Tenant: "t", Call: "a/b", Slot: 12, ID: 30}.Key())
	assert.NotEqual(t, callflow.Command{Call: "a", Slot: 12}.Key(), callflow.Command{Call: "a/1", Slot: 2}.Key())
}

func TestCollectKnowsWhenItHasEnough(t *testing.T) {
	t.Parallel()
	c := callflow.Collect{Keys: []string{"1", "20", "213", "*9"}}
	for digits, enough := range map[string]bool{
		"": false, "1": true, "2": false, "20": true, "21": false, "213": true, "22": true, "3": true, "*": false, "*9": true, "#": true,
	} {
		assert.Equal(t, enough, c.Enough(digits), digits)
	}
}

func TestASessionOfUsualLengthIsSmall(t *testing.T) {
	t.Parallel()
	p := recording(t).done(callflow.Result{Outcome: phone.Voicemail, Message: "0196f5a0-7b1c-7d3e-8f00-112233445566"})
	n := len(marshal(t, p.session))
	assert.Less(t, n, 900, "typically 300 to 600, this flow is a large one")
	assert.Contains(t, marshal(t, p.session), `"v":1,"revision":0,"tenant":"acme","call":"c1","flow":"`)
}

func TestASessionNeverOutgrowsItsLimit(t *testing.T) {
	t.Parallel()
	flow := office(t)
	hostile := call()
	hostile.ID = strings.Repeat("<", phone.MaxCallID)
	hostile.Tenant = phone.TenantID(strings.Repeat("é", 600))
	p := &player{t: t, flow: flow, session: flow.New(hostile), at: night}
	p.feed(callflow.Input{Kind: callflow.Start})
	p.done(callflow.Result{Outcome: callflow.Ready, Clip: strings.Repeat("\x01", callflow.MaxClip)})
	p.over(phone.Failed, callflow.EndSize).emits(callflow.Release{}, callflow.Hangup{Outcome: phone.Failed})
	require.LessOrEqual(t, len(marshal(t, p.session)), callflow.MaxSession)
	require.NoError(t, callflow.NewMemory().Save(t.Context(), p.session))

	huge := p.session
	huge.Message = strings.Repeat("m", callflow.MaxSession)
	require.ErrorIs(t, callflow.NewMemory().Save(t.Context(), huge), callflow.ErrTooLarge)
}

// The names in the JSON of a session are stored by hosts: a change of this test
// is a new version of the session.
func TestTheJSONOfASession(t *testing.T) {
	t.Parallel()
	caller, err := phone.ParseNumber("+15145550100")
	require.NoError(t, err)
	c := call()
	c.Caller.Number = caller
	p := &player{t: t, flow: office(t), at: morning}
	p.session = p.flow.New(c)
	p.feed(callflow.Input{Kind: callflow.Start}).press("1").press("2").ends(phone.NoAnswer)
	p.done(callflow.Result{Outcome: callflow.Ready, Clip: "g"})
	assert.Equal(t, "5a690d578a86f69849a0dc7550b46868", p.flow.Digest(),
		"calls in progress at an update are pinned to the digest: it must not change with the release")
	situation := `{"kind": "open", "source": "week", "until": "2026-03-10T16:00:00Z"}`
	assert.JSONEq(t, `{"v": 1, "revision": 0, "tenant": "acme", "call": "c1", "caller": "+15145550100",
		"flow": "`+p.flow.Digest()+`", "step": "support-box", "slot": 6, "seq": 5, "at": "2026-03-10T14:00:04Z",
		"deadline": "2026-03-10T14:05:04Z", "began": "2026-03-10T14:00:00Z",
		"divert": {"outcome": "no-answer", "situation": `+situation+`, "department": "support",
			"language": "fr-CA", "line": "main-line", "mailbox": "support"},
		"asked": {"main": `+situation+`}, "visits": [0,1,0,0,1,0,1,0,0,0,0,0,1,1,0,1],
		"phase": "greet", "clip": "g", "picked": 1}`, marshal(t, p.session))
	p.hungUp()
	assert.Contains(t, marshal(t, p.session), `"ended":"2026-03-10T14:00:04Z"`)
	assert.Contains(t, marshal(t, p.session), `"outcome":"abandoned","end":"caller"`)
	assert.Contains(t, marshal(t, p.session), `"freed":6`)
}
