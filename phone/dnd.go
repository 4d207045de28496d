package phone

import (
	"errors"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/hours"
)

// ErrShared says that a shared line can not be silenced by one of its members
// (product rule: do not disturb does not affect shared numbers).
var ErrShared = errors.New("phone: a shared line can not be silenced")

// maxSilence bounds a custom do-not-disturb: who is away for longer changes
// the hours or the flow.
const maxSilence = 31 * 24 * time.Hour

// DoNotDisturb is a person's wish to be left alone: for 30 minutes, an hour,
// 8 hours, a time of their own, or until the next opening. The host stores it.
// The zero value is off.
//
// Calls go on to the next step of the flow, usually voicemail; texts arrive as
// ever. A shared line is never silenced by one of its members (product rule:
// Quo help, "Voicemail").
type DoNotDisturb struct {
	Owner string    `json:"owner,omitempty"` // the host's identifier of the person
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"` // the first instant at which it is off again
}

// Silence begins a do-not-disturb of owner at the instant from, for a length
// of more than nothing and at most 31 days. It is refused on a shared line
// with [ErrShared].
func Silence(owner string, from time.Time, length time.Duration, shared bool) (DoNotDisturb, error) {
	if shared {
		return DoNotDisturb{}, ErrShared
	}
	if length <= 0 || length > maxSilence {
		return DoNotDisturb{}, fmt.Errorf("phone: do not disturb for %s: want more than 0 and at most 31 days", length)
	}
	return DoNotDisturb{Owner: owner, From: from, Until: from.Add(length)}, nil
}

// SilenceUntilOpening begins a do-not-disturb that lasts until the schedule
// opens again after the instant from. It is an error when it never does within
// 31 days.
func SilenceUntilOpening(owner string, from time.Time, s hours.Schedule, shared bool) (DoNotDisturb, error) {
	opening, ok := s.NextOpening(from)
	if !ok {
		return DoNotDisturb{}, errors.New("phone: do not disturb until the next opening: there is none ahead")
	}
	return Silence(owner, from, opening.Sub(from), shared)
}

// Silences reports whether d silences a line at the instant at. It never
// silences a shared one.
func (d DoNotDisturb) Silences(at time.Time, shared bool) bool {
	return !shared && d.Until.After(d.From) && !at.Before(d.From) && at.Before(d.Until)
}
