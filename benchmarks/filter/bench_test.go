package filter_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/benchmarks"
	"github.com/afterbeep/afterbeep/transcript"
)

// corpus is one text and how many of its words are profane.
type corpus struct {
	name, locale, text string
	profane            int
}

func corpora(t testing.TB) []corpus {
	t.Helper()
	salted := func(name, locale string, size int, word string) corpus {
		text, n := benchmarks.Salt(benchmarks.Prose(locale, size), word)
		return corpus{name, locale, text, n}
	}
	all := []corpus{
		{"en-1KB", "en", benchmarks.Prose("en", kilo), 0},
		{"fr-CA-1KB", "fr-CA", benchmarks.Prose("fr-CA", kilo), 0},
		{"en-1MB", "en", benchmarks.Prose("en", mega), 0},
		{"fr-CA-1MB", "fr-CA", benchmarks.Prose("fr-CA", mega), 0},
		salted("en-2%-1KB", "en", kilo, "fucking"),
		salted("fr-CA-2%-1MB", "fr-CA", mega, "tabarnak"),
	}
	// A book on light of 1704, from the Go distribution: rich in words.
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	book, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src/testdata/Isaac.Newton-Opticks.txt"))
	require.NoError(t, err)
	return append(all, corpus{"en-book-1MB", "en", strings.Repeat(string(book), 2)[:mega], 0})
}

// each runs what needs an engine on every text that it can end in time.
func each(b *testing.B, run func(b *testing.B, e engine, c corpus)) {
	b.Helper()
	known := map[string][]engine{"en": engines(b, "en"), "fr-CA": engines(b, "fr-CA")}
	for _, c := range corpora(b) {
		for _, e := range known[c.locale] {
			if len(c.text) > e.most {
				continue
			}
			if e.name != "go-away" || c.locale == "en" { // it knows English only
				sane(b, e, c)
			}
			b.Run(c.name+"/"+e.name, func(b *testing.B) { run(b, e, c) })
		}
	}
}

// sane asks an engine before it is timed: are the clean text clean and the
// profane words found, all of them. Of a book nobody has counted them.
func sane(t testing.TB, e engine, c corpus) {
	t.Helper()
	if strings.Contains(c.name, "book") {
		return
	}
	want := c.profane
	if !e.counts {
		want = min(want, 1)
	}
	require.Equal(t, want, e.find(c.text), "%s on %s", e.name, c.name)
}

// BenchmarkDetect also tells how many words an engine found. Those that stop at
// the first are measured on clean text only.
func BenchmarkDetect(b *testing.B) {
	each(b, func(b *testing.B, e engine, c corpus) {
		if !e.counts && c.profane > 0 {
			b.SkipNow()
		}
		b.SetBytes(int64(len(c.text)))
		b.ReportAllocs()
		found := 0
		for b.Loop() {
			found = e.find(c.text)
		}
		b.ReportMetric(float64(found), "found")
	})
}

// BenchmarkFloor looks at each rune and does nothing: what this machine can, for
// comparison with figures of another.
func BenchmarkFloor(b *testing.B) {
	for _, c := range corpora(b) {
		if c.profane > 0 {
			continue
		}
		b.Run(c.name+"/range-over-runes", func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			n := 0
			for b.Loop() {
				n = letters(c.text)
			}
			require.Positive(b, n)
		})
	}
}

// letters is outside the loop of the benchmark, which keeps alive, and so in
// memory, what it assigns.
func letters(text string) (n int) {
	for _, r := range text {
		if r > ' ' {
			n++
		}
	}
	return n
}

// BenchmarkMask leaves out go-away on 1 MB in which it finds something: its time
// grows with the square of the text, 0.09 s for 64 KB and 1.3 s for 256 KB.
func BenchmarkMask(b *testing.B) {
	each(b, func(b *testing.B, e engine, c corpus) {
		if e.mask == nil || e.name == "go-away" && len(c.text) > tiny && c.name != "en-1MB" {
			b.SkipNow()
		}
		b.SetBytes(int64(len(c.text)))
		b.ReportAllocs()
		for b.Loop() {
			_ = e.mask(c.text)
		}
	})
}

// BenchmarkStream has no peer: none masks a stream without losing text or words
// at its cuts. Compare it with BenchmarkDetect of the same run.
func BenchmarkStream(b *testing.B) {
	for _, c := range corpora(b) {
		f, err := transcript.NewFilter(language.MustParse(c.locale), nil)
		require.NoError(b, err)
		b.Run(c.name+"/ours", func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				w := f.Writer(io.Discard)
				_, _ = io.WriteString(w, c.text) // Discard does not fail
				_ = w.Close()
			}
		})
	}
}

// TestMasks: the words are hidden, and a clean text stays as it is.
func TestMasks(t *testing.T) {
	for locale, word := range map[string]string{"en": "fucking", "fr-CA": "tabarnak"} {
		clean := benchmarks.Prose(locale, kilo)
		salted, n := benchmarks.Salt(clean, word)
		require.Positive(t, n)
		for _, e := range engines(t, locale) {
			if e.mask == nil || e.name == "go-away" && locale != "en" {
				continue
			}
			masked := e.mask(salted)
			assert.NotContains(t, masked, word, e.name)
			assert.Contains(t, masked, "***", e.name)
			assert.Equal(t, clean, e.mask(clean), e.name)
		}
	}
}

func TestPatterns(t *testing.T) {
	en, quebec := patterns(t, "en"), patterns(t, "fr", "fr-CA")
	t.Logf("%d English words, %d of Québec", len(en), len(quebec))
	assert.Greater(t, len(en), 300)
	assert.Contains(t, en, "fucking")
	assert.Contains(t, quebec, "tabarnak")
	for _, w := range append(en, quebec...) {
		assert.NotContains(t, w, "{")
		assert.NotContains(t, w, "~")
	}
	assert.ElementsMatch(t, []string{"axc", "a xc", "bxc", "b xc"}, expand("{a,b}+xc", nil))
}
