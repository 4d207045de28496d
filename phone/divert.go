package phone

import (
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

// Divert says why a caller is where they are. The flow of the call fills it in
// as it goes and keeps it in the session; greeting, voicemail and autoreply
// read it. Because there is only one, the branch that was taken, the greeting
// that was heard and the text that was sent agree with one another.
//
// Product rules: a greeting is chosen by hours, holiday, department and language
// (Quo help, "Voicemail"), a text by hours and trigger (Quo help,
// "Auto-replies"). How RFC 4458 names the reason of a diversion is the host's to
// map onto Outcome.
type Divert struct {
	// Outcome is how the last attempt to reach a person ended: no-answer,
	// busy, do-not-disturb, ... Empty when nobody was rung.
	Outcome Outcome `json:"outcome,omitempty"`
	// Situation is the first answer that the schedule gave in this call.
	Situation  hours.Situation `json:"situation,omitzero"`
	Department string          `json:"department,omitempty"`
	// Language is the contact's preference, then the key that was pressed,
	// then mailbox, line and tenant. A language that was only detected in the
	// recording never ends up here.
	Language language.Tag `json:"language,omitzero"`
	Line     LineID       `json:"line,omitempty"`
	Mailbox  MailboxID    `json:"mailbox,omitempty"`
}
