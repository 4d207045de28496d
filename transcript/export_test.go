package transcript

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// lexiconOf reads the tables of a locale with those of its parents.
func lexiconOf(locale string) (*lexicon, error) {
	x := &lexicon{}
	for i, name := range chain(language.MustParse(locale)) {
		child, err := load(name)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			child.inherit(x)
		}
		x = child
	}
	return x, nil
}

// Vocabulary is every word that the tables of a locale know: profane ones,
// parts of phrases, neighbours.
func Vocabulary(locale string) ([]string, error) {
	x, err := lexiconOf(locale)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range x.entries {
		for _, pattern := range e.forms {
			words, err := x.expandForm(pattern)
			if err != nil {
				return nil, err
			}
			for _, w := range words {
				out = append(out, strings.NewReplacer("_", " ", "=", "-").Replace(w))
			}
		}
		for _, c := range e.conditions {
			if _, list, ok := strings.Cut(c, ":"); ok {
				for w := range strings.SplitSeq(list, ",") {
					if w[0] != '@' {
						out = append(out, w)
					}
				}
			}
		}
	}
	for _, set := range x.sets {
		out = append(out, set...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// FormsAlone are the written-out forms of the entries without conditions.
func FormsAlone(locale string) ([]string, error) {
	x, err := lexiconOf(locale)
	if err != nil {
		return nil, err
	}
	var drops, out []string
	for _, d := range x.drops {
		words, err := x.expandForm(d)
		if err != nil {
			return nil, err
		}
		drops = append(drops, words...)
	}
	for _, e := range x.entries {
		if e.severity == 0 || len(e.conditions) > 0 {
			continue
		}
		for _, pattern := range e.forms {
			words, err := x.expandForm(pattern)
			if err != nil {
				return nil, err
			}
			for _, w := range words {
				if !e.inherited || !slices.Contains(drops, w) {
					out = append(out, strings.NewReplacer("_", " ", "=", "-").Replace(w))
				}
			}
		}
	}
	return out, nil
}

// EngineLanguages are the names and codes of the languages that engines report.
const EngineLanguages = names
