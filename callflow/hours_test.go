package callflow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

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

func TestASessionKeepsWhatFitsOfALabel(t *testing.T) {
	t.Parallel()
	label := "x" + strings.Repeat("é", 90)
	storm := schedules(t)["main"].With(hours.Override{Label: label, Until: night})
	p := play(t, office(t).With(map[string]hours.Schedule{"main": storm}), morning)
	kept := p.session.Divert.Situation.Label
	assert.Equal(t, "x"+strings.Repeat("é", 31), kept, "64 bytes, but whole characters")
	assert.Equal(t, time.UTC, p.session.Divert.Situation.Until.Location())
	p.rebuilds()
}
