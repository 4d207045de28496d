package callflow

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// MaxRecording is the longest message that a flow can ask for, and how long it
// waits for the answer to Record when it leaves the length to the mailbox.
const MaxRecording = time.Hour

const (
	prepareTime = 30 * time.Second // for the answer to Prepare
	recordGrace = 30 * time.Second // after the longest message, to seal and commit it
)

// Voicemail takes a message. It gives up to four commands of one slot:
// [Prepare], which says whether a message can be taken and what the caller
// hears; [Play] of that greeting; [Record], of which the beep is a part;
// [Release] when the caller leaves after Prepare and before Record.
//
// Outcomes: full must be wired, and failed takes its edge unless it is wired:
// a caller never meets silence. Each key of Escape must be wired. voicemail,
// empty and announced (the mailbox only speaks, and has spoken) end the call
// unless they are wired; empty and announced take the edge of voicemail if
// that is wired.
//
// A caller who hangs up while recording is the normal end of a message. Once a
// message is kept, the session ends with the outcome voicemail whatever
// follows, unless a person answers after all.
type Voicemail struct {
	// Mailbox becomes Divert.Mailbox; empty leaves that as it is, which is the
	// line's own unless the flow said otherwise before. At most 128 bytes.
	Mailbox phone.MailboxID
	// Escape are single keys that lead out of greeting and recording, at most
	// 12: "for emergencies, press 0".
	Escape []string
	// Max is the longest message; zero leaves it to the mailbox. From a
	// second to [MaxRecording].
	Max time.Duration
}

// Where a visit of the voicemail step is: what it awaits.
const (
	preparing  = "prepare"
	greeting   = "greet"
	announcing = "announce" // a greeting without a beep
	recording  = "record"
)

func (Voicemail) kind() string { return "voicemail" }

func (v Voicemail) walk(c codec) Step {
	c.text("mailbox", (*string)(&v.Mailbox))
	c.texts("escape", &v.Escape)
	c.duration("max", &v.Max)
	return v
}

func (v Voicemail) outcomes() []exit {
	return append(keyExits(v.Escape),
		exit{on: phone.Voicemail, ends: true},
		exit{on: Empty, falls: phone.Voicemail, ends: true},
		exit{on: Announced, falls: phone.Voicemail, ends: true},
		exit{on: Full}, exit{on: phone.Failed, falls: Full},
	)
}

func (v Voicemail) check(c *checker) Step {
	if v.Mailbox != "" {
		c.known(c.mailboxes, UnknownMailbox, "mailbox", "mailbox", string(v.Mailbox))
	}
	c.keys("escape", v.Escape, 1)
	c.span("max", &v.Max, 0, time.Second, MaxRecording)
	return v
}

// recordTime is how long the answer to Record may take.
func (v Voicemail) recordTime() time.Duration {
	if v.Max == 0 {
		return MaxRecording + recordGrace
	}
	return v.Max + recordGrace
}
