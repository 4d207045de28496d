package callflow

import (
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Flow is a compiled flow. It is immutable and safe for concurrent use; one
// Flow serves any number of calls.
type Flow struct {
	digest    string
	nodes     []node // in the order of their names
	index     map[string]int
	start     int
	schedules map[string]hours.Schedule
	limits    Limits
}

// node is a compiled step.
type node struct {
	name, department string
	step             Step // with its defaults set
	edges            []edge
	// action is what the step awaits first, ready to hand out: boxing it once
	// is what keeps a steady state free of allocations.
	action Action
	record Action // of a voicemail step
}

type edge struct {
	on phone.Outcome
	to int
}

func (n *node) edge(on phone.Outcome) int {
	for i := range n.edges {
		if n.edges[i].on == on {
			return n.edges[i].to
		}
	}
	return toNobody
}

func (n *node) waits() bool { return n.action != nil }

// prepare boxes the commands of the step.
func (n *node) prepare() {
	switch step := n.step.(type) {
	case Ring:
		n.action = step
	case Menu:
		n.action = step.collect()
	case Play:
		n.action = step
	case Voicemail:
		n.action = Prepare{Max: step.Max}
		n.record = Record{Escape: step.Escape, Max: step.Max}
	}
}

// Digest identifies the definition, defaults included: 32 hexadecimal digits.
// Schedules, limits and inventories are no part of it.
func (f *Flow) Digest() string { return f.digest }

// With returns the same flow with other schedules, those of today. The digest
// stays, and a session keeps the answers that it was given. The map is kept
// and must not be changed any more.
func (f *Flow) With(schedules map[string]hours.Schedule) *Flow {
	with := *f
	with.schedules = schedules
	return &with
}

// New returns the session of a call that has not started: feed it a [Start].
// Its Divert begins as the call's, with the call's line, and the contact's
// language if one is known.
func (f *Flow) New(c phone.Call) Session {
	s := Session{
		V: SessionVersion, Tenant: c.Tenant, Call: c.ID, Caller: c.Caller.Number, Flow: f.digest, Divert: c.Divert,
		Visits: make([]uint16, len(f.nodes)),
	}
	if c.Line != "" {
		s.Divert.Line = c.Line
	}
	if c.Language != language.Und {
		s.Divert.Language = c.Language
	}
	s.Divert.Language = canonical(s.Divert.Language)
	s.Divert.Situation = keep(s.Divert.Situation)
	return s
}

// keep is what a session keeps of a situation: in UTC, with an id and a label
// of bounded length.
func keep(s hours.Situation) hours.Situation {
	if !s.Until.IsZero() {
		s.Until = instant(s.Until)
	}
	s.ID = cut(strings.ToValidUTF8(s.ID, ""), maxLabel)
	s.Label = cut(strings.ToValidUTF8(s.Label, ""), maxLabel)
	return s
}

// canonical is tag as it is read back from JSON.
func canonical(tag language.Tag) language.Tag {
	if tag == language.Und {
		return tag
	}
	return language.Make(tag.String())
}

// instant is t as it is read back from JSON.
func instant(t time.Time) time.Time { return t.UTC() }

// cut is text without what is beyond n bytes, at a boundary of characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && text[n]&0xc0 == 0x80 {
		n--
	}
	return text[:n]
}
