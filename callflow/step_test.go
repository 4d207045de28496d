package callflow_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

var ringSupport = callflow.Ring{Targets: []string{"support-team"}, For: 30 * time.Second}

// support is a call in business hours that waits for the support team.
func support(t testing.TB) *player {
	t.Helper()
	return play(t, office(t), morning).press("1").press("2").awaits("support", ringSupport)
}

func TestAnAnsweredCallEndsWithTheAnswer(t *testing.T) {
	t.Parallel()
	p := support(t).done(callflow.Result{Outcome: phone.Answered, By: "dana"})
	p.over(phone.Answered, callflow.EndAnswered).emits()
	assert.Equal(t, "dana", p.session.By)
	assert.Equal(t, phone.Answered, p.session.Divert.Outcome)
	assert.Equal(t, []callflow.Hop{{From: "support", On: phone.Answered}}, p.turn.Path)
}

func TestTheAnswerCountsEvenIfTheCallerHasGoneSince(t *testing.T) {
	t.Parallel()
	support(t).done(callflow.Result{Outcome: phone.Answered, HungUp: true}).over(phone.Answered, callflow.EndAnswered)
}

func TestDivertSaysWhyTheCallerIsHere(t *testing.T) {
	t.Parallel()
	p := support(t).ends(phone.Declined).awaits("support-box", callflow.Prepare{Max: 2 * time.Minute})
	d := p.turn.Await.Divert
	assert.Equal(t, phone.Declined, d.Outcome)
	assert.Equal(t, hours.KindOpen, d.Situation.Kind)
	assert.Equal(t, "support", d.Department)
	assert.Equal(t, language.CanadianFrench, d.Language)
	assert.Equal(t, phone.LineID("main-line"), d.Line)
	assert.Equal(t, phone.MailboxID("support"), d.Mailbox)
	assert.Equal(t, p.session.Divert, d)
	assert.Equal(t, []callflow.Hop{{From: "support", To: "support-box", On: phone.Declined}}, p.turn.Path)
}

func TestEveryOutcomeOfARing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		says, divert phone.Outcome
		step         string
	}{
		{phone.NoAnswer, phone.NoAnswer, "support-box"},
		{phone.Declined, phone.Declined, "support-box"},
		{phone.Busy, phone.Busy, "overflow"},
		{phone.Unavailable, phone.Unavailable, "support-box"},
		{phone.DND, phone.DND, "support-box"},
		{phone.Failed, phone.Failed, "support-box"},
		{"", phone.Failed, "support-box"},
		{phone.Voicemail, phone.Failed, "support-box"},
		{"no such outcome", phone.Failed, "support-box"},
	}
	for _, test := range tests {
		t.Run(string(test.says), func(t *testing.T) {
			t.Parallel()
			p := support(t).ends(test.says)
			assert.Equal(t, test.step, p.session.Step)
			assert.Equal(t, test.divert, p.session.Divert.Outcome)
			assert.Equal(t, test.divert, p.turn.Path[0].On)
		})
	}
}

// recording is a call that is being recorded.
func TestAHangupOutsideACommandEndsTheCall(t *testing.T) {
	t.Parallel()
	play(t, office(t), morning).hungUp().over(phone.Abandoned, callflow.EndCaller).emits()
	p := &player{t: t, flow: office(t), at: morning}
	p.session = p.flow.New(call())
	p.hungUp().over(phone.Abandoned, callflow.EndCaller).emits()
}

func TestAHangupThatOvertakesTheVerdict(t *testing.T) {
	t.Parallel()
	wait := func(p *player) *player {
		command := p.turn.Await
		p.hungUp()
		require.False(t, p.turn.Over)
		require.False(t, p.turn.Repeat, "the session has changed and must be saved")
		require.Empty(t, p.turn.Emit)
		require.Equal(t, command, p.turn.Await)
		require.Equal(t, p.at.Add(30*time.Second), p.turn.Deadline)
		p.at = p.at.Add(time.Second)
		deadline := p.turn.Deadline
		p.hungUp()
		require.Equal(t, deadline, p.turn.Deadline, "a doubled hangup does not move the deadline")
		require.True(t, p.turn.Repeat)
		return p
	}
	late := support(t)
	deadline := late.turn.Deadline
	late.at = deadline.Add(-5 * time.Second)
	late.hungUp()
	require.Equal(t, deadline, late.turn.Deadline, "a hangup makes no deadline later")
	wait(recording(t)).done(callflow.Result{Outcome: phone.Voicemail}).over(phone.Voicemail, callflow.EndCaller).emits()
	wait(recording(t)).done(callflow.Result{Outcome: callflow.Empty}).over(phone.Abandoned, callflow.EndCaller).emits()
	wait(recording(t)).tick().over(phone.Abandoned, callflow.EndCaller).emits()
	wait(support(t)).ends(phone.Answered).over(phone.Answered, callflow.EndAnswered).emits()
	wait(support(t)).ends(phone.NoAnswer).over(phone.Abandoned, callflow.EndCaller).emits()
	wait(support(t)).tick().over(phone.Abandoned, callflow.EndCaller).emits()
}

func TestTheCallerGivesUpWhileItRings(t *testing.T) {
	t.Parallel()
	for _, r := range []callflow.Result{{HungUp: true}, {Outcome: phone.Abandoned}, {Outcome: "?", HungUp: true}} {
		p := support(t).done(r).over(phone.Abandoned, callflow.EndCaller).emits()
		assert.Equal(t, phone.Abandoned, p.session.Divert.Outcome)
	}
	p := support(t).hungUp().tick().over(phone.Abandoned, callflow.EndCaller)
	assert.Equal(t, phone.Abandoned, p.session.Divert.Outcome)
	p = support(t).done(callflow.Result{Outcome: phone.Busy, HungUp: true}).over(phone.Abandoned, callflow.EndCaller)
	assert.Equal(t, phone.Busy, p.session.Divert.Outcome, "what the ring came to still counts")
}

func TestAMenuCountsWrongKeysAndSilencesApart(t *testing.T) {
	t.Parallel()
	collect := callflow.Collect{
		Prompt: "choose-department", Keys: []string{"1", "2", "9"}, First: 5 * time.Second, Between: 3 * time.Second,
	}
	departments := func() *player { return play(t, office(t), morning).press("2").awaits("departments", collect) }
	// Two silences are allowed here, and three wrong keys.
	departments().press("7").press("").press("77").awaits("departments", collect).press("").awaits("support", ringSupport)
	departments().press("7").press("").press("8").awaits("departments", collect).press("1x").awaits("sorry", callflow.Play{Prompt: "sorry"})
	// The counters begin anew with each visit.
	p := departments().press("7").press("7").press("9").press("2").press("7").press("7").awaits("departments", collect)
	assert.Equal(t, 2, p.session.Wrong)
}

func TestAnswerIsEmittedOnceBeforeTheFirstSound(t *testing.T) {
	t.Parallel()
	p := play(t, office(t), morning).emits(callflow.Answer{})
	p.press("7").emits()
	p.press("1").emits()
	flow := parse(t, `{"start": "team", "steps": {
		"team": {"kind": "ring", "targets": ["amy"], "next": {"no-answer": "sorry"}},
		"sorry": {"kind": "play", "prompt": "sorry", "next": {"done": "bye"}},
		"bye": {"kind": "hangup"}}}`, nil)
	play(t, flow, morning).emits().ends(phone.Busy).emits(callflow.Answer{}).ends(callflow.Completed).over(phone.Busy, callflow.EndFlow)
}

func TestHangupOutcomes(t *testing.T) {
	t.Parallel()
	form := func(outcome string) string {
		return `{"start": "team", "steps": {
			"team": {"kind": "ring", "targets": ["amy"], "next": {"no-answer": "bye"}},
			"bye": {"kind": "hangup"` + outcome + `}}}`
	}
	play(t, parse(t, form(""), nil), morning).ends(phone.DND).over(phone.DND, callflow.EndFlow)
	play(t, parse(t, form(`, "outcome": "answered"`), nil), morning).ends(phone.DND).over(phone.Answered, callflow.EndFlow)
	alone := parse(t, `{"start": "bye", "steps": {"bye": {"kind": "hangup"}}}`, nil)
	p := play(t, alone, morning).over(phone.Unavailable, callflow.EndFlow)
	assert.True(t, p.session.Outcome.Missed())
}
