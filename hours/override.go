package hours

import "time"

// Override is a hand on the switch: open or closed now, whatever the schedule
// says. It is state of the host, applied by [Schedule.With], and never part of
// a [Spec]. It always ends, so that nobody finds it stuck a week later.
//
// The zero value is no override.
type Override struct {
	Open  bool   `json:"open"`
	Label string `json:"label,omitempty"` // why, for people: "Snow storm"
	// From is when it was switched on. Zero is from ever.
	From time.Time `json:"from,omitzero"`
	// Until is the first instant at which it is off again. Zero is the next
	// opening: the first instant after From at which the schedule goes from
	// not open to open, and be it the end of a break. A schedule without one ahead (always open, never
	// again open) leaves such an override on for good: give those an Until.
	Until time.Time `json:"until,omitzero"`
}

// switched is an override whose end is known.
type switched struct {
	answer      Situation
	from, until time.Time // half-open; a zero until is never
}

// With is s under the override o, replacing the one it had. It shares all
// tables with s and is cheap. An o with neither From nor Until, or that ends
// before it begins, is no override.
func (s Schedule) With(o Override) Schedule {
	s.override = nil
	if o.From.IsZero() && o.Until.IsZero() {
		return s
	}
	if o.Until.IsZero() {
		if at, ok := s.NextOpening(o.From); ok {
			o.Until = at
		}
	} else if !o.Until.After(o.From) {
		return s
	}
	kind := KindClosed
	if o.Open {
		kind = KindOpen
	}
	if s.tables != nil {
		o.From = o.From.In(s.tables.zone)
		if !o.Until.IsZero() {
			o.Until = o.Until.In(s.tables.zone)
		}
	}
	s.override = &switched{
		answer: Situation{Kind: kind, Source: SourceOverride, Label: o.Label, Until: o.Until},
		from:   o.From, until: o.Until,
	}
	return s
}

func (o *switched) holds(at time.Time) bool {
	return o != nil && !at.Before(o.from) && (o.until.IsZero() || at.Before(o.until))
}
