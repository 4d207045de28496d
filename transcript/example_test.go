package transcript_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
)

func Example() {
	filter, err := transcript.NewFilter(language.CanadianFrench, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(filter.Text("salut c'est l'hostie de facture"))
	fmt.Println(filter.Text("le prêtre a donné l'hostie à grand-maman"))
	// Output:
	// salut c'est l'****** de facture
	// le prêtre a donné l'hostie à grand-maman
}

func ExampleFilter_AppendSpans() {
	filter, _ := transcript.NewFilter(language.English, &transcript.FilterOptions{Mode: transcript.Tag})
	text := "that mother fucker parked in my spot"
	for _, s := range filter.AppendSpans(nil, text) {
		fmt.Printf("%q %s %d\n", text[s.From:s.To], s.Category, s.Severity)
	}
	// Output:
	// "mother fucker" sexual 3
}

func ExampleFilter_Transcript() {
	filter, _ := transcript.NewFilter(language.Spanish, &transcript.FilterOptions{Mode: transcript.First})
	heard := transcript.Transcript{Text: "qué mierda es", Words: []transcript.Word{
		{From: 0, To: 4, Start: 0, End: 200 * time.Millisecond},
		{From: 5, To: 11, Start: 250 * time.Millisecond, End: 800 * time.Millisecond},
		{From: 12, To: 14, Start: 900 * time.Millisecond, End: time.Second},
	}}
	shown := filter.Transcript(heard)
	for i, w := range shown.Words {
		fmt.Println(shown.Word(i), w.Start)
	}
	// Output:
	// qué 0s
	// m***** 250ms
	// es 900ms
}

func ExampleFilter_Writer() {
	filter, _ := transcript.NewFilter(language.English, nil)
	w := filter.Writer(os.Stdout)
	for _, part := range []string{"what the fu", "ck is this bull", " shit\n"} {
		if _, err := w.Write([]byte(part)); err != nil {
			fmt.Println(err)
		}
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// what the **** is this **** ****
}

func ExampleDocument_Correct() {
	heard := transcript.Plain("call alice stair", language.English)
	for i := range heard.Words {
		heard.Words[i].Start = time.Duration(i) * time.Second
		heard.Words[i].End = time.Duration(i+1) * time.Second
	}
	doc := transcript.NewDocument(heard, "engine")
	doc, err := doc.Correct(phone.Actor{Kind: phone.Person, ID: "ann"}, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), "call Alistair")
	if err != nil {
		fmt.Println(err)
		return
	}
	now := doc.Current()
	fmt.Println(now.Word(1), now.Words[1].Start, now.Words[1].End)
	fmt.Println(doc.Recognized.Text)
	// Output:
	// Alistair 1s 3s
	// call alice stair
}

func ExampleGate() {
	engine := transcript.RecognizerFunc(func(context.Context, pcm.Clip, transcript.Hints) (transcript.Transcript, error) {
		return transcript.Plain("thank you for watching", language.English), nil // what engines invent
	})
	heard, err := transcript.Gate(engine).Recognize(context.Background(), pcm.Silence(8000, 5*time.Second), transcript.Hints{})
	fmt.Printf("%q %v\n", heard.Text, err)
	// Output:
	// "" <nil>
}

func ExampleDetect() {
	tag, confidence := transcript.Detect("rappelle-moi quand tu peux")
	fmt.Println(tag, confidence > 0.5)
	// Output:
	// fr true
}
