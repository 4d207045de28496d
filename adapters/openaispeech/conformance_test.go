package openaispeech_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/adapters/openaispeech"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/transcript/transcripttest"
)

func TestConformance(t *testing.T) {
	for file, tag := range map[string]language.Tag{
		"openai": language.English, "openai-plain": language.CanadianFrench, "whisper-cpp": language.French,
		"faster-whisper": language.Spanish, "segments-only": language.English, "chinese": language.Chinese, "hostile": language.English,
	} {
		t.Run(file, func(t *testing.T) {
			body, err := os.ReadFile("testdata/" + file + ".json")
			require.NoError(t, err)
			s := server(t, saying(200, string(body)))
			// Shorter than what the engines say that they heard.
			sample := transcripttest.Sample{Speech: tone(8000, 2*time.Second), Language: tag}
			transcripttest.TestRecognizer(t, sample, func(t *testing.T) transcript.Recognizer {
				return newRecognizer(t, s.URL, openaispeech.Options{})
			})
		})
	}
}
