package phone

// Outcome is how a call ended, or one step of it. The set is open: a step of a
// flow has outcomes of its own, such as the key "1" or "timeout".
//
// A decline is not a no-answer: on a private line a declined call goes on to
// the last step at once, on a shared one to the next teammate (product rule:
// Quo help, "Call waiting").
type Outcome string

// The outcomes that every package knows. The zero Outcome means that the call
// or the step has not ended.
const (
	Answered    Outcome = "answered"       // a person took the call
	NoAnswer    Outcome = "no-answer"      // it rang until the ring time was over
	Declined    Outcome = "declined"       // a person refused it
	Busy        Outcome = "busy"           // everybody was on another call
	Unavailable Outcome = "unavailable"    // nobody could be rung at all
	DND         Outcome = "do-not-disturb" // everybody had silenced their phone
	Failed      Outcome = "failed"         // something broke
	Abandoned   Outcome = "abandoned"      // the caller hung up first
	Voicemail   Outcome = "voicemail"      // a message was left and kept
)

// Missed reports whether a call that ended so was neither answered nor led to
// a message. A call that has not ended is not missed.
func (o Outcome) Missed() bool {
	return o != "" && o != Answered && o != Voicemail
}
