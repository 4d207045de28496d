package callflow_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/benbjohnson/clock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/callflow/callflowtest"
	"github.com/afterbeep/afterbeep/phone"
)

// hostFunc is a host in one func.
type hostFunc func(ctx context.Context, c callflow.Command) (callflow.Result, error)

func (f hostFunc) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	return f(ctx, c)
}

func mockClock() *clock.Mock {
	mock := clock.NewMock()
	mock.Set(night)
	return mock
}

// message is a night call that leaves a message.
func message() *callflowtest.Script {
	return &callflowtest.Script{Answers: map[string][]callflow.Result{"night": {
		{Outcome: callflow.Ready, Clip: "closed"}, {}, {Outcome: phone.Voicemail, Message: "m1", HungUp: true},
	}}}
}

func names(commands []callflow.Command) []string {
	var names []string
	for _, c := range commands {
		switch c.Action.(type) {
		case callflow.Answer:
			names = append(names, "answer")
		case callflow.Prepare:
			names = append(names, "prepare")
		case callflow.Play:
			names = append(names, "play")
		case callflow.Record:
			names = append(names, "record")
		case callflow.Release:
			names = append(names, "release")
		case callflow.Hangup:
			names = append(names, "hangup")
		default:
			names = append(names, "other")
		}
	}
	return names
}

func TestRunDrivesACallToItsEnd(t *testing.T) {
	t.Parallel()
	flow, host, store := office(t), message(), callflow.NewMemory()
	session := flow.New(call())
	var path []callflow.Hop
	err := callflow.Run(t.Context(), flow, &session, host, &callflow.RunOptions{
		Clock: mockClock(), Sessions: store,
		Trace: func(_ callflow.Input, turn *callflow.Turn) { path = append(path, turn.Path...) },
	})
	require.NoError(t, err)
	assert.Equal(t, phone.Voicemail, session.Outcome)
	assert.Equal(t, "m1", session.Message)
	assert.Equal(t, []string{"prepare", "answer", "play", "record"}, names(host.Commands))
	assert.Equal(t, phone.Outcome("closed"), path[0].On)
	assert.Equal(t, callflow.Hop{From: "night", On: phone.Voicemail}, path[1])
	stored, err := store.Load(t.Context(), "acme", "c1")
	require.NoError(t, err)
	assert.Equal(t, marshal(t, stored), marshal(t, session))
	assert.Equal(t, 4, stored.Revision, "four turns were saved")
}

func TestRunNeedsNoOptions(t *testing.T) {
	t.Parallel()
	flow := parse(t, `{"start": "bye", "steps": {"bye": {"kind": "hangup"}}}`, nil)
	session, host := flow.New(call()), &callflowtest.Script{}
	require.NoError(t, callflow.Run(t.Context(), flow, &session, host, nil))
	assert.Equal(t, []string{"hangup"}, names(host.Commands))
	assert.WithinDuration(t, time.Now(), session.Ended, time.Minute)
}

// watched is a store that runs a func before each save.
type watched struct {
	callflow.Sessions
	before func(s callflow.Session) error
}

func (w watched) Save(ctx context.Context, s callflow.Session) error {
	if err := w.before(s); err != nil {
		return err
	}
	return w.Sessions.Save(ctx, s)
}

func TestRunSavesBeforeItPerforms(t *testing.T) {
	t.Parallel()
	flow, script, memory := office(t), message(), callflow.NewMemory()
	host := hostFunc(func(ctx context.Context, c callflow.Command) (callflow.Result, error) {
		stored, err := memory.Load(ctx, "acme", "c1")
		require.NoError(t, err)
		require.Equal(t, c.ID, stored.Seq, "the command is not in the store yet")
		return script.Do(ctx, c)
	})
	session := flow.New(call())
	require.NoError(t, callflow.Run(t.Context(), flow, &session, host, &callflow.RunOptions{Clock: mockClock(), Sessions: memory}))
	require.True(t, session.Over())
}

func TestAFaultAtEachSave(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is full")
	for fault := range 4 {
		flow, script, memory := office(t), message(), callflow.NewMemory()
		saves := 0
		store := watched{memory, func(callflow.Session) error {
			if saves++; saves == fault+1 {
				return broken
			}
			return nil
		}}
		session := flow.New(call())
		options := &callflow.RunOptions{Clock: mockClock(), Sessions: store}
		require.ErrorIs(t, callflow.Run(t.Context(), flow, &session, script, options), broken)
		require.Len(t, names(script.Commands), []int{0, 1, 3, 4}[fault], "what was not saved was not performed")

		// Another node takes over what was saved: the call ends all the same.
		if session, _ = memory.Load(t.Context(), "acme", "c1"); fault == 0 {
			session = flow.New(call())
		}
		again := message()
		again.Answers["night"] = again.Answers["night"][max(0, fault-1):]
		require.NoError(t, callflow.Run(t.Context(), flow, &session, again, options))
		require.Equal(t, phone.Voicemail, session.Outcome)
	}
}

func TestAConflictReloadsAndStepsAgain(t *testing.T) {
	t.Parallel()
	flow, memory := office(t), callflow.NewMemory()
	var turn callflow.Turn
	host := message()
	store := watched{memory, func(s callflow.Session) error {
		if s.Phase == "record" && s.Revision == 2 {
			// Another node heard, just before, that the caller has gone.
			other, err := memory.Load(t.Context(), "acme", "c1")
			require.NoError(t, err)
			require.NoError(t, flow.Step(&other, callflow.Input{At: night, Kind: callflow.HungUp}, &turn))
			return memory.Save(t.Context(), other)
		}
		return nil
	}}
	session := flow.New(call())
	require.NoError(t, callflow.Run(t.Context(), flow, &session, host, &callflow.RunOptions{Clock: mockClock(), Sessions: store}))
	assert.Equal(t, phone.Abandoned, session.Outcome)
	assert.Equal(t, []string{"prepare", "answer", "play", "release"}, names(host.Commands), "nothing is recorded")
}

func TestConflictsWithoutEnd(t *testing.T) {
	t.Parallel()
	flow, memory := office(t), callflow.NewMemory()
	session := flow.New(call())
	require.NoError(t, memory.Save(t.Context(), session))
	store := watched{memory, func(callflow.Session) error { return callflow.ErrConflict }}
	err := callflow.Run(t.Context(), flow, &session, message(), &callflow.RunOptions{Clock: mockClock(), Sessions: store})
	require.ErrorIs(t, err, callflow.ErrConflict)
}

func TestAnErrorOfTheHostIsTheOutcomeFailed(t *testing.T) {
	t.Parallel()
	flow := office(t)
	var log bytes.Buffer
	var done []callflow.Command
	host := hostFunc(func(_ context.Context, c callflow.Command) (callflow.Result, error) {
		done = append(done, c)
		return callflow.Result{}, errors.New("no such file")
	})
	session := flow.New(call())
	err := callflow.Run(t.Context(), flow, &session, host, &callflow.RunOptions{
		Clock: mockClock(), Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"prepare", "release", "answer", "play", "hangup"}, names(done))
	assert.Contains(t, log.String(), `call=c1 step=night do=prepare error="no such file"`)
	assert.NotContains(t, log.String(), "m1")
}

func TestAnErrorDoesNotUndoWhatTheResultSays(t *testing.T) {
	t.Parallel()
	flow, script := office(t), message()
	host := hostFunc(func(ctx context.Context, c callflow.Command) (callflow.Result, error) {
		result, _ := script.Do(ctx, c)
		return result, errors.New("late trouble")
	})
	session := flow.New(call())
	require.NoError(t, callflow.Run(t.Context(), flow, &session, host, &callflow.RunOptions{Clock: mockClock()}))
	assert.Equal(t, phone.Voicemail, session.Outcome)
}

func TestTheCallerHangsUpBeforeTheCommandBegins(t *testing.T) {
	t.Parallel()
	flow, script := office(t), message()
	host := hostFunc(func(ctx context.Context, c callflow.Command) (callflow.Result, error) {
		result, err := script.Do(ctx, c)
		if c.Action == (callflow.Answer{}) {
			result.HungUp = true
		}
		return result, err
	})
	session := flow.New(call())
	require.NoError(t, callflow.Run(t.Context(), flow, &session, host, &callflow.RunOptions{Clock: mockClock()}))
	assert.Equal(t, phone.Abandoned, session.Outcome)
	assert.Equal(t, []string{"prepare", "answer", "release"}, names(script.Commands))
}

func TestADeadlineIsATick(t *testing.T) {
	t.Parallel()
	flow := office(t)
	mock := mockClock()
	var inputs []callflow.Input
	host := hostFunc(func(ctx context.Context, c callflow.Command) (callflow.Result, error) {
		if _, ok := c.Action.(callflow.Prepare); ok {
			deadline, ok := ctx.Deadline()
			require.True(t, ok)
			require.Greater(t, time.Until(deadline), 20*time.Second)
			return callflow.Result{}, nil
		}
		if !c.Wait {
			return callflow.Result{}, nil
		}
		return callflow.Result{HungUp: true}, nil
	})
	session := flow.New(call())
	require.NoError(t, callflow.Run(t.Context(), flow, &session, host, &callflow.RunOptions{Clock: mock}))

	// The command of a node that crashed is performed again, past its deadline.
	var turn callflow.Turn
	session = flow.New(call())
	require.NoError(t, flow.Step(&session, callflow.Input{At: night, Kind: callflow.Start}, &turn))
	mock.Set(night.Add(time.Minute))
	waiting := hostFunc(func(ctx context.Context, c callflow.Command) (callflow.Result, error) {
		if !c.Wait {
			return callflow.Result{}, nil
		}
		if _, ok := c.Action.(callflow.Prepare); ok {
			<-ctx.Done()
			return callflow.Result{}, ctx.Err()
		}
		return callflow.Result{HungUp: true}, nil
	})
	require.NoError(t, callflow.Run(t.Context(), flow, &session, waiting, &callflow.RunOptions{
		Clock: mock, Trace: func(in callflow.Input, _ *callflow.Turn) { inputs = append(inputs, in) },
	}))
	require.Len(t, inputs, 3)
	assert.Equal(t, callflow.Tick, inputs[1].Kind)
	assert.Equal(t, night.Add(time.Minute), inputs[1].At)
	assert.Equal(t, phone.Abandoned, session.Outcome)
}

func TestTheEndOfTheProcessIsNotTheEndOfTheCall(t *testing.T) {
	t.Parallel()
	flow, memory := office(t), callflow.NewMemory()
	options := &callflow.RunOptions{Clock: mockClock(), Sessions: memory}
	ctx, stop := context.WithCancel(t.Context())
	script := message()
	host := hostFunc(func(inner context.Context, c callflow.Command) (callflow.Result, error) {
		if _, ok := c.Action.(callflow.Play); ok {
			stop()
			<-inner.Done()
			return callflow.Result{}, inner.Err()
		}
		return script.Do(inner, c)
	})
	session := flow.New(call())
	require.ErrorIs(t, callflow.Run(ctx, flow, &session, host, options), context.Canceled)
	require.False(t, session.Over())

	resumed, err := memory.Load(t.Context(), "acme", "c1")
	require.NoError(t, err)
	require.Equal(t, marshal(t, session), marshal(t, resumed))
	script.Answers["night"] = []callflow.Result{{}, {Outcome: phone.Voicemail, HungUp: true}}
	next := &callflowtest.Script{Answers: script.Answers}
	require.NoError(t, callflow.Run(t.Context(), flow, &resumed, next, options))
	assert.Equal(t, []string{"answer", "play", "record"}, names(next.Commands), "the pending turn again, and on")
	assert.Equal(t, phone.Voicemail, resumed.Outcome)
}

func TestAnAnswerThatComesWithTheEndOfTheProcessIsSaved(t *testing.T) {
	t.Parallel()
	flow, memory := office(t), callflow.NewMemory()
	ctx, stop := context.WithCancel(t.Context())
	script := message()
	host := hostFunc(func(inner context.Context, c callflow.Command) (callflow.Result, error) {
		if _, ok := c.Action.(callflow.Record); ok {
			stop() // and the recording is sealed for all that
		}
		return script.Do(context.WithoutCancel(inner), c)
	})
	store := watched{memory, func(callflow.Session) error { return nil }}
	session := flow.New(call())
	require.NoError(t, callflow.Run(ctx, flow, &session, host, &callflow.RunOptions{Clock: mockClock(), Sessions: store}))
	stored, err := memory.Load(t.Context(), "acme", "c1")
	require.NoError(t, err)
	assert.Equal(t, phone.Voicemail, stored.Outcome)
}

func TestRunRefusesASessionOfAnotherFlow(t *testing.T) {
	t.Parallel()
	flow := parse(t, `{"start": "bye", "steps": {"bye": {"kind": "hangup"}}}`, nil)
	session := flow.New(call())
	require.ErrorIs(t, callflow.Run(t.Context(), office(t), &session, message(), nil), callflow.ErrFlow)
}
