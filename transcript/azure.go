package transcript

import (
	"encoding/json"
	"strings"
	"time"
)

// tick is the unit of Azure's times.
const tick = 100 * time.Nanosecond

// FromAzure reads the results of Azure Speech: one phrase, simple or detailed,
// as the SDK and the REST API for short audio give it; the answer of fast
// transcription; the file of batch transcription. Of several channels it reads
// the first. See [Importer].
func FromAzure(data []byte) (Transcript, error) {
	var in struct {
		azurePhrase
		RecognizedPhrases         json.RawMessage // batch
		Phrases                   json.RawMessage // fast
		CombinedPhrases           json.RawMessage
		DurationInTicks           number
		DurationMilliseconds      number
		CombinedRecognizedPhrases json.RawMessage
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	h := heard{length: max(in.DurationMilliseconds.time(time.Millisecond), in.DurationInTicks.time(tick))}
	raw := in.Phrases
	if !given(raw) {
		raw = in.RecognizedPhrases
	}
	phrases, err := list[azurePhrase](raw, MaxSegments, "phrases")
	switch {
	case err != nil:
		return Transcript{}, err
	case given(raw), given(in.CombinedPhrases), given(in.CombinedRecognizedPhrases):
	case in.Status == "Error" || in.Status == "" && !given(in.NBest):
		return Transcript{}, lacks("result")
	default:
		phrases, h.length = []azurePhrase{in.azurePhrase}, never
	}
	var texts []string
	for _, p := range phrases {
		if p.Channel != phrases[0].Channel {
			continue
		}
		run, err := h.phrase(p)
		if err != nil {
			return Transcript{}, err
		}
		texts = append(texts, strings.TrimSpace(run.text))
		h.runs = append(h.runs, run)
	}
	if len(phrases) == 0 {
		combined, err := extra[struct{ Text, Display string }](in.CombinedPhrases, MaxSegments)
		if err != nil {
			return Transcript{}, err
		}
		for _, c := range combined {
			texts = append(texts, c.Text)
		}
	}
	h.text = strings.Join(texts, " ")
	return h.settle()
}

// azureSpan is where something lies, in one of three ways.
type azureSpan struct {
	Offset, Duration                         number // ticks
	OffsetInTicks, DurationInTicks           number
	OffsetMilliseconds, DurationMilliseconds number
}

func (s azureSpan) times() (start, end time.Duration) {
	switch {
	case s.OffsetMilliseconds.known:
		start, end = s.OffsetMilliseconds.time(time.Millisecond), s.DurationMilliseconds.time(time.Millisecond)
	case s.OffsetInTicks.known:
		start, end = s.OffsetInTicks.time(tick), s.DurationInTicks.time(tick)
	default:
		start, end = s.Offset.time(tick), s.Duration.time(tick)
	}
	if start < 0 || end < 0 {
		return never, never
	}
	return start, start + end
}

type azurePhrase struct {
	azureSpan
	Status           string `json:"RecognitionStatus"`
	DisplayText      string // simple
	Text             string // fast
	Confidence       number // fast
	Locale           label
	Channel, Speaker label
	NBest            json.RawMessage // detailed, batch
	Words            json.RawMessage // fast
}

type azureGuess struct {
	Confidence            number
	Display, ITN, Lexical string
	Words, DisplayWords   json.RawMessage
}

type azureWord struct {
	azureSpan
	Word, Text, DisplayText string
	Confidence              number
}

// phrase adds the words of a phrase, as they are shown if the engine lists
// them so, and returns the phrase itself.
func (h *heard) phrase(p azurePhrase) (stretch, error) {
	guesses, err := list[azureGuess](p.NBest, maxGuesses, "guesses")
	if err != nil {
		return stretch{}, err
	}
	run := stretch{text: p.Text + p.DisplayText, confidence: p.Confidence.probability(), speaker: string(p.Speaker), language: tagOf(p.Locale)}
	run.start, run.end = p.times()
	raw := p.Words
	if len(guesses) > 0 {
		best := guesses[0]
		for _, text := range []string{best.Display, best.ITN, best.Lexical} {
			if run.text == "" {
				run.text = text
			}
		}
		run.confidence = best.Confidence.probability()
		if raw = best.DisplayWords; !given(raw) {
			raw = best.Words
		}
	}
	words, err := extra[azureWord](raw, MaxWords-len(h.words))
	if err != nil {
		return stretch{}, err
	}
	for _, w := range words {
		next := stretch{text: w.Word, confidence: w.Confidence.probability(), speaker: run.speaker, language: run.language}
		for _, text := range []string{w.Text, w.DisplayText} {
			if next.text == "" {
				next.text = text
			}
		}
		next.start, next.end = w.times()
		h.words = append(h.words, next)
	}
	return run, nil
}
