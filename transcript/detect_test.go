package transcript_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// heldOut are sentences that the table was not trained on: those of
// testdata/languages.tsv and the harmless rows of the filter.
func heldOut(t testing.TB) (texts [][2]string) {
	t.Helper()
	data, err := os.ReadFile("testdata/languages.tsv")
	require.NoError(t, err)
	for line := range strings.Lines(string(data)) {
		tag, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		texts = append(texts, [2]string{tag, text})
	}
	for _, locale := range []string{"en", "fr", "fr-CA", "es"} {
		for _, r := range rows(t, locale) {
			if (r.category == "plain" || r.category == "sense" || r.category == "benign" || r.category == "church" || r.category == "medical") && len(strings.Fields(r.text)) > 3 {
				texts = append(texts, [2]string{locale[:2], r.text})
			}
		}
	}
	return texts
}

func TestDetectHeldOut(t *testing.T) {
	t.Parallel()
	right, all := map[int]int{}, map[int]int{}
	for _, pair := range heldOut(t) {
		words := strings.Fields(pair[1])
		for _, n := range []int{3, 6, len(words)} {
			if n > len(words) {
				continue
			}
			part := strings.Join(words[:n], " ")
			tag, confidence := transcript.Detect(part)
			kind := min(n, 7)
			all[kind]++
			if tag.String() == pair[0] {
				right[kind]++
				assert.Greater(t, confidence, 0.0)
			} else if n > 2 {
				t.Logf("%s: %s %.2f %s", pair[0], tag, confidence, part)
			}
		}
	}
	for _, kind := range []int{3, 6, 7} {
		t.Logf("%d words: %d of %d", kind, right[kind], all[kind])
	}
	assert.GreaterOrEqual(t, float64(right[7])/float64(all[7]), 0.97)
	assert.GreaterOrEqual(t, float64(right[6])/float64(all[6]), 0.95)
	assert.GreaterOrEqual(t, float64(right[3])/float64(all[3]), 0.85)
}

func TestDetectUnknown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " ", "514 555 0145", "*69", "Привет, это Иван", "こんにちは", "\xff\xfe", "😀"} {
		tag, confidence := transcript.Detect(text)
		assert.Equal(t, language.Und, tag, "%q", text)
		assert.Zero(t, confidence)
	}
}

func TestQuebec(t *testing.T) {
	t.Parallel()
	assert.True(t, transcript.Quebec("chus en retard y'a ben du trafic"))
	assert.True(t, transcript.Quebec("J'en veux PANTOUTE!"))
	assert.False(t, transcript.Quebec("je suis en retard à cause des bouchons"))
	assert.False(t, transcript.Quebec(""))
}

func TestDetectAllocatesNothing(t *testing.T) {
	assert.Zero(t, testing.AllocsPerRun(100, func() { transcript.Detect("bonjour c'est à propos de l'été à Québec") }))
}

func BenchmarkLanguage(b *testing.B) {
	texts := heldOut(b)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		transcript.Detect(texts[n%len(texts)][1])
		n++
	}
}
