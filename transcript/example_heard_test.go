package transcript_test

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
)

// An engine that writes a number that it has not listed so, and a clip that is
// shorter than it says.
func ExampleFromOpenAI() {
	heard, err := transcript.FromOpenAI([]byte(`{"language":"english","text":"Call 911, now.","words":[
		{"word":"Call","start":0.2,"end":0.5},{"word":"nine","start":0.5,"end":0.8},{"word":"eleven","start":0.8,"end":1.3},
		{"word":"now","start":1.6,"end":99}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	heard = heard.Fit(2 * time.Second)
	for i, w := range heard.Words {
		fmt.Println(w.Start, w.End, heard.Word(i))
	}
	// Output:
	// 200ms 500ms Call
	// 500ms 1.3s 911
	// 1.6s 2s now
}

// When to put a tone over the words that a filter would hide.
func ExampleTranscript_Times() {
	filter, err := transcript.NewFilter(language.English, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	heard := transcript.Plain("that bull shit again", language.English)
	for i := range heard.Words {
		heard.Words[i].Start = time.Duration(i) * time.Second
		heard.Words[i].End = heard.Words[i].Start + 700*time.Millisecond
	}
	for _, span := range filter.Spans(heard) {
		fmt.Println(heard.Times(heard.Within(span.From, span.To)))
	}
	// Output: 1s 2.7s true
}

func ExampleDiff() {
	doc := transcript.NewDocument(transcript.Plain("call a stair back", language.English), "engine")
	doc, err := doc.Correct(phone.Actor{Kind: phone.Person, ID: "ann"}, time.Time{}, "call Alistair back")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range transcript.Diff(doc.Recognized, doc.Current()) {
		fmt.Println("words", c.Old, "became words", c.New)
	}
	// Output: words [1 3] became words [1 2]
}

func ExampleOnce() {
	engine := transcript.RecognizerFunc(func(context.Context, pcm.Clip, transcript.Hints) (transcript.Transcript, error) {
		fmt.Println("asked")
		return transcript.Plain("call me back", language.English), nil
	})
	r := transcript.Once(engine, transcript.NewMemoryAnswers(100))
	for range 2 { // a job that is run again
		t, err := r.Recognize(context.Background(), pcm.Tone(8000, time.Second, 440), transcript.Hints{})
		fmt.Println(t.Text, err)
	}
	// Output:
	// asked
	// call me back <nil>
	// call me back <nil>
}
