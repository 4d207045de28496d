package phone

import (
	"encoding/json"
	"time"
)

// EventVersion is the version of the envelope that this release writes.
const EventVersion = 1

// The types of events that the packages of afterbeep understand. The set is
// open; an unknown type is ignored.
const (
	CallMissed    = "call.missed"    // nobody answered and no message was left
	CallPlaced    = "call.placed"    // somebody called the contact, answered or not
	CallAnswered  = "call.answered"  // a person took the contact's call
	VoicemailLeft = "voicemail.left" // a message was kept
	TextReceived  = "text.received"  // the contact sent a text
	TextSent      = "text.sent"      // a text went to the contact; Actor tells by whom
)

// Event is the envelope of everything that happened. It is plain JSON with
// stable names. The zero Event is nothing at all, and is ignored everywhere.
//
// Product rule (Quo developers' guide, "Webhooks", 2026-03-30): a missed call and
// a voicemail are events of different types, the id of an event is the same in
// every delivery, and the order of deliveries is not promised.
type Event struct {
	V int `json:"v"` // the version of the envelope, see [EventVersion]
	// ID is the same in every delivery of the same event, unique in the tenant.
	ID   string    `json:"id"`
	Type string    `json:"type"`
	At   time.Time `json:"at"` // when it happened, not when it was reported

	Tenant TenantID `json:"tenant,omitempty"`
	Line   LineID   `json:"line,omitempty"`
	Call   string   `json:"call,omitempty"` // the [Call.ID] it belongs to

	Contact Party `json:"contact,omitzero"` // the person outside
	// Key is the contact's key when the host maps several numbers to one
	// person; see [Event.ContactKey].
	Key   ContactKey `json:"key,omitempty"`
	Actor Actor      `json:"actor,omitzero"` // who did it, on our side

	Text   string          `json:"text,omitempty"` // hostile: what the contact wrote or said
	Divert Divert          `json:"divert,omitzero"`
	Group  bool            `json:"group,omitempty"` // a thread of more than two
	Data   json.RawMessage `json:"data,omitempty"`  // the rest, as the type says
}

// ContactKey is Key, or the canonical form of the contact's number when the
// host gave no key. It is empty for a withheld number.
func (e Event) ContactKey() ContactKey {
	if e.Key != "" {
		return e.Key
	}
	return ContactKey(e.Contact.Number.String())
}
