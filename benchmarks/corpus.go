package benchmarks

import (
	_ "embed" // the sentences
	"math/rand/v2"
	"strings"
)

// Sentence is one short message and the language that it is in.
type Sentence struct {
	Language string // en, fr, fr-CA, es, de, it or pt
	Text     string
}

//go:embed testdata/sentences.tsv
var table string

// Sentences are 300 messages, fifty a language, written for this module after
// the engines and never used to change one of them.
func Sentences() []Sentence {
	var all []Sentence
	for line := range strings.Lines(table) {
		tag, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		all = append(all, Sentence{tag, text})
	}
	return all
}

// Prose is at least n bytes of sentences of the language in random order, the
// same at every call, cut at the last space before n.
func Prose(language string, n int) string {
	var pool []string
	for _, s := range Sentences() {
		if base, _, _ := strings.Cut(s.Language, "-"); base == language[:2] {
			pool = append(pool, s.Text)
		}
	}
	order := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(pool[order.IntN(len(pool))])
		b.WriteByte(' ')
	}
	return b.String()[:strings.LastIndexByte(b.String()[:n], ' ')]
}

// Salt puts word in the place of one word in fifty and says how often.
func Salt(text, word string) (salted string, times int) {
	words := strings.Fields(text)
	for i := 25; i < len(words); i += 50 {
		words[i] = word
		times++
	}
	return strings.Join(words, " "), times
}
