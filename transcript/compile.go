package transcript

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// rule is one way in which a word that the automaton found counts: alone or as
// the anchor of a phrase, and with which neighbours.
type rule struct {
	entry       int32    // of the table; -1: harmless, whatever else matches
	host        bool     // the host's word: wins over the lexicon
	left, right []uint64 // the rest of the phrase, nearest first
	hyphens     bool     // its words stand with hyphens between them, and nothing else
	conditions  []condition
}

// condition looks at the neighbours of a word. Each word has some that clear
// it, or some of which it needs one, or both.
type condition struct {
	needs       bool
	left, right int                 // how many words away
	words       map[uint64]struct{} // nil: see flag
	masked      bool                // a neighbour among words may itself be masked
	flag        byte                // 'c': the word is a name by its capital; '^', '$': nothing stands before, after it
}

// table is a compiled locale.
type table struct {
	automaton
	heads  heads
	bare   bool           // accents mean nothing
	class  [256]uint8     // of an ASCII character, or of the first byte of another
	second [64]uint8      // of U+00C0 to U+00FF, by the second byte
	high   []uint8        // of U+0080 to lastLatin
	letter map[rune]uint8 // while compiling; then those beyond lastLatin, if any
	bases  *bases
	parts  map[uint64]struct{} // the words of phrases
	rules  []rule
	sets   [][]uint16 // rules by the index that the automaton accepts with
	lemmas []lemma
}

type lemma struct {
	text, category string
	severity       Severity
}

// compiler turns a lexicon into a table.
type compiler struct {
	*table
	x       *lexicon
	least   Severity
	forms   map[string][]uint16 // canonical word → rules
	named   map[string]map[uint64]struct{}
	maskers map[uint64]struct{} // every word that may be masked
	drops   map[string]bool
	later   []phrase // anchored when all words are known
}

// phrase is several words, kept until it is known which of them count alone.
type phrase struct {
	rule  rule
	words []string
}

func compile(x *lexicon, least Severity) (*table, error) {
	c := &compiler{
		table: &table{bases: newBases(), letter: map[rune]uint8{}, parts: map[uint64]struct{}{}, sets: [][]uint16{nil}},
		x:     x, least: least, forms: map[string][]uint16{}, named: map[string]map[uint64]struct{}{},
		maskers: map[uint64]struct{}{}, drops: map[string]bool{},
	}
	for _, pattern := range x.drops {
		words, err := x.expandForm(pattern)
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			c.drops[canonical(w)] = true
		}
	}
	for i := range x.entries {
		if err := c.entry(&x.entries[i]); err != nil {
			return nil, fmt.Errorf("transcript: %s: %w", x.entries[i].lemma, err)
		}
	}
	c.anchors()
	c.reach()
	return c.finish()
}

// entry adds the forms of one line.
func (c *compiler) entry(e *entry) error {
	if e.severity != 0 && e.severity < c.least {
		return nil
	}
	id := int32(-1)
	if e.severity != 0 {
		id = int32(len(c.lemmas))
		c.lemmas = append(c.lemmas, lemma{e.lemma, e.category, e.severity})
	}
	conditions, exact, err := c.conditions(e.conditions)
	if err != nil {
		return err
	}
	single := -1
	for _, pattern := range e.forms {
		words, err := c.x.expandForm(pattern)
		if err != nil {
			return err
		}
		for _, w := range words {
			tokens := tokensOf(w)
			switch {
			case len(tokens) == 0:
				return fmt.Errorf("form %q is empty", pattern)
			case len(tokens) == 1 && (id >= 0 || e.host):
				if single < 0 {
					single = c.rule(rule{entry: id, host: e.host, conditions: conditions})
				}
				c.form(tokens[0], uint16(single), exact, e.inherited)
			default:
				c.later = append(c.later, phrase{rule{entry: id, host: e.host, conditions: conditions, hyphens: strings.Contains(w, "=")}, tokens})
			}
		}
	}
	return nil
}

func (c *compiler) rule(r rule) int {
	c.rules = append(c.rules, r)
	return len(c.rules) - 1
}

// form registers a word, with each subset of its accents unless exact: people
// and engines drop them. An inherited one that the locale drops is left out.
func (c *compiler) form(word string, rule uint16, exact, inherited bool) {
	c.maskers[c.bases.hash(word)] = struct{}{}
	if exact || plainSmall(word) {
		c.spelling(word, rule, inherited)
		return
	}
	for _, s := range c.bases.spellings(word) {
		c.spelling(s, rule, inherited)
	}
}

// spellings are word and the same with each subset of its accents.
func (b *bases) spellings(word string) []string {
	out := []string{word}
	for i := len(word); i > 0 && len(out) < 16; { // from the end, so that what is before stays in place
		r, size := utf8.DecodeLastRuneInString(word[:i])
		i -= size
		bare := b.bare(r)
		if bare == 0 {
			continue
		}
		for _, s := range out {
			out = append(out, s[:i]+string(bare)+s[i+size:])
		}
	}
	return out
}

func (c *compiler) spelling(word string, rule uint16, inherited bool) {
	if rules := c.forms[word]; !slices.Contains(rules, rule) && !(inherited && c.drops[word]) {
		c.forms[word] = append(rules, rule)
	}
}

// tokensOf are the words of a form.
func tokensOf(form string) []string {
	return strings.FieldsFunc(canonical(form), func(r rune) bool { return strings.ContainsRune("_-=' ", r) })
}

// anchors registers each phrase under one of its words, the one that the
// automaton stops at: a word that counts alone, as it stops there anyway, or
// the longest, taken to be the rarest. An exception is registered under every
// word that means something.
func (c *compiler) anchors() {
	single := make(map[string]bool, len(c.forms))
	for word := range c.forms {
		single[word] = true
	}
	for _, p := range c.later {
		if p.rule.entry < 0 {
			continue
		}
		anchor, known := 0, false
		for i, w := range p.words {
			c.maskers[c.bases.hash(w)] = struct{}{}
			c.parts[c.bases.hash(w)] = struct{}{}
			if single[w] && !known || single[w] == known && len(w) > len(p.words[anchor]) {
				anchor, known = i, single[w]
			}
		}
		c.form(p.words[anchor], uint16(c.anchored(p, anchor)), false, false)
	}
	for _, p := range c.later {
		if p.rule.entry < 0 {
			c.exception(p)
		}
	}
}

func (c *compiler) exception(p phrase) {
	for i, w := range p.words {
		for _, s := range c.bases.spellings(w) {
			if _, known := c.forms[s]; known {
				c.forms[s] = append(c.forms[s], uint16(c.anchored(p, i)))
			}
		}
	}
}

// anchored is the rule of p as seen from its word number anchor.
func (c *compiler) anchored(p phrase, anchor int) int {
	r := p.rule
	for i := anchor - 1; i >= 0; i-- {
		r.left = append(r.left, c.bases.hash(p.words[i]))
	}
	for _, w := range p.words[anchor+1:] {
		r.right = append(r.right, c.bases.hash(w))
	}
	return c.rule(r)
}
