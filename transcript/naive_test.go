package transcript

import (
	"maps"
	"slices"
	"strings"
)

// Naive is the filter as one would write it on a blackboard: words in a map,
// no automaton, no stream. It is what [Filter.AppendSpans] must agree with.
type Naive struct {
	x     *lexicon
	least Severity
	words map[string][]naiveRule
	bases *bases
}

type naiveRule struct {
	entry   *entry
	left    []string // of the phrase, in order
	right   []string
	hyphens bool
}

// NewNaive reads the tables of a locale.
func NewNaive(locale string, least Severity) (*Naive, error) {
	x, err := lexiconOf(locale)
	if err != nil {
		return nil, err
	}
	n := &Naive{x: x, least: least, words: map[string][]naiveRule{}, bases: newBases()}
	drops := map[string]bool{}
	for _, d := range x.drops {
		words, err := x.expandForm(d)
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			drops[canonical(w)] = true
		}
	}
	type phraseOf struct {
		tokens  []string
		entry   *entry
		hyphens bool
	}
	var all []phraseOf
	for i := range x.entries {
		e := &x.entries[i]
		if e.severity != 0 && e.severity < least {
			continue
		}
		for _, pattern := range e.forms {
			words, err := x.expandForm(pattern)
			if err != nil {
				return nil, err
			}
			for _, w := range words {
				tokens := tokensOf(w)
				all = append(all, phraseOf{tokens, e, strings.Contains(w, "=")})
				if len(tokens) == 1 && e.severity > 0 {
					n.add(tokens, 0, e, drops, false)
				}
			}
		}
	}
	single := maps.Clone(n.words)
	for _, p := range all {
		switch {
		case p.entry.severity == 0:
			for at := range p.tokens {
				n.add(p.tokens, at, p.entry, drops, p.hyphens)
			}
		case len(p.tokens) > 1: // the first word that counts alone, or the longest
			at := slices.IndexFunc(p.tokens, func(w string) bool { return single[w] != nil })
			for i, w := range p.tokens {
				if at < 0 || (single[w] != nil) == (single[p.tokens[at]] != nil) && len(w) > len(p.tokens[at]) {
					at = i
				}
			}
			n.add(p.tokens, at, p.entry, drops, p.hyphens)
		}
	}
	return n, nil
}

// add lists the phrase under its word at, in every spelling of that word.
func (n *Naive) add(tokens []string, at int, e *entry, drops map[string]bool, hyphens bool) {
	exact := len(tokens) == 1 && slices.Contains(e.conditions, "exact")
	spellings := map[string]bool{tokens[at]: true}
	for again := true; again && !exact; {
		again = false
		for s := range spellings {
			for i, r := range s {
				if bare := n.bases.bare(r); bare != 0 {
					plain := s[:i] + string(bare) + s[i+len(string(r)):]
					again = again || !spellings[plain]
					spellings[plain] = true
				}
			}
		}
	}
	for s := range spellings {
		if len(tokens) > 1 || !e.inherited || !drops[s] {
			n.words[s] = append(n.words[s], naiveRule{e, tokens[:at], tokens[at+1:], hyphens})
		}
	}
}

// Profane reports whether the single word or phrase around each word of text
// counts, one answer for each word.
func (n *Naive) Profane(text string) []bool {
	tokens := naiveTokens(text)
	stop := func(i int) bool { return naiveStop(tokens, i) }
	plain := n.bases.plain
	matches := func(words []string, from int) bool {
		if from < 0 || from+len(words) > len(tokens) {
			return false
		}
		for i, w := range words {
			if plain(w) != plain(tokens[from+i].word) {
				return false
			}
		}
		return true
	}
	joined := func(from, to int, hyphens bool) bool {
		for i := from + 1; i < to; i++ {
			if stop(i) || hyphens && !strings.Contains("-\u2010\u2011", tokens[i].gap) || strings.Trim(tokens[i].gap, " \n-\u2010\u2011'_\u2019") != "" {
				return false
			}
		}
		return true
	}
	out := make([]bool, len(tokens))
	for i, tok := range tokens {
		harmless := false
		var reach [2]int
		for _, r := range n.words[tok.word] {
			from, to := i-len(r.left), i+1+len(r.right)
			if !matches(r.left, from) || !matches(r.right, i+1) || !joined(from, to, r.hyphens) || !n.near(text, tokens, r.entry, from, to, i) {
				continue
			}
			if r.entry.severity == 0 {
				harmless = true
			} else if reach == [2]int{} {
				reach = [2]int{from, to}
			} else {
				reach = [2]int{min(reach[0], from), max(reach[1], to)}
			}
		}
		if !harmless {
			for j := reach[0]; j < reach[1]; j++ {
				out[j] = true
			}
		}
	}
	return out
}

// naiveToken is a word of a text and the gap before it.
type naiveToken struct {
	from, to  int
	word, gap string
}

func naiveTokens(text string) []naiveToken {
	var tokens []naiveToken
	last := 0
	for i, r := range text {
		if !wordRune(r) {
			continue
		}
		size := len(string(r))
		if k := len(tokens); k > 0 && tokens[k-1].to == i {
			tokens[k-1].to += size
			continue
		}
		if k := len(tokens); k > 0 {
			last = tokens[k-1].to
		}
		tokens = append(tokens, naiveToken{from: i, to: i + size, gap: text[last:i]})
	}
	for i := range tokens {
		tokens[i].word = canonical(text[tokens[i].from:tokens[i].to])
	}
	return tokens
}

// naiveStop reports whether a sentence ends between words i-1 and i.
func naiveStop(tokens []naiveToken, i int) bool {
	return i <= 0 || i >= len(tokens) || len(tokens[i].gap) > maxGap || strings.ContainsAny(tokens[i].gap, ".!?;:…")
}

// near asks the conditions of e about the words tokens[from:to]. Nothing is
// seen that is more than reachWords away from the anchor.
func (n *Naive) near(text string, tokens []naiveToken, e *entry, from, to, anchor int) bool {
	stop := func(i int) bool { return naiveStop(tokens, i) }
	plain := n.bases.plain
	needs, met := false, false
	for _, c := range e.conditions {
		if c == "exact" {
			continue
		}
		holds := false
		side, list, _ := strings.Cut(c[1:], ":")
		switch side {
		case "first":
			holds = stop(from)
		case "last":
			holds = stop(to)
		case "name":
			holds = !stop(from) && name(text[tokens[from].from:tokens[from].to])
		default:
			reach := map[bool]int{true: 1, false: 0}[len(side) == 1]
			for _, d := range side[1:] {
				reach = reach*10 + int(d-'0')
			}
			if side == "W" {
				reach = reachWords
			}
			words := map[string]bool{}
			for w := range strings.SplitSeq(list, ",") {
				if w[0] == '@' {
					for _, m := range n.x.sets[w[1:]] {
						words[plain(canonical(m))] = true
					}
				} else {
					words[plain(canonical(w))] = true
				}
			}
			for i := from - 1; side[0] != 'R' && i >= max(0, from-reach, anchor-reachWords) && !stop(i+1); i-- {
				holds = holds || words[plain(tokens[i].word)]
			}
			for i := to; side[0] != 'L' && i < min(len(tokens), to+reach, anchor+reachWords+1) && !stop(i); i++ {
				holds = holds || words[plain(tokens[i].word)]
			}
		}
		if c[0] == '-' && holds {
			return false
		}
		if c[0] == '+' {
			needs, met = true, met || holds
		}
	}
	return met || !needs
}
