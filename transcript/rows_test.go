package transcript_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// row is a sentence of our own with the words that must be found in it.
type row struct {
	category, marked, text string
	words                  [][2]int // byte ranges
	mild                   bool
}

// rows reads testdata/rows/locale.tsv: category<TAB>text, [found], +[mild].
func rows(t testing.TB, locale string) []row {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "rows", locale+".tsv"))
	require.NoError(t, err)
	var out []row
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		category, marked, ok := strings.Cut(line, "\t")
		require.True(t, ok, line)
		r := row{category: category, marked: marked}
		var text strings.Builder
		from := 0
		for i := 0; i < len(marked); i++ {
			switch marked[i] {
			case '+':
				if i+1 < len(marked) && marked[i+1] == '[' {
					r.mild = true
					continue
				}
			case '[':
				from = text.Len()
				continue
			case ']':
				r.words = append(r.words, [2]int{from, text.Len()})
				continue
			}
			text.WriteByte(marked[i])
		}
		r.text = text.String()
		out = append(out, r)
	}
	return out
}

// hide is the text with the words marked in it replaced by stars.
func (r row) hide() string {
	var out strings.Builder
	at := 0
	for _, w := range r.words {
		out.WriteString(r.text[at:w[0]])
		for range []rune(r.text[w[0]:w[1]]) {
			out.WriteByte('*')
		}
		at = w[1]
	}
	return out.String() + r.text[at:]
}

func TestRows(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "fr", "fr-CA", "es"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			f, err := transcript.NewFilter(language.MustParse(locale), nil)
			require.NoError(t, err)
			mild, err := transcript.NewFilter(language.MustParse(locale), &transcript.FilterOptions{Least: transcript.Mild})
			require.NoError(t, err)
			for _, r := range rows(t, locale) {
				if r.mild {
					require.Equal(t, r.text, f.Text(r.text), "%s: mild is left alone", r.category)
					require.Equal(t, r.hide(), mild.Text(r.text), r.category)
					continue
				}
				if got := f.Text(r.text); got != r.hide() {
					t.Errorf("%s: %s\n got %s", r.category, r.marked, got)
				}
			}
		})
	}
}

// TestLines: lines in which something must be found, whatever it is, and lines
// in which nothing may be.
func TestLines(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "lines", "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		locale, kind, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txt"), ".")
		f, err := transcript.NewFilter(language.MustParse(locale), nil)
		require.NoError(t, err)
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSuffix(line, "\n")
			if found := len(f.AppendSpans(nil, line)) > 0; found != (kind == "profane") {
				t.Errorf("%s: %q: %s", filepath.Base(file), line, f.Text(line))
			}
		}
	}
}
