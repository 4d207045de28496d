package callflow

import (
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

// Env is what the definition of a flow is checked against. A check whose
// inventory is nil is reported as not run; an empty one that is not nil knows
// nothing. A nil *Env checks the flow by itself alone.
type Env struct {
	// Schedules are those that steps of kind hours may name. The flow asks
	// them until [Flow.With] gives it others.
	Schedules map[string]hours.Schedule
	// Prompts, Targets and Mailboxes are the names that the host knows.
	Prompts, Targets, Mailboxes []string
	// Languages are those that the host has prompts in.
	Languages []language.Tag
	// Limits bound each call; zero fields get their defaults. They are no part
	// of the digest.
	Limits Limits
}

// Limits bound one call, whatever the flow says. Meeting one ends the session
// with an [End] of its own; Burst is met by no call, as such a flow does not
// compile.
type Limits struct {
	Steps  int           // steps entered; default 200, at most 10 000
	Visits int           // times one step may be entered; default 20, at most 1000
	Burst  int           // steps in a row that do not wait, checked when a flow is compiled; default 64, at most 1000
	Life   time.Duration // of the session, a conversation not included; default 4 h, 1 min to 7 days
}

// MaxSteps is how many steps a flow may have.
const MaxSteps = 256
