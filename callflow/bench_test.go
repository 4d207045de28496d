package callflow_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

func TestASteadyStateAllocatesNothing(t *testing.T) {
	flow := office(t)
	var turn callflow.Turn
	session := flow.New(call())
	require.NoError(t, flow.Step(&session, callflow.Input{At: morning, Kind: callflow.Start}, &turn))
	wrong := callflow.Input{At: morning, Kind: callflow.Done, Result: callflow.Result{Digits: "7"}}
	require.Zero(t, testing.AllocsPerRun(200, func() {
		session.Wrong = 0
		wrong.Command = turn.Await.ID
		_ = flow.Step(&session, wrong, &turn) // never fails here
	}), "a menu that asks again")
	require.Zero(t, testing.AllocsPerRun(200, func() {
		_ = flow.Pending(&session, &turn) // never fails here
	}), "a turn that is rebuilt")
	require.Equal(t, "welcome", turn.Await.Step)
}

// Target: 250 ns an event, no allocation.
func BenchmarkStepMenuAgain(b *testing.B) {
	flow := office(b)
	var turn callflow.Turn
	session := flow.New(call())
	require.NoError(b, flow.Step(&session, callflow.Input{At: morning, Kind: callflow.Start}, &turn))
	in := callflow.Input{At: morning, Kind: callflow.Done, Result: callflow.Result{Digits: "7"}}
	b.ReportAllocs()
	for b.Loop() {
		session.Wrong = 0
		in.Command = turn.Await.ID
		_ = flow.Step(&session, in, &turn) // never fails here
	}
}

// Target: 2 µs for the six events of a call from hours to voicemail.
func BenchmarkWholeCall(b *testing.B) {
	flow := office(b)
	var turn callflow.Turn
	answers := []callflow.Result{
		{Digits: "2"},
		{Digits: "1"},
		{Outcome: phone.NoAnswer},
		{Outcome: callflow.Ready, Clip: "sha256:1"},
		{},
		{Outcome: phone.Voicemail, Message: "m1", HungUp: true},
	}
	at := morning
	b.ReportAllocs()
	for b.Loop() {
		session := flow.New(call())
		_ = flow.Step(&session, callflow.Input{At: at, Kind: callflow.Start}, &turn) // never fails here
		for _, answer := range answers {
			at = at.Add(time.Second)
			_ = flow.Step(&session, callflow.Input{At: at, Kind: callflow.Done, Command: turn.Await.ID, Result: answer}, &turn)
		}
		if session.Outcome != phone.Voicemail {
			b.Fatal(session.Outcome)
		}
		at = morning
	}
}

// Target: 6 µs for the session in, one step, and the session out.
func BenchmarkWebhookTurn(b *testing.B) {
	p := support(b)
	saved := []byte(marshal(b, p.session))
	in := callflow.Input{At: p.at, Kind: callflow.Done, Command: p.turn.Await.ID, Result: callflow.Result{Outcome: phone.NoAnswer}}
	var turn callflow.Turn
	b.ReportAllocs()
	b.SetBytes(int64(len(saved)))
	for b.Loop() {
		var session callflow.Session
		if err := json.Unmarshal(saved, &session); err != nil {
			b.Fatal(err)
		}
		_ = p.flow.Step(&session, in, &turn) // never fails here
		if _, err := json.Marshal(session); err != nil {
			b.Fatal(err)
		}
	}
}

const tenSteps = `{"start": "hours", "steps": {
	"hours": {"kind": "hours", "schedule": "main", "next": {"open": "menu", "closed": "box"}},
	"menu": {"kind": "menu", "prompt": "welcome", "keys": ["1", "2"], "next": {"1": "fr", "2": "en", "timeout": "team"}},
	"fr": {"kind": "language", "tag": "fr-CA", "next": {"done": "team"}},
	"en": {"kind": "language", "tag": "en-CA", "next": {"done": "team"}},
	"team": {"kind": "ring", "targets": ["amy", "bo"], "next": {"no-answer": "box", "busy": "busy"}},
	"busy": {"kind": "play", "prompt": "all-busy", "next": {"done": "box"}},
	"box": {"kind": "voicemail", "mailbox": "office", "escape": ["0"], "next": {"0": "on-call", "full": "sorry"}},
	"on-call": {"kind": "ring", "targets": ["on-call"], "next": {"no-answer": "sorry"}},
	"sorry": {"kind": "play", "prompt": "sorry", "next": {"done": "bye"}},
	"bye": {"kind": "hangup"}}}`

// Target: 100 µs for ten steps.
func BenchmarkCompileTenSteps(b *testing.B) {
	var d callflow.Definition
	require.NoError(b, json.Unmarshal([]byte(tenSteps), &d))
	b.ReportAllocs()
	for b.Loop() {
		if _, report := callflow.Compile(d, nil); report.Err() != nil {
			b.Fatal(report)
		}
	}
}

func BenchmarkParseTenSteps(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, report := callflow.Parse([]byte(tenSteps), nil); report.Err() != nil {
			b.Fatal(report)
		}
	}
}

func BenchmarkMemorySave(b *testing.B) {
	p := support(b)
	store := callflow.NewMemory()
	b.ReportAllocs()
	for b.Loop() {
		if err := store.Save(context.Background(), p.session); err != nil {
			b.Fatal(err)
		}
		p.session.Revision++
	}
}
