package transcript_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/transcript"
)

// sentences draws texts of the words that a lexicon knows, with gaps of every
// kind between them.
func sentences(vocabulary []string) *rapid.Generator[string] {
	gaps := []string{" ", " ", " ", " ", " ", "-", "'", "\u2019", ", ", ". ", "\n", "  ", "! ", " **** ", "/"}
	return rapid.Custom(func(t *rapid.T) string {
		var out strings.Builder
		for range rapid.IntRange(1, 14).Draw(t, "words") {
			word := rapid.SampledFrom(vocabulary).Draw(t, "word")
			switch rapid.IntRange(0, 9).Draw(t, "case") {
			case 0:
				word = strings.ToUpper(word)
			case 1:
				r := []rune(word)
				r[0] = unicode.ToUpper(r[0])
				word = string(r)
			}
			out.WriteString(word)
			out.WriteString(rapid.SampledFrom(gaps).Draw(t, "gap"))
		}
		return out.String()
	})
}

func TestPromisesOverVocabulary(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]transcript.FilterOptions{
		"speech":    {Least: transcript.Mild},
		"bilingual": {Also: []language.Tag{language.English, language.CanadianFrench}},
		"texting":   {Texting: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			promises(t, filters(t, o))
		})
	}
}

func promises(t *testing.T, by map[string]map[transcript.Mode]*transcript.Filter) {
	t.Helper()
	for locale, modes := range by {
		vocabulary, err := transcript.Vocabulary(locale)
		require.NoError(t, err)
		rapid.Check(t, func(r *rapid.T) {
			text := sentences(vocabulary).Draw(r, "text")
			cut := rapid.IntRange(1, 40).Draw(r, "cut")
			ok := t.Run("", func(t *testing.T) { check(t, modes, text, cut) })
			if !ok {
				r.Fatalf("%s: %q", locale, text)
			}
		})
	}
}

// TestNaive holds the filter against one that is slow and obvious.
func TestNaive(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "fr", "fr-CA", "es"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			naive, err := transcript.NewNaive(locale, transcript.Medium)
			require.NoError(t, err)
			f, err := transcript.NewFilter(language.MustParse(locale), nil)
			require.NoError(t, err)
			vocabulary, err := transcript.Vocabulary(locale)
			require.NoError(t, err)
			rapid.Check(t, func(r *rapid.T) {
				text := sentences(vocabulary).Draw(r, "text")
				if strings.Contains(text, "*") {
					text = strings.ReplaceAll(text, "*", "x")
				}
				var got []bool
				for _, w := range words(f.Text(text)) {
					got = append(got, strings.Contains(w, "*"))
				}
				require.Equal(r, naive.Profane(text), got, "%q %q", text, f.Text(text))
			})
		})
	}
}

// words are the runs of letters, digits and stars.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r != '*' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
