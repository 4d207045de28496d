package transcript

import (
	"slices"
	"strings"
	"unicode"
)

// Search finds where the words of query follow one another in t, whatever
// their case and accents, and returns ranges of words, half-open. The parts of
// elisions and compounds are words, too: hostie finds l'hostie, and rappelle
// moi finds rappelle-moi. Signs without letters are passed over. Which text
// somebody may search is the host's to decide: search [Document.Current], or
// what a [Filter] makes of it.
func (t Transcript) Search(query string) [][2]int {
	b := newBases()
	var wanted []string
	for _, w := range split(query) {
		wanted = b.appendParts(wanted, query[w.From:w.To])
	}
	if len(wanted) == 0 {
		return nil
	}
	var parts []string
	var owner []int // the word of each part
	for i := range t.Words {
		parts = b.appendParts(parts, t.Word(i))
		for len(owner) < len(parts) {
			owner = append(owner, i)
		}
	}
	var out [][2]int
	for i := 0; i+len(wanted) <= len(parts); i++ {
		if slices.Equal(parts[i:i+len(wanted)], wanted) {
			found := [2]int{owner[i], owner[i+len(wanted)-1] + 1}
			if n := len(out); n == 0 || out[n-1] != found {
				out = append(out, found)
			}
		}
	}
	return out
}

// appendParts adds the runs of letters, digits and marks of a word.
func (b *bases) appendParts(dst []string, word string) []string {
	for part := range strings.FieldsFuncSeq(word, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M) && !ignorable(r)
	}) {
		if plain := b.plain(part); plain != "" {
			dst = append(dst, plain)
		}
	}
	return dst
}
