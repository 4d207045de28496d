package language_test

import (
	"strings"
	"testing"

	"github.com/abadojack/whatlanggo"
	"github.com/pemistahl/lingua-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/benchmarks"
	"github.com/afterbeep/afterbeep/transcript"
)

// engine names the language of a text by two letters; anything else is "I
// cannot tell".
type engine struct {
	name   string
	detect func(text string) string
}

func engines() []engine {
	six := lingua.NewLanguageDetectorBuilder().FromLanguages(
		lingua.English, lingua.French, lingua.Spanish, lingua.German, lingua.Italian, lingua.Portuguese)
	high := six.WithPreloadedLanguageModels().Build()
	low := six.WithLowAccuracyMode().WithPreloadedLanguageModels().Build()
	known := whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{
		whatlanggo.Eng: true, whatlanggo.Fra: true, whatlanggo.Spa: true, whatlanggo.Deu: true, whatlanggo.Ita: true, whatlanggo.Por: true,
	}}
	by := func(d lingua.LanguageDetector) func(string) string {
		return func(text string) string {
			found, _ := d.DetectLanguageOf(text)
			return strings.ToLower(found.IsoCode639_1().String())
		}
	}
	return []engine{
		{"ours", func(text string) string {
			tag, _ := transcript.Detect(text)
			return tag.String()
		}},
		{"lingua-high", by(high)},
		{"lingua-low", by(low)},
		{"whatlanggo-six", func(text string) string {
			found := whatlanggo.DetectLangWithOptions(text, known)
			return found.Iso6391()
		}},
		{"whatlanggo-all", func(text string) string {
			found := whatlanggo.DetectLang(text)
			return found.Iso6391()
		}},
	}
}

// beginnings are the first n words of the sentences that are longer, or the
// whole ones for n of zero.
func beginnings(n int) []benchmarks.Sentence {
	var all []benchmarks.Sentence
	for _, s := range benchmarks.Sentences() {
		s.Language = s.Language[:2]
		if n > 0 {
			words := strings.Fields(s.Text)
			if len(words) <= n {
				continue
			}
			s.Text = strings.Join(words[:n], " ")
		}
		all = append(all, s)
	}
	return all
}

func right(e engine, texts []benchmarks.Sentence) (percent float64) {
	n := 0
	for _, s := range texts {
		if e.detect(s.Text) == s.Language {
			n++
		}
	}
	return 100 * float64(n) / float64(len(texts))
}

// BenchmarkIdentify is a whole sentence of some seven words; it also tells how
// many of all of them an engine got right.
func BenchmarkIdentify(b *testing.B) {
	texts := beginnings(0)
	for _, e := range engines() {
		percent := right(e, texts)
		require.Greater(b, percent, 50.0, "%s has no idea", e.name)
		b.Run(e.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				_ = e.detect(texts[i%len(texts)].Text)
				i++
			}
			b.ReportMetric(percent, "%right")
		})
	}
}

// TestAccuracy prints the table; go test -v shows it.
func TestAccuracy(t *testing.T) {
	for _, e := range engines() {
		row := map[string]float64{}
		for _, tag := range []string{"en", "fr", "es", "de", "it", "pt"} {
			var own []benchmarks.Sentence
			for _, n := range []int{0, 6, 3} {
				for _, s := range beginnings(n) {
					if s.Language == tag {
						own = append(own, s)
					}
				}
			}
			row[tag] = right(e, own)
		}
		t.Logf("%-15s whole %.1f, six words %.1f, three words %.1f; en %.1f fr %.1f es %.1f de %.1f it %.1f pt %.1f", e.name,
			right(e, beginnings(0)), right(e, beginnings(6)), right(e, beginnings(3)),
			row["en"], row["fr"], row["es"], row["de"], row["it"], row["pt"])
		assert.Greater(t, right(e, beginnings(0)), 50.0)
	}
	t.Logf("%d whole, %d of six words, %d of three", len(beginnings(0)), len(beginnings(6)), len(beginnings(3)))
}
