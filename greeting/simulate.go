package greeting

import (
	"iter"
	"time"

	"github.com/afterbeep/afterbeep/hours"
)

// Simulate looks ahead: what does a caller such as q hear from one instant to
// another? It yields each change with its instant, the first at from; ValidUntil
// is where the next one is, and may lie behind to. The situation and the
// instant of q are those of the schedule and of the sweep; the rest of it is
// taken as it stands. Nothing is yielded when to is not after from.
//
// The sweep goes from boundary to boundary, so that a year costs as much as the
// schedule has changes, and it stops as soon as the host does.
func (l *Library) Simulate(s hours.Schedule, q Query, from, to time.Time) iter.Seq2[time.Time, Decision] {
	return func(yield func(time.Time, Decision) bool) {
		if !from.Before(to) {
			return
		}
		start, pending := from, l.at(s, q, from)
		for t := pending.ValidUntil; !t.IsZero() && t.Before(to); {
			d := l.at(s, q, t)
			if same(d, pending) {
				pending.ValidUntil = d.ValidUntil
			} else {
				if !yield(start, pending) {
					return
				}
				start, pending = t, d
			}
			t = d.ValidUntil
		}
		yield(start, pending)
	}
}

func (l *Library) at(s hours.Schedule, q Query, t time.Time) Decision {
	q.At, q.Divert.Situation = t, s.At(t)
	return l.Select(q)
}

// same reports whether a caller would notice no difference, nor a host that
// shows the reason.
func same(a, b Decision) bool {
	return a.Greeting.ID == b.Greeting.ID && a.Rule == b.Rule && a.Class == b.Class && a.Match == b.Match
}
