package transcript

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// rule is one way in which a word that the automaton found counts: alone or as
// the anchor of a phrase, and with which neighbours.
type rule struct {
	entry       int32    // of the table; -1: harmless, whatever else matches
	host        bool     // the host's word: wins over the lexicon
	left, right []uint64 // the rest of the phrase, nearest first
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
	class  [256]uint8     // of an ASCII character, or of the first byte of another
	second [64]uint8      // of U+00C0 to U+00FF, by the second byte
	high   []uint8        // of U+0080 to lastLatin
	letter map[rune]uint8 // while compiling; then those beyond lastLatin, if any
	bases  *bases
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

type phrase struct {
	rule  rule
	words []string
}

func compile(x *lexicon, least Severity) (*table, error) {
	c := &compiler{
		table: &table{bases: newBases(), letter: map[rune]uint8{}, sets: [][]uint16{nil}},
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
			tokens := strings.FieldsFunc(canonical(w), func(r rune) bool { return strings.ContainsRune("_-' ", r) })
			switch {
			case len(tokens) == 0:
				return fmt.Errorf("form %q is empty", pattern)
			case len(tokens) == 1 && (id >= 0 || e.host):
				if single < 0 {
					single = c.rule(rule{entry: id, host: e.host, conditions: conditions})
				}
				c.form(tokens[0], uint16(single), exact, e.inherited)
			default:
				c.phrase(tokens, id, e.host, conditions)
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
	spellings := []string{""}
	for _, r := range word {
		bare := rune(0)
		if r >= utf8.RuneSelf && r <= lastLatin {
			bare = rune(c.bases[r])
		}
		n := len(spellings)
		for i := range n {
			if bare != 0 && !exact && n < 8 {
				spellings = append(spellings, spellings[i]+string(bare))
			}
			spellings[i] += string(r)
		}
	}
	for _, s := range spellings {
		if !slices.Contains(c.forms[s], rule) && !(inherited && c.drops[s]) {
			c.forms[s] = append(c.forms[s], rule)
		}
	}
	c.maskers[c.bases.hash(word)] = struct{}{}
}

// phrase keeps several words until it is known which of them count alone.
func (c *compiler) phrase(tokens []string, id int32, host bool, conditions []condition) {
	c.later = append(c.later, phrase{rule{entry: id, host: host, conditions: conditions}, tokens})
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
		spellings := []string{w}
		if plain := c.bases.plain(w); plain != w {
			spellings = append(spellings, plain)
		}
		for _, s := range spellings {
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

// reach marks the conditions whose words may themselves disappear behind a
// mask: filtered text must read as clean as it did.
func (c *compiler) reach() {
	for i := range c.rules {
		for j := range c.rules[i].conditions {
			cond := &c.rules[i].conditions[j]
			if cond.needs {
				continue
			}
			for h := range cond.words {
				if _, ok := c.maskers[h]; ok {
					cond.masked = true
					break
				}
			}
		}
	}
}

// conditions reads the last column of a line: -L2:word,@set and the like.
func (c *compiler) conditions(texts []string) (out []condition, exact bool, err error) {
	for _, text := range texts {
		if text == "exact" {
			exact = true
			continue
		}
		cond := condition{needs: text[0] == '+'}
		if text[0] != '+' && text[0] != '-' || len(text) < 2 {
			return nil, false, fmt.Errorf("condition %q", text)
		}
		switch name := text[1:]; name {
		case "name":
			cond.flag = 'c'
		case "first":
			cond.flag = '^'
		case "last":
			cond.flag = '$'
		default:
			if err := c.neighbours(&cond, name); err != nil {
				return nil, false, err
			}
		}
		out = append(out, cond)
	}
	// Whatever clears a word is asked first.
	slices.SortStableFunc(out, func(a, b condition) int {
		switch {
		case a.needs == b.needs:
			return 0
		case b.needs:
			return -1
		}
		return 1
	})
	return out, exact, nil
}

func (c *compiler) neighbours(cond *condition, text string) error {
	side, list, ok := strings.Cut(text, ":")
	if !ok || list == "" {
		return fmt.Errorf("condition %q has no words", text)
	}
	distance := 1
	if digits := strings.TrimLeft(side, "LRW"); digits != "" {
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > reachWords {
			return fmt.Errorf("condition %q: 1 to %d words away", text, reachWords)
		}
		distance = n
	} else if side == "W" {
		distance = reachWords
	}
	switch side[:1] {
	case "L":
		cond.left = distance
	case "R":
		cond.right = distance
	case "W":
		cond.left, cond.right = distance, distance
	default:
		return fmt.Errorf("condition %q: want L, R or W", text)
	}
	if words, ok := c.named[list]; ok {
		cond.words = words
		return nil
	}
	cond.words = map[uint64]struct{}{}
	for word := range strings.SplitSeq(list, ",") {
		members := []string{word}
		if name, isSet := strings.CutPrefix(word, "@"); isSet {
			if members = c.x.sets[name]; members == nil {
				return fmt.Errorf("no set %q", name)
			}
		}
		for _, m := range members {
			forms, err := c.x.expandForm(m)
			if err != nil {
				return err
			}
			for _, f := range forms {
				cond.words[c.bases.hash(canonical(f))] = struct{}{}
			}
		}
	}
	c.named[list] = cond.words
	return nil
}

// finish gives each letter a column, each set of rules a number, and builds the
// automaton.
func (c *compiler) finish() (*table, error) {
	letters := uint8(clsLetter)
	for r := 'a'; r <= 'z'; r++ {
		c.letter[r] = letters
		letters++
	}
	numbers := map[string]uint16{}
	forms := make([]form, 0, len(c.forms))
	var key []byte
	for word, rules := range c.forms {
		coded := make([]byte, 0, len(word))
		for _, r := range word {
			class, ok := c.letter[r]
			if !ok {
				if letters == clsSign {
					return nil, fmt.Errorf("transcript: more than %d letters in the words of one filter", clsSign-clsLetter)
				}
				class = letters
				c.letter[r] = class
				letters++
			}
			coded = append(coded, class)
		}
		slices.Sort(rules)
		key = key[:0]
		for _, n := range rules {
			key = binary.LittleEndian.AppendUint16(key, n)
		}
		set, ok := numbers[string(key)]
		if !ok {
			set = uint16(len(c.sets))
			numbers[string(key)] = set
			c.sets = append(c.sets, rules)
		}
		forms = append(forms, form{string(coded), set})
	}
	if len(c.sets) > math.MaxUint16 || len(c.rules) > math.MaxUint16 {
		return nil, errStates
	}
	a, err := build(forms)
	if err != nil {
		return nil, err
	}
	c.automaton = *a
	c.classes()
	for r := range c.letter {
		if r <= lastLatin {
			delete(c.letter, r)
		}
	}
	return c.table, nil
}

// classes fills the tables that the loop over the text reads.
func (c *compiler) classes() {
	for b := range 256 {
		switch {
		case b >= utf8.RuneSelf:
			c.class[b] = clsMulti
		case b == '*' || b == '#' || b == '<' || b == '[':
			c.class[b] = clsSign
		case wordRune(rune(b)):
			c.class[b] = c.classOf(rune(b))
		}
	}
	c.high = make([]uint8, lastLatin+1)
	for r := rune(0x80); r <= lastLatin; r++ {
		if wordRune(r) {
			c.high[r] = c.classOf(r)
		}
	}
	for i := range c.second {
		r := rune(0xc0 + i)
		if c.second[i] = c.high[r]; expand(lower(r)) != "" {
			c.second[i] = clsMulti
		}
	}
}

func (c *compiler) classOf(r rune) uint8 {
	l := lower(r)
	if class, ok := c.letter[l]; ok {
		return class
	}
	if c.x.bare && l <= lastLatin && c.bases[l] != 0 {
		return c.letter[rune(c.bases[l])]
	}
	return clsOther
}

// compose puts a mark on a letter; the letter itself comes back when Unicode
// has no such character.
func compose(r, mark rune) rune {
	var in [8]byte
	n := utf8.EncodeRune(in[:], r)
	n += utf8.EncodeRune(in[n:], mark)
	var buf [16]byte
	out := norm.NFC.Append(buf[:0], in[:n]...)
	if whole, size := utf8.DecodeRune(out); size == len(out) {
		return whole
	}
	return r
}
