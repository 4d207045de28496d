package transcript

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// FilterOptions are the choices of [NewFilter]. The zero value is right for
// the transcript of a voicemail.
type FilterOptions struct {
	// Also are the other languages of a bilingual box, at most [MaxLanguages].
	// In a transcript each segment is judged by its own language, in bare text
	// a word by what the words around it are in ([Detect]), and where they do
	// not tell, it counts when it does in any language. None by default.
	Also []language.Tag
	// Mode is [Mask] by default.
	Mode Mode
	// Least is the mildest severity that is touched; [Medium] by default.
	Least Severity
	// Texting adds what people do to words in texts and names: leet, repeats,
	// spaced letters. Off, because it breaks phone numbers and names that are
	// spelled out.
	Texting bool
	// Words are the host's own profanity, Allow what it never wants touched.
	// At most [MaxTerms] together. Allow wins over Words, and both over the
	// lexicon.
	Words, Allow []Term
}

// Limits of a filter.
const (
	MaxTerms     = 2000 // of the host
	MaxTermBytes = 100  // of one term
	MaxLanguages = 8
)

// Errors of [NewFilter].
var (
	ErrNoLexicon = errors.New("transcript: no lexicon for this language")
	ErrOptions   = errors.New("transcript: filter options")
)

// check validates o and answers the severity from which on words count.
func (o *FilterOptions) check() (least Severity, err error) {
	switch o.Mode {
	case "", Mask, First, Vowels, Fixed, Remove, Tag:
	default:
		return 0, fmt.Errorf("%w: no mode %q", ErrOptions, o.Mode)
	}
	if o.Least > Strong {
		return 0, fmt.Errorf("%w: severity %d, want 1 to 3", ErrOptions, o.Least)
	}
	if len(o.Also) > MaxLanguages {
		return 0, fmt.Errorf("%w: more than %d languages", ErrOptions, MaxLanguages)
	}
	if len(o.Words)+len(o.Allow) > MaxTerms {
		return 0, fmt.Errorf("%w: more than %d terms", ErrOptions, MaxTerms)
	}
	for i, term := range slices.Concat(o.Words, o.Allow) {
		if len(term.Text) > MaxTermBytes || !strings.ContainsFunc(term.Text, wordRune) || term.Severity > Strong ||
			len(strings.Fields(term.Text)) > reachWords {
			return 0, fmt.Errorf("%w: term %d: %q", ErrOptions, i, term.Text)
		}
	}
	if o.Least == 0 {
		return Medium, nil
	}
	return o.Least, nil
}

// entry is the term as a line of a lexicon.
func (t Term) entry(allow bool, least Severity, base string) entry {
	e := entry{lemma: t.Text, severity: t.Severity, category: t.Category, host: true}
	switch {
	case allow:
		e.severity = 0
	case e.severity == 0:
		e.severity = Strong
	}
	if e.category == "" {
		e.category = hostCategory
	}
	words := strings.FieldsFunc(t.Text, func(r rune) bool { return !wordRune(r) })
	form := strings.Join(words, "_")
	e.forms = []string{form}
	if !t.Exact {
		e.forms = append(e.forms, form+"s")
		if base == "es" || base == "en" {
			e.forms = append(e.forms, form+"es")
		}
	} else {
		e.conditions = []string{"exact"}
	}
	return e
}
