package transcript_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// fitted reads an answer about a clip of this length.
func fitted(data []byte, length time.Duration) (transcript.Transcript, error) {
	t, err := transcript.FromOpenAI(data)
	return t.Fit(length), err
}

// lines shows a transcript so that a person can check it.
func lines(t transcript.Transcript) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q\n", t.Language, t.Text)
	segment := 0
	for i, w := range t.Words {
		for segment < len(t.Segments) && t.Segments[segment].From == i {
			fmt.Fprintf(&b, "segment %q", t.Segments[segment].Speaker)
			if tag := t.Segments[segment].Language; tag != language.Und {
				fmt.Fprintf(&b, " %s", tag)
			}
			b.WriteByte('\n')
			segment++
		}
		fmt.Fprintf(&b, "%6d %6d %.3f %s\n", w.Start.Milliseconds(), w.End.Milliseconds(), w.Confidence, t.Word(i))
	}
	return b.String()
}

// A text is cut into pieces as engines cut it, some pieces get lost, some are
// invented: each word that kept its pieces has its own times.
func TestWordsKeepTheirTimes(t *testing.T) {
	t.Parallel()
	vocabulary := strings.Fields("call me back please about the l'été d'hiver 555-0182 résumé, five; o'clock! hi a I straße")
	const tolerance = 120 * time.Millisecond // a piece of nothing but punctuation has no letters to time
	right, wrong := 0, 0
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		var text []string
		var words []map[string]any
		kept := map[int]bool{}
		for i := range 5 + random.IntN(60) {
			word := vocabulary[random.IntN(len(vocabulary))]
			text = append(text, word)
			start := float64(i) + 0.25
			switch random.IntN(20) {
			case 0: // lost
				continue
			case 1: // invented
				words = append(words, listed(" zzz", start-0.2, start-0.1))
			}
			kept[i] = true
			runes := []rune(word)
			cut := random.IntN(len(runes))
			share := float64(cut) / float64(len(runes)) / 2
			words = append(words,
				listed(" "+string(runes[:cut]), start, start+share),
				listed(string(runes[cut:]), start+share, start+0.5))
		}
		data, err := json.Marshal(map[string]any{"text": strings.Join(text, " "), "words": words})
		require.NoError(t, err)
		got, err := fitted(data, time.Hour)
		require.NoError(t, err)
		require.NoError(t, got.Check())
		require.Len(t, got.Words, len(text))
		for i, w := range got.Words {
			start, end := time.Duration(i)*time.Second+250*time.Millisecond, time.Duration(i)*time.Second+750*time.Millisecond
			if kept[i] {
				if (w.Start-start).Abs() <= tolerance && (w.End-end).Abs() <= tolerance {
					right++
				} else {
					wrong++
				}
			}
		}
	}
	// Beside a gap a word may be mistaken for an equal neighbour, and what is
	// left of a word that lost a piece has the time of what is left.
	assert.Less(t, float64(wrong), 0.01*float64(right), "%d right, %d wrong", right, wrong)
	t.Logf("%d right, %d wrong", right, wrong)
}

func listed(word string, start, end float64) map[string]any {
	return map[string]any{"word": word, "start": start, "end": end}
}

func TestWordsFarApartAreFoundAgain(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("filler ", 200) + "call me back tomorrow"
	data := fmt.Appendf(nil, `{"text":%q,"words":[{"word":"nonsense","start":1,"end":2},{"word":"call","start":50,"end":51},{"word":"me","start":51,"end":52},{"word":"back","start":52,"end":53}]}`, text)
	got, err := fitted(data, time.Minute)
	require.NoError(t, err)
	assert.Equal(t, 50*time.Second, got.Words[200].Start)
	assert.Equal(t, 53*time.Second, got.Words[202].End)
	assert.Equal(t, 53*time.Second, got.Words[203].Start, "the rest shares what is left")
	assert.Equal(t, time.Minute, got.Words[203].End)
}

func TestOneWrongTimeStaysAlone(t *testing.T) {
	t.Parallel()
	got, err := fitted([]byte(`{"text":"call me back now","words":[{"word":"call","start":1,"end":2},{"word":"me","start":9,"end":9.5},{"word":"back","start":3,"end":4},{"word":"now","start":4,"end":5}]}`), 10*time.Second)
	require.NoError(t, err)
	assert.Equal(t, 2*time.Second, got.Words[1].Start)
	assert.Equal(t, 3*time.Second, got.Words[1].End)
	assert.Equal(t, 3*time.Second, got.Words[2].Start)
	assert.Equal(t, 4*time.Second, got.Words[3].Start)
}

// Small answers, each with one thing that engines do, and the transcript that
// comes of it, as lines shows it.
func TestRepairs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, want string }{
		"overlapping words": {
			`{"text":"a b","words":[{"word":"a","start":1,"end":5},{"word":"b","start":3,"end":4}]}`,
			"  1000   3000 0.000 a\n  3000   4000 0.000 b\n",
		},
		"other capitals in the list": {
			`{"text":"ÉTÉ b","words":[{"word":"été","start":1,"end":2},{"word":"B","start":3,"end":4}]}`,
			"  1000   2000 0.000 ÉTÉ\n  3000   4000 0.000 b\n",
		},
		"one segment without a speaker": {
			`{"text":"a b","segments":[{"text":"a b","start":1,"end":3,"avg_logprob":0}]}`,
			"  1000   2000 0.000 a\n  2000   3000 0.000 b\n",
		},
		"one segment with a speaker": {
			`{"text":"a b","segments":[{"text":"a b","start":1,"end":3,"avg_logprob":-0.6931,"speaker":"S0"}]}`,
			"segment \"S0\"\n  1000   2000 0.500 a\n  2000   3000 0.500 b\n",
		},
		"a segment that ends inside a word": {
			`{"text":"gros ami","segments":[{"text":"gr","start":1,"end":2,"speaker":1},{"text":"o","start":2,"end":3,"speaker":2},{"text":"s ami","start":3,"end":7,"speaker":3}]}`,
			"segment \"1\"\n  1000   4000 0.000 gros\nsegment \"3\"\n  4000   7000 0.000 ami\n",
		},
		"a label too long for one": {
			`{"text":"a","segments":[{"text":"a","start":1,"end":3,"speaker":"` + strings.Repeat("x", 65) + `"}]}`,
			"  1000   3000 0.000 a\n",
		},
		"an endless word": {
			`{"text":"a","words":[{"word":"a","start":1,"end":"Inf"}]}`,
			"     0      0 0.000 a\n",
		},
		"a word before the beginning": {
			`{"text":"a b","words":[{"word":"a","start":-1,"end":2},{"word":"b","start":3,"end":4}]}`,
			"     0   3000 0.000 a\n  3000   4000 0.000 b\n",
		},
		"a word after the end": {
			`{"text":"a b","words":[{"word":"a","start":1,"end":2},{"word":"b","start":11,"end":12}]}`,
			"  1000   2000 0.000 a\n  2000  10000 0.000 b\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := fitted([]byte(c.data), 10*time.Second)
			require.NoError(t, err)
			require.NoError(t, got.Check())
			_, shown, _ := strings.Cut(lines(got), "\n")
			assert.Equal(t, c.want, shown)
		})
	}
}

func TestNotesBesideWordsStay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"[beep] hello", "(call me", "hello (music)", "*69", "****", "**** ****", "()", "[inaudible]", "(speaking French)", "(music",
	} {
		got, err := transcript.FromOpenAI(fmt.Appendf(nil, `{"text":%q}`, text))
		require.NoError(t, err)
		assert.Equal(t, text, got.Text)
	}
}

func BenchmarkFromOpenAI(b *testing.B) {
	data, err := os.ReadFile("testdata/engines/openai.json")
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := transcript.FromOpenAI(data); err != nil {
			b.Fatal(err)
		}
	}
}

// The worst answer: nothing of a long list is in a long text.
func BenchmarkFromOpenAIHostile(b *testing.B) {
	data := []byte(`{"text":"` + strings.Repeat("aaaa ", 20000) + `","words":[` + strings.Repeat(`{"word":"aaaab"},`, 100000) + `{}]}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := transcript.FromOpenAI(data); err != nil {
			b.Fatal(err)
		}
	}
}
