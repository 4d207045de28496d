package callflow_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// office is the flow of the measurements: hours, two menus, a team, a mailbox.
const office = `{"start": "hours", "steps": {
	"hours": {"kind": "hours", "schedule": "main", "next": {"open": "welcome", "closed": "box"}},
	"welcome": {"kind": "menu", "prompt": "welcome", "keys": ["1", "2"], "next": {"1": "departments", "2": "departments", "timeout": "departments"}},
	"departments": {"kind": "menu", "prompt": "departments", "keys": ["1", "9"], "next": {"1": "team", "9": "welcome", "timeout": "team"}},
	"team": {"kind": "ring", "targets": ["amy", "bo"], "next": {"no-answer": "box"}},
	"box": {"kind": "voicemail", "mailbox": "office", "next": {"full": "bye"}},
	"bye": {"kind": "hangup"}}}`

var morning = time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC) // a Tuesday, 10:00 in Montréal

func compile(t testing.TB) *callflow.Flow {
	t.Helper()
	schedule, err := hours.New(hours.Spec{Zone: "America/Toronto", Week: hours.MondayToFriday(hours.Span{From: 9 * 60, To: 17 * 60})})
	require.NoError(t, err)
	flow, report := callflow.Parse([]byte(office), &callflow.Env{Schedules: map[string]hours.Schedule{"main": schedule}})
	require.NoError(t, report.Err())
	return flow
}

// visit is one call; done answers its awaited command.
type visit struct {
	flow    *callflow.Flow
	session callflow.Session
	turn    callflow.Turn
}

func begin(t testing.TB, flow *callflow.Flow) *visit {
	t.Helper()
	v := &visit{flow: flow, session: flow.New(phone.Call{ID: "c1", Tenant: "acme", Line: "main"})}
	require.NoError(t, flow.Step(&v.session, callflow.Input{At: morning, Kind: callflow.Start}, &v.turn))
	return v
}

func (v *visit) done(r callflow.Result) error {
	return v.flow.Step(&v.session, callflow.Input{At: morning, Kind: callflow.Done, Command: v.turn.Await.ID, Result: r}, &v.turn)
}

// BenchmarkTwoTransitions is from one menu to the other and back. Ours checks
// the key, the limits and the deadline, and says what is to be played; the
// peers change a state.
func BenchmarkTwoTransitions(b *testing.B) {
	v := begin(b, compile(b))
	toAndFro := func() error {
		clear(v.session.Visits) // a real call would reach its limits
		v.session.Slot = 2
		if err := v.done(callflow.Result{Digits: "1"}); err != nil {
			return err
		}
		return v.done(callflow.Result{Digits: "9"})
	}
	require.NoError(b, v.done(callflow.Result{Digits: "1"}))
	require.Equal(b, "departments", v.session.Step)
	require.NoError(b, v.done(callflow.Result{Digits: "9"}))
	require.Equal(b, "welcome", v.session.Step)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = toAndFro() // guarded below
		}
	})
	require.Equal(b, "welcome", v.session.Step, "the call is still in the menu")
	require.False(b, v.session.Over())

	for _, p := range peers() {
		m := p.open()
		require.NoError(b, m.fire("hours", "opens"))
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = m.fire("welcome", "picked") // guarded below
				_ = m.fire("departments", "back")
			}
		})
		require.Equal(b, "welcome", m.state())
	}
}

// BenchmarkWholeCall is hours, two menus, a ring, and a message: seven events.
// The peers run through as many transitions of a machine that is built already.
func BenchmarkWholeCall(b *testing.B) {
	flow := compile(b)
	answers := []callflow.Result{
		{Digits: "2"},
		{Digits: "1"},
		{Outcome: phone.NoAnswer},
		{Outcome: callflow.Ready, Clip: "sha256:1"},
		{},
		{Outcome: phone.Voicemail, Message: "m1", HungUp: true},
	}
	var v visit
	call := phone.Call{ID: "c1", Tenant: "acme", Line: "main"}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v.flow, v.session = flow, flow.New(call)
			_ = flow.Step(&v.session, callflow.Input{At: morning, Kind: callflow.Start}, &v.turn) // guarded below
			for _, answer := range answers {
				_ = v.done(answer)
			}
			if v.session.Outcome != phone.Voicemail {
				b.Fatal(v.session.Outcome)
			}
		}
	})
	for _, p := range peers() {
		m := p.open()
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for i, trigger := range path {
					_ = m.fire(states[i], trigger) // guarded below
				}
				if m.state() != "over" {
					b.Fatal(m.state())
				}
			}
		})
	}
}

// BenchmarkWebhookTurn is the saved session in, one event, and the session out,
// all as JSON. The peers save the state and its number only, the least a host
// would.
func BenchmarkWebhookTurn(b *testing.B) {
	flow := compile(b)
	v := begin(b, flow)
	saved, err := json.Marshal(v.session)
	require.NoError(b, err)
	in := callflow.Input{At: morning, Kind: callflow.Done, Command: v.turn.Await.ID, Result: callflow.Result{Digits: "1"}}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		var session callflow.Session
		for b.Loop() {
			session = callflow.Session{}
			if err := json.Unmarshal(saved, &session); err != nil {
				b.Fatal(err)
			}
			if err := flow.Step(&session, in, &v.turn); err != nil {
				b.Fatal(err)
			}
			if _, err := json.Marshal(session); err != nil {
				b.Fatal(err)
			}
		}
		require.Equal(b, "departments", session.Step)
		b.ReportMetric(float64(len(saved)), "B/session")
	})
	for _, p := range peers() {
		m := p.open()
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			saved := []byte(`{"call":"c1","tenant":"acme","state":"welcome","seq":1}`)
			for b.Loop() {
				var s struct {
					Call   string `json:"call"`
					Tenant string `json:"tenant"`
					State  string `json:"state"`
					Seq    int    `json:"seq"`
				}
				if err := json.Unmarshal(saved, &s); err != nil {
					b.Fatal(err)
				}
				if err := m.fire(s.State, "picked"); err != nil {
					b.Fatal(err)
				}
				s.State, s.Seq = m.state(), s.Seq+1
				if _, err := json.Marshal(s); err != nil {
					b.Fatal(err)
				}
			}
			require.Equal(b, "departments", m.state())
		})
	}
}

func background() context.Context { return context.Background() }
