package transcript_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/transcript"
)

func TestSubtitles(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/engines/deepgram.json")
	require.NoError(t, err)
	heard, err := transcript.FromDeepgram(data)
	require.NoError(t, err)
	vtt, err := heard.WebVTT()
	require.NoError(t, err)
	assert.Equal(t, "WEBVTT\n\n00:00:00.080 --> 00:00:02.160\nHello. It's Tom.\n", vtt)
	srt, err := heard.SRT()
	require.NoError(t, err)
	assert.Equal(t, "1\n00:00:00,080 --> 00:00:02,160\nHello. It's Tom.\n\n", srt)

	hostile := transcript.Plain("<script> a --> b", heard.Language)
	_, err = hostile.WebVTT()
	require.ErrorIs(t, err, transcript.ErrNoTimes)
	for i := range hostile.Words {
		hostile.Words[i].Start = time.Duration(i) * time.Second
		hostile.Words[i].End = hostile.Words[i].Start + 500*time.Millisecond
	}
	vtt, err = hostile.WebVTT()
	require.NoError(t, err)
	assert.NotContains(t, strings.ReplaceAll(vtt, "0 --> 0", ""), "-->")
	assert.Contains(t, vtt, "&lt;script&gt;")
	empty, err := transcript.Transcript{}.WebVTT()
	require.NoError(t, err)
	assert.Equal(t, "WEBVTT\n", empty)
}

func TestSubtitlesBreak(t *testing.T) {
	t.Parallel()
	long := transcript.Plain(strings.Repeat("wordy ", 20)+"end", heldLanguage)
	for i := range long.Words {
		long.Words[i].Start = time.Duration(i) * 300 * time.Millisecond
		long.Words[i].End = long.Words[i].Start + 200*time.Millisecond
		if i > 10 {
			long.Words[i].Start += 5 * time.Second
			long.Words[i].End += 5 * time.Second
		}
	}
	srt, err := long.SRT()
	require.NoError(t, err)
	lines := 0
	for line := range strings.Lines(srt) {
		if strings.HasPrefix(line, "wordy") || strings.HasPrefix(line, "end") {
			lines++
			assert.LessOrEqual(t, len(line), 43)
		}
	}
	assert.Equal(t, 4, lines, srt)
}

func TestSubtitlesOfSpeakers(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/engines/aws-speakers.json")
	require.NoError(t, err)
	heard, err := transcript.FromAWS(data)
	require.NoError(t, err)
	heard.Segments[1].Speaker = "R&D <x>"
	vtt, err := heard.WebVTT()
	require.NoError(t, err)
	assert.Equal(t, `WEBVTT

00:00:00.100 --> 00:00:01.300
<v spk_0>You *** liar!

00:00:01.900 --> 00:00:02.900
<v R&amp;D &lt;x&gt;>Who, me?

00:00:03.000 --> 00:00:05.000
<v spk_0>Call 555-0182.
`, vtt)
}

// What stands before a word without a space begins the line with it; SRT has no
// escapes, and a replacement must not make a new arrow.
func TestSubtitlesKeepTheText(t *testing.T) {
	t.Parallel()
	s := spoken("one ---> <b> {\\an8}two dos ¿Qué? ¿tres? tres")
	srt, err := s.SRT()
	require.NoError(t, err)
	assert.Equal(t, "1\n00:00:00,000 --> 00:00:04,800\none ---› ‹b› (\\an8}two dos\n\n2\n00:00:05,000 --> 00:00:07,800\n¿Qué? ¿tres? tres\n\n", srt)

	gap := spoken("a\x00b c\n\nd e \xff")
	for _, i := range []int{0, 2, 4} {
		gap.Words[i].Start, gap.Words[i].End = 0, 0
	}
	vtt, err := gap.WebVTT()
	require.NoError(t, err)
	assert.Equal(t, "WEBVTT\n\n00:00:00.000 --> 00:00:03.940\na b c d e \uFFFD\n", vtt, "words without times are not lost")

	_, err = transcript.Transcript{Text: "an engine without words"}.SRT()
	require.ErrorIs(t, err, transcript.ErrNoTimes)
	dense := spoken(strings.Repeat("好的 ", 20))
	vtt, err = dense.WebVTT()
	require.NoError(t, err)
	for line := range strings.Lines(vtt) {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 30, "wide letters count twice")
	}
}

// Both formats, read back: every word once, in order; times in order; no line
// of the text is empty or an arrow.
func TestSubtitlesReadBack(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"a", "b&c", "-->", "--->", "<i>", "¿Dónde", "\xff", "x\n\ny", "7", "NOTE", "WEBVTT", "(", strings.Repeat("long", 12), "好"})
	clock := regexp.MustCompile(`^(\d\d):(\d\d):(\d\d)[.,](\d\d\d) --> (\d\d):(\d\d):(\d\d)[.,](\d\d\d)$`)
	rapid.Check(t, func(r *rapid.T) {
		heard := transcript.Plain(strings.Join(rapid.SliceOfN(word, 1, 40).Draw(r, "words"), " "), language.English)
		at := time.Duration(0)
		for i := range heard.Words {
			at += time.Duration(rapid.IntRange(-200, 3000).Draw(r, "pause")) * time.Millisecond
			at = max(at, 0)
			heard.Words[i].Start = at
			heard.Words[i].End = at + time.Duration(rapid.IntRange(0, 900).Draw(r, "length"))*time.Millisecond
			if i%3 == 1 && rapid.Bool().Draw(r, "unknown") {
				heard.Words[i].Start, heard.Words[i].End = 0, 0
			}
		}
		heard.Words[0].End = heard.Words[0].Start + time.Second
		want := strings.Join(strings.Fields(strings.ToValidUTF8(heard.Text, "\uFFFD")), "")
		for name, write := range map[string]func() (string, error){"vtt": heard.WebVTT, "srt": heard.SRT} {
			out, err := write()
			require.NoError(r, err)
			out = strings.TrimPrefix(out, "WEBVTT\n\n")
			shown, last := "", 0
			for i, block := range strings.Split(strings.TrimSpace(out), "\n\n") {
				rows := strings.Split(block, "\n")
				if name == "srt" {
					require.Equal(r, fmt.Sprint(i+1), rows[0])
					rows = rows[1:]
				}
				require.Len(r, rows, 2, "one line of times, one of text: %q", block)
				m := clock.FindStringSubmatch(rows[0])
				require.NotNil(r, m, rows[0])
				var v [8]int
				for k := range v {
					v[k], err = strconv.Atoi(m[k+1])
					require.NoError(r, err)
				}
				start, end := ((v[0]*60+v[1])*60+v[2])*1000+v[3], ((v[4]*60+v[5])*60+v[6])*1000+v[7]
				require.Greater(r, end, start)
				require.GreaterOrEqual(r, start, last)
				last = start
				require.NotContains(r, rows[1], "-->")
				require.NotContains(r, rows[1], "<")
				shown += rows[1]
			}
			if name == "vtt" {
				shown = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(shown)
			} else {
				shown = strings.NewReplacer("‹", "<", "›", ">").Replace(shown)
			}
			require.Equal(r, want, strings.ReplaceAll(shown, " ", ""), name)
		}
	})
}

// Bytes that are no character grow in JSON; the words stay the same words.
func TestJSONKeepsTheMapping(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom([]byte("a b\xff\xc3\xa9\xef\xbf\xbd.\n<")), 0, 40).Draw(r, "text"))
		heard := transcript.Plain(text, language.English)
		require.NoError(r, heard.Check())
		data, err := json.Marshal(transcript.NewDocument(heard, ""))
		require.NoError(r, err)
		require.NotContains(r, string(data), "<")
		var back transcript.Document
		require.NoError(r, json.Unmarshal(data, &back))
		got := back.Current()
		require.NoError(r, got.Check())
		require.Len(r, got.Words, len(heard.Words))
		for i := range got.Words {
			require.Equal(r, string([]rune(heard.Word(i))), got.Word(i))
		}
	})
}

func TestJSONOfAWord(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`{"start":"soon"}`, `{"start":"1s","end":"99999999999h"}`, `{"from":"a"}`, `{"confidence":1e99}`, `[]`} {
		var w transcript.Word
		require.Error(t, json.Unmarshal([]byte(bad), &w), bad)
		assert.Zero(t, w)
	}
	data, err := json.Marshal(transcript.Word{From: 1, To: 2, Start: 0, End: 1500 * time.Millisecond})
	require.NoError(t, err)
	assert.Equal(t, `{"from":1,"to":2,"start":"0s","end":"1.5s"}`, string(data))
}
