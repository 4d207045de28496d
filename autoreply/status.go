package autoreply

import (
	"time"

	"github.com/afterbeep/afterbeep/hours"
)

// Status is whether a rule is on at an instant, and why not.
type Status struct {
	Rule   string      `json:"rule"`
	Active bool        `json:"active"`
	Why    StatusCause `json:"why,omitempty"`
	// Until is when the answer changes, where that is known; zero otherwise.
	Until time.Time `json:"until,omitzero"`
	// By is the rule that answers first, when Why is StatusShadowed.
	By string `json:"by,omitempty"`
}

// StatusCause is why a rule is not active.
type StatusCause string

// The causes.
const (
	StatusDisabled  StatusCause = "disabled"  // a person switched it off
	StatusNotYet    StatusCause = "not-yet"   // its life has not begun; Until is when
	StatusExpired   StatusCause = "expired"   // its life is over
	StatusSituation StatusCause = "situation" // it is for other times; Until is the next change
	StatusShadowed  StatusCause = "shadowed"  // another rule always answers first
)

// Status tells which rules are on at the instant at, for an event without a
// situation of its own, in the order in which they answer.
func (p *Policy) Status(at time.Time) []Status {
	now := p.o.Schedule.At(at)
	list := make([]Status, 0, len(p.rules))
	for i := range p.rules {
		list = append(list, p.status(i, at, now))
	}
	return list
}

func (p *Policy) status(i int, at time.Time, now hours.Situation) Status {
	c := &p.rules[i]
	s := Status{Rule: c.rule.ID}
	switch {
	case c.rule.Disabled:
		s.Why = StatusDisabled
	case !c.from.IsZero() && at.Before(c.from):
		s.Why, s.Until = StatusNotYet, c.from
	case !c.until.IsZero() && !at.Before(c.until):
		s.Why = StatusExpired
	case !among(c.rule.When, now.Kind) || !among(c.rule.Sources, now.Source) || c.rule.Holiday != "" && c.rule.Holiday != now.Label:
		s.Why, s.Until = StatusSituation, now.Until
	default:
		for j := range p.rules[:i] {
			if p.rules[j].covers(c) {
				s.Why, s.By = StatusShadowed, p.rules[j].rule.ID
				return s
			}
		}
		s.Active, s.Until = true, c.until
	}
	return s
}

// covers reports whether c answers everything that o does.
func (c *compiled) covers(o *compiled) bool {
	a, b := &c.rule, &o.rule
	return !a.Disabled && wider(a.On, b.On) && wider(a.Lines, b.Lines) && wider(a.When, b.When) &&
		wider(a.Sources, b.Sources) && (a.Holiday == "" || a.Holiday == b.Holiday) && wider(a.Outcomes, b.Outcomes) &&
		wider(a.If.Keywords, b.If.Keywords) && wider(a.If.Tags, b.If.Tags) &&
		(a.If.Contact == "" || a.If.Contact == b.If.Contact) && wider(a.If.Languages, b.If.Languages) &&
		wider(a.If.Departments, b.If.Departments) && wider(a.If.Prefixes, b.If.Prefixes) && wider(a.If.Numbers, b.If.Numbers) &&
		(c.from.IsZero() || !o.from.IsZero() && !o.from.Before(c.from)) &&
		(c.until.IsZero() || !o.until.IsZero() && !o.until.After(c.until))
}

// wider reports whether the list a lets everything through that b does.
func wider[T comparable](a, b []T) bool {
	if len(a) == 0 {
		return true
	}
	for _, v := range b {
		if !among(a, v) {
			return false
		}
	}
	return len(b) > 0
}

// meets reports whether there may be an event that both lists let through.
func meets[T comparable](a, b []T) bool {
	for _, v := range b {
		if among(a, v) {
			return true
		}
	}
	return len(a) == 0 || len(b) == 0
}
