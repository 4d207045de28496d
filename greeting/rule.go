package greeting

import (
	"time"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Rule says when a greeting is heard.
type Rule struct {
	// ID is the host's own, unique in the snapshot, 1 to [MaxID] bytes.
	ID string `json:"id"`
	// Greeting is the ID of a greeting of the snapshot, or of a built-in one
	// (see [Builtin]).
	Greeting string `json:"greeting"`
	// Class is how much the rule weighs. Empty: derived from When, see
	// [Rule.Weight].
	Class Class `json:"class,omitempty"`
	When  When  `json:"when,omitzero"`
	// From and Until bound the rule in time: half-open, on the clock on the
	// wall in Zone, zero for no bound. Civil time is kept, never an instant, so
	// that nine o'clock stays nine o'clock when the clocks change.
	From  hours.Civil `json:"from,omitzero"`
	Until hours.Civil `json:"until,omitzero"`
	// Zone is an IANA name, required with From or Until.
	Zone string `json:"zone,omitempty"`
	// Order decides between rules that are equal so far: the smaller is heard.
	Order int `json:"order,omitempty"`
	// Published decides where Order does not: the newer is heard.
	Published time.Time `json:"published,omitzero"`
}

// When is the conditions of a rule. Each field that is set is one dimension,
// and all of them must match; the zero When always matches.
type When struct {
	// Kinds are the kinds of situation, one of which must be that of the call.
	Kinds []hours.Kind `json:"kinds,omitempty"`
	// Holiday is the identifier or the label of the situation, which must be a
	// holiday: the identifier is the same in every language.
	Holiday string `json:"holiday,omitempty"`
	// Outcomes are how the ring ended, one of which must be that of the call.
	// At most [MaxOutcomes].
	Outcomes   []phone.Outcome `json:"outcomes,omitempty"`
	Department string          `json:"department,omitempty"`
	Line       phone.LineID    `json:"line,omitempty"`
	Mailbox    phone.MailboxID `json:"mailbox,omitempty"`
}

// IsZero reports whether there is no condition, so that such a When is left out
// of JSON.
func (w When) IsZero() bool { return w.dimensions() == 0 }

// dimensions counts the conditions.
func (w When) dimensions() int {
	n := 0
	for _, set := range [...]bool{
		len(w.Kinds) > 0, w.Holiday != "", len(w.Outcomes) > 0,
		w.Department != "", w.Line != "", w.Mailbox != "",
	} {
		if set {
			n++
		}
	}
	return n
}

// Class is the weight of a rule. The rules of the highest class that has one
// that applies are compared with one another; all others are not heard.
type Class string

// The classes, the highest first (product rule; compare Kazoo and Asterisk,
// where the temporary greeting overrides all others, and Zoom, where a holiday
// supersedes business hours).
const (
	ClassOverride   Class = "override"    // set by hand for now: must have an end
	ClassTemporary  Class = "temporary"   // for some days
	ClassHoliday    Class = "holiday"     // a holiday by its name
	ClassAnyHoliday Class = "any-holiday" // any holiday
	ClassReason     Class = "reason"      // how the ring ended: busy, do not disturb, ...
	ClassClosed     Class = "closed"      // closed, the weekend, a break
	ClassOpen       Class = "open"
	ClassDepartment Class = "department"
	ClassMailbox    Class = "mailbox" // a mailbox or a line
	ClassAccount    Class = "account"
	ClassBuiltin    Class = "builtin" // not for rules: what is heard when none applies
)

var classes = [...]Class{
	ClassOverride, ClassTemporary, ClassHoliday, ClassAnyHoliday, ClassReason, ClassClosed,
	ClassOpen, ClassDepartment, ClassMailbox, ClassAccount, ClassBuiltin,
}

// rank is the place of a class, the highest first; -1 for an unknown one.
func (c Class) rank() int {
	for i, known := range classes {
		if known == c {
			return i
		}
	}
	return -1
}

// Weight is the class of the rule: Class where it is set, otherwise the highest
// that its conditions stand for: a holiday by name, any holiday, a reason,
// closed, open, temporary (an end and none of those), department, mailbox or
// line, account. Several kinds weigh as much as the lowest among them, so that
// "closed or holiday" yields to "holiday".
func (r Rule) Weight() Class {
	switch {
	case r.Class != "":
		return r.Class
	case r.When.Holiday != "":
		return ClassHoliday
	}
	kinds := kindsClass(r.When.Kinds)
	switch {
	case kinds == ClassAnyHoliday:
		return kinds
	case len(r.When.Outcomes) > 0:
		return ClassReason
	case kinds != "":
		return kinds
	case !r.Until.IsZero():
		return ClassTemporary
	case r.When.Department != "":
		return ClassDepartment
	case r.When.Mailbox != "" || r.When.Line != "":
		return ClassMailbox
	}
	return ClassAccount
}

func kindsClass(kinds []hours.Kind) Class {
	var lowest Class
	for _, k := range kinds {
		c := ClassClosed
		switch k {
		case hours.KindHoliday:
			c = ClassAnyHoliday
		case hours.KindOpen:
			c = ClassOpen
		}
		if lowest == "" || c.rank() > lowest.rank() {
			lowest = c
		}
	}
	return lowest
}
