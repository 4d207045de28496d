package callflow_test

import (
	"context"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/callflow/callflowtest"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

const frontDesk = `{
  "start": "hours",
  "steps": {
    "hours": {"kind": "hours", "schedule": "main", "next": {"open": "menu", "closed": "box"}},
    "menu":  {"kind": "menu", "prompt": "welcome", "keys": ["1", "2"],
              "next": {"1": "sales", "2": "support", "timeout": "support"}},
    "sales":   {"kind": "ring", "department": "sales", "targets": ["amy"], "next": {"no-answer": "box"}},
    "support": {"kind": "ring", "department": "support", "targets": ["bo", "cy"], "for": "20s", "next": {"no-answer": "box"}},
    "box":   {"kind": "voicemail", "mailbox": "office", "next": {"full": "sorry"}},
    "sorry": {"kind": "play", "prompt": "mailbox-full", "next": {"done": "bye"}},
    "bye":   {"kind": "hangup"}
  }
}`

// A flow by hand, without a host: the evaluator takes one input and says what
// to do next.
func ExampleFlow_Step() {
	flow, report := callflow.Parse([]byte(frontDesk), &callflow.Env{Schedules: map[string]hours.Schedule{"main": {}}})
	if err := report.Err(); err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	session := flow.New(phone.Call{ID: "c1"})
	var turn callflow.Turn

	inputs := []callflow.Input{
		{Kind: callflow.Start},
		{Kind: callflow.Done, Result: callflow.Result{Digits: "1"}},
		{Kind: callflow.Done, Result: callflow.Result{Outcome: phone.NoAnswer}},
		{Kind: callflow.Done, Result: callflow.Result{HungUp: true}},
	}
	for i, in := range inputs {
		in.At = at.Add(time.Duration(i) * 10 * time.Second)
		in.Command = turn.Await.ID
		if err := flow.Step(&session, in, &turn); err != nil {
			fmt.Println(err)
			return
		}
		for _, hop := range turn.Path {
			fmt.Printf("%s: %s, so %s\n", hop.From, hop.On, hop.To)
		}
		for _, c := range turn.Emit {
			fmt.Printf("  do %T\n", c.Action)
		}
		if !turn.Over {
			fmt.Printf("  do %T %+v\n", turn.Await.Action, turn.Await.Action)
		}
	}
	fmt.Println(session.Outcome, session.Divert.Outcome, session.Divert.Department)
	// Output:
	// hours: open, so menu
	//   do callflow.Answer
	//   do callflow.Collect {Prompt:welcome Keys:[1 2] First:5s Between:3s NoBargeIn:false}
	// menu: 1, so sales
	//   do callflow.Ring {Targets:[amy] For:30s}
	// sales: no-answer, so box
	//   do callflow.Prepare {Max:0s}
	//   do callflow.Release
	// abandoned no-answer sales
}

// desk is a host that prints what it is asked to do.
type desk struct{ callflowtest.Script }

func (d *desk) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	switch a := c.Action.(type) {
	case callflow.Answer:
		fmt.Println("answer the call")
	case callflow.Ring:
		fmt.Println("ring", a.Targets, "for", a.For)
	case callflow.Collect:
		fmt.Println("play", a.Prompt, "and collect one of", a.Keys)
	case callflow.Prepare:
		fmt.Println("is there room in mailbox", c.Divert.Mailbox)
	case callflow.Play:
		fmt.Println("play", a.Prompt, a.Clip)
	case callflow.Record:
		fmt.Println("beep, and record under the key", c.Key())
	case callflow.Hangup:
		fmt.Println("hang up")
	}
	return d.Script.Do(ctx, c)
}

// A blocking host: Run steps, saves and performs until the call is over.
func ExampleRun() {
	flow, report := callflow.Parse([]byte(frontDesk), nil)
	if err := report.Err(); err != nil {
		fmt.Println(err)
		return
	}
	host := &desk{callflowtest.Script{Answers: map[string][]callflow.Result{
		"menu":    {{Digits: "2"}},
		"support": {{Outcome: phone.Declined}},
		"box":     {{Outcome: callflow.Ready, Clip: "hello.wav"}, {}, {Outcome: phone.Voicemail, Message: "m1", HungUp: true}},
	}}}
	session := flow.New(phone.Call{ID: "c1", Tenant: "acme"})
	err := callflow.Run(context.Background(), flow, &session, host, &callflow.RunOptions{Sessions: callflow.NewMemory()})
	fmt.Println(session.Outcome, session.Message, session.Divert.Outcome, err)
	// Output:
	// answer the call
	// play welcome and collect one of [1 2]
	// ring [bo cy] for 20s
	// is there room in mailbox office
	// play  hello.wav
	// beep, and record under the key c1/4
	// voicemail m1 declined <nil>
}

// What an author sees of a flow that is not right: everything at once, each
// with its place and a way out.
func ExampleParse() {
	_, report := callflow.Parse([]byte(`{
		"start": "menu",
		"steps": {
			"menu": {"kind": "menu", "prompt": "welcome", "keys": ["1", "12"], "next": {"1": "team", "timeout": "box"}},
			"team": {"kind": "ring", "targets": ["amy"], "next": {"no-answer": "team", "answered": "box"}}
		}}`), nil)
	for _, problem := range report {
		fmt.Println(problem)
	}
	// Output:
	// flow: not-run: targets were not checked (unknown-target); supply Env.Targets
	// flow: not-run: prompts were not checked (unknown-prompt); supply Env.Prompts
	// /steps/menu/keys/1: error: a caller who presses 1 can mean 1 or 12 (key-prefix); keys must not begin with one another
	// /steps/menu/next: error: nothing follows the outcome "12" (unwired-outcome); name the step that follows "12"
	// /steps/menu/next/timeout: error: there is no step "box" (missing-step); correct the name, or add the step
	// /steps/team: error: no call ends from here (trapped); wire one outcome to a step that ends, such as a hangup or a voicemail
	// /steps/team/next/answered: error: a step of kind ring never ends with "answered" (unknown-outcome); remove it: the session is over when somebody answers
}

// A webhook host: each request loads the session, steps it, saves it, and
// answers with the awaited command. A request that comes twice is answered
// the same.
func ExampleSessions() {
	flow, _ := callflow.Parse([]byte(frontDesk), nil)
	flows := callflow.FlowMap{}
	flows.Add("acme", flow)
	var sessions callflow.Sessions = callflow.NewMemory()
	ctx := context.Background()
	session := flow.New(phone.Call{ID: "c1", Tenant: "acme"})
	if err := sessions.Save(ctx, session); err != nil {
		fmt.Println(err)
		return
	}

	webhook := func(in callflow.Input) error {
		session, err := sessions.Load(ctx, "acme", "c1")
		if err != nil {
			return err
		}
		flow, err := flows.Flow(ctx, session.Tenant, session.Flow)
		if err != nil {
			return err
		}
		var turn callflow.Turn
		if err := flow.Step(&session, in, &turn); err != nil {
			return err
		}
		if err := sessions.Save(ctx, session); err != nil {
			return err // ErrConflict: load and step again
		}
		fmt.Printf("%d %T repeat=%t\n", turn.Await.ID, turn.Await.Action, turn.Repeat)
		return nil
	}

	at := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	pressed := callflow.Input{At: at, Kind: callflow.Done, Command: 1, Result: callflow.Result{Digits: "1"}}
	for _, in := range []callflow.Input{{At: at, Kind: callflow.Start}, pressed, pressed} {
		if err := webhook(in); err != nil {
			fmt.Println(err)
		}
	}
	due, _ := sessions.Due(ctx, at.Add(time.Minute), 10)
	fmt.Println(len(due), "session is due at", due[0].Deadline.Format(time.TimeOnly))
	// Output:
	// 1 callflow.Collect repeat=false
	// 2 callflow.Ring repeat=false
	// 2 callflow.Ring repeat=true
	// 1 session is due at 14:00:45
}
