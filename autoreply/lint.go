package autoreply

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/internal/template"
	"github.com/afterbeep/afterbeep/phone"
)

// Finding is something about a rule that is legal and probably not meant.
type Finding struct {
	Rule string      `json:"rule"`
	Path string      `json:"path,omitempty"` // within the rule: "/text/fr"
	Code FindingCode `json:"code"`
	Text string      `json:"text"` // for people, in English
}

// FindingCode is the kind of a finding; hosts translate it.
type FindingCode string

// The kinds of findings.
const (
	FindShadowed  FindingCode = "shadowed"         // another rule always answers first
	FindOverlap   FindingCode = "overlap"          // two rules of the same rank may both match; the ID decides
	FindEmpty     FindingCode = "empty"            // nothing is left without a value
	FindLanguage  FindingCode = "missing-language" // other rules speak a language that this one does not
	FindLong      FindingCode = "long"             // more than two segments
	FindUCS2      FindingCode = "ucs-2"            // a character halves what fits into a segment
	FindNameless  FindingCode = "no-business"      // the text does not say who writes
	FindPromise   FindingCode = "promise"          // the text contradicts the opening hours
	FindKeyword   FindingCode = "dead-keyword"     // an opt-out word is never answered
	FindPermanent FindingCode = "expired"          // the life of the rule is over
)

// Lint looks for what is legal and probably not meant. The instant decides what
// has expired, and which week of the schedule the texts are held against.
func (p *Policy) Lint(at time.Time) []Finding {
	l := linter{p: p, at: at, clock: p.clockTimes(at)}
	all := map[string]bool{}
	for i := range p.rules {
		for _, w := range p.rules[i].texts {
			all[w.name] = true
		}
	}
	for i := range p.rules {
		c := &p.rules[i]
		l.order(i)
		l.life(c)
		for name := range all {
			if c.closest(language.Make(name)) < 0 {
				l.find(c, "/text", FindLanguage, "no text for %s, which other rules have", name)
			}
		}
		for _, w := range c.texts {
			l.text(c, w)
		}
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int {
		return strings.Compare(a.Rule+a.Path+string(a.Code)+a.Text, b.Rule+b.Path+string(b.Code)+b.Text)
	})
	return l.found
}

type linter struct {
	p     *Policy
	at    time.Time
	clock map[int]bool // the minutes of the day at which the schedule changes
	found []Finding
}

func (l *linter) find(c *compiled, path string, code FindingCode, text string, args ...any) {
	l.found = append(l.found, Finding{Rule: c.rule.ID, Path: path, Code: code, Text: fmt.Sprintf(text, args...)})
}

func (l *linter) order(i int) {
	c := &l.p.rules[i]
	for j := range l.p.rules[:i] {
		o := &l.p.rules[j]
		switch {
		case c.rule.Disabled || o.rule.Disabled:
		case o.covers(c):
			l.find(c, "", FindShadowed, "rule %q always answers first", o.rule.ID)
			return
		case o.rule.Priority == c.rule.Priority && o.weight == c.weight && o.touches(c):
			l.find(c, "", FindOverlap, "rule %q has the same priority and may match the same event; it answers because of its ID", o.rule.ID)
		}
	}
}

// touches reports whether there may be an event for both.
func (c *compiled) touches(o *compiled) bool {
	a, b := &c.rule, &o.rule
	return meets(a.On, b.On) && meets(a.Lines, b.Lines) && meets(a.When, b.When) && meets(a.Sources, b.Sources) &&
		(a.Holiday == "" || b.Holiday == "" || a.Holiday == b.Holiday) && meets(a.Outcomes, b.Outcomes) &&
		(a.If.Contact == "" || b.If.Contact == "" || a.If.Contact == b.If.Contact) && meets(a.If.Departments, b.If.Departments) &&
		meets(a.If.Numbers, b.If.Numbers) &&
		(c.until.IsZero() || o.from.IsZero() || o.from.Before(c.until)) && (o.until.IsZero() || c.from.IsZero() || c.from.Before(o.until))
}

func (l *linter) life(c *compiled) {
	if !c.until.IsZero() && !l.at.Before(c.until) {
		l.find(c, "/until", FindPermanent, "the rule ended on %s", c.rule.Until)
	}
	nobody, _ := phone.ParseNumber("+15145550100")
	for i, word := range c.rule.If.Keywords {
		if _, dead := FindWord(word, nobody, l.at); dead {
			l.find(c, fmt.Sprintf("/if/keywords/%d", i), FindKeyword, "%q is an opt-out, opt-in or help word and is never answered", word)
		}
	}
}

func (l *linter) text(c *compiled, w wording) {
	path := "/text/" + w.name
	bare := w.body.Render(w.tag, template.Values{})
	if blank(bare) {
		l.find(c, path, FindEmpty, "without values nothing is left, and nothing is sent")
	}
	sample := template.Values{Name: "Alexandra", Business: l.p.o.Business, Department: "Service", Holiday: "Holiday", Now: l.at, Opens: l.at.Add(24 * time.Hour)}
	cost := CountSegments(bare)
	if full := CountSegments(w.body.Render(w.tag, sample)); full.Count > 2 {
		l.find(c, path, FindLong, "%d segments with typical values", full.Count)
	}
	if cost.Encoding == UCS2 {
		l.find(c, path, FindUCS2, "%q cost 70-character segments", string(cost.Beyond))
	}
	named := w.body.Uses(template.Business) && l.p.o.Business != ""
	if !named && (l.p.o.Business == "" || !strings.Contains(fold(bare), fold(l.p.o.Business))) {
		l.find(c, path, FindNameless, "the text does not say who writes")
	}
	l.promises(c, w, path, " "+fold(bare)+" ")
}

// The words in which texts say open and closed, folded.
func saysOpen() []string {
	return []string{"we are open", "we re open", "were open now", "nous sommes ouverts", "on est ouvert", "estamos abiertos"}
}

func saysClosed() []string {
	return []string{"we are closed", "is closed", "nous sommes fermes", "est ferme", "estamos cerrados"}
}

func saysAlways() []string {
	return []string{"24 7", "around the clock", "day and night", "24 heures sur 24", "jour et nuit", "24 horas", "dia y noche"}
}

var clockTime = regexp.MustCompile(`\b([0-9]{1,2})(?::([0-9]{2})| ?h(?: ?([0-9]{2}))?\b)?(?: ?([aApP])\.?[mM]\b)?`)

func (l *linter) promises(c *compiled, w wording, path, folded string) {
	kinds := c.rule.When
	onlyOpen := len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k hours.Kind) bool { return k != hours.KindOpen })
	neverOpen := len(kinds) > 0 && !slices.Contains(kinds, hours.KindOpen)
	says := func(phrases []string) bool {
		return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(folded, " "+p+" ") })
	}
	switch {
	case onlyOpen && says(saysClosed()):
		l.find(c, path, FindPromise, "says closed, and answers only while open")
	case neverOpen && says(saysOpen()):
		l.find(c, path, FindPromise, "says open, and answers only while closed")
	case onlyOpen && w.body.Uses(template.Opens):
		l.find(c, path, FindPromise, "{opens} has no value while open")
	}
	if len(l.clock) == 0 {
		return
	}
	if says(saysAlways()) {
		l.find(c, path, FindPromise, "says day and night, and the schedule closes")
	}
	for _, at := range clockTimes(c.rule.Text[w.name]) {
		if !l.clock[at] {
			l.find(c, path, FindPromise, "says %d:%02d, at which the schedule neither opens nor closes", at/60, at%60)
		}
	}
}

// clockTimes are the times of the day that a text names.
func clockTimes(text string) []int {
	var list []int
	for _, m := range clockTime.FindAllStringSubmatch(text, 20) {
		hour, _ := strconv.Atoi(m[1])
		minute, _ := strconv.Atoi(m[2] + m[3])
		plain := !strings.ContainsAny(m[0], ":hapAP")
		switch strings.ToLower(m[4]) {
		case "p":
			hour = hour%12 + 12
		case "a":
			hour %= 12
		}
		if !plain && hour <= 24 && minute < 60 {
			list = append(list, hour*60+minute)
		}
	}
	return list
}

// clockTimes are the minutes of the day at which the schedule changes in the
// four weeks after at; none when it never does.
func (p *Policy) clockTimes(at time.Time) map[int]bool {
	found := map[int]bool{}
	zone := p.o.Schedule.Zone()
	for t := range p.o.Schedule.Calendar(at, at.AddDate(0, 0, 28)) {
		if wall := t.In(zone); !t.Equal(at) {
			found[wall.Hour()*60+wall.Minute()] = true
		}
	}
	return found
}
