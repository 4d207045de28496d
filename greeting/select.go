package greeting

import (
	"slices"
	"time"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Query is what is asked: which greeting does this caller hear? Everything that
// the answer depends on is in it.
type Query struct {
	At time.Time `json:"at"`
	// Divert says why the caller is here. Its Situation is taken as it stands,
	// so that the greeting agrees with the branch of the call.
	Divert phone.Divert `json:"divert,omitzero"`
}

// Decision is which greeting is heard, and why.
type Decision struct {
	Greeting Greeting `json:"greeting"`
	Rule     string   `json:"rule,omitempty"` // empty: built-in
	Class    Class    `json:"class"`
	Match    Match    `json:"match"` // how its language was chosen
	// ValidUntil is the first instant at which the same caller may hear
	// something else: the situation ends, or a rule that suits them begins or
	// ends. Zero: never. It is in the location of Query.At, or in that of the
	// situation.
	ValidUntil time.Time `json:"validUntil,omitzero"`
	// Revision is that of the snapshot, for a host that replays the choice.
	Revision int `json:"revision,omitempty"`
}

// Select chooses the greeting for one caller. It is pure and total: the same
// query has the same answer, and there always is one that has a sound, at the
// worst a built-in one. It allocates nothing.
//
// The highest [Class] with a rule that applies wins. Inside it the language
// comes first (see [Match]), then more conditions, the shorter span from From
// to Until, Order, Published and ID. The situation counts more than the
// language: a caller rather hears in another language that the office is
// closed than in their own that somebody will come.
func (l *Library) Select(q Query) Decision {
	d, _ := l.choose(&q)
	return d
}

// choose also tells the index of the rule, or -1.
func (l *Library) choose(q *Query) (Decision, int) {
	if l == nil {
		l = &none
	}
	ask, now := tongueOf(q.Divert.Language), q.At.Unix()
	best, match, least := -1, MatchAny, placeAny+1
	for i := range l.rules {
		r := &l.rules[i]
		if best >= 0 && r.rank != l.rules[best].rank {
			break
		}
		if r.reject(now, &q.Divert) != "" {
			continue
		}
		if m, place := ask.place(r.speaks, &l.deflt); place < least {
			best, match, least = i, m, place
		}
	}
	d := Decision{Class: ClassBuiltin, ValidUntil: l.until(q, now), Revision: l.revision}
	if best < 0 {
		d.Greeting, d.Match = pickBuiltin(&ask, &l.deflt)
		return d, best
	}
	r := &l.rules[best]
	d.Greeting, d.Rule, d.Class, d.Match = *r.greeting, r.id, r.class, match
	return d, best
}

// none is the library of nobody. It is never written to.
var none Library

// until is the nearest change after the query: an edge in the past has no say,
// so that a situation which the call outlived does not either.
func (l *Library) until(q *Query, now int64) time.Time {
	next := int64(forever)
	for _, i := range l.edges {
		r := &l.rules[i]
		edge := r.until
		if now < r.from {
			edge = r.from
		}
		if now < edge && edge < next && r.when.reject(&q.Divert, r.kinds) == "" {
			next = edge
		}
	}
	end := q.Divert.Situation.Until
	if next == forever {
		if end.After(q.At) {
			return end
		}
		return time.Time{}
	}
	edge := time.Unix(next, 0).In(q.At.Location())
	if end.After(q.At) && end.Before(edge) {
		return end
	}
	return edge
}

// reject is why the rule does not apply to a call at a second; empty: it does.
func (r *rule) reject(now int64, d *phone.Divert) Why {
	switch {
	case r.never != "":
		return r.never
	case now < r.from:
		return WhyNotYet
	case now >= r.until:
		return WhyOver
	}
	return r.when.reject(d, r.kinds)
}

func (w *When) reject(d *phone.Divert, kinds uint8) Why {
	switch {
	case kinds != 0 && kinds&kindBit(d.Situation.Kind) == 0:
		return WhyKind
	case w.Holiday != "" && !w.celebrates(d.Situation):
		return WhyHoliday
	case len(w.Outcomes) > 0 && !slices.Contains(w.Outcomes, d.Outcome):
		return WhyOutcome
	case w.Department != "" && w.Department != d.Department:
		return WhyDepartment
	case w.Line != "" && w.Line != d.Line:
		return WhyLine
	case w.Mailbox != "" && w.Mailbox != d.Mailbox:
		return WhyMailbox
	}
	return ""
}

func (w *When) celebrates(s hours.Situation) bool {
	return s.Kind == hours.KindHoliday && (w.Holiday == s.ID || w.Holiday == s.Label)
}
