package pocketsphinx

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
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

var update = flag.Bool("update", false, "write the golden files")

func TestReadGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.Len(t, files, 3)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			output, err := os.ReadFile(file)
			require.NoError(t, err)
			heard, err := read(output, language.AmericanEnglish, 10*time.Second)
			require.NoError(t, err)
			require.NoError(t, heard.Check())
			got, err := json.MarshalIndent(heard, "", "  ")
			require.NoError(t, err)
			golden := strings.TrimSuffix(file, ".txt") + ".json"
			if *update {
				require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got)+"\n")
		})
	}
}

func TestReadKeepsTimesAndText(t *testing.T) {
	output := "hello there\n<s> 0.000 0.140 0.999600\nhello(2) 0.150 0.480 0.998102\nthere 0.490 0.690 1.000200\n"
	got, err := read([]byte(output), language.English, time.Second)
	require.NoError(t, err)
	assert.Equal(t, transcript.Transcript{
		Text: "hello there", Language: language.English,
		Words: []transcript.Word{
			{From: 0, To: 5, Start: 150 * time.Millisecond, End: 480 * time.Millisecond, Confidence: 0.998102},
			{From: 6, To: 11, Start: 490 * time.Millisecond, End: 690 * time.Millisecond, Confidence: 1},
		},
	}, got)
}

func TestReadNothing(t *testing.T) {
	for name, output := range map[string]string{
		"no output":    "",
		"empty lines":  "\n\n",
		"only silence": "\n<s> 0.000 1.000 1.000000\n</s> 1.010 1.060 1.000000\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read([]byte(output), language.English, time.Second)
			require.NoError(t, err)
			assert.Zero(t, got)
		})
	}
}

func TestReadRefusesTooMuch(t *testing.T) {
	line := "a 0.000 0.000 1.000000\n"
	_, err := read([]byte(strings.Repeat(line, transcript.MaxWords+1)), language.English, time.Second)
	require.ErrorIs(t, err, transcript.ErrTooLong)

	long := strings.Repeat("a", transcript.MaxText/2) + " 0.000 0.000 1.000000\n"
	_, err = read([]byte(strings.Repeat(long, 2)), language.English, time.Second)
	require.ErrorIs(t, err, transcript.ErrTooLong)
}

func TestTheReasonQuotesErrorsOnly(t *testing.T) {
	messages := tail{limit: 200}
	for _, line := range []string{
		strings.Repeat("INFO: padding\n", 100),
		"INFO: what somebody said\n",
		"ERROR: \"acmod.c\", line 78: Folder does not contain 'mdef'\n",
		"INFO: after\n",
	} {
		n, err := messages.Write([]byte(line))
		require.NoError(t, err)
		require.Len(t, line, n)
	}
	assert.Len(t, messages.data, 200)
	assert.Equal(t, ": ERROR: \"acmod.c\", line 78: Folder does not contain 'mdef'", messages.reason())
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(f, err)
	for _, file := range files {
		output, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(output, int64(time.Second))
	}
	f.Fuzz(func(t *testing.T, output []byte, nanoseconds int64) {
		length := time.Duration(max(nanoseconds, 0))
		got, err := read(output, language.English, length)
		if err != nil {
			require.ErrorIs(t, err, transcript.ErrTooLong)
			return
		}
		require.NoError(t, got.Check())
		var last time.Duration
		for i, w := range got.Words {
			require.GreaterOrEqual(t, w.Start, last, "word %d", i)
			require.LessOrEqual(t, w.End, length, "word %d", i)
			require.NotZero(t, w.Confidence, "word %d", i)
			last = w.End
		}
	})
}
