package callflow

import (
	"slices"

	"github.com/afterbeep/afterbeep/phone"
)

// rang is the answer to a ring.
func (e *eval) rang(n *node, r Result, gone bool) {
	on := r.Outcome
	gone = gone || on == phone.Abandoned
	switch {
	case on == phone.Answered, n.edge(on) != toNobody:
	case gone: // the caller gave up while it rang
		on = phone.Abandoned
	default:
		on = phone.Failed
	}
	e.s.Divert.Outcome = on
	e.note(&e.s.By, r.By)
	switch {
	case on == phone.Answered:
		e.hop(on, toEnd)
		e.end(EndAnswered, "")
	case gone:
		e.hop(on, toEnd)
		e.end(EndCaller, "")
	default:
		e.follow(n, on)
	}
}

// note keeps an identifier of the host in the session if it is one and there is
// room.
func (e *eval) note(field *string, id string) {
	*field = ""
	if id != "" && isPlain(id, maxID) {
		if *field = id; !e.s.fits() {
			*field = ""
		}
	}
}

// chose is the answer to a menu.
func (e *eval) chose(n *node, m Menu, r Result, gone bool) {
	switch {
	case gone:
		e.end(EndCaller, "")
	case r.Digits == "":
		if e.s.Silent++; e.s.Silent >= m.Silent {
			e.follow(n, Timeout)
			return
		}
		e.await(n)
	case slices.Contains(m.Keys, r.Digits):
		e.follow(n, phone.Outcome(r.Digits))
	default:
		if e.s.Wrong++; e.s.Wrong >= m.Wrong {
			e.follow(n, Wrong)
			return
		}
		e.await(n)
	}
}

// played is the answer to a sound.
func (e *eval) played(n *node, p Play, r Result, gone bool) {
	switch {
	case gone:
		e.end(EndCaller, "")
	case slices.Contains(p.Escape, r.Digits):
		e.follow(n, phone.Outcome(r.Digits))
	case r.Outcome == phone.Failed:
		e.follow(n, phone.Failed)
	default:
		e.follow(n, Completed)
	}
}
