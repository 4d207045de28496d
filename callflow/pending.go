package callflow

// Pending rebuilds the turn that s waits on: after a crash, or for a webhook
// that was delivered twice. All commands of the turn are there again, with
// the same ids, keys and instants; Path is not. A session that is over gives
// its last emitted commands. One that has not started gives an empty turn.
//
// s does not change. The errors are those of [Flow.Step].
func (f *Flow) Pending(s *Session, t *Turn) error {
	n, err := f.accept(s)
	if err != nil {
		return err
	}
	t.reset()
	e := eval{f: f, s: s, t: t, n: n}
	e.pending()
	t.Repeat = true
	return nil
}

// pending fills in the commands from the session alone, so that a turn that is
// rebuilt can not differ from the first one.
func (e *eval) pending() {
	s, t := e.s, e.t
	if s.Seq == 0 {
		t.Await = Command{}
		return
	}
	if s.Freed != 0 {
		e.emit(Release{}).Slot = s.Freed
	}
	if s.Over() {
		t.Over, t.Await = true, Command{}
		if s.End != EndAnswered && s.End != EndCaller {
			e.emit(Hangup{Outcome: s.Outcome})
		}
		return
	}
	if s.Picked == s.Seq {
		e.emit(Answer{})
	}
	e.command(&t.Await, e.action())
	t.Await.Wait = true
	t.Deadline = s.Deadline
}

// action is the awaited action of the current step.
func (e *eval) action() Action {
	n := e.n
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

func (e *eval) emit(a Action) *Command {
	e.t.Emit = append(e.t.Emit, Command{})
	c := &e.t.Emit[len(e.t.Emit)-1]
	e.command(c, a)
	return c
}

// command fills in c where it is: a Command is large, and is not copied around.
func (e *eval) command(c *Command, a Action) {
	s := e.s
	c.ID, c.Slot, c.Tenant, c.Call, c.Step = s.Seq, s.Slot, s.Tenant, s.Call, s.Step
	c.At, c.Wait, c.Divert, c.Action = s.At, false, s.Divert, a
}
