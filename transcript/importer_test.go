package transcript_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

var engines = map[string]transcript.Importer{
	"openai": transcript.FromOpenAI, "whispercpp": transcript.FromWhisperCpp, "aws": transcript.FromAWS,
	"google": transcript.FromGoogle, "azure": transcript.FromAzure, "deepgram": transcript.FromDeepgram,
	"pocketsphinx": transcript.FromPocketsphinx,
}

// answers are the files of testdata/engines, written by us after the shapes of
// the engines: ENGINE-WHAT.json.
func answers(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	files, err := filepath.Glob("testdata/engines/*")
	require.NoError(t, err)
	for _, file := range files {
		if filepath.Ext(file) != ".golden" {
			out[filepath.Base(file)], err = os.ReadFile(file)
			require.NoError(t, err)
		}
	}
	require.Equal(t, 24, len(out))
	return out
}

func engineOf(file string) transcript.Importer {
	engine, _, _ := strings.Cut(strings.TrimSuffix(file, filepath.Ext(file)), "-")
	return engines[engine]
}

func TestImporters(t *testing.T) {
	t.Parallel()
	for name, data := range answers(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := engineOf(name)(data)
			require.NoError(t, err)
			require.NoError(t, got.Check())
			require.NotEmpty(t, got.Words)
			golden(t, name+".golden", lines(got))
			out, err := json.Marshal(got)
			require.NoError(t, err)
			var again transcript.Transcript
			require.NoError(t, json.Unmarshal(out, &again))
			assert.Equal(t, got, again, "JSON and back")
		})
	}
}

// golden compares with a file that -update writes.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "engines", name)
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func TestImporterRefusals(t *testing.T) {
	t.Parallel()
	for name, read := range engines {
		_, err := read(make([]byte, transcript.MaxImport+1))
		require.ErrorIs(t, err, transcript.ErrTooLong, name)
		if name == "pocketsphinx" {
			continue
		}
		for _, data := range []string{
			"", "not json secret", `{"error":"secret"}`, `{"results":{"secret":`, "[]", "null", `"secret"`, `{"results":"secret"}`,
			strings.Repeat(`{"results":[`, 20000), `{"results":[` + strings.Repeat("[", 20000),
		} {
			got, err := read([]byte(data))
			require.ErrorIs(t, err, transcript.ErrFormat, "%s: %.40s", name, data)
			require.Zero(t, got)
			assert.NotContains(t, err.Error(), "secret")
		}
	}
	for engine, bad := range map[string][]string{
		"openai":       {`{"text":["a"]}`, `{"segments":[]}`, `{"words":[{"word":"a"}]}`},
		"whispercpp":   {`{"transcription":"a"}`, `{"transcription":[{"text":1}]}`},
		"aws":          {`{"status":"FAILED"}`, `{"results":{"transcripts":[1]}}`, `{"results":{}}`},
		"google":       {`{"results":[{"alternatives":"a"}]}`, `{"results":[1]}`, `{"error":{"code":3},"done":true}`},
		"azure":        {`{"RecognitionStatus":"Error"}`, `{"phrases":{}}`, `{"NBest":"a"}`},
		"deepgram":     {`{"results":{}}`, `{"results":{"channels":[{"alternatives":1}]}}`},
		"pocketsphinx": {"INFO: pocketsphinx.c(152): Parsed model\nhello there\n"},
	} {
		for _, data := range bad {
			_, err := engines[engine]([]byte(data))
			require.ErrorIs(t, err, transcript.ErrFormat, "%s: %s", engine, data)
		}
	}
}

// No words and no error means that nobody spoke.
func TestImportedSilence(t *testing.T) {
	t.Parallel()
	for engine, silent := range map[string][]string{
		"openai": {
			`{"text":""}`, `{"text":" \n ","segments":[]}`, `{"segments":[{"text":" "}],"text":""}`, `{"text":" [BLANK_AUDIO]\n"}`,
			`{"text":"(music) [ Silence ] ♪ *beep*"}`, `{"text":"(Música)"}`,
		},
		"whispercpp": {`{"transcription":[]}`, `{"transcription":[{"text":" [BLANK_AUDIO]","offsets":{"from":0,"to":30000}}]}`},
		"aws":        {`{"results":{"transcripts":[{"transcript":""}],"items":[]}}`},
		"google":     {`{}`, ` { } `, `{"results":[]}`, `{"totalBilledTime":"15s","requestId":"1"}`, `{"done":true,"response":{"@type":"x"}}`, `{"results":[{"resultEndTime":"1s"}]}`},
		"azure": {
			`{"RecognitionStatus":"NoMatch"}`, `{"RecognitionStatus":"InitialSilenceTimeout","Offset":0,"Duration":0}`,
			`{"durationMilliseconds":900,"combinedPhrases":[],"phrases":[]}`, `{"combinedRecognizedPhrases":[],"recognizedPhrases":[]}`,
		},
		"deepgram":     {`{"results":{"channels":[{"alternatives":[{"transcript":"","confidence":0,"words":[]}]}]}}`},
		"pocketsphinx": {"", "\n\n", "<s> 0.000 0.100 1.000000\n[NOISE] 0.110 0.200 0.100000\n"},
	} {
		for _, data := range silent {
			got, err := engines[engine]([]byte(data))
			require.NoError(t, err, "%s: %s", engine, data)
			assert.Zero(t, got, "%s: %s", engine, data)
		}
	}
}

func TestImporterLimits(t *testing.T) {
	t.Parallel()
	many := func(n int, element string) string { return "[" + strings.Repeat(element+",", n-1) + element + "]" }
	long := strings.Repeat("a", transcript.MaxText+1)
	wide := strings.Repeat("a ", transcript.MaxWords+1)
	nested := func(inner string) string { return many(transcript.MaxWords/1000+1, inner) }
	for name, c := range map[string][2]string{
		"text":                     {"openai", `{"text":"` + long + `"}`},
		"text that grows":          {"pocketsphinx", strings.Repeat("\xff", transcript.MaxText/2) + "\n"},
		"text of many words":       {"openai", `{"text":"` + wide + `"}`},
		"text of segments":         {"whispercpp", `{"transcription":[{"text":"` + long + `"}]}`},
		"text of words":            {"pocketsphinx", long + " 0.000 0.000 1.000000\n"},
		"words":                    {"openai", `{"text":"a","words":` + many(transcript.MaxWords+1, "{}") + `}`},
		"words of segments":        {"openai", `{"text":"a","segments":` + nested(`{"words":`+many(1000, "{}")+`}`) + `}`},
		"segments":                 {"openai", `{"text":"a","segments":` + many(transcript.MaxSegments+1, "{}") + `}`},
		"tokens":                   {"whispercpp", `{"transcription":` + nested(`{"tokens":`+many(1000, "{}")+`}`) + `}`},
		"items":                    {"aws", `{"results":{"items":` + many(2*transcript.MaxWords+1, "{}") + `}}`},
		"items that are words":     {"aws", `{"results":{"items":` + many(transcript.MaxWords+1, `{"alternatives":[{"content":"a"}]}`) + `}}`},
		"alternatives":             {"google", `{"results":[{"alternatives":` + many(1000, "{}") + `}]}`},
		"results":                  {"google", `{"results":` + many(transcript.MaxSegments+1, "{}") + `}`},
		"words of results":         {"google", `{"results":` + nested(`{"alternatives":[{"words":`+many(1000, "{}")+`}]}`) + `}`},
		"phrases":                  {"azure", `{"phrases":` + many(transcript.MaxSegments+1, "{}") + `}`},
		"words of phrases":         {"azure", `{"phrases":` + nested(`{"text":"a","words":`+many(1000, "{}")+`}`) + `}`},
		"words of an alternative":  {"deepgram", `{"results":{"channels":[{"alternatives":[{"words":` + many(transcript.MaxWords+1, "{}") + `}]}]}}`},
		"utterances":               {"deepgram", `{"results":{"channels":[{"alternatives":[{"transcript":"a"}]}],"utterances":` + many(transcript.MaxSegments+1, "{}") + `}}`},
		"lines":                    {"pocketsphinx", strings.Repeat("a 0.0 0.0 1.0\n", transcript.MaxWords+1)},
		"speakers by turns":        {"deepgram", turns(2 * transcript.MaxSegments)},
		"characters without space": {"openai", dense(transcript.MaxWords + 1)},
	} {
		got, err := engines[c[0]]([]byte(c[1]))
		require.ErrorIs(t, err, transcript.ErrTooLong, name)
		require.Zero(t, got, name)
	}
}

// turns is a talk in which the speaker changes with each word.
func turns(n int) string {
	var words strings.Builder
	for i := range n {
		fmt.Fprintf(&words, `,{"word":"a","speaker":%d}`, i%2)
	}
	return `{"results":{"channels":[{"alternatives":[{"transcript":"` + strings.Repeat("a ", n) + `","words":[` + words.String()[1:] + `]}]}]}}`
}

// dense is a text that has no spaces, each character of which is listed.
func dense(n int) string {
	return `{"text":"a ` + strings.Repeat("好", n-1) + `","words":[` + strings.Repeat(`{"word":"好"},`, transcript.MaxWords-1) + `{"word":"好"}]}`
}

func TestPocketsphinxConfidence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		printed string
		logs    bool
		want    float64
	}{
		"certain":              {"1.000000", false, 1},
		"rounded past one":     {"1.000200", false, 1},
		"half":                 {"0.500000", false, 0.5},
		"printed as zero":      {"0.000000", false, 1e-6},
		"logarithm of certain": {"0.000000", true, 1},
		"logarithm of a half":  {"-6931.800000", true, 0.5},
		"logarithm of nothing": {"-1000000000000.000000", true, 1e-6},
		"logarithm past one":   {"3.000000", true, 1},
	} {
		output := "a 0.100 0.200 " + c.printed + "\n"
		if c.logs {
			output += "b 0.300 0.400 -1.000000\n"
		}
		got, err := transcript.FromPocketsphinx([]byte(output))
		require.NoError(t, err, name)
		assert.InDelta(t, c.want, got.Words[0].Confidence, 1e-4, name)
	}
	bare, err := transcript.FromPocketsphinx([]byte("hello this is me\n"))
	require.NoError(t, err)
	assert.Equal(t, "hello this is me", bare.Text, "text without times is not silence")
	assert.Len(t, bare.Words, 4)
}

func TestLanguagesOfEngines(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"french": "fr", "French": "fr", "haitian creole": "ht", "fr": "fr", "fr-CA": "fr-CA", "fr-ca": "fr-CA", "cmn-Hans-CN": "zh-Hans-CN",
		"": "und", "und": "und", "klingon of the north": "und", "x\\u0007y": "und", strings.Repeat("en-", 40) + "a": "und",
	} {
		got, err := transcript.FromOpenAI([]byte(`{"text":"a","language":"` + said + `"}`))
		require.NoError(t, err, said)
		assert.Equal(t, want, got.Language.String(), said)
	}
	fields := strings.Fields(transcript.EngineLanguages)
	require.Zero(t, len(fields)%2)
	for i := 1; i < len(fields); i += 2 {
		_, err := language.ParseBase(fields[i])
		require.NoError(t, err, fields[i-1])
	}
}

// What is wrong with one part of an answer costs that part.
func TestImportersKeepWhatTheyCan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ engine, data, want string }{
		"one word of another shape": {
			"openai", `{"text":"a b c","words":[{"word":"a","start":1,"end":2},{"word":["b"],"start":2,"end":3},"b",{"word":"c","start":4,"end":5}]}`,
			"und \"a b c\"\n  1000   2000 0.000 a\n  2000   4000 0.000 b\n  4000   5000 0.000 c\n",
		},
		"a length that most words pass": {
			"openai", `{"text":"a b","duration":0.5,"words":[{"word":"a","start":1,"end":2},{"word":"b","start":2,"end":3}]}`,
			"und \"a b\"\n  1000   2000 0.000 a\n  2000   3000 0.000 b\n",
		},
		"a length that one word passes": {
			"openai", `{"text":"a b c","duration":3,"words":[{"word":"a","start":1,"end":1.5},{"word":"b","start":1.5,"end":2},{"word":"c","start":20,"end":30}]}`,
			"und \"a b c\"\n  1000   1500 0.000 a\n  1500   2000 0.000 b\n  2000   3000 0.000 c\n",
		},
		"two wrong times beside each other": {
			"openai", `{"text":"a b c d e","words":[{"word":"a","start":1,"end":2},{"word":"b","start":90,"end":91},{"word":"c","start":92,"end":93},{"word":"d","start":4,"end":5},{"word":"e","start":5,"end":6}]}`,
			"und \"a b c d e\"\n  1000   2000 0.000 a\n  2000   3000 0.000 b\n  3000   4000 0.000 c\n  4000   5000 0.000 d\n  5000   6000 0.000 e\n",
		},
		"a wrong time before the last word": {
			"deepgram", `{"results":{"channels":[{"alternatives":[{"transcript":"a b c","words":[{"word":"a","start":1,"end":2},{"word":"b","start":900,"end":901},{"word":"c","start":3,"end":4}]}]}]}}`,
			"und \"a b c\"\n  1000   2000 0.000 a\n  2000   3000 0.000 b\n  3000   4000 0.000 c\n",
		},
		"speakers without items": {
			"aws", `{"results":{"transcripts":[{"transcript":"a b"}],"speaker_labels":{"segments":{}},"items":[{"start_time":"1","end_time":"2","alternatives":[{"content":"a"}]},{"start_time":"2","end_time":"3","alternatives":7}]}}`,
			"und \"a b\"\n  1000   2000 0.000 a\n     0      0 0.000 b\n",
		},
		"audio segments": {
			"aws", `{"results":{"transcripts":[{"transcript":"a b c"}],"items":[],"audio_segments":[{"transcript":"a b","start_time":"1","end_time":"3","speaker_label":"spk_0","language_code":"fr-CA"},{"transcript":"c","start_time":"4","end_time":"5","speaker_label":"spk_1","language_code":"en-US"}]}}`,
			"fr-CA \"a b c\"\nsegment \"spk_0\"\n  1000   2000 0.000 a\n  2000   3000 0.000 b\nsegment \"spk_1\" en-US\n  4000   5000 0.000 c\n",
		},
		"combined phrases only": {
			"azure", `{"combinedPhrases":[{"text":"a b"}]}`,
			"und \"a b\"\n     0      0 0.000 a\n     0      0 0.000 b\n",
		},
		"a simple result": {
			"azure", `{"RecognitionStatus":"Success","DisplayText":"A b.","Offset":10000000,"Duration":20000000}`,
			"und \"A b.\"\n  1000   2000 0.000 A\n  2000   3000 0.000 b\n",
		},
		"no text but words": {
			"azure", `{"RecognitionStatus":"Success","NBest":[{"Lexical":"a b","Words":[{"Word":"a","Offset":10000000,"Duration":10000000,"Confidence":0.5}]}]}`,
			"und \"a b\"\n  1000   2000 0.500 a\n     0      0 0.000 b\n",
		},
		"a word whose beginning is zero": {
			"google", `{"results":[{"alternatives":[{"transcript":"a b","words":[{"word":"a","endTime":"1s"},{"word":"b","startTime":"3s","endTime":"4s"}]}]}]}`,
			"und \"a b\"\n     0   1000 0.000 a\n  3000   4000 0.000 b\n",
		},
		"another channel of Google": {
			"google", `{"results":[{"channelTag":1,"alternatives":[{"transcript":"a"}],"resultEndTime":"1s"},{"channelTag":2,"alternatives":[{"transcript":"a"}],"resultEndTime":"1s"}]}`,
			"und \"a\"\n     0   1000 0.000 a\n",
		},
		"another channel of Deepgram": {
			"deepgram", `{"results":{"channels":[{"alternatives":[{"transcript":"a b"}]}],"utterances":[{"transcript":"a","start":1,"end":2,"channel":1,"speaker":7},{"transcript":"a b","start":3,"end":5,"channel":0,"speaker":0}]}}`,
			"und \"a b\"\nsegment \"0\"\n  3000   4000 0.000 a\n  4000   5000 0.000 b\n",
		},
		"composed and decomposed": {
			"openai", `{"text":"\u00e9t\u00e9 l\u00e0 d\u00e9j\u00e0","words":[{"word":"e\u0301te\u0301","start":1,"end":2},{"word":"la\u0300","start":5,"end":6},{"word":"de\u0301ja\u0300","start":6,"end":6.5}]}`,
			"und \"été là déjà\"\n  1000   2000 0.000 été\n  5000   6000 0.000 là\n  6000   6500 0.000 déjà\n",
		},
		"a time after a week": {
			"openai", `{"text":"a b","words":[{"word":"a","start":1,"end":2},{"word":"b","start":3,"end":700000}]}`,
			"und \"a b\"\n  1000   2000 0.000 a\n     0      0 0.000 b\n",
		},
		"a list that lacks most words": {
			"openai", `{"text":"one two three four five six end","words":[{"word":"hm","start":1,"end":2},{"word":"end","start":7,"end":8}]}`,
			"und \"one two three four five six end\"\n     0   1000 0.000 one\n  1000   2000 0.000 two\n  2000   3500 0.000 three\n  3500   4750 0.000 four\n  4750   6000 0.000 five\n  6000   7000 0.000 six\n  7000   8000 0.000 end\n",
		},
	} {
		got, err := engines[c.engine]([]byte(c.data))
		require.NoError(t, err, name)
		assert.Equal(t, c.want, lines(got), name)
	}
}

// inOrder holds that words with a time begin no sooner than those before end,
// and end with the recording.
func inOrder(t require.TestingT, got transcript.Transcript, length time.Duration) {
	last := time.Duration(0)
	for i, w := range got.Words {
		require.Less(t, w.From, w.To, "word %d", i)
		if w.Start != 0 || w.End != 0 {
			require.GreaterOrEqual(t, w.Start, last, "word %d of %q", i, got.Text)
			require.LessOrEqual(t, w.End, length, "word %d", i)
			last = w.End
		}
	}
}

func FuzzImporters(f *testing.F) {
	for _, data := range answers(f) {
		f.Add(string(data), int64(3*time.Second))
	}
	for _, data := range []string{
		`{"text":"a b","words":[{"word":"b","start":1e308,"end":-1},{"word":"a"}]}`,
		`{"text":"a b c","duration":"1e-9","words":[{"word":"a","start":9,"end":"NaN"},{"word":"b","start":"8","end":8.5},{"word":"c","start":-0.0,"end":7e5}]}`,
		`{"text":"你好 * ** *** a","words":[{"word":"好","start":1,"end":2},{"word":"**","start":2,"end":1}],"segments":[{"text":"你","speaker":-1}]}`,
		`{"results":[{"alternatives":[{"words":[{"word":" ","startTime":{"seconds":"-9e99","nanos":1e308}}]}]}]}`,
		"a 0.000 99999999999999999999.000 -0.1\nb -1.0 1.0 9.9\n",
		`{"phrases":[{"text":"\u0301a","offsetMilliseconds":9223372036854775807,"durationMilliseconds":1e19}]}`,
	} {
		f.Add(data, int64(0))
	}
	f.Fuzz(func(t *testing.T, data string, nanoseconds int64) {
		length := time.Duration(max(0, nanoseconds))
		for name, read := range engines {
			got, err := read([]byte(data))
			if err != nil {
				require.True(t, errors.Is(err, transcript.ErrFormat) || errors.Is(err, transcript.ErrTooLong), "%s: %v", name, err)
				require.Zero(t, got)
				continue
			}
			require.NoError(t, got.Check(), name)
			require.True(t, utf8.ValidString(got.Text), name)
			inOrder(t, got, 7*24*time.Hour)
			again, err := read([]byte(data))
			require.NoError(t, err)
			require.Equal(t, got, again, name)
			fitted := got.Fit(length)
			require.Equal(t, got, again, "Fit changes nothing in what it is given")
			require.NoError(t, fitted.Check(), name)
			inOrder(t, fitted, length)
			require.Equal(t, fitted, fitted.Fit(length), "what fits, fits")
			stored, err := json.Marshal(fitted)
			require.NoError(t, err)
			var back transcript.Transcript
			require.NoError(t, json.Unmarshal(stored, &back))
			require.Equal(t, fitted, back)
		}
	})
}
