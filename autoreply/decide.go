package autoreply

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Facts is everything that [Policy.Decide] may look at beside the event.
type Facts struct {
	Entry   Entry   // the row of [Policy.Key]; zero when there is none
	Contact Contact // what the host knows
}

// Contact is what the host knows of the person outside.
type Contact struct {
	Name        string   `json:"name,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	Language    string   `json:"language,omitempty"`    // BCP 47
	Known       bool     `json:"known,omitempty"`       // in the address book
	Blocked     bool     `json:"blocked,omitempty"`     // by a person, as spam, or by a weak caller ID
	OptedOut    bool     `json:"optedOut,omitempty"`    // on the consent list
	Unreachable bool     `json:"unreachable,omitempty"` // a landline, say: takes no texts
	// NumberType is what a lookup of the number says; empty: unknown.
	NumberType NumberType `json:"numberType,omitempty"`
}

// rank orders the triggers: a higher one answers first. 0 is not a trigger.
func rank(event string) int {
	switch event {
	case phone.VoicemailLeft:
		return 3
	case phone.TextReceived:
		return 2
	case phone.CallMissed:
		return 1
	}
	return 0
}

// person reports whether e is a person of the team in touch with the contact.
// A machine is not, whatever it sends; an actor that the host left empty
// counts as a person, because silence is the smaller mistake.
func person(e *phone.Event) bool {
	switch e.Type {
	case phone.CallPlaced, phone.CallAnswered, phone.TextSent:
		return e.Actor.Kind != phone.Machine && e.Actor.Kind != phone.System
	}
	return false
}

// Decide is what happens to e at the instant now. It is pure and total: the
// same arguments give the same decision, and every event gets one. It neither
// waits for nor changes anything; [Engine] acts upon it.
//
// The order of the checks is part of the contract: what the event is, who it
// is from, when it happened, what was said before, which rule answers, and
// last whether it is time.
func (p *Policy) Decide(e phone.Event, f Facts, now time.Time) (d Decision) {
	p.DecideInto(&d, &e, &f, now)
	return d
}

// DecideInto is Decide without its copies: it reads *e and *f, overwrites all
// of *d, and keeps none of the three. e and f must not be part of d. A refusal
// allocates nothing but, where e has no Key, the text of Decision.Key.
func (p *Policy) DecideInto(d *Decision, e *phone.Event, f *Facts, now time.Time) {
	k := p.KeyOf(e)
	p.decideFor(&k, d, e, f, now)
}

// decideFor is DecideInto for an event whose key is known.
func (p *Policy) decideFor(k *Key, d *Decision, e *phone.Event, f *Facts, now time.Time) {
	begin(d, e, k)
	if triggers(e.Type) {
		p.decideTrigger(d, f, now, false)
		return
	}
	d.Reason = ReasonIgnored
	switch {
	case person(e) && !sound(e):
		d.Reason = ReasonInvalid
	case person(e):
		d.Verdict, d.Reason = Noted, ReasonNone
	}
}

// begin makes d a refusal of e. The assignments are one by one, because a
// literal would be built elsewhere and then copied.
func begin(d *Decision, e *phone.Event, k *Key) {
	*d = Decision{}
	d.Verdict, d.Key, d.Trigger = Skip, *k, *e
}

// decide is Decide for a trigger; settled says that late records are in.
func (p *Policy) decide(e *phone.Event, f *Facts, now time.Time, settled bool) (d Decision) {
	k := p.KeyOf(e)
	begin(&d, e, &k)
	p.decideTrigger(&d, f, now, settled)
	return d
}

func (p *Policy) decideTrigger(d *Decision, f *Facts, now time.Time, settled bool) {
	e := &d.Trigger
	var heard []byte // what the contact wrote is folded once for all who look at it
	wrote := e.Type == phone.TextReceived
	if wrote {
		var room folding
		heard = room[:0]
		if len(e.Text) <= maxWorded {
			heard = appendFold(heard, e.Text)
		}
	}
	if p.who(d, heard) || p.said(d, f) || p.when(d, f, now) || p.before(d, f, now) {
		return
	}
	if wrote && len(e.Text) > maxWorded { // not for a refusal
		heard = appendFold(heard, e.Text)
	}
	if wrote && p.machine(d, f, heard) || p.enough(d, f, now) {
		return
	}
	p.answer(d, f, heard, now, settled)
}

// ReasonNone is the reason of a reply.
const ReasonNone Reason = ""

func (d *Decision) because(r Reason, until time.Time) bool {
	d.Reason, d.Until = r, until
	return true
}

// triggers reports whether events of this type may be answered.
func triggers(kind string) bool { return rank(kind) > 0 }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
