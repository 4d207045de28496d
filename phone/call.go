package phone

import (
	"time"

	"golang.org/x/text/language"
)

// MaxCallID is the longest [Call.ID] in bytes that afterbeep accepts.
const MaxCallID = 128

// Call is one incoming call, as the host knows it.
type Call struct {
	// ID is the host's identifier, opaque, unique within the tenant, at most
	// [MaxCallID] bytes. It is never used as a file name as it is.
	ID     string   `json:"id"`
	Tenant TenantID `json:"tenant,omitempty"`
	Line   LineID   `json:"line,omitempty"`
	Called Number   `json:"called,omitzero"`
	Caller Party    `json:"caller,omitzero"`
	// Language is what the host knows of the contact's preference; undefined
	// when it knows nothing.
	Language language.Tag `json:"language,omitzero"`
	// Outcome is empty until the call has ended.
	Outcome  Outcome   `json:"outcome,omitempty"`
	Divert   Divert    `json:"divert,omitzero"`
	Began    time.Time `json:"began,omitzero"`
	Answered time.Time `json:"answered,omitzero"` // zero: nobody answered, not even the desk
	Ended    time.Time `json:"ended,omitzero"`
}

// Event is what a call that has ended means to the others: a [CallMissed] when
// nobody was reached and no message was left, a [CallAnswered] when a person
// took it, and otherwise the zero Event (a message is announced by its
// mailbox). Its ID is derived from the call, so that two nodes that report the
// same call report the same event.
func (c Call) Event() Event {
	e := Event{
		V: EventVersion, At: c.Ended,
		Tenant: c.Tenant, Line: c.Line, Call: c.ID, Contact: c.Caller, Divert: c.Divert,
	}
	switch {
	case c.Outcome.Missed():
		e.Type = CallMissed
	case c.Outcome == Answered:
		e.Type, e.Actor = CallAnswered, Actor{Kind: Person}
	default:
		return Event{}
	}
	e.ID = e.Type + "/" + c.ID
	return e
}
