package hours

import "time"

// Kind is what the time is at an instant.
type Kind string

// The kinds of situations.
const (
	KindOpen    Kind = "open"
	KindBreak   Kind = "break"   // closed between two spans of the same day
	KindClosed  Kind = "closed"  // outside the hours of a working day
	KindWeekend Kind = "weekend" // a closed day of the weekend
	KindHoliday Kind = "holiday" // a holiday or another exception
)

// Source is which part of a schedule gave the answer.
type Source string

// The sources of an answer.
const (
	SourceAlways    Source = "always" // there is no schedule
	SourceWeek      Source = "week"
	SourceException Source = "exception"
	SourceHoliday   Source = "holiday"
	SourceOverride  Source = "override"
)

// Situation is the answer of a schedule for one instant.
type Situation struct {
	Kind   Kind   `json:"kind,omitempty"`
	Source Source `json:"source,omitempty"`
	Label  string `json:"label,omitempty"` // the name of the holiday, exception or override
	// ID is the identifier of the holiday or exception, the same in every
	// language, so that a flow or a greeting can choose by it.
	ID string `json:"id,omitempty"`
	// Until is the first instant with another answer; zero means never.
	Until time.Time `json:"until,omitzero"`
}

// Open reports whether the situation is one in which people answer. It follows
// from the kind alone, so that an override says both that it is one and
// whether it is open.
func (s Situation) Open() bool { return s.Kind == KindOpen }
