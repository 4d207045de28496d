package autoreply

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// EntryVersion is the version of the row that this release writes.
const EntryVersion = 1

// MaxRow is the size of the largest row as JSON, in bytes: when all that waits
// is as long as it may be and every byte has to be escaped.
const MaxRow = 256 << 10

// Key is whose row it is: the tenant and the contact, and the line where the
// policy says PerLine. It never holds a rule, a text or a trigger: the window
// is the contact's.
type Key struct {
	Tenant  phone.TenantID   `json:"tenant,omitempty"`
	Line    phone.LineID     `json:"line,omitempty"`
	Contact phone.ContactKey `json:"contact,omitempty"`
}

// State is where the slot of a row stands.
type State string

// The states. The zero State is free.
const (
	Free     State = ""         // nothing is pending; Sent may still close the window
	Waiting  State = "waiting"  // events are pending; decide at Due
	Reserved State = "reserved" // a worker decides until Due; nothing has been sent
	Sending  State = "sending"  // the text is frozen and may be out; lease until Due
)

// Entry is one row of a [Ledger]: everything the engine knows of one key. It
// is plain JSON, usually under 200 bytes, with eight long texts waiting 20 KiB,
// and never more than [MaxRow]. Only the functions of this package change it; a
// ledger looks at Revision, Due and Expires and at nothing else.
type Entry struct {
	V int `json:"v,omitempty"`
	// Revision counts the changes of the row; 0 is a row that is not there.
	Revision int `json:"revision,omitempty"`
	// Due is when [Ledger.Due] hands out the key; zero is never.
	Due time.Time `json:"due,omitzero"`
	// Expires is the instant from which the row may be forgotten, and counts as
	// forgotten: a day after the last thing in it, or the longest of the windows,
	// and a quarter of an hour. PolicyOptions.Backoff, PerLife and an opt-out or
	// opt-in word make it longer.
	Expires time.Time `json:"expires,omitzero"`

	State State `json:"state,omitempty"`
	// Slot counts the replies that were begun. Slot and Born name the text for
	// the sender; a takeover of the slot uses the same name.
	Slot    int       `json:"slot,omitempty"`
	Born    time.Time `json:"born,omitzero"`
	Token   string    `json:"token,omitempty"`   // of the worker that holds the lease
	Attempt int       `json:"attempt,omitempty"` // sends begun in this slot
	Protect time.Time `json:"protect,omitzero"`  // how long the sender's key protects this slot
	Rule    string    `json:"rule,omitempty"`
	Text    string    `json:"text,omitempty"`
	// Pending are the events that wait for the decision, best first.
	Pending []phone.Event `json:"pending,omitempty"`
	// Deferred is the end of the quiet hours that the reply waited for.
	Deferred time.Time `json:"deferred,omitzero"`

	Sent    time.Time   `json:"sent,omitzero"`     // when a text was last accepted
	Earlier []time.Time `json:"earlier,omitempty"` // the ones before, of the last day
	Replies int         `json:"replies,omitempty"` // in a row, that no person of the team followed up
	Touched time.Time   `json:"touched,omitzero"`  // the latest contact by a person of the team
	Heard   string      `json:"heard,omitempty"`   // hash of the last text that was answered
	Consent Consent     `json:"consent,omitzero"`
	Seen    []Mark      `json:"seen,omitempty"` // what was decided without a reply
}

// Consent is the last opt-out or opt-in word of the contact, kept for 31 days.
// It bridges the time until the host's own list knows; the list is the truth.
type Consent struct {
	At  time.Time `json:"at,omitzero"`
	Out bool      `json:"out,omitempty"`
}

// Mark remembers an event or a call until it is stale.
type Mark struct {
	Hash string    `json:"hash"`
	At   time.Time `json:"at"`
}
