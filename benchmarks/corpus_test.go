package benchmarks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/benchmarks"
)

func TestSentences(t *testing.T) {
	count, texts := map[string]int{}, map[string]bool{}
	for _, s := range benchmarks.Sentences() {
		count[s.Language]++
		require.NotEmpty(t, s.Text)
		require.False(t, texts[s.Text], "twice: %s", s.Text)
		texts[s.Text] = true
	}
	assert.Equal(t, map[string]int{"en": 50, "fr": 25, "fr-CA": 25, "es": 50, "de": 50, "it": 50, "pt": 50}, count)
}

func TestProse(t *testing.T) {
	text := benchmarks.Prose("fr-CA", 1<<10)
	assert.Equal(t, text, benchmarks.Prose("fr-CA", 1<<10))
	assert.InDelta(t, 1<<10, len(text), 20)
	salted, times := benchmarks.Salt(text, "xyzzy")
	assert.Equal(t, times, strings.Count(salted, "xyzzy"))
	assert.InDelta(t, 0.02, float64(times)/float64(len(strings.Fields(text))), 0.005)
}
