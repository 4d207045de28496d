package pocketsphinx_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/adapters/pocketsphinx"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/transcript/transcripttest"
)

// speak has Debian's flite say a sentence, or skips the test and says what is
// missing.
func speak(t testing.TB, text string) pcm.Clip {
	t.Helper()
	if testing.Short() {
		t.Skip("a live recogniser takes seconds")
	}
	for name, from := range map[string]string{
		"pocketsphinx_continuous": "pocketsphinx pocketsphinx-en-us",
		"flite":                   "flite",
	} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not here; Debian packages: %s", name, from)
		}
	}
	if _, err := os.Stat("/usr/share/pocketsphinx/model/en-us/en-us/mdef"); err != nil {
		t.Skip("the model is not here; Debian package: pocketsphinx-en-us")
	}
	path := filepath.Join(t.TempDir(), "speech.wav")
	out, err := exec.CommandContext(t.Context(), "flite", "-voice", "slt", "-t", text, "-o", path).CombinedOutput()
	require.NoError(t, err, "%s", out)
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	clip, err := pcm.ReadWAV(file, time.Minute)
	require.NoError(t, err)
	return clip
}

func TestLive(t *testing.T) {
	t.Parallel()
	first := speak(t, "hello this is a message for doctor smith please call me back tomorrow morning")
	second := speak(t, "please send the invoice on monday")
	pause := 3 * time.Second
	clip := pcm.Silence(first.Rate, pause).Append(first, pcm.Silence(first.Rate, pause), second, pcm.Silence(first.Rate, pause))

	r := newRecognizer(t, pocketsphinx.Options{})
	got, err := transcript.Gate(r).Recognize(t.Context(), clip, transcript.Hints{})
	require.NoError(t, err)
	require.NoError(t, got.Check())
	t.Log(got.Text)

	// Each word where it was spoken, give or take the padding of the voice.
	want := []struct {
		word     string
		from, to time.Duration
	}{
		{"hello", pause, pause + time.Second},
		{"message", pause, pause + first.Duration()/2},
		{"morning", pause + first.Duration()/2, pause + first.Duration()},
		{"please", 2*pause + first.Duration(), 2*pause + first.Duration() + second.Duration()},
		{"monday", 2*pause + first.Duration(), 2*pause + first.Duration() + second.Duration()},
	}
	const slack = 300 * time.Millisecond
	i := 0
	for _, w := range want {
		for i < len(got.Words) && (got.Word(i) != w.word || got.Words[i].Start < w.from-slack) {
			i++
		}
		require.Less(t, i, len(got.Words), "%q was not heard, or not in its place", w.word)
		assert.LessOrEqual(t, got.Words[i].End, w.to+slack, w.word)
		assert.Positive(t, got.Words[i].Confidence, w.word)
	}
}

func TestLiveSilence(t *testing.T) {
	t.Parallel()
	rate := speak(t, "one").Rate
	got, err := newRecognizer(t, pocketsphinx.Options{}).Recognize(t.Context(), pcm.Silence(rate, 2*time.Second), transcript.Hints{})
	require.NoError(t, err)
	assert.True(t, got.Empty(), got.Text)
}

func TestLiveWithoutItsModel(t *testing.T) {
	t.Parallel()
	clip := speak(t, "one")
	r := newRecognizer(t, pocketsphinx.Options{HMM: t.TempDir()})
	_, err := r.Recognize(t.Context(), clip, transcript.Hints{})
	refused(t, err, transcript.Permanent)
	assert.ErrorContains(t, err, "mdef")
}

func TestLiveConformance(t *testing.T) {
	t.Parallel()
	sample := transcripttest.Sample{Speech: speak(t, "call me back"), Language: language.English}
	transcripttest.TestRecognizer(t, sample, func(t *testing.T) transcript.Recognizer {
		return newRecognizer(t, pocketsphinx.Options{Parallel: 2})
	})
}
