package greeting

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

// Options of [New]. A nil *Options is the same as the zero value.
type Options struct {
	// Default is the language of callers whose own is unknown or missing.
	// Undefined: English.
	Default language.Tag
	// MaxGreetings and MaxRules bound a snapshot. Zero: 2000 each; 1 to
	// 100 000.
	MaxGreetings, MaxRules int
}

const (
	defaultMax = 2000
	highestMax = 100_000
)

// Library is the compiled form of a [Snapshot]: immutable, safe for concurrent
// use, and independent of the snapshot that it was made from. A nil Library, or
// the zero value, has the built-in greetings only.
type Library struct {
	rules []rule // the one to be heard first, first
	edges []int  // rules with From or Until
	deflt tongue

	revision int
}

// rule is a Rule, ready to be compared with a call. What is asked first stands
// first, and what is long is behind a pointer: the scan of a library is bound by
// memory.
type rule struct {
	never       Why   // why it cannot be heard at any time
	from, until int64 // seconds since 1970; the ends of int64 for no bound
	kinds       uint8
	rank        int
	when        When
	id          string
	greeting    *Greeting
	speaks      *tongue
	class       Class
	dimensions  int
	length      int64 // seconds
	order       int
	published   time.Time
}

// No rule begins or ends here.
const (
	ever    = math.MinInt64
	forever = math.MaxInt64
)

// New checks a snapshot completely and compiles it. Its error joins every
// problem (see [Errors]), at most 100 of them. New reads the zones by name from
// the machine or from what the host embeds (time/tzdata).
func New(s Snapshot, o *Options) (*Library, error) {
	if o == nil {
		o = &Options{}
	}
	c := check(s, o)
	if len(c.problems) > 0 {
		return nil, c.err()
	}
	l := &Library{rules: make([]rule, len(s.Rules)), deflt: tongueOf(defaultTag(o.Default)), revision: s.Revision}
	greetings := byID(s.Greetings)
	for i, r := range s.Rules {
		l.rules[i] = compile(r, greetings[r.Greeting], c.zones[r.Zone])
	}
	slices.SortFunc(l.rules, before)
	for i := range l.rules {
		if r := &l.rules[i]; r.never == "" && (r.from != ever || r.until != forever) {
			l.edges = append(l.edges, i)
		}
	}
	return l, nil
}

func defaultTag(tag language.Tag) language.Tag {
	if tag.IsRoot() {
		return language.English
	}
	return tag
}

// voiced is a greeting and its language, once for all its rules.
type voiced struct {
	greeting Greeting
	speaks   tongue
}

// byID has the built-in greetings too, which rules may name.
func byID(greetings []Greeting) map[string]*voiced {
	m := make(map[string]*voiced, len(greetings)+len(builtins))
	for _, list := range [...][]Greeting{builtins[:], greetings} {
		for _, g := range list {
			m[g.ID] = &voiced{g, spoken(g.Language)}
		}
	}
	return m
}

func compile(r Rule, v *voiced, zone *time.Location) rule {
	c := rule{
		id: r.ID, greeting: &v.greeting, speaks: &v.speaks, class: r.Weight(), when: r.When,
		from: ever, until: forever, length: forever,
		dimensions: r.When.dimensions(), order: r.Order, published: r.Published,
	}
	c.rank = c.class.rank()
	c.when.Kinds, c.when.Outcomes = nil, slices.Clone(r.When.Outcomes)
	for _, k := range r.When.Kinds {
		c.kinds |= kindBit(k)
	}
	if !r.From.IsZero() {
		c.from = r.From.In(zone).Unix()
	}
	if !r.Until.IsZero() {
		c.until = r.Until.In(zone).Unix()
	}
	if c.from != ever && c.until != forever {
		c.length = c.until - c.from
	}
	switch {
	case v.greeting.Draft:
		c.never = WhyDraft
	case v.greeting.Clip == "":
		c.never = WhyNoClip
	}
	return c
}

func kindBit(k hours.Kind) uint8 {
	switch k {
	case hours.KindOpen:
		return 1
	case hours.KindBreak:
		return 2
	case hours.KindClosed:
		return 4
	case hours.KindWeekend:
		return 8
	case hours.KindHoliday:
		return 16
	}
	return 0
}

// before is the order of rules whose language serves a caller equally well. It
// ends with the id, so that it never leaves a tie.
func before(a, b rule) int {
	return cmp.Or(
		cmp.Compare(a.rank, b.rank),
		cmp.Compare(b.dimensions, a.dimensions),
		cmp.Compare(a.length, b.length),
		cmp.Compare(a.order, b.order),
		b.published.Compare(a.published),
		strings.Compare(a.id, b.id),
	)
}
