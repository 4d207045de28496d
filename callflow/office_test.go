package callflow_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// The office of the tests: Montréal, Tuesday 10 March 2026.
var (
	morning = time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC) // 10:00 on the wall
	night   = time.Date(2026, 3, 11, 2, 0, 0, 0, time.UTC)  // 22:00 on the wall
)

func schedules(t testing.TB) map[string]hours.Schedule {
	t.Helper()
	var spec hours.Spec
	require.NoError(t, json.Unmarshal([]byte(`{
		"zone": "America/Toronto",
		"week": {
			"monday": ["09:00-17:00"], "tuesday": ["09:00-12:00", "13:00-17:00"], "wednesday": ["09:00-17:00"],
			"thursday": ["09:00-17:00"], "friday": ["09:00-17:00"]},
		"exceptions": [{"date": "2026-12-24", "label": "Réveillon"}]}`), &spec))
	schedule, err := hours.New(spec)
	require.NoError(t, err)
	return map[string]hours.Schedule{"main": schedule}
}

func office(t testing.TB) *callflow.Flow {
	t.Helper()
	form, err := os.ReadFile("testdata/office.json")
	require.NoError(t, err)
	flow, report := callflow.Parse(form, &callflow.Env{Schedules: schedules(t)})
	require.NoError(t, report.Err())
	return flow
}

func parse(t testing.TB, form string, e *callflow.Env) *callflow.Flow {
	t.Helper()
	flow, report := callflow.Parse([]byte(form), e)
	require.NoError(t, report.Err())
	return flow
}

func call() phone.Call {
	return phone.Call{ID: "c1", Tenant: "acme", Line: "main-line"}
}

// player plays one call by hand.
type player struct {
	t       testing.TB
	flow    *callflow.Flow
	session callflow.Session
	turn    callflow.Turn
	at      time.Time
}

func play(t testing.TB, flow *callflow.Flow, at time.Time) *player {
	t.Helper()
	p := &player{t: t, flow: flow, session: flow.New(call()), at: at}
	p.feed(callflow.Input{Kind: callflow.Start})
	return p
}

func (p *player) feed(in callflow.Input) *player {
	p.t.Helper()
	in.At = p.at
	require.NoError(p.t, p.flow.Step(&p.session, in, &p.turn))
	return p
}

// done answers the awaited command a second later.
func (p *player) done(r callflow.Result) *player {
	p.t.Helper()
	p.at = p.at.Add(time.Second)
	return p.feed(callflow.Input{Kind: callflow.Done, Command: p.turn.Await.ID, Result: r})
}

func (p *player) press(digits string) *player {
	p.t.Helper()
	return p.done(callflow.Result{Digits: digits})
}

func (p *player) ends(on phone.Outcome) *player {
	p.t.Helper()
	return p.done(callflow.Result{Outcome: on})
}

func (p *player) hungUp() *player {
	p.t.Helper()
	return p.feed(callflow.Input{Kind: callflow.HungUp})
}

// tick comes exactly at the deadline.
func (p *player) tick() *player {
	p.t.Helper()
	p.at = p.turn.Deadline
	return p.feed(callflow.Input{Kind: callflow.Tick})
}

func (p *player) awaits(step string, action callflow.Action) *player {
	p.t.Helper()
	require.False(p.t, p.turn.Over, "the session is over: %s, %s", p.session.Outcome, p.session.End)
	require.Equal(p.t, step, p.turn.Await.Step)
	require.Equal(p.t, action, p.turn.Await.Action)
	require.True(p.t, p.turn.Await.Wait)
	return p
}

func (p *player) over(outcome phone.Outcome, end callflow.End) *player {
	p.t.Helper()
	require.True(p.t, p.turn.Over)
	require.True(p.t, p.session.Over())
	require.Equal(p.t, end, p.session.End)
	require.Equal(p.t, outcome, p.session.Outcome)
	require.Nil(p.t, p.turn.Await.Action)
	require.Zero(p.t, p.session.Deadline)
	require.False(p.t, p.session.Ended.IsZero())
	return p
}

// emits checks what the last turn emitted, in order.
func (p *player) emits(actions ...callflow.Action) *player {
	p.t.Helper()
	var emitted []callflow.Action
	for _, c := range p.turn.Emit {
		require.False(p.t, c.Wait)
		emitted = append(emitted, c.Action)
	}
	require.Equal(p.t, actions, emitted)
	return p
}
