package filter_test

import (
	"regexp"
	"strings"
	"testing"

	bobusumisu "github.com/BobuSumisu/aho-corasick"
	goaway "github.com/TwiN/go-away"
	anknown "github.com/anknown/ahocorasick"
	cloudflare "github.com/cloudflare/ahocorasick"
	petar "github.com/petar-dambovaliev/aho-corasick"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// engine is one filter. A field is nil where it has no such function.
type engine struct {
	name string
	most int // bytes of text that it is given, so that a run ends
	// counts says that find counts the words; otherwise it answers 1 or 0, and
	// stops at the first.
	counts bool
	find   func(text string) int
	mask   func(text string) string
}

const (
	mega = 1 << 20
	kilo = 1 << 10
	long = 2 * mega // no limit: a salted text is a little longer than a clean one
	tiny = 2 * kilo
)

func engines(t testing.TB, locale string) []engine {
	t.Helper()
	f, err := transcript.NewFilter(language.MustParse(locale), nil)
	require.NoError(t, err)
	var spans []transcript.Span
	words := map[string][]string{"en": patterns(t, "en"), "fr-CA": patterns(t, "fr", "fr-CA")}[locale]
	return append([]engine{{
		name: "ours", most: long, counts: true, mask: f.Text,
		find: func(text string) int {
			spans = f.AppendSpans(spans[:0], text)
			return len(spans)
		},
	}}, append(automata(t, words), others(words)...)...)
}

// automata are given the same words. Those that know no whole words get a space
// on both sides of each, or every "association" is a finding.
func automata(t testing.TB, words []string) []engine {
	t.Helper()
	var padded []string
	var runes [][]rune
	for _, w := range words {
		padded = append(padded, " "+w+" ")
		runes = append(runes, []rune(" "+w+" "))
	}
	dictionary := cloudflare.NewStringMatcher(padded)
	trie := bobusumisu.NewTrieBuilder().AddStrings(padded).Build()
	var machine anknown.Machine
	require.NoError(t, machine.Build(runes))
	builder := petar.NewAhoCorasickBuilder(petar.Opts{AsciiCaseInsensitive: true, MatchOnlyWholeWords: true, MatchKind: petar.LeftMostLongestMatch, DFA: true})
	dfa := builder.Build(words)
	replacer := petar.NewReplacer(dfa)
	return []engine{
		{name: "cloudflare-ahocorasick", most: long, find: func(text string) int {
			if dictionary.Contains([]byte(text)) {
				return 1
			}
			return 0
		}},
		{
			name: "petar-aho-corasick", most: long, counts: true,
			find: func(text string) int { return len(dfa.FindAll(text)) },
			mask: func(text string) string {
				return replacer.ReplaceAllFunc(text, func(m petar.Match) (string, bool) {
					return strings.Repeat("*", m.End()-m.Start()), true
				})
			},
		},
		{name: "BobuSumisu-aho-corasick", most: long, counts: true, find: func(text string) int {
			n := 0
			trie.Walk([]byte(text), func(_, _, _ int64) bool { n++; return true })
			return n
		}},
		{name: "anknown-ahocorasick", most: long, counts: true, find: func(text string) int {
			return len(machine.MultiPatternSearch([]rune(text), false))
		}},
	}
}

func others(words []string) []engine {
	var quoted []string
	for _, w := range words {
		quoted = append(quoted, regexp.QuoteMeta(w))
	}
	// \b of this package knows only the letters of ASCII.
	expression := regexp.MustCompile(`(?i)\b(?:` + strings.Join(quoted, "|") + `)\b`)
	// Its own words: in English, and without the deletion of all spaces, which
	// finds words across their borders.
	detector := goaway.NewProfanityDetector().WithSanitizeSpaces(false)
	return []engine{
		{
			name: "go-away", most: long, mask: detector.Censor,
			find: func(text string) int {
				if detector.IsProfane(text) {
					return 1
				}
				return 0
			},
		},
		{
			name: "regexp", most: tiny, counts: true,
			find: func(text string) int { return len(expression.FindAllStringIndex(text, -1)) },
			mask: func(text string) string {
				return expression.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("*", len(s)) })
			},
		},
	}
}
