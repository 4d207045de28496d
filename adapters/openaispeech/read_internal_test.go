package openaispeech

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

var update = flag.Bool("update", false, "write the golden files")

// goldens are the answers of servers, written after their shapes.
func goldens(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.Len(t, files, 7)
	return files
}

// lines shows a transcript so that a person can check it.
func lines(t transcript.Transcript) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q\n", t.Language, t.Text)
	segment := 0
	for i, w := range t.Words {
		for segment < len(t.Segments) && t.Segments[segment].From == i {
			fmt.Fprintf(&b, "segment %q\n", t.Segments[segment].Speaker)
			segment++
		}
		fmt.Fprintf(&b, "%6d %6d %.3f %s\n", w.Start.Milliseconds(), w.End.Milliseconds(), w.Confidence, t.Word(i))
	}
	return b.String()
}

func TestReadGolden(t *testing.T) {
	for _, file := range goldens(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			got, err := read(data, nil, 6500*time.Millisecond)
			require.NoError(t, err)
			require.NoError(t, got.Check())
			golden := strings.TrimSuffix(file, ".json") + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(lines(got)), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), lines(got))
		})
	}
}

func TestNobodySpoke(t *testing.T) {
	for name, data := range map[string]string{
		"empty text":     `{"text":""}`,
		"white space":    `{"text":" \n ","segments":[]}`,
		"blank audio":    `{"text":" [BLANK_AUDIO]\n"}`,
		"several notes":  `{"text":"(music) [ Silence ] ♪ *beep*"}`,
		"empty segments": `{"segments":[{"text":" "}],"text":""}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read([]byte(data), []language.Tag{language.French}, time.Second)
			require.NoError(t, err)
			assert.Zero(t, got)
		})
	}
}

func TestNotesBesideWordsStay(t *testing.T) {
	for _, text := range []string{
		"[beep] hello", "(call me", "hello (music)", "*69", "****", "**** ****", "()", "[inaudible]", "(speaking French)", "(music",
	} {
		got, err := read(fmt.Appendf(nil, `{"text":%q}`, text), nil, time.Second)
		require.NoError(t, err)
		assert.Equal(t, text, got.Text)
	}
}

func TestNoTranscript(t *testing.T) {
	long, err := json.Marshal(strings.Repeat("a", transcript.MaxText+1))
	require.NoError(t, err)
	many := func(n int) string { return "[" + strings.Repeat("{},", n) + "{}]" }
	for name, c := range map[string]struct {
		data string
		kind transcript.ErrorKind
		err  error
	}{
		"nothing":            {``, transcript.Retry, ErrAnswer},
		"a page":             {`<html>`, transcript.Retry, ErrAnswer},
		"broken off":         {`{"text":"hel`, transcript.Retry, ErrAnswer},
		"two values":         {`{"text":""}{}`, transcript.Retry, ErrAnswer},
		"an error with 200":  {`{"error":"failed to process audio"}`, transcript.Retry, ErrAnswer},
		"text of no text":    {`{"text":["secret"]}`, transcript.Retry, ErrAnswer},
		"null":               {`null`, transcript.Retry, ErrAnswer},
		"too long a text":    {`{"text":` + string(long) + `}`, transcript.Permanent, transcript.ErrTooLong},
		"too many words":     {`{"text":"a","words":` + many(transcript.MaxWords) + `}`, transcript.Permanent, transcript.ErrTooLong},
		"too many segments":  {`{"text":"a","segments":` + many(transcript.MaxSegments) + `}`, transcript.Permanent, transcript.ErrTooLong},
		"too many in pieces": {`{"text":"a","segments":[` + strings.Repeat(`{"words":`+many(1000)+`},`, transcript.MaxWords/1000) + `{}]}`, transcript.Permanent, transcript.ErrTooLong},
		"text of many words": {`{"text":"` + strings.Repeat("a ", transcript.MaxWords+1) + `"}`, transcript.Permanent, transcript.ErrTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read([]byte(c.data), nil, time.Second)
			var refusal *transcript.Error
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, c.kind, refusal.Kind)
			require.ErrorIs(t, err, c.err)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestLanguageOfTheAnswer(t *testing.T) {
	fr, en, ca := language.French, language.English, language.CanadianFrench
	for name, c := range map[string]struct {
		said  string
		hints []language.Tag
		want  language.Tag
	}{
		"a name":                    {"french", nil, fr},
		"a name in capitals":        {"French", nil, fr},
		"a name of two words":       {"haitian creole", nil, language.Make("ht")},
		"a code":                    {"fr", nil, fr},
		"the region of the hint":    {"french", []language.Tag{en, ca, fr}, ca},
		"no hint of that language":  {"german", []language.Tag{en, ca}, language.German},
		"nothing said, one hint":    {"", []language.Tag{ca}, ca},
		"nothing said, two regions": {"", []language.Tag{ca, fr}, ca},
		"nothing said, two hints":   {"", []language.Tag{ca, en}, language.Und},
		"nothing at all":            {"", nil, language.Und},
		"an unknown name":           {"klingon of the north", nil, language.Und},
		"undetermined":              {"und", []language.Tag{language.Und}, language.Und},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, tagOf(c.said, c.hints))
		})
	}
	fields := strings.Fields(names)
	require.Zero(t, len(fields)%2)
	for i := 1; i < len(fields); i += 2 {
		_, err := language.ParseBase(fields[i])
		require.NoError(t, err, fields[i-1])
	}
}

// A text is cut into pieces as engines cut it, some pieces get lost, some are
// invented: each word that kept its pieces has its own times.
func TestWordsKeepTheirTimes(t *testing.T) {
	vocabulary := strings.Fields("call me back please about the l'été d'hiver 555-0182 résumé, five; o'clock! hi a I straße")
	const tolerance = 120 * time.Millisecond // a piece of nothing but punctuation has no letters to time
	right, wrong := 0, 0
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		var text []string
		var words []timed
		kept := map[int]bool{}
		for i := range 5 + random.IntN(60) {
			word := vocabulary[random.IntN(len(vocabulary))]
			text = append(text, word)
			start := number(i) + 0.25
			switch random.IntN(20) {
			case 0: // lost
				continue
			case 1: // invented
				words = append(words, timed{Word: " zzz", Start: start - 0.2, End: start - 0.1})
			}
			kept[i] = true
			runes := []rune(word)
			cut := random.IntN(len(runes))
			share := number(cut) / number(len(runes)) / 2
			words = append(words,
				timed{Word: " " + string(runes[:cut]), Start: start, End: start + share},
				timed{Word: string(runes[cut:]), Start: start + share, End: start + 0.5})
		}
		data, err := json.Marshal(map[string]any{"text": strings.Join(text, " "), "words": jsonWords(words)})
		require.NoError(t, err)
		got, err := read(data, nil, time.Hour)
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

func jsonWords(words []timed) []map[string]any {
	out := make([]map[string]any, len(words))
	for i, w := range words {
		out[i] = map[string]any{"word": w.Word, "start": float64(w.Start), "end": float64(w.End)}
	}
	return out
}

func TestWordsFarApartAreFoundAgain(t *testing.T) {
	text := strings.Repeat("filler ", 200) + "call me back tomorrow"
	data := fmt.Appendf(nil, `{"text":%q,"words":[{"word":"nonsense","start":1,"end":2},{"word":"call","start":50,"end":51},{"word":"me","start":51,"end":52},{"word":"back","start":52,"end":53}]}`, text)
	got, err := read(data, nil, time.Minute)
	require.NoError(t, err)
	assert.Equal(t, 50*time.Second, got.Words[200].Start)
	assert.Equal(t, 53*time.Second, got.Words[202].End)
	assert.Equal(t, 53*time.Second, got.Words[203].Start, "the rest shares what is left")
	assert.Equal(t, time.Minute, got.Words[203].End)
}

func TestOneWrongTimeStaysAlone(t *testing.T) {
	got, err := read([]byte(`{"text":"call me back now","words":[{"word":"call","start":1,"end":2},{"word":"me","start":9,"end":9.5},{"word":"back","start":3,"end":4},{"word":"now","start":4,"end":5}]}`), nil, 10*time.Second)
	require.NoError(t, err)
	assert.Equal(t, 2*time.Second, got.Words[1].Start)
	assert.Equal(t, 3*time.Second, got.Words[1].End)
	assert.Equal(t, 3*time.Second, got.Words[2].Start)
	assert.Equal(t, 4*time.Second, got.Words[3].Start)
}

// Small answers, each with one thing that engines do, and the transcript that
// comes of it, as lines shows it.
func TestRepairs(t *testing.T) {
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
			got, err := read([]byte(c.data), nil, 10*time.Second)
			require.NoError(t, err)
			require.NoError(t, got.Check())
			_, shown, _ := strings.Cut(lines(got), "\n")
			assert.Equal(t, c.want, shown)
		})
	}
}

func TestStay(t *testing.T) {
	request := func(method, url string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
		require.NoError(t, err)
		return r
	}
	first := []*http.Request{request("POST", "https://a.example/v1")}
	require.NoError(t, stay(request("POST", "https://a.example/v2"), first))
	for _, next := range []*http.Request{
		request("POST", "http://a.example/v1"), request("POST", "https://b.example/v1"),
		request("POST", "https://a.example:8443/v1"), request("GET", "https://a.example/v1"),
	} {
		require.ErrorIs(t, stay(next, first), errElsewhere, "%s %s", next.Method, next.URL)
	}
}

func TestContentTypes(t *testing.T) {
	for kind, want := range map[string]bool{
		"": true, "application/json": true, "application/json; charset=utf-8": true, "application/vnd.x+json": true,
		"text/html": false, "text/plain": false, "application/jsonp": false, ";": false,
	} {
		assert.Equal(t, want, isJSON(kind), kind)
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range goldens(f) {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data, int64(3*time.Second))
	}
	f.Fuzz(func(t *testing.T, data []byte, nanoseconds int64) {
		length := time.Duration(max(nanoseconds, 0))
		got, err := read(data, []language.Tag{language.CanadianFrench}, length)
		if err != nil {
			var refusal *transcript.Error
			require.ErrorAs(t, err, &refusal)
			require.Zero(t, got)
			return
		}
		require.NoError(t, got.Check())
		var last time.Duration
		for i, w := range got.Words {
			require.GreaterOrEqual(t, w.Start, last, "word %d", i)
			require.LessOrEqual(t, w.End, length, "word %d", i)
			require.Less(t, w.From, w.To, "word %d", i)
			last = w.End
		}
		again, err := read(data, []language.Tag{language.CanadianFrench}, length)
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}

func BenchmarkRead(b *testing.B) {
	data, err := os.ReadFile("testdata/openai.json")
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(data, nil, time.Minute); err != nil {
			b.Fatal(err)
		}
	}
}

// The worst answer: nothing of a long list is in a long text.
func BenchmarkReadHostile(b *testing.B) {
	data := []byte(`{"text":"` + strings.Repeat("aaaa ", 20000) + `","words":[` + strings.Repeat(`{"word":"aaaab"},`, 100000) + `{}]}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(data, nil, time.Minute); err != nil {
			b.Fatal(err)
		}
	}
}
