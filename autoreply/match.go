package autoreply

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// match is the rule that answers e, or nil.
func (p *Policy) match(e *phone.Event, c *Contact, heard []byte, s *hours.Situation, now time.Time) *compiled {
	for i := range p.rules {
		r := &p.rules[i]
		if r.active(e, s, now) && r.fits(p, e, c) && r.asked(e, heard) {
			return r
		}
	}
	return nil
}

// asked reports whether the contact wrote one of the rule's keywords.
func (c *compiled) asked(e *phone.Event, heard []byte) bool {
	if len(c.keywords) == 0 {
		return true
	}
	return e.Type == phone.TextReceived && slices.ContainsFunc(c.keywords, func(words string) bool { return hasPhrase(heard, words) })
}

// active reports whether the rule is on for this kind of event at this time.
func (c *compiled) active(e *phone.Event, s *hours.Situation, now time.Time) bool {
	r := &c.rule
	return !r.Disabled && slices.Contains(r.On, e.Type) &&
		(c.from.IsZero() || !now.Before(c.from)) && (c.until.IsZero() || now.Before(c.until)) &&
		among(r.Lines, e.Line) && among(r.When, s.Kind) && among(r.Sources, s.Source) &&
		(r.Holiday == "" || r.Holiday == s.Label) && among(r.Outcomes, e.Divert.Outcome)
}

// fits reports whether the rule is for this contact.
func (c *compiled) fits(p *Policy, e *phone.Event, who *Contact) bool {
	m := &c.rule.If
	if m.Contact == Known && !who.Known || m.Contact == Stranger && who.Known || !among(m.Departments, e.Divert.Department) {
		return false
	}
	if len(m.Tags) > 0 && !slices.ContainsFunc(m.Tags, func(tag string) bool { return slices.Contains(who.Tags, tag) }) {
		return false
	}
	if len(m.Prefixes) > 0 {
		number := e.Contact.Number.String()
		if !slices.ContainsFunc(m.Prefixes, func(prefix string) bool { return strings.HasPrefix(number, prefix) }) {
			return false
		}
	}
	if len(m.Numbers) > 0 && !slices.Contains(m.Numbers, numberType(who, e)) {
		return false
	}
	if len(c.languages) == 0 {
		return true
	}
	tag := p.spoken(who, e)
	return slices.ContainsFunc(c.languages, func(want language.Tag) bool { return within(tag, want) })
}

// numberType is what the host says, or what the range of the number does.
func numberType(who *Contact, e *phone.Event) NumberType {
	if who.NumberType == "" {
		if free, _ := ranges(e.Contact.Number.String()); free {
			return TollFree
		}
	}
	return who.NumberType
}

// among reports whether v is one of list; an empty list has everything.
func among[T comparable](list []T, v T) bool {
	return len(list) == 0 || slices.Contains(list, v)
}

// spoken is the contact's language: their preference, then the key they
// pressed and so on, as the call flow kept it.
func (p *Policy) spoken(c *Contact, e *phone.Event) language.Tag {
	if c.Language != "" {
		if tag, ok := p.languages.parse(c.Language); ok {
			return tag
		}
	}
	return e.Divert.Language
}

// within reports whether tag is want or a regional form of it.
func within(tag, want language.Tag) bool {
	for ; ; tag = tag.Parent() {
		if tag == want {
			return true
		}
		if tag == language.Und {
			return false
		}
	}
}

// wording is the text of the rule for this contact: in their language exactly,
// in a parent of it, in a sister; then the same for the fallback, then for
// English, then the first. Only a tag with the same base language is a sister:
// a matcher of languages would answer Creole with French.
func (c *compiled) wording(p *Policy, who *Contact, e *phone.Event) *wording {
	if want := p.spoken(who, e); want != language.Und {
		if i := c.closest(want); i >= 0 {
			return &c.texts[i]
		}
	}
	return &c.texts[c.fallback]
}

// otherwise is the text for those whose language is not known, or has none.
func (c *compiled) otherwise(fallback language.Tag) int {
	for _, want := range [...]language.Tag{fallback, language.English} {
		if want == language.Und {
			continue
		}
		if i := c.closest(want); i >= 0 {
			return i
		}
	}
	return 0
}

func (c *compiled) closest(want language.Tag) int {
	for tag := want; tag != language.Und; tag = tag.Parent() {
		for i := range c.texts {
			if c.texts[i].tag == tag {
				return i
			}
		}
	}
	base, _ := want.Base()
	for i := range c.texts {
		if other, _ := c.texts[i].tag.Base(); other == base {
			return i
		}
	}
	return -1
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
