package pocketsphinx

import (
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// read makes a transcript of what the program printed, with its times inside
// the clip.
func read(output []byte, tag language.Tag, length time.Duration) (transcript.Transcript, error) {
	t, err := transcript.FromPocketsphinx(output)
	if err != nil || t.Empty() {
		return transcript.Transcript{}, err
	}
	t.Language = tag
	return t.Fit(length), nil
}
