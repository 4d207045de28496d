package callflow

import "github.com/afterbeep/afterbeep/phone"

// The outcomes of steps and commands that are not outcomes of a whole call;
// those are in package phone. A key that was pressed is an outcome too: "1".
const (
	Completed phone.Outcome = "done" // Play, Language: go on

	Open    phone.Outcome = "open"    // Hours
	Closed  phone.Outcome = "closed"  // Hours
	Break   phone.Outcome = "break"   // Hours; falls to closed
	Weekend phone.Outcome = "weekend" // Hours; falls to closed
	Holiday phone.Outcome = "holiday" // Hours; falls to closed

	Wrong   phone.Outcome = "wrong"   // Menu: too many keys that lead nowhere
	Timeout phone.Outcome = "timeout" // Menu: silent too often

	Ready        phone.Outcome = "ready"         // Prepare: a message can be taken
	AnnounceOnly phone.Outcome = "announce-only" // Prepare: the mailbox only speaks
	Full         phone.Outcome = "full"          // Prepare and Voicemail: no room for another message
	Announced    phone.Outcome = "announced"     // Voicemail: the greeting of such a mailbox was heard
	Empty        phone.Outcome = "empty"         // Record and Voicemail: nothing worth keeping was said
)
