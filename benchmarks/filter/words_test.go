package filter_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// patterns are the written-out forms of our own lexicons that are profane
// whatever stands beside them, for the peers, which take a list of words: the
// forms of medium and strong entries without conditions.
func patterns(t testing.TB, locales ...string) []string {
	t.Helper()
	var words, drops []string
	for _, locale := range locales {
		files, err := filepath.Glob(filepath.Join("../../transcript/lexicon", locale, "*.txt"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		var tables []string
		for _, name := range files {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			tables = append(tables, strings.Split(string(data), "\n")...)
		}
		endings := endings(tables)
		for _, line := range tables {
			if rest, ok := strings.CutPrefix(line, "%drop "); ok {
				for form := range strings.FieldsSeq(rest) {
					drops = append(drops, expand(form, endings)...)
				}
				words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(drops, w) })
			}
			fields := strings.Split(line, " | ")
			if strings.HasPrefix(line, "#") || len(fields) != 4 || fields[1] < "2" {
				continue
			}
			for form := range strings.FieldsSeq(fields[3]) {
				words = append(words, expand(form, endings)...)
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func endings(lines []string) map[string][]string {
	all := map[string][]string{}
	for _, line := range lines {
		if rest, ok := strings.CutPrefix(line, "%ending "); ok {
			words := strings.Fields(rest)
			all[words[0]] = words[1:]
		}
	}
	return all
}

// expand writes out the first choice of a form, and those that follow in turn.
func expand(form string, endings map[string][]string) []string {
	at := strings.IndexAny(form, "{~+_")
	if at < 0 {
		return []string{form}
	}
	var choices []string
	end := at + 1
	switch form[at] {
	case '{':
		end = at + strings.IndexByte(form[at:], '}') + 1
		choices = strings.Split(form[at+1:end-1], ",")
	case '~':
		for end < len(form) && form[end] >= 'a' && form[end] <= 'z' {
			end++
		}
		choices = endings[form[at+1:end]]
	case '+':
		choices = []string{"", " "}
	case '_':
		choices = []string{" "}
	}
	var words []string
	for _, rest := range expand(form[end:], endings) {
		for _, c := range choices {
			words = append(words, form[:at]+c+rest)
		}
	}
	return words
}
