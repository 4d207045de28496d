package autoreply

import (
	"unicode/utf8"

	"github.com/afterbeep/afterbeep/phone"
)

// sound reports whether e is within the limits, has an instant, and can be
// stored as JSON without a change.
func sound(e *phone.Event) bool {
	if !storable(e.ID) || !storable(e.Call) || !storable(string(e.Tenant)) || !storable(string(e.Line)) || !storable(string(e.Key)) {
		return false
	}
	if d := &e.Divert; len(d.Department)+len(d.Situation.Label)+len(d.Situation.Kind)+len(d.Situation.Source)+
		len(d.Outcome)+len(d.Line)+len(d.Mailbox)+len(e.Actor.ID)+len(e.Actor.Kind) > 0 && !soundDivert(e) {
		return false
	}
	if s := e.At.Unix(); s > 0 && s < yearOf8000 {
		return true
	}
	year := e.At.Year()
	return !e.At.IsZero() && year > 0 && year < 9000
}

// soundDivert is sound for what the call flow said.
func soundDivert(e *phone.Event) bool {
	d := &e.Divert
	for _, name := range [...]string{
		d.Department, d.Situation.Label, string(d.Situation.Kind), string(d.Situation.Source), string(d.Outcome),
		string(d.Line), string(d.Mailbox), e.Actor.ID, string(e.Actor.Kind),
	} {
		if len(name) > maxFlow || !utf8.ValidString(name) {
			return false
		}
	}
	return true
}

const yearOf8000 = 190288396800 // in seconds since 1970; no zone is a thousand years away

func storable(id string) bool { return id == "" || len(id) <= maxID && utf8.ValidString(id) }
