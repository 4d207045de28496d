package autoreply

import (
	"cmp"
	"slices"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Limits of this package. What is outside is refused, never cut, except a text
// that came from the contact: of it the first MaxHeard bytes are looked at.
const (
	MaxRules   = 500
	MaxText    = 1600 // bytes of a rule's text: ten GSM-7 segments
	MaxHeard   = 2048 // bytes of a contact's text that are looked at and kept
	MaxPending = 8    // events of one contact that wait at once; the best are kept
	maxID      = 512
	maxFlow    = 128 // bytes of a name that the call flow gave: a department, a holiday
	maxList    = 200
)

const (
	minWindow = 5 * time.Minute
	maxWindow = 31 * 24 * time.Hour
	// The most of PerLife and of Backoff, and how long PerLife remembers.
	maxLife      = 1000
	maxDoublings = 10
	lifetime     = 366 * 24 * time.Hour

	skew = 2 * time.Minute // how far ahead of ours the clock of an event may be
)

// PolicyOptions says what holds for all rules of a policy. Durations are
// clamped to their range, negative ones are a [*Problem]. Unless PerLine, all
// lines of a tenant share the row of a contact, and their options should agree:
// those of the line that an event came through decide about it.
type PolicyOptions struct {
	// Schedule gives the situation of events that carry none (texts). The zero
	// value is always open.
	Schedule hours.Schedule
	// Business is what {business} stands for; at most 60 characters are used.
	Business string
	// Own are the numbers of the workspace and of its forwarding targets; they
	// are never answered.
	Own []phone.Number
	// PerLine makes the window per line and contact instead of per contact.
	// All lines of a tenant should agree, because a person's contact is noted
	// under the line it went through.
	PerLine bool
	// Language is the fallback when neither the contact nor the call says one;
	// undefined: English, then the smallest tag of the rule.
	Language language.Tag
	// Window is the least time between two replies to a contact, half-open: at
	// exactly Window after the last one a new one may go. Default 3 h, range 5
	// min to 31 days.
	Window time.Duration
	// Recent is how long a call or text by a person of the team, before or
	// after the trigger, silences replies. Default Window, range 1 ns to 31 days.
	Recent time.Duration
	// Stale is the age past which an event is no longer answered; a call may be
	// older by its settle time, and what waited for the morning counts from then.
	// It must not exceed Window. Default 10 min, range 1 min to 24 h.
	Stale time.Duration
	// MissedSettle and VoicemailSettle are how long a decision waits for late
	// records of the same call. Defaults 25 s and 5 s, range 1 ns to 5 min.
	MissedSettle    time.Duration
	VoicemailSettle time.Duration
	// Quiet are the hours in which a delayed reply is put off; nil: none. A
	// reply within QuietAfter of its trigger is an answer, not a call at
	// night. QuietAfter: default 5 min, range 1 ns to 24 h. A reply that would
	// have to wait for more than a day is dropped. While one of a contact waits,
	// what else comes of them waits with it.
	Quiet      Quiet
	QuietAfter time.Duration
	// PerHour is how many replies one line begins in an hour, whoever asks: the
	// circuit breaker against senders who change their number. The hour begins
	// with its first reply, and anew when the clock is set back. Past it the
	// event is refused for good, not put off. Default 600, 1 to 1 000 000; -1 is
	// none, and saves a row and two calls of the ledger.
	PerHour int
	// PerDay is how many replies one contact gets in any 24 hours. Default 6, 1 to 100.
	PerDay int
	// PerLife is how many replies one contact gets in all, until a person of
	// the team is in touch with them; rows are then kept for a year after the
	// last one. Default 0: no limit; at most 1000.
	PerLife int
	// Backoff is how often the window doubles, to at most 31 days: with each
	// reply but the first that nobody of the team followed up. A contact of whom
	// nothing was heard for two such windows and a day begins anew. Default 0: it
	// stays; at most 10. It is off because a shop that answers its regulars at
	// night by text alone is no loop.
	Backoff int
	// RefuseTollFree leaves toll-free numbers without a reply. Default false:
	// there is a business behind them that may well be a customer. Premium
	// numbers and N11 codes are always refused.
	RefuseTollFree bool
}

// Policy is a set of rules, compiled. It is immutable and safe for concurrent use.
type Policy struct {
	rules     []compiled // in the order in which they answer
	o         PolicyOptions
	own       map[phone.Number]struct{}
	languages *languages
	stand     bool // it stands in where there is no policy, and ends the life of no row
}

// NewPolicy compiles rules, which it copies. Nil options work. The error joins
// a [*Problem] for each thing that is wrong; paths begin at "/rules" and
// "/options".
func NewPolicy(rules []Rule, o *PolicyOptions) (*Policy, error) {
	var problems problems
	p := &Policy{o: problems.options(o), languages: &languages{}}
	p.own = make(map[phone.Number]struct{}, len(p.o.Own))
	for _, n := range p.o.Own {
		p.own[n] = struct{}{}
	}
	problems.rules(p, rules)
	if err := problems.err(); err != nil {
		return nil, err
	}
	slices.SortFunc(p.rules, func(a, b compiled) int {
		return cmp.Or(
			cmp.Compare(b.rule.Priority, a.rule.Priority),
			cmp.Compare(b.weight, a.weight),
			cmp.Compare(a.rule.ID, b.rule.ID),
		)
	})
	return p, nil
}

// Options returns the options with defaults and clamps applied.
func (p *Policy) Options() PolicyOptions {
	o := p.o
	o.Own = slices.Clone(o.Own)
	return o
}

// Key is the row of the ledger that decides about e.
func (p *Policy) Key(e phone.Event) Key { return p.KeyOf(&e) }

// KeyOf is Key without the copy of e.
func (p *Policy) KeyOf(e *phone.Event) Key {
	k := Key{Tenant: e.Tenant, Contact: e.Key}
	if k.Contact == "" {
		k.Contact = e.ContactKey()
	}
	if p.o.PerLine {
		k.Line = e.Line
	}
	return k
}

// settle is how long a decision about e waits for late records.
func (p *Policy) settle(e *phone.Event) time.Duration {
	switch e.Type {
	case phone.CallMissed:
		return p.o.MissedSettle
	case phone.VoicemailLeft:
		return p.o.VoicemailSettle
	}
	return 0
}

// situation is what the time was for e: what its call saw, or the schedule.
func (p *Policy) situation(e *phone.Event) hours.Situation {
	if e.Divert.Situation.Kind != "" {
		return e.Divert.Situation
	}
	return p.o.Schedule.At(e.At)
}
