package callflow

import (
	"time"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// follow takes the edge of the outcome.
func (e *eval) follow(n *node, on phone.Outcome) {
	to := n.edge(on)
	e.hop(on, to)
	if to < 0 {
		e.end(EndFlow, "")
		return
	}
	e.enter(to)
}

// hop notes an edge that was taken from the current step.
func (e *eval) hop(on phone.Outcome, to int) {
	h := Hop{From: e.s.Step, On: on}
	if to >= 0 {
		h.To = e.f.nodes[to].name
	}
	e.t.Path = append(e.t.Path, h)
}

// enter goes to a step, and on through the steps that do not wait.
func (e *eval) enter(to int) {
	for { // Compile has seen that this ends
		n := &e.f.nodes[to]
		if limit := e.limit(to); limit != "" {
			e.end(limit, "")
			return
		}
		e.visit(n, to)
		on := Completed
		switch step := n.step.(type) {
		case Hours:
			if on = e.ask(step); !e.s.fits() {
				e.end(EndSize, "")
				return
			}
		case Language:
			e.s.Divert.Language = step.Tag
		case Hangup:
			e.end(EndFlow, step.Outcome)
			return
		default:
			e.await(n)
			return
		}
		to = n.edge(on)
		e.hop(on, to)
		if _, asked := n.step.(Hours); asked {
			e.t.Path[len(e.t.Path)-1].Situation = e.s.Divert.Situation
		}
	}
}

// limit is the limit that entering a step would break.
func (e *eval) limit(to int) End {
	l := &e.f.limits
	switch {
	case int(e.s.Slot) >= l.Steps:
		return EndSteps
	case int(e.s.Visits[to]) >= l.Visits:
		return EndVisits
	}
	return ""
}

func (e *eval) visit(n *node, i int) {
	s := e.s
	e.n = n
	s.Step = n.name
	s.Slot++
	s.Visits[i]++
	s.Phase, s.Clip, s.Wrong, s.Silent = "", "", 0, 0
	if n.department != "" {
		s.Divert.Department = n.department
	}
	if v, ok := n.step.(Voicemail); ok {
		s.Phase = preparing
		if v.Mailbox != "" {
			s.Divert.Mailbox = v.Mailbox
		}
	}
}

// ask is the answer of a schedule: the one that this call was given first.
func (e *eval) ask(h Hours) phone.Outcome {
	situation, asked := e.s.Asked[h.Schedule]
	if !asked {
		situation = keep(e.f.schedules[h.Schedule].At(e.at))
		if e.s.Asked == nil {
			e.s.Asked = make(map[string]hours.Situation, 1)
		}
		e.s.Asked[h.Schedule] = situation
	}
	e.s.Divert.Situation = situation
	switch situation.Kind {
	case hours.KindOpen:
		return Open
	case hours.KindBreak:
		return Break
	case hours.KindWeekend:
		return Weekend
	case hours.KindHoliday:
		return Holiday
	}
	return Closed
}

// end is the end of the session. The host hangs up, unless the caller has or a
// person has taken over.
func (e *eval) end(why End, outcome phone.Outcome) {
	s := e.s
	s.End, s.Ended, s.Deadline = why, e.at, time.Time{}
	s.Phase, s.Clip, s.Gone = "", "", false
	switch {
	case why == EndAnswered:
		s.Outcome = phone.Answered
	case s.Kept:
		s.Outcome = phone.Voicemail
	case why == EndCaller:
		s.Outcome = phone.Abandoned
	case why != EndFlow:
		s.Outcome = phone.Failed
	case outcome != "":
		s.Outcome = outcome
	case s.Divert.Outcome != "":
		s.Outcome = s.Divert.Outcome
	default:
		s.Outcome = phone.Unavailable
	}
	e.pending()
}
