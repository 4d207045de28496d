package callflow

import (
	"time"
	"unicode/utf8"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// SessionVersion is the version of the session that this release writes.
const SessionVersion = 1

// The limits of a session. They hold whatever the flow, the host and the
// network say.
const (
	MaxSession = 4096 // bytes of its JSON
	MaxClip    = 256  // bytes of a host's reference to a sound
	maxID      = 128  // bytes of a host's identifier
	maxLabel   = 64   // bytes of the id, and of the label, of a situation that are kept
)

// End is why a session ended.
type End string

// The ends of sessions. A session that meets a limit hangs up and has the
// outcome failed, unless a message was kept.
const (
	EndAnswered End = "answered"     // a person took the call
	EndFlow     End = "flow"         // the flow came to its end and hung up
	EndCaller   End = "caller"       // the caller hung up
	EndSteps    End = "limit-steps"  // [Limits.Steps]
	EndVisits   End = "limit-visits" // [Limits.Visits]
	EndLife     End = "limit-life"   // [Limits.Life]
	EndSize     End = "limit-size"   // [MaxSession]
)

// Session is the whole state of one call in one flow: plain data, plain JSON
// with stable names, as a rule 300 to 600 bytes and at most [MaxSession]. Only
// [Flow.New] makes one and only [Flow.Step] changes it (a [Sessions] store
// changes Revision). It belongs to one goroutine at a time.
type Session struct {
	V int `json:"v"` // [SessionVersion]
	// Revision counts the saves; zero was never saved. See [Sessions].
	Revision int            `json:"revision"`
	Tenant   phone.TenantID `json:"tenant,omitempty"`
	Call     string         `json:"call"` // [phone.Call.ID]
	// Caller is the number of the call, so that the end of a call whose host
	// died can still be told to those who answer it.
	Caller phone.Number `json:"caller,omitzero"`
	// Flow is the digest of the flow that the call began on. The session can
	// be stepped by no other.
	Flow string `json:"flow"`

	// Step is the name of the step where the call is, Slot the number of this
	// visit, Seq the number of the turn (zero: not started) and At its instant.
	Step string    `json:"step,omitempty"`
	Slot uint32    `json:"slot,omitempty"`
	Seq  uint32    `json:"seq,omitempty"`
	At   time.Time `json:"at,omitzero"`
	// Deadline is when a Tick is due. Zero before the start and after the end.
	Deadline time.Time `json:"deadline,omitzero"`
	Began    time.Time `json:"began,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`

	// Divert is why the caller is here; its Outcome is that of the last ring.
	Divert phone.Divert `json:"divert,omitzero"`
	// Outcome is how the call ended, End why. Both are empty until then.
	Outcome phone.Outcome `json:"outcome,omitempty"`
	End     End           `json:"end,omitempty"`
	By      string        `json:"by,omitempty"`      // who answered the last ring
	Message string        `json:"message,omitempty"` // the last message that was kept
	Kept    bool          `json:"kept,omitempty"`    // a message was kept

	// Asked is the first answer of each schedule in this call.
	Asked map[string]hours.Situation `json:"asked,omitempty"`
	// Visits counts the visits of each step, in the order of their names.
	Visits []uint16 `json:"visits,omitempty"`

	// The rest belongs to the current step.

	Phase  string `json:"phase,omitempty"` // of a voicemail step: prepare, greet, announce, record
	Clip   string `json:"clip,omitempty"`  // the greeting that Prepare answered
	Wrong  int    `json:"wrong,omitempty"`
	Silent int    `json:"silent,omitempty"`
	// Picked is the turn that emitted Answer, Freed the slot that this turn
	// released, Gone that the caller has left while the verdict of a ring or
	// a recording is still out.
	Picked uint32 `json:"picked,omitempty"`
	Freed  uint32 `json:"freed,omitempty"`
	Gone   bool   `json:"gone,omitempty"`
}

// Over reports whether the session has ended.
func (s *Session) Over() bool { return s.End != "" }

// fits reports whether the JSON of s is sure to be within [MaxSession].
func (s *Session) fits() bool {
	// Each byte takes six in JSON at most: \u0000. As a rule that is enough.
	return s.size(func(text string) int { return 6 * len(text) }) <= MaxSession || s.size(quoted) <= MaxSession
}

// size is at least the length of the JSON of s.
func (s *Session) size(of func(string) int) int {
	const (
		frame = 650 // names, numbers and instants of all fields, at their longest
		asked = 140 // the same of one answer of a schedule
	)
	d := &s.Divert
	n := frame + 5*len(s.Visits) + of(string(s.Tenant)) + of(s.Call) + of(s.Flow) + of(s.Step) + of(s.By) +
		of(s.Message) + of(s.Clip) + of(string(s.Outcome)) + of(d.Department) + of(string(d.Line)) +
		of(string(d.Mailbox)) + of(string(d.Outcome)) + asked + of(d.Situation.ID) + of(d.Situation.Label)
	for name, situation := range s.Asked {
		n += asked + of(name) + of(situation.ID) + of(situation.Label)
	}
	return n
}

// readable reports whether JSON gives back the texts of s.
func (s *Session) readable() bool {
	return utf8.ValidString(string(s.Tenant)) && utf8.ValidString(s.Call) &&
		utf8.ValidString(s.Divert.Department) && utf8.ValidString(string(s.Divert.Outcome)) &&
		utf8.ValidString(string(s.Divert.Line)) && utf8.ValidString(string(s.Divert.Mailbox))
}

// quoted is how many bytes text, which is UTF-8, takes at most in JSON, without
// the quotes.
func quoted(text string) int {
	n := len(text)
	for i := range len(text) {
		switch c := text[i]; {
		case c < 0x20, c == '<', c == '>', c == '&':
			n += 5 // \u0000
		case c == 0xe2:
			n += 3 // \u2028, a separator of lines
		case c == '"', c == '\\':
			n++
		}
	}
	return n
}
