package callflow

import "github.com/afterbeep/afterbeep/phone"

// Hangup ends the call. It is both a step and the command that the step gives.
// It has no outcomes.
type Hangup struct {
	// Outcome is how the call ended: one of the outcomes of package phone
	// except voicemail, which only a kept message gives. Empty is how the last
	// ring ended, or unavailable when nobody was rung: either way nobody was
	// reached, and the call counts as missed. A line that serves the caller by
	// itself (opening hours, directions) says answered, and no text goes out.
	//
	// A message that was kept outranks it: that call ends with voicemail.
	Outcome phone.Outcome
}

func (Hangup) kind() string { return "hangup" }

func (h Hangup) walk(c codec) Step {
	c.text("outcome", (*string)(&h.Outcome))
	return h
}

func (Hangup) outcomes() []exit { return nil }

func (h Hangup) check(c *checker) Step {
	switch h.Outcome {
	case "", phone.Answered, phone.NoAnswer, phone.Declined, phone.Busy, phone.Unavailable,
		phone.DND, phone.Failed, phone.Abandoned:
	default:
		c.failf(BadValue, "outcome", "leave it out, or use one of package phone's", "a call can not end with %s", quote(string(h.Outcome)))
	}
	return h
}
