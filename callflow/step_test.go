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

func TestAVoicemailFromPrepareToTheEnd(t *testing.T) {
	t.Parallel()
	p := support(t).ends(phone.NoAnswer)
	key := p.turn.Await.Key()
	p.done(callflow.Result{Outcome: callflow.Ready, Clip: "hello"})
	p.awaits("support-box", callflow.Play{Clip: "hello", Escape: []string{"0", "#"}})
	p.ends(callflow.Completed)
	p.awaits("support-box", callflow.Record{Escape: []string{"0", "#"}, Max: 2 * time.Minute})
	assert.Equal(t, key, p.turn.Await.Key())
	assert.Equal(t, p.at.Add(2*time.Minute+30*time.Second), p.turn.Deadline)
	p.done(callflow.Result{Outcome: phone.Voicemail, Message: "m1"}).awaits("thanks", callflow.Play{Prompt: "thanks"})
	assert.NotEqual(t, key, p.turn.Await.Key())
	assert.Equal(t, "m1", p.session.Message)
	p.ends(callflow.Completed).over(phone.Voicemail, callflow.EndFlow).emits(callflow.Hangup{Outcome: phone.Voicemail})
}

// recording is a call that is being recorded.
func recording(t testing.TB) *player {
	t.Helper()
	return support(t).ends(phone.NoAnswer).
		done(callflow.Result{Outcome: callflow.Ready, Clip: "hello"}).ends(callflow.Completed)
}

func TestAHangupWhileRecordingIsTheNormalEnd(t *testing.T) {
	t.Parallel()
	p := recording(t).done(callflow.Result{Outcome: phone.Voicemail, Message: "m1", HungUp: true})
	p.over(phone.Voicemail, callflow.EndCaller).emits()
	assert.Equal(t, phone.NoAnswer, p.session.Divert.Outcome)
}

func TestEveryAnswerToARecording(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		result callflow.Result
		step   string
		on     phone.Outcome
		kept   bool
	}{
		{"kept", callflow.Result{Outcome: phone.Voicemail}, "thanks", phone.Voicemail, true},
		{"empty", callflow.Result{Outcome: callflow.Empty}, "bye", callflow.Empty, false},
		{"failed", callflow.Result{Outcome: phone.Failed}, "sorry", phone.Failed, false},
		{"nothing", callflow.Result{}, "sorry", phone.Failed, false},
		{"another step's outcome", callflow.Result{Outcome: callflow.Full}, "sorry", phone.Failed, false},
		{"escape", callflow.Result{Digits: "0"}, "emergency", "0", false},
		{"kept, then escape", callflow.Result{Outcome: phone.Voicemail, Digits: "0"}, "emergency", "0", true},
		{"no escape key", callflow.Result{Outcome: phone.Voicemail, Digits: "7"}, "thanks", phone.Voicemail, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := recording(t).done(test.result)
			assert.Equal(t, test.step, p.session.Step)
			assert.Equal(t, test.on, p.turn.Path[0].On)
			assert.Equal(t, test.kept, p.session.Kept)
		})
	}
}

func TestEveryAnswerToPrepare(t *testing.T) {
	t.Parallel()
	release := []callflow.Action{callflow.Release{}}
	answer := []callflow.Action{callflow.Answer{}}
	tests := []struct {
		name   string
		result callflow.Result
		step   string
		action callflow.Action
		emits  []callflow.Action
	}{
		{"ready", callflow.Result{Outcome: callflow.Ready, Clip: "g"}, "night", callflow.Play{Clip: "g", Escape: []string{"0"}}, answer},
		{"ready without a greeting", callflow.Result{Outcome: callflow.Ready}, "night", callflow.Record{Escape: []string{"0"}}, answer},
		{"announce-only", callflow.Result{Outcome: callflow.AnnounceOnly, Clip: "g"}, "night", callflow.Play{Clip: "g", Escape: []string{"0"}}, answer},
		{"full", callflow.Result{Outcome: callflow.Full}, "sorry", callflow.Play{Prompt: "sorry"}, answer},
		{"unavailable", callflow.Result{Outcome: phone.Unavailable}, "sorry", callflow.Play{Prompt: "sorry"}, append(release, answer...)},
		{"failed", callflow.Result{Outcome: phone.Failed}, "sorry", callflow.Play{Prompt: "sorry"}, append(release, answer...)},
		{"nothing", callflow.Result{}, "sorry", callflow.Play{Prompt: "sorry"}, append(release, answer...)},
		{"a clip that is too long", callflow.Result{Outcome: callflow.Ready, Clip: string(make([]byte, 300))}, "sorry", callflow.Play{Prompt: "sorry"}, append(release, answer...)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := play(t, office(t), night).awaits("night", callflow.Prepare{}).emits()
			p.done(test.result).awaits(test.step, test.action).emits(test.emits...)
		})
	}
}

func TestAMailboxThatOnlySpeaksEndsTheCall(t *testing.T) {
	t.Parallel()
	p := play(t, office(t), night).done(callflow.Result{Outcome: callflow.AnnounceOnly, Clip: "g"}).ends(callflow.Completed)
	p.over(phone.Unavailable, callflow.EndFlow).emits(callflow.Hangup{Outcome: phone.Unavailable})
	assert.Equal(t, callflow.Announced, p.turn.Path[0].On)
	play(t, office(t), night).done(callflow.Result{Outcome: callflow.AnnounceOnly}).over(phone.Unavailable, callflow.EndFlow)
}

func TestWhoLeavesBeforeTheBeepReleasesTheSlot(t *testing.T) {
	t.Parallel()
	greeted := callflow.Result{Outcome: callflow.Ready, Clip: "g"}
	tests := []struct {
		name    string
		leave   func(p *player)
		release bool
	}{
		{"hangs up while preparing", func(p *player) { p.hungUp() }, true},
		{"hangs up, and Prepare says so", func(p *player) { p.done(callflow.Result{Outcome: callflow.Ready, HungUp: true}) }, true},
		{"Prepare is silent", func(p *player) { p.tick() }, true},
		{"hangs up in the greeting", func(p *player) { p.done(greeted).hungUp() }, true},
		{"hangs up, and Play says so", func(p *player) { p.done(greeted).done(callflow.Result{HungUp: true}) }, true},
		{"presses the escape key", func(p *player) { p.done(greeted).press("0") }, true},
		{"Play is silent", func(p *player) { p.done(greeted).tick() }, true},
		{"the mailbox is full", func(p *player) { p.ends(callflow.Full) }, false},
		{"the greeting plays on", func(p *player) { p.done(greeted) }, false},
		{"the greeting can not be played", func(p *player) { p.done(greeted).ends(phone.Failed) }, false},
		{"any other key", func(p *player) { p.done(greeted).press("5") }, false},
		{"hangs up in the recording", func(p *player) { p.done(greeted).ends("").done(callflow.Result{Outcome: callflow.Empty, HungUp: true}) }, false},
		{"an announcement", func(p *player) {
			p.done(callflow.Result{Outcome: callflow.AnnounceOnly, Clip: "g"}).hungUp()
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := play(t, office(t), night)
			key := p.turn.Await.Key()
			test.leave(p)
			released := false
			for _, c := range p.turn.Emit {
				if c.Action == (callflow.Release{}) {
					released = true
					assert.Equal(t, key, c.Key())
				}
			}
			assert.Equal(t, test.release, released)
		})
	}
}

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
		require.True(t, p.turn.Repeat)
		require.Equal(t, command, p.turn.Await)
		require.Equal(t, p.at.Add(30*time.Second), p.turn.Deadline)
		p.at = p.at.Add(time.Second)
		deadline := p.turn.Deadline
		p.hungUp()
		require.Equal(t, deadline, p.turn.Deadline, "a doubled hangup does not move the deadline")
		return p
	}
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

func TestAMessageOutranksWhatFollows(t *testing.T) {
	t.Parallel()
	kept := callflow.Result{Outcome: phone.Voicemail, Message: "m1", Digits: "0"}
	recording(t).done(kept).done(callflow.Result{Outcome: phone.NoAnswer, HungUp: true}).over(phone.Voicemail, callflow.EndCaller)
	recording(t).done(kept).ends(phone.NoAnswer).ends(callflow.Completed).over(phone.Voicemail, callflow.EndFlow)
	recording(t).done(kept).ends(phone.Answered).over(phone.Answered, callflow.EndAnswered)
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

func TestTheFirstAnswerOfAScheduleStays(t *testing.T) {
	t.Parallel()
	flow := parse(t, `{"start": "ask", "steps": {
		"ask": {"kind": "hours", "schedule": "main", "next": {"open": "wait", "closed": "bye"}},
		"wait": {"kind": "menu", "prompt": "wait", "keys": ["1"], "next": {"1": "ask", "timeout": "bye"}},
		"bye": {"kind": "hangup"}}}`, &callflow.Env{Schedules: schedules(t)})
	p := play(t, flow, morning.Add(6*time.Hour))
	p.at = p.at.Add(2 * time.Hour) // 18:00 on the wall
	p.press("1")
	assert.Equal(t, "wait", p.session.Step, "a call that began in the open stays there")
	assert.Equal(t, hours.KindOpen, p.turn.Path[1].Situation.Kind)

	closed := flow.With(map[string]hours.Schedule{"main": schedules(t)["main"].With(hours.Override{Label: "storm", Until: night})})
	assert.Equal(t, flow.Digest(), closed.Digest())
	p.flow = closed
	p.press("1")
	assert.Equal(t, "wait", p.session.Step)
	p = play(t, closed, morning).over(phone.Unavailable, callflow.EndFlow)
	assert.Equal(t, "storm", p.session.Divert.Situation.Label)
	assert.Equal(t, hours.SourceOverride, p.turn.Path[0].Situation.Source)
}

func TestBranchesOfTheHours(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		at   time.Time
		on   phone.Outcome
		step string
	}{
		{"open", morning, callflow.Open, "welcome"},
		{"night", night, callflow.Closed, "night"},
		{"lunch", time.Date(2026, 3, 10, 16, 30, 0, 0, time.UTC), callflow.Break, "night"},
		{"weekend", time.Date(2026, 3, 14, 16, 0, 0, 0, time.UTC), callflow.Weekend, "night"},
		{"holiday", time.Date(2026, 12, 24, 16, 0, 0, 0, time.UTC), callflow.Holiday, "holiday"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := play(t, office(t), test.at)
			assert.Equal(t, test.on, p.turn.Path[0].On)
			assert.Equal(t, test.step, p.session.Step)
			assert.Equal(t, string(test.on), string(p.session.Divert.Situation.Kind))
		})
	}
}

func TestAScheduleThatIsNotThereIsOpen(t *testing.T) {
	t.Parallel()
	p := play(t, office(t).With(nil), night)
	assert.Equal(t, "welcome", p.session.Step)
	assert.Equal(t, hours.SourceAlways, p.session.Divert.Situation.Source)
}

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
