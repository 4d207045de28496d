package greeting

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/hours"
)

const (
	maxProblems = 100 // more help nobody
	maxKinds    = 5   // there are no others
)

// checker gathers problems, and the zones on the way.
type checker struct {
	problems []error
	zones    map[string]*time.Location
}

func (c *checker) add(path string, code Code, want string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, &Error{Path: path, Code: code, Want: want})
	}
}

func (c *checker) err() error { return errors.Join(c.problems...) }

func check(s Snapshot, o *Options) *checker {
	c := &checker{zones: map[string]*time.Location{}}
	if s.V < 0 || s.V > SnapshotVersion {
		c.add("/v", CodeUnknown, fmt.Sprintf("a version up to %d", SnapshotVersion))
	}
	if s.Revision < 0 {
		c.add("/revision", CodeMalformed, "zero or more")
	}
	c.text("/tenant", string(s.Tenant), MaxID, false)
	greetings := c.count("/greetings", "options/MaxGreetings", len(s.Greetings), o.MaxGreetings)
	rules := c.count("/rules", "options/MaxRules", len(s.Rules), o.MaxRules)
	if !greetings || !rules {
		return c
	}
	known := make(map[string]bool, len(s.Greetings)+len(builtins))
	for i, g := range s.Greetings {
		c.greeting(fmt.Sprintf("/greetings/%d", i), g, known)
	}
	for _, g := range builtins {
		known[g.ID] = true
	}
	seen := make(map[string]bool, len(s.Rules))
	for i, r := range s.Rules {
		c.rule(fmt.Sprintf("/rules/%d", i), r, known, seen)
	}
	return c
}

// count checks the length of a list against a limit of the options, and the
// limit itself.
func (c *checker) count(path, option string, n, limit int) bool {
	if limit < 0 || limit > highestMax {
		c.add(option, CodeMalformed, fmt.Sprintf("0 to %d", highestMax))
		return false
	}
	if limit == 0 {
		limit = defaultMax
	}
	if n > limit {
		c.add(path, CodeTooMany, fmt.Sprintf("at most %d", limit))
		return false
	}
	return true
}

func (c *checker) text(path, text string, limit int, required bool) {
	switch {
	case required && text == "":
		c.add(path, CodeMissing, "a text")
	case len(text) > limit:
		c.add(path, CodeTooLong, fmt.Sprintf("at most %d bytes", limit))
	}
}

func (c *checker) id(path, id string, seen map[string]bool) {
	c.text(path, id, MaxID, true)
	if id != "" && seen[id] {
		c.add(path, CodeDuplicate, "an id that is not taken")
	}
	seen[id] = true
}

func (c *checker) greeting(path string, g Greeting, seen map[string]bool) {
	c.id(path+"/id", g.ID, seen)
	if strings.HasPrefix(g.ID, reserved) {
		c.add(path+"/id", CodeReserved, "an id that does not begin with "+reserved)
	}
	c.text(path+"/name", g.Name, MaxName, false)
	c.text(path+"/script", g.Script, MaxScript, false)
	if g.Clip != "" && !isHash(g.Clip) {
		c.add(path+"/clip", CodeMalformed, "64 lower-case hexadecimal digits")
	}
}

func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

func (c *checker) rule(path string, r Rule, greetings, seen map[string]bool) {
	c.id(path+"/id", r.ID, seen)
	switch {
	case r.Greeting == "":
		c.add(path+"/greeting", CodeMissing, "the id of a greeting")
	case !greetings[r.Greeting]:
		c.add(path+"/greeting", CodeUnknown, "the id of a greeting")
	}
	switch {
	case r.Class == ClassBuiltin:
		c.add(path+"/class", CodeReserved, "another class: "+string(ClassBuiltin)+" is what is left without a rule")
	case r.Class != "" && r.Class.rank() < 0:
		c.add(path+"/class", CodeUnknown, "a class")
	}
	c.when(path+"/when", r.When)
	c.span(path, r)
}

func (c *checker) when(path string, w When) {
	if len(w.Kinds) > maxKinds {
		c.add(path+"/kinds", CodeTooMany, fmt.Sprintf("at most %d", maxKinds))
		w.Kinds = nil
	}
	for i, k := range w.Kinds {
		if kindBit(k) == 0 {
			c.add(fmt.Sprintf("%s/kinds/%d", path, i), CodeUnknown, "open, break, closed, weekend or holiday")
		}
	}
	if len(w.Outcomes) > MaxOutcomes {
		c.add(path+"/outcomes", CodeTooMany, fmt.Sprintf("at most %d", MaxOutcomes))
		w.Outcomes = nil
	}
	for i, o := range w.Outcomes {
		c.text(fmt.Sprintf("%s/outcomes/%d", path, i), string(o), MaxID, true)
	}
	c.text(path+"/holiday", w.Holiday, MaxName, false)
	c.text(path+"/department", w.Department, MaxID, false)
	c.text(path+"/line", string(w.Line), MaxID, false)
	c.text(path+"/mailbox", string(w.Mailbox), MaxID, false)
}

func (c *checker) span(path string, r Rule) {
	if r.Class == ClassOverride && r.Until.IsZero() {
		c.add(path+"/until", CodeNoEnd, "an end: an override without one is forgotten")
	}
	if r.From.IsZero() && r.Until.IsZero() {
		if r.Zone != "" {
			c.zone(path+"/zone", r.Zone)
		}
		return
	}
	zone := c.zone(path+"/zone", r.Zone)
	from, until := c.civil(path+"/from", r.From), c.civil(path+"/until", r.Until)
	if zone == nil || !from || !until || r.From.IsZero() || r.Until.IsZero() {
		return
	}
	if !r.From.In(zone).Before(r.Until.In(zone)) {
		c.add(path+"/until", CodeEmptySpan, "an instant after from")
	}
}

func (c *checker) zone(path, name string) *time.Location {
	if z, ok := c.zones[name]; ok {
		return z
	}
	switch {
	case name == "":
		c.add(path, CodeMissing, "the name of a zone, such as America/Montreal")
		return nil
	case len(name) > MaxID:
		c.add(path, CodeTooLong, fmt.Sprintf("at most %d bytes", MaxID))
		return nil
	case name == "Local": // it would depend on the machine
		c.add(path, CodeUnknown, "the name of a zone, such as America/Montreal")
		return nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		c.add(path, CodeUnknown, "the name of a zone, such as America/Montreal")
		return nil
	}
	c.zones[name] = z
	return z
}

// civil checks a date and a minute; the zero value means no bound.
func (c *checker) civil(path string, v hours.Civil) bool {
	if v.IsZero() {
		return true
	}
	if same, err := hours.ParseCivil(v.String()); err != nil || same != v {
		c.add(path, CodeMalformed, "a date that exists and a minute of the day")
		return false
	}
	return true
}
