package callflow

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
)

const (
	maxName       = 48 // bytes of the name of a step or a schedule
	maxDepartment = 64
	maxEscape     = len(dialPad)
)

// checker collects the problems of one flow. Where it stands is in step and
// base; the pointers that its methods take are relative to base.
type checker struct {
	report Report
	errors int
	step   string
	base   string

	targets, prompts, schedules, languages, mailboxes *inventory
}

// inventory is what the host has of one sort of thing.
type inventory struct {
	what  string
	code  Code
	field string // of Env
	names map[string]bool
	given bool
	asked bool
}

func newChecker(e *Env) *checker {
	c := &checker{
		targets:   &inventory{what: "targets", code: UnknownTarget, field: "Env.Targets"},
		prompts:   &inventory{what: "prompts", code: UnknownPrompt, field: "Env.Prompts"},
		schedules: &inventory{what: "schedules", code: UnknownSchedule, field: "Env.Schedules"},
		languages: &inventory{what: "languages", code: UnknownLanguage, field: "Env.Languages"},
		mailboxes: &inventory{what: "mailboxes", code: UnknownMailbox, field: "Env.Mailboxes"},
	}
	if e == nil {
		return c
	}
	c.targets.fill(e.Targets, e.Targets != nil)
	c.prompts.fill(e.Prompts, e.Prompts != nil)
	c.mailboxes.fill(e.Mailboxes, e.Mailboxes != nil)
	names := make([]string, 0, len(e.Schedules))
	for name := range e.Schedules {
		names = append(names, name)
	}
	c.schedules.fill(names, e.Schedules != nil)
	names = names[:0]
	for _, tag := range e.Languages {
		names = append(names, tag.String())
	}
	c.languages.fill(names, e.Languages != nil)
	return c
}

func (i *inventory) fill(names []string, given bool) {
	i.given = given
	i.names = make(map[string]bool, len(names))
	for _, name := range names {
		i.names[name] = true
	}
}

// notRun reports the checks that lacked their inventory.
func (c *checker) notRun() {
	c.base, c.step = "", ""
	for _, i := range []*inventory{c.targets, c.prompts, c.schedules, c.languages, c.mailboxes} {
		if i.asked && !i.given {
			c.add(Problem{
				Code: i.code, Severity: NotRun,
				Text: i.what + " were not checked", Fix: "supply " + i.field,
			})
		}
	}
}

func (c *checker) add(p Problem) {
	if p.Severity == Error {
		c.errors++
	}
	switch {
	case len(c.report) < MaxProblems:
		c.report = append(c.report, p)
	case p.Severity == Error && c.errors == 1:
		c.report[MaxProblems-1] = p // the report must say that the flow does not compile
	}
}

func (c *checker) problem(s Severity, code Code, where, text, fix string) {
	if where != "" && where[0] != '/' {
		where = "/" + where
	}
	c.add(Problem{Code: code, Severity: s, Step: c.step, Pointer: c.base + where, Text: text, Fix: fix})
}

func (c *checker) fail(code Code, where, text, fix string) {
	c.problem(Error, code, where, text, fix)
}

func (c *checker) failf(code Code, where, fix, format string, args ...any) {
	c.problem(Error, code, where, fmt.Sprintf(format, args...), fix)
}

func (c *checker) warnf(code Code, where, fix, format string, args ...any) {
	c.problem(Warning, code, where, fmt.Sprintf(format, args...), fix)
}

// required reports an empty text.
func (c *checker) required(where, text string) bool {
	if text == "" {
		c.fail(MissingField, where, "required", "a name")
	}
	return text != ""
}

// plain reports text that is too long, or that JSON would not give back.
func (c *checker) plain(where, text string, most int) bool {
	if isPlain(text, most) {
		return true
	}
	c.failf(BadValue, where, "use a shorter one", "%s is not at most %d bytes of UTF-8", quote(text), most)
	return false
}

func isPlain(text string, most int) bool { return len(text) <= most && utf8.ValidString(text) }

// name reports a name that could not stand in a session.
func (c *checker) name(where, name string) {
	if !isName(name) {
		c.failf(BadName, where, "1 to 48 letters, digits, dots, dashes and underscores", "%s is no name", quote(name))
	}
}

func isName(name string) bool {
	if name == "" || len(name) > maxName {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return true
}

// known reports a name that the inventory does not have.
func (c *checker) known(i *inventory, code Code, what, where, name string) {
	i.asked = true
	switch {
	case name == "":
		c.fail(MissingField, where, "an empty name", "the name of a "+what)
	case !c.plain(where, name, maxID):
	case i.given && !i.names[name]:
		c.failf(code, where, "correct the name, or add the "+what, "the host has no %s %s", what, quote(name))
	}
}

func (c *checker) prompt(where, name string) {
	c.known(c.prompts, UnknownPrompt, "prompt", where, name)
}

// language reports a language of which the host has neither the regional form
// nor the plain one.
func (c *checker) language(where string, tag language.Tag) {
	for t := tag; t != language.Und; t = t.Parent() {
		if c.languages.names[t.String()] {
			c.languages.asked = true
			return
		}
	}
	c.known(c.languages, UnknownLanguage, "language", where, tag.String())
}

// span sets the default of a duration and reports one that is out of range.
func (c *checker) span(where string, d *time.Duration, normal, least, most time.Duration) {
	if *d == 0 {
		*d = normal
		return
	}
	if *d < least || *d > most {
		c.failf(OverLimit, where, "keep it in that range", "%v is not between %v and %v", *d, least, most)
	}
}

func (c *checker) tries(where string, n *int) {
	if *n == 0 {
		*n = DefaultTries
	}
	if *n < 1 || *n > MaxTries {
		c.failf(OverLimit, where, "keep it in that range", "%d is not between 1 and %d", *n, MaxTries)
	}
}

// keys reports keys that can not be pressed, or not be told apart.
func (c *checker) keys(where string, keys []string, longest int) {
	if longest == 1 && len(keys) > maxEscape {
		c.failf(OverLimit, where, "use fewer", "%d keys, at most %d", len(keys), maxEscape)
		return
	}
	for i, key := range keys[:min(len(keys), MaxKeys)] {
		if !isKey(key) || len(key) > longest {
			c.failf(BadKey, item(where, i), "digits, * and #", "%s can not be pressed here (at most %d characters)", quote(key), longest)
			continue
		}
		for _, other := range keys[:i] {
			switch {
			case !isKey(other):
			case other == key:
				c.failf(DuplicateKey, item(where, i), "keep one of them", "key %s comes twice", key)
			case strings.HasPrefix(other, key), strings.HasPrefix(key, other):
				c.failf(KeyPrefix, item(where, i), "keys must not begin with one another",
					"a caller who presses %s can mean %s or %s", key[:min(len(key), len(other))], other, key)
			}
		}
	}
}
