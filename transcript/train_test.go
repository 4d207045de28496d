package transcript

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write languages/languages.bin anew")

// lcg is a generator of numbers that is the same for ever.
type lcg uint64

func (g *lcg) next(n int) int {
	*g = *g*6364136223846793005 + 1442695040888963407
	return int(uint64(*g)>>33) % n
}

// train is an averaged perceptron over windows of one to eight words, in whole
// numbers alone.
func train(words [rowLen][]string) []byte {
	const rounds = 120000
	weights, sums := make([]int64, buckets*rowLen), make([]int64, buckets*rowLen)
	g := lcg(1)
	var seen []uint32
	for round := range rounds {
		lang := round % rowLen
		n := 1 + g.next(8)
		from := g.next(len(words[lang]) - n)
		seen = seen[:0]
		features(strings.Join(words[lang][from:from+n], " "), func(b uint32) { seen = append(seen, b) })
		var score [rowLen]int64
		for _, b := range seen {
			for i := range rowLen {
				score[i] += weights[b*rowLen+uint32(i)]
			}
		}
		rival := (lang + 1) % rowLen
		for i := range rowLen {
			if i != lang && score[i] > score[rival] {
				rival = i
			}
		}
		if score[lang]-score[rival] > int64(12*len(seen)) {
			continue
		}
		left := int64(rounds - round)
		for _, b := range seen {
			at, against := b*rowLen+uint32(lang), b*rowLen+uint32(rival)
			weights[at]++
			weights[against]--
			sums[at] += left
			sums[against] -= left
		}
	}
	out := make([]byte, buckets*rowLen)
	for i, s := range sums {
		out[i] = byte(int8(max(-127, min(127, s/(rounds/8)))))
	}
	return out
}

func TestLanguageTable(t *testing.T) {
	var words [rowLen][]string
	for i := range rowLen {
		data, err := os.ReadFile(filepath.Join("languages", detected(i).String()+".txt"))
		require.NoError(t, err)
		words[i] = strings.Fields(string(data))
	}
	table := train(words)
	name := filepath.Join("languages", "languages.bin")
	if *update {
		require.NoError(t, os.WriteFile(name, table, 0o644))
	}
	require.Equal(t, table, []byte(languageTable), "go test -run TestLanguageTable -update")
}
