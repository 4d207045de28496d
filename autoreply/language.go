package autoreply

import (
	"strings"
	"sync/atomic"

	"golang.org/x/text/language"
)

// languages remembers what the languages of contacts mean, because to parse a
// tag takes longer than all the rest of a decision. A host has a few; past
// maxLanguages nothing more is remembered.
type languages struct {
	known atomic.Pointer[[]spelled]
}

type spelled struct {
	name string
	tag  language.Tag
	ok   bool
}

const maxLanguages = 64

// parse is language.Parse; false is an error of it.
func (l *languages) parse(name string) (language.Tag, bool) {
	known := l.known.Load()
	if known != nil {
		for i := range *known {
			if s := &(*known)[i]; s.name == name {
				return s.tag, s.ok
			}
		}
	}
	tag, err := language.Parse(name)
	var more []spelled
	if known != nil {
		more = *known
	}
	if len(more) < maxLanguages && len(name) <= maxLanguage {
		more = append(more[:len(more):len(more)], spelled{strings.Clone(name), tag, err == nil})
		l.known.CompareAndSwap(known, &more) // who comes second remembers next time
	}
	return tag, err == nil
}

const maxLanguage = 35 // bytes of a tag that is worth remembering, as in RFC 5646
