package autoreply

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/internal/template"
	"github.com/afterbeep/afterbeep/phone"
)

// compiled is a rule that was checked.
type compiled struct {
	rule        Rule
	weight      int // how many conditions it has
	from, until time.Time
	keywords    []string // folded
	languages   []language.Tag
	texts       []wording
	fallback    int // which of the texts, when the contact's language has none
}

// wording is the text of a rule in one language.
type wording struct {
	tag    language.Tag
	name   string
	body   *template.Template
	plain  string // the text, where it has no placeholder
	folded string // and folded
}

// problems collects what is wrong.
type problems []error

func (ps *problems) add(path, want string, err error) {
	*ps = append(*ps, &Problem{Path: path, Want: want, Err: err})
}

func (ps *problems) err() error { return errors.Join(*ps...) }

func (ps *problems) options(given *PolicyOptions) PolicyOptions {
	var o PolicyOptions
	if given != nil {
		o = *given
	}
	o.Own = slices.Clone(o.Own)
	o.Window = ps.span("/options/window", o.Window, 3*time.Hour, minWindow, maxWindow)
	o.Recent = ps.span("/options/recent", o.Recent, o.Window, 1, maxWindow)
	o.Stale = ps.span("/options/stale", o.Stale, min(10*time.Minute, o.Window), time.Minute, 24*time.Hour)
	o.MissedSettle = ps.span("/options/missedSettle", o.MissedSettle, 25*time.Second, 1, 5*time.Minute)
	o.VoicemailSettle = ps.span("/options/voicemailSettle", o.VoicemailSettle, 5*time.Second, 1, 5*time.Minute)
	if o.Stale > o.Window {
		ps.add("/options/stale", "at most the window, or a late double is answered twice", nil)
	}
	switch {
	case o.PerDay < 0:
		ps.add("/options/perDay", "1 to 100", nil)
	case o.PerDay == 0:
		o.PerDay = 6
	}
	o.PerDay = min(o.PerDay, 100)
	if o.PerLife < 0 || o.PerLife > maxLife {
		ps.add("/options/perLife", "1 to 1000, or 0 for none", nil)
	}
	if o.Backoff < 0 || o.Backoff > maxDoublings {
		ps.add("/options/backoff", "0 to 10", nil)
	}
	o.QuietAfter = ps.span("/options/quietAfter", o.QuietAfter, 5*time.Minute, 1, 24*time.Hour)
	switch {
	case o.PerHour < -1:
		ps.add("/options/perHour", "1 to 1000000, or -1 for none", nil)
	case o.PerHour == 0:
		o.PerHour = 600
	}
	o.PerHour = min(o.PerHour, 1_000_000)
	for i, n := range o.Own {
		if n.Kind() == phone.Withheld {
			ps.add(fmt.Sprintf("/options/own/%d", i), "a number", nil)
		}
	}
	return o
}

// span is d, its default or the end of the range that is nearer.
func (ps *problems) span(path string, d, unset, least, most time.Duration) time.Duration {
	if d < 0 {
		ps.add(path, "a duration that is not negative", nil)
	}
	if d == 0 {
		d = unset
	}
	return min(max(d, least), most)
}

func (ps *problems) rules(p *Policy, rules []Rule) {
	if len(rules) > MaxRules {
		ps.add("/rules", fmt.Sprintf("at most %d rules", MaxRules), nil)
		return
	}
	ids := make(map[string]int, len(rules))
	for i, r := range rules {
		path := fmt.Sprintf("/rules/%d", i)
		if first, double := ids[r.ID]; double {
			ps.add(path+"/id", fmt.Sprintf("an ID of its own, not that of rule %d", first), nil)
		}
		ids[r.ID] = i
		c := ps.rule(path, r)
		c.fallback = c.otherwise(p.o.Language)
		p.rules = append(p.rules, c)
	}
}

func (ps *problems) rule(path string, r Rule) compiled {
	c := compiled{rule: r}
	if r.ID == "" || len(r.ID) > 128 || !utf8.ValidString(r.ID) {
		ps.add(path+"/id", "1 to 128 bytes of UTF-8", nil)
	}
	if len(r.On) == 0 {
		ps.add(path+"/on", "at least one type of event", nil)
	}
	for i, on := range r.On {
		if rank(on) == 0 {
			ps.add(fmt.Sprintf("%s/on/%d", path, i), "call.missed, voicemail.left or text.received", nil)
		}
	}
	kinds := []hours.Kind{hours.KindOpen, hours.KindBreak, hours.KindClosed, hours.KindWeekend, hours.KindHoliday}
	for i, k := range r.When {
		if !slices.Contains(kinds, k) {
			ps.add(fmt.Sprintf("%s/when/%d", path, i), "open, break, closed, weekend or holiday", nil)
		}
	}
	sources := []hours.Source{hours.SourceOverride, hours.SourceException, hours.SourceHoliday, hours.SourceWeek, hours.SourceAlways}
	for i, s := range r.Sources {
		if !slices.Contains(sources, s) {
			ps.add(fmt.Sprintf("%s/sources/%d", path, i), "override, exception, holiday, week or always", nil)
		}
	}
	if r.Priority < -1000 || r.Priority > 1000 {
		ps.add(path+"/priority", "-1000 to 1000", nil)
	}
	for name, n := range map[string]int{
		"on": len(r.On), "lines": len(r.Lines), "when": len(r.When), "sources": len(r.Sources),
		"outcomes": len(r.Outcomes), "text": len(r.Text), "if/keywords": len(r.If.Keywords),
		"if/tags": len(r.If.Tags), "if/languages": len(r.If.Languages),
		"if/departments": len(r.If.Departments), "if/prefixes": len(r.If.Prefixes), "if/numbers": len(r.If.Numbers),
	} {
		if n > maxList {
			ps.add(path+"/"+name, fmt.Sprintf("at most %d", maxList), nil)
		}
	}
	ps.life(path, &c)
	ps.match(path, &c)
	ps.texts(path, &c)
	c.weight = weigh(r)
	return c
}

func (ps *problems) life(path string, c *compiled) {
	r := &c.rule
	if r.From == (hours.Civil{}) && r.Until == (hours.Civil{}) && r.Zone == "" {
		return
	}
	zone, err := time.LoadLocation(r.Zone)
	if r.Zone == "" || r.Zone == "Local" || err != nil {
		ps.add(path+"/zone", "the IANA name of a time zone", err)
		return
	}
	if r.From != (hours.Civil{}) {
		c.from = r.From.In(zone)
	}
	if r.Until != (hours.Civil{}) {
		c.until = r.Until.In(zone)
	}
	if !c.from.IsZero() && !c.until.IsZero() && !c.from.Before(c.until) {
		ps.add(path+"/until", "an instant after from", nil)
	}
}

func (ps *problems) match(path string, c *compiled) {
	m := &c.rule.If
	for i, word := range m.Keywords {
		folded := fold(word)
		if folded == "" || len(word) > 64 {
			ps.add(fmt.Sprintf("%s/if/keywords/%d", path, i), "1 to 64 bytes with a letter or a digit", nil)
		}
		c.keywords = append(c.keywords, folded)
	}
	if m.Contact != "" && m.Contact != Known && m.Contact != Stranger {
		ps.add(path+"/if/contact", "known or new", nil)
	}
	for i, name := range m.Languages {
		tag, err := language.Parse(name)
		if err != nil {
			ps.add(fmt.Sprintf("%s/if/languages/%d", path, i), "a BCP 47 tag", err)
		}
		c.languages = append(c.languages, tag)
	}
	for i, kind := range m.Numbers {
		if !slices.Contains([]NumberType{Mobile, Landline, VoIP, TollFree}, kind) {
			ps.add(fmt.Sprintf("%s/if/numbers/%d", path, i), "mobile, landline, voip or toll-free", nil)
		}
	}
	for i, prefix := range m.Prefixes {
		if len(prefix) < 2 || prefix[0] != '+' || strings.Trim(prefix[1:], "0123456789") != "" {
			ps.add(fmt.Sprintf("%s/if/prefixes/%d", path, i), "a plus and digits", nil)
		}
	}
}

func (ps *problems) texts(path string, c *compiled) {
	if len(c.rule.Text) == 0 {
		ps.add(path+"/text", "a text in at least one language", nil)
	}
	for name, body := range c.rule.Text {
		at := path + "/text/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		tag, err := language.Parse(name)
		if err != nil {
			ps.add(at, "a BCP 47 tag as the name", err)
		}
		if len(body) > MaxText || !utf8.ValidString(body) {
			ps.add(at, fmt.Sprintf("at most %d bytes of UTF-8", MaxText), nil)
		}
		parsed, err := template.Parse(body)
		var wrong *template.Error
		if errors.As(err, &wrong) {
			*ps = append(*ps, &Problem{Path: at, Offset: wrong.Offset, Want: wrong.Want, Err: err})
		}
		w := wording{tag: tag, name: name, body: parsed}
		if err == nil && parsed.Plain() {
			w.plain = parsed.Render(tag, template.Values{})
			w.folded = fold(w.plain)
		}
		c.texts = append(c.texts, w)
	}
	slices.SortFunc(c.texts, func(a, b wording) int { return strings.Compare(a.name, b.name) })
}

// weigh counts the conditions of r: of two rules that match, the one that says
// more about the case answers.
func weigh(r Rule) int {
	n := 0
	for _, set := range []bool{
		len(r.Lines) > 0, len(r.When) > 0, len(r.Sources) > 0, r.Holiday != "", len(r.Outcomes) > 0,
		len(r.If.Keywords) > 0, len(r.If.Tags) > 0, r.If.Contact != "", len(r.If.Languages) > 0,
		len(r.If.Departments) > 0, len(r.If.Prefixes) > 0, len(r.If.Numbers) > 0,
	} {
		if set {
			n++
		}
	}
	return n
}
