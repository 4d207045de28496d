package autoreply

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The transition functions, for the model check.

// Step is a turn that the model check can look into.
type Step struct {
	Next    Entry
	Changed bool
	Mine    bool
	D       Decision
}

// Terms are the promises of an engine.
func Terms(lease, timeout, life time.Duration) terms {
	return terms{lease: lease, timeout: timeout, life: life}
}

func Accept(p *Policy, row Entry, e phone.Event, t terms, token string, now time.Time) Step {
	var out turn
	p.accept(&out, &Key{}, row, &e, Contact{}, t, func() string { return token }, now)
	return Step{Next: out.next, Changed: out.changed, Mine: out.mine, D: out.decision}
}

func Decided(p *Policy, row Entry, t terms, now time.Time) Step {
	next, d := row.decided(func(phone.Event) *Policy { return p }, Contact{}, t, now)
	return Step{Next: next.next(p, row, now), Changed: true, D: d}
}

func Claim(p *Policy, row Entry, t terms, token string, now time.Time) (Entry, string) {
	next, c := row.claim(p, Contact{}, t, func() string { return token }, now)
	if c == claimNothing {
		return row, string(c)
	}
	return next.next(p, row, now), string(c)
}

func Commit(p *Policy, row, slot Entry, now time.Time) Entry {
	return row.commit(slot, now).next(p, row, now)
}

func Release(p *Policy, row, slot Entry, now time.Time) (Entry, bool) {
	next, ok := row.release(slot, now)
	return next.next(p, row, now), ok
}

func Name(row Entry, k Key) string { return row.name(k) }

func Brief(d *Decision) []byte { return d.brief() }

func Fold(text string) string { return fold(text) }

// Tally counts a decision.
func Tally(e *Engine, d *Decision, err error) { e.tally.add(d, err) }

// Reasons are those that are counted.
func Reasons() []Reason { return append([]Reason(nil), reasons[:]...) }
