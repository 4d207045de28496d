package callflow

// Pending rebuilds the turn that s waits on: after a crash, or for a webhook
// that was delivered twice. All commands of the turn are there again, with
// the same ids, keys and instants; Path is not. A session that is over gives
// its last emitted commands. One that has not started gives an empty turn.
//
// s does not change. The errors are those of [Flow.Step].
func (f *Flow) Pending(s *Session, t *Turn) error {
	if err := f.accept(s); err != nil {
		return err
	}
	t.reset()
	e := eval{f: f, s: s, t: t}
	e.pending()
	t.Repeat = true
	return nil
}

// pending fills in the commands from the session alone, so that a turn that is
// rebuilt can not differ from the first one.
func (e *eval) pending() {
	s, t := e.s, e.t
	if s.Seq == 0 {
		return
	}
	if s.Freed != 0 {
		release := e.command(Release{})
		release.Slot = s.Freed
		t.Emit = append(t.Emit, release)
	}
	if s.Over() {
		t.Over = true
		if s.End != EndAnswered && s.End != EndCaller {
			t.Emit = append(t.Emit, e.command(Hangup{Outcome: s.Outcome}))
		}
		return
	}
	if s.Picked == s.Seq {
		t.Emit = append(t.Emit, e.command(Answer{}))
	}
	t.Await = e.command(e.action())
	t.Await.Wait = true
	t.Deadline = s.Deadline
}

// action is the awaited action of the current step.
func (e *eval) action() Action {
	n := e.node()
	step, ok := n.step.(Voicemail)
	if !ok {
		return n.action
	}
	switch e.s.Phase {
	case recording:
		return n.record
	case greeting, announcing:
		return Play{Clip: e.s.Clip, Escape: step.Escape}
	}
	return n.action
}

func (e *eval) command(a Action) Command {
	s := e.s
	return Command{
		ID: s.Seq, Slot: s.Slot, Tenant: s.Tenant, Call: s.Call, Step: s.Step,
		At: s.At, Divert: s.Divert, Action: a,
	}
}
