package pocketsphinx_test

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/adapters/pocketsphinx"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// A message in French is refused before anything runs, with an error that
// tells the job not to come back.
func Example() {
	heard, err := pocketsphinx.New(&pocketsphinx.Options{Parallel: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	message := pcm.Clip{Rate: 16000, Samples: make([]int16, 32000)}
	hints := transcript.Hints{Languages: []language.Tag{language.CanadianFrench}}
	_, err = heard.Recognize(context.Background(), message, hints)

	var refusal *transcript.Error
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Kind, refusal.Retryable())
	}
	fmt.Println(err)
	// Output:
	// unsupported false
	// transcript: not recognised (unsupported): pocketsphinx: the model knows en-US, not fr-CA
}
