package callflow

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The defaults and limits of a [Ring].
const (
	DefaultRing = 30 * time.Second // product rule: 30 s for all targets together
	MaxRing     = 5 * time.Minute
	MaxTargets  = 100 // people on one number
)

// ringGrace is how long after the ring time the host may still answer.
const ringGrace = 15 * time.Second

// Ring rings people and is decided by the first who answers. It is both a
// step and the command that the step gives.
//
// Outcomes: no-answer must be wired. declined, busy, unavailable,
// do-not-disturb and failed take the edge of no-answer unless they are wired;
// Divert.Outcome says which it was in any case, and abandoned when the caller
// gave up while it rang. There is no edge for
// answered: the host has joined caller and answerer, keeps them joined, and
// the session is over with the outcome answered.
type Ring struct {
	// Targets are people, groups or numbers, by names that the host knows. 1
	// to [MaxTargets].
	Targets []string
	// For is the ring time of all targets together; zero is [DefaultRing], at
	// most [MaxRing]. Below 15 s and above 60 s the report warns.
	For time.Duration
}

func (Ring) kind() string { return "ring" }

func (r Ring) walk(c codec) Step {
	c.texts("targets", &r.Targets)
	c.duration("for", &r.For)
	return r
}

func (Ring) outcomes() []exit {
	return []exit{
		{on: phone.NoAnswer},
		{on: phone.Declined, falls: phone.NoAnswer},
		{on: phone.Busy, falls: phone.NoAnswer},
		{on: phone.Unavailable, falls: phone.NoAnswer},
		{on: phone.DND, falls: phone.NoAnswer},
		{on: phone.Failed, falls: phone.NoAnswer},
	}
}

func (r Ring) check(c *checker) Step {
	if len(r.Targets) == 0 {
		c.fail(EmptyRing, "targets", "nobody to ring", "name at least one target")
	}
	if len(r.Targets) > MaxTargets {
		c.failf(OverLimit, "targets", "ring fewer", "%d targets, at most %d", len(r.Targets), MaxTargets)
	}
	for i, name := range r.Targets {
		c.known(c.targets, UnknownTarget, "target", item("targets", i), name)
	}
	c.span("for", &r.For, DefaultRing, time.Second, MaxRing)
	if r.For < 15*time.Second || r.For > time.Minute {
		c.warnf(RingTime, "for", "20s to 45s suits most lines",
			"rings for %v: below 15 s few people reach their phone, above 60 s few callers wait", r.For)
	}
	return r
}
