package callflow_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

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

func TestAMessageOutranksWhatFollows(t *testing.T) {
	t.Parallel()
	kept := callflow.Result{Outcome: phone.Voicemail, Message: "m1", Digits: "0"}
	recording(t).done(kept).done(callflow.Result{Outcome: phone.NoAnswer, HungUp: true}).over(phone.Voicemail, callflow.EndCaller)
	recording(t).done(kept).ends(phone.NoAnswer).ends(callflow.Completed).over(phone.Voicemail, callflow.EndFlow)
	recording(t).done(kept).ends(phone.Answered).over(phone.Answered, callflow.EndAnswered)
}
