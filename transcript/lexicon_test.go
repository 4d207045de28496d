package transcript_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// TestLexicons compiles every locale at every severity, and asks each table
// where it comes from.
func TestLexicons(t *testing.T) {
	t.Parallel()
	folders, err := os.ReadDir("lexicon")
	require.NoError(t, err)
	locales := 0
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		locales++
		for least := transcript.Mild; least <= transcript.Strong; least++ {
			_, err := transcript.NewFilter(language.MustParse(folder.Name()), &transcript.FilterOptions{Least: least})
			require.NoError(t, err, folder.Name())
		}
		vocabulary, err := transcript.Vocabulary(folder.Name())
		require.NoError(t, err)
		t.Logf("%s: %d words", folder.Name(), len(vocabulary))
	}
	assert.GreaterOrEqual(t, locales, 4)
	require.NoError(t, filepath.WalkDir("lexicon", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".txt" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var head strings.Builder
		for line := range strings.Lines(string(data)) {
			if !strings.HasPrefix(line, "#") {
				break
			}
			head.WriteString(line)
		}
		assert.Contains(t, strings.ToLower(head.String()), "licence", path)
		assert.Contains(t, strings.ToLower(head.String()), "source", path+" or as in the main table")
		return nil
	}))
}

// TestWordsAlone: every form of a table that needs no neighbour is found when
// it stands alone, in both cases.
func TestWordsAlone(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "fr", "fr-CA", "es"} {
		f, err := transcript.NewFilter(language.MustParse(locale), &transcript.FilterOptions{Least: transcript.Mild})
		require.NoError(t, err)
		forms, err := transcript.FormsAlone(locale)
		require.NoError(t, err)
		require.Greater(t, len(forms), 300, locale)
		for _, form := range forms {
			if strings.HasSuffix(form, "calissons") {
				continue // sweets of Aix: an exception
			}
			assert.NotEmpty(t, f.AppendSpans(nil, form), "%s: %s", locale, form)
			assert.NotEmpty(t, f.AppendSpans(nil, strings.ToUpper(form)), "%s: %s", locale, form)
		}
	}
}
