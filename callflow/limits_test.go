package callflow_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

func TestAHostThatFallsSilent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		p    *player
		step string
	}{
		{"in a menu", play(t, office(t), morning), "departments"},
		{"in a ring", support(t), "support-box"},
		{"in a sound", support(t).ends(phone.Busy), "support-box"},
		{"in Prepare", play(t, office(t), night), "sorry"},
		{"in a recording", recording(t), "sorry"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := test.p
			seq := p.session.Seq
			p.at = p.turn.Deadline.Add(-time.Nanosecond)
			p.feed(callflow.Input{Kind: callflow.Tick})
			require.True(t, p.turn.Repeat, "an early tick")
			require.Equal(t, seq, p.session.Seq)
			p.tick()
			require.Equal(t, test.step, p.session.Step)
		})
	}
}

func TestLateDoubledAndReorderedAnswersAreHarmless(t *testing.T) {
	t.Parallel()
	p := play(t, office(t), morning)
	first := p.turn.Await.ID
	p.press("1")
	before, turn := marshal(t, p.session), p.turn.Await
	for _, in := range []callflow.Input{
		{Kind: callflow.Start},
		{Kind: callflow.Tick},
		{Kind: callflow.Done, Command: first, Result: callflow.Result{Digits: "1"}},
		{Kind: callflow.Done, Command: 0, Result: callflow.Result{Digits: "1"}},
		{Kind: callflow.Done, Command: first + 7, Result: callflow.Result{Outcome: phone.Answered}},
	} {
		p.feed(in)
		assert.True(t, p.turn.Repeat)
		assert.Empty(t, p.turn.Path)
		assert.Equal(t, turn, p.turn.Await)
		assert.Equal(t, before, marshal(t, p.session))
	}
	p.feed(callflow.Input{Kind: callflow.Done, Command: first, Result: callflow.Result{HungUp: true}})
	p.over(phone.Abandoned, callflow.EndCaller)
	p.feed(callflow.Input{Kind: callflow.Done, Command: p.session.Seq, Result: callflow.Result{Outcome: phone.Answered}})
	p.over(phone.Abandoned, callflow.EndCaller)
	assert.True(t, p.turn.Repeat)
}

func TestLimitsEndACallEachWithItsReason(t *testing.T) {
	t.Parallel()
	const loop = `{"start": "a", "steps": {
		"a": {"kind": "menu", "prompt": "p", "keys": ["1"], "next": {"1": "b", "timeout": "bye"}},
		"b": {"kind": "menu", "prompt": "p", "keys": ["1"], "next": {"1": "a", "timeout": "bye"}},
		"bye": {"kind": "hangup"}}}`
	run := func(l callflow.Limits, step time.Duration) (*player, int) {
		p := play(t, parse(t, loop, &callflow.Env{Limits: l}), morning)
		turns := 0
		for ; !p.turn.Over; turns++ {
			p.at = p.at.Add(step)
			p.press("1")
		}
		return p, turns
	}
	p, turns := run(callflow.Limits{}, 0)
	p.over(phone.Failed, callflow.EndVisits).emits(callflow.Hangup{Outcome: phone.Failed})
	assert.Equal(t, 40, turns)
	p, turns = run(callflow.Limits{Steps: 7}, 0)
	p.over(phone.Failed, callflow.EndSteps)
	assert.Equal(t, 7, turns)
	p, turns = run(callflow.Limits{Life: time.Minute}, 19*time.Second)
	p.over(phone.Failed, callflow.EndLife)
	assert.Equal(t, 3, turns)

	p = play(t, parse(t, loop, &callflow.Env{Limits: callflow.Limits{Life: time.Minute}}), morning)
	assert.Equal(t, morning.Add(time.Minute), p.turn.Deadline, "no deadline is later than the end of the session's life")
	p.tick().over(phone.Failed, callflow.EndLife)
}

func TestLifeEndsBetweenPrepareAndTheBeep(t *testing.T) {
	t.Parallel()
	flow := parse(t, `{"start": "box", "steps": {
		"box": {"kind": "voicemail", "next": {"full": "bye"}}, "bye": {"kind": "hangup"}}}`,
		&callflow.Env{Limits: callflow.Limits{Life: time.Minute}})
	for _, clip := range []string{"", "g"} {
		p := play(t, flow, morning)
		p.at = p.at.Add(time.Hour)
		p.done(callflow.Result{Outcome: callflow.Ready, Clip: clip}).over(phone.Failed, callflow.EndLife)
		p.emits(callflow.Release{}, callflow.Hangup{Outcome: phone.Failed})
	}
}

func TestStepRefusesWhatItCanNotStep(t *testing.T) {
	t.Parallel()
	flow := office(t)
	var turn callflow.Turn
	tests := []struct {
		name string
		err  error
		edit func(s *callflow.Session, in *callflow.Input)
	}{
		{"another flow", callflow.ErrFlow, func(s *callflow.Session, _ *callflow.Input) { s.Flow = "x" }},
		{"a newer session", callflow.ErrVersion, func(s *callflow.Session, _ *callflow.Input) { s.V++ }},
		{"the zero session", callflow.ErrFlow, func(s *callflow.Session, _ *callflow.Input) { *s = callflow.Session{} }},
		{"a step that is not there", callflow.ErrFlow, func(s *callflow.Session, _ *callflow.Input) { s.Step = "x" }},
		{"visits that are not there", callflow.ErrFlow, func(s *callflow.Session, _ *callflow.Input) { s.Visits = nil }},
		{"started on no step", callflow.ErrFlow, func(s *callflow.Session, _ *callflow.Input) { s.Seq = 1 }},
		{"no call", callflow.ErrCall, func(s *callflow.Session, _ *callflow.Input) { s.Call = "" }},
		{"a long call", callflow.ErrCall, func(s *callflow.Session, _ *callflow.Input) { s.Call = string(make([]byte, 129)) }},
		{"a call that is no text", callflow.ErrCall, func(s *callflow.Session, _ *callflow.Input) { s.Call = "\xff" }},
		{"a huge tenant", callflow.ErrCall, func(s *callflow.Session, _ *callflow.Input) { s.Tenant = phone.TenantID(make([]byte, 5000)) }},
		{"no instant", callflow.ErrInput, func(_ *callflow.Session, in *callflow.Input) { in.At = time.Time{} }},
		{"no kind", callflow.ErrInput, func(_ *callflow.Session, in *callflow.Input) { in.Kind = "" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, in := flow.New(call()), callflow.Input{At: morning, Kind: callflow.Start}
			test.edit(&s, &in)
			before := marshal(t, s)
			require.ErrorIs(t, flow.Step(&s, in, &turn), test.err)
			require.Equal(t, before, marshal(t, s))
		})
	}
}
