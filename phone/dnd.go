package phone

import "time"

// DoNotDisturb is a person's wish to be left alone: for 30 minutes, an hour,
// 8 hours, a time of their own, or until the next opening. The host stores it.
// The zero value is off.
//
// Calls go on to the next step of the flow, usually voicemail; texts arrive as
// ever. A shared line is never silenced by one of its members.
type DoNotDisturb struct {
	Owner string    `json:"owner,omitempty"` // the host's identifier of the person
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"` // the first instant at which it is off again
}

// Silences reports whether d silences a line at the instant at. It never
// silences a shared one.
func (d DoNotDisturb) Silences(at time.Time, shared bool) bool {
	return !shared && d.Until.After(d.From) && !at.Before(d.From) && at.Before(d.Until)
}
