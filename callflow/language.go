package callflow

import "golang.org/x/text/language"

// Language sets the language of the rest of the call (Divert.Language): of
// prompts, greeting and text. It stands behind a menu that asks for it, and
// outranks what the host knew of the contact: the caller has just said so.
//
// Outcome: done, which must be wired.
type Language struct {
	// Tag is a BCP 47 tag such as fr-CA. Required.
	Tag language.Tag
}

func (Language) kind() string { return "language" }

func (l Language) walk(c codec) Step {
	c.tag("tag", &l.Tag)
	return l
}

func (Language) outcomes() []exit { return []exit{{on: Completed}} }

func (l Language) check(c *checker) Step {
	if l.Tag == language.Und {
		c.fail(MissingField, "tag", "no language", `a tag such as "fr-CA"`)
		return l
	}
	l.Tag = canonical(l.Tag)
	c.language("tag", l.Tag)
	return l
}
