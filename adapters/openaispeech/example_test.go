package openaispeech_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/adapters/openaispeech"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// A recogniser behind the gate, over a server that plays OpenAI.
func Example() {
	speech := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"language":"french","text":"Rappelez-moi, merci.",
			"words":[{"word":"Rappelez","start":0.2,"end":0.7},{"word":"moi","start":0.7,"end":0.9},{"word":"merci","start":1.1,"end":1.5}]}`)
	}))
	defer speech.Close()

	heard, err := openaispeech.New(speech.URL, &openaispeech.Options{APIKey: "from-the-vault"})
	if err != nil {
		fmt.Println(err)
		return
	}
	message := pcm.Clip{Rate: 8000}
	for range 10 { // a sound with the rhythm of speech, which passes the gate
		message = message.Append(pcm.Tone(8000, 120*time.Millisecond, 220, 700), pcm.Silence(8000, 80*time.Millisecond))
	}
	t, err := transcript.Gate(heard).Recognize(context.Background(), message, transcript.Hints{
		Languages:  []language.Tag{language.CanadianFrench},
		Vocabulary: []string{"Tremblay"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Language, t.Text)
	for i, w := range t.Words {
		fmt.Println(w.Start, w.End, t.Word(i))
	}
	// Output:
	// fr-CA Rappelez-moi, merci.
	// 200ms 900ms Rappelez-moi
	// 1.1s 1.5s merci
}

// The wait that a server asks for is in the error.
func ExampleStatusError() {
	speech := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer speech.Close()

	heard, err := openaispeech.New(speech.URL, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = heard.Recognize(context.Background(), pcm.Silence(8000, time.Second), transcript.Hints{})

	var refusal *transcript.Error
	var status *openaispeech.StatusError
	if errors.As(err, &refusal) && errors.As(err, &status) {
		fmt.Println(refusal.Kind, status.Status, status.RetryAfter)
	}
	// Output: retry 429 20s
}
