package autoreply

import (
	"time"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Quiet tells when a contact may be texted: the first instant not before at.
// It is at itself, or the zero time, when they may be texted now. It must be
// pure and safe for concurrent use.
type Quiet func(e phone.Event, at time.Time) time.Time

// Daytime lets texts through from one hour of the day to another, half-open,
// on the contact's own wall clock: 8 to 21 is the rule of 47 CFR 64.1200(c)(1).
// The zone is the host's knowledge; an area code is not a place. A nil zone, or
// one that answers nil, means UTC. Hours outside 0 to 24, or that leave no
// day, mean no quiet hours.
func Daytime(from, to int, zone func(e phone.Event) *time.Location) Quiet {
	return func(e phone.Event, at time.Time) time.Time {
		if from < 0 || to > 24 || from >= to {
			return at
		}
		where := time.UTC
		if zone != nil {
			if z := zone(e); z != nil {
				where = z
			}
		}
		wall := at.In(where)
		if h := wall.Hour(); h >= from && h < to {
			return at
		} else if h >= to {
			wall = wall.AddDate(0, 0, 1)
		}
		y, m, d := wall.Date()
		return later(at, hours.Civil{Year: y, Month: m, Day: d, Minute: from * 60}.In(where))
	}
}
