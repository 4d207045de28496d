package transcript_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/transcript"
)

var engines = map[string]transcript.Importer{
	"openai.json": transcript.FromOpenAI, "whispercpp.json": transcript.FromWhisperCpp, "aws.json": transcript.FromAWS,
	"google.json": transcript.FromGoogle, "azure.json": transcript.FromAzure, "azurefast.json": transcript.FromAzure,
	"deepgram.json": transcript.FromDeepgram, "pocketsphinx.txt": transcript.FromPocketsphinx,
}

func TestImporters(t *testing.T) {
	t.Parallel()
	for name, read := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join("testdata", "engines", name))
			require.NoError(t, err)
			got, err := read(data)
			require.NoError(t, err)
			require.NoError(t, got.Check())
			require.NotEmpty(t, got.Words)
			for i, w := range got.Words {
				assert.Positive(t, w.End, "word %d", i)
			}
			out, err := json.MarshalIndent(got, "", " ")
			require.NoError(t, err)
			golden(t, name+".golden", string(out)+"\n")
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
		if name == "pocketsphinx.txt" {
			continue
		}
		_, err := read([]byte("not json"))
		require.ErrorIs(t, err, transcript.ErrFormat, name)
		_, err = read([]byte(`{"error":"no"}`))
		require.ErrorIs(t, err, transcript.ErrFormat, name)
		_, err = read(make([]byte, transcript.MaxImport+1))
		require.ErrorIs(t, err, transcript.ErrTooLong, name)
	}
	for _, silent := range []func() (transcript.Transcript, error){
		func() (transcript.Transcript, error) { return transcript.FromGoogle([]byte("{}")) },
		func() (transcript.Transcript, error) { return transcript.FromOpenAI([]byte(`{"text":""}`)) },
		func() (transcript.Transcript, error) { return transcript.FromPocketsphinx([]byte("<s> 0 0.1 1\n")) },
		func() (transcript.Transcript, error) {
			return transcript.FromAzure([]byte(`{"RecognitionStatus":"NoMatch"}`))
		},
	} {
		got, err := silent()
		require.NoError(t, err)
		assert.True(t, got.Empty(), "silence is no error")
	}
}

func FuzzImporters(f *testing.F) {
	for name := range engines {
		data, err := os.ReadFile(filepath.Join("testdata", "engines", name))
		require.NoError(f, err)
		f.Add(string(data))
	}
	f.Add(`{"text":"a b","words":[{"word":"b","start":1e308,"end":-1},{"word":"a"}]}`)
	f.Fuzz(func(t *testing.T, data string) {
		for name, read := range engines {
			got, err := read([]byte(data))
			if err == nil {
				require.NoError(t, got.Check(), name)
			}
		}
	})
}

func TestSubtitles(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "engines", "deepgram.json"))
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
