package callflow_test

import (
	"context"

	"github.com/looplab/fsm"
	"github.com/qmuntal/stateless"
)

// The states of a call and what moves it from each to the next.
var (
	states = []string{"hours", "welcome", "departments", "team", "prepare", "greet", "record", "over"}
	path   = []string{"opens", "picked", "chosen", "nobody", "ready", "greeted", "kept"}
)

// machine is a peer; fire puts it into a state first, as a host does that keeps
// the state itself.
type machine struct {
	fire  func(state, trigger string) error
	state func() string
}

type peer struct {
	name string
	open func() machine
}

func peers() []peer {
	return []peer{{"stateless", newStateless}, {"looplab-fsm", newLooplab}}
}

func newStateless() machine {
	current := any(states[0])
	m := stateless.NewStateMachineWithExternalStorage(
		func(context.Context) (stateless.State, error) { return current, nil },
		func(_ context.Context, s stateless.State) error { current = s; return nil },
		stateless.FiringImmediate)
	for i, trigger := range path {
		m.Configure(states[i]).Permit(trigger, states[i+1])
	}
	m.Configure("departments").Permit("back", "welcome")
	boxed := map[string]any{} // so that setting a state allocates nothing
	for _, s := range states {
		boxed[s] = s
	}
	return machine{
		fire:  func(state, trigger string) error { current = boxed[state]; return m.Fire(trigger) },
		state: func() string { return current.(string) },
	}
}

func newLooplab() machine {
	events := fsm.Events{{Name: "back", Src: []string{"departments"}, Dst: "welcome"}}
	for i, trigger := range path {
		events = append(events, fsm.EventDesc{Name: trigger, Src: []string{states[i]}, Dst: states[i+1]})
	}
	m, ctx := fsm.NewFSM(states[0], events, nil), background()
	return machine{
		fire:  func(state, trigger string) error { m.SetState(state); return m.Event(ctx, trigger) },
		state: m.Current,
	}
}
