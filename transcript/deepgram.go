package transcript

import (
	"encoding/json"
	"time"
)

// FromDeepgram reads the answer of Deepgram's pre-recorded API: the first
// channel, the first alternative, and the utterances when they were asked for.
// See [Importer].
func FromDeepgram(data []byte) (Transcript, error) {
	var in struct {
		Metadata struct{ Duration number }
		Results  *struct{ Channels, Utterances json.RawMessage }
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	if in.Results == nil || !given(in.Results.Channels) {
		return Transcript{}, lacks("results")
	}
	channels, err := list[deepgramChannel](in.Results.Channels, MaxSegments, "channels")
	if err != nil || len(channels) == 0 {
		return Transcript{}, err
	}
	guesses, err := list[deepgramText](channels[0].Alternatives, maxGuesses, "alternatives")
	if err != nil || len(guesses) == 0 {
		return Transcript{}, err
	}
	words, err := extra[deepgramText](guesses[0].Words, MaxWords)
	if err != nil {
		return Transcript{}, err
	}
	h := heard{text: guesses[0].Transcript, language: tagOf(channels[0].Language), length: in.Metadata.Duration.time(time.Second)}
	for _, w := range words {
		h.words = append(h.words, w.stretch())
	}
	utterances, err := extra[deepgramText](in.Results.Utterances, MaxSegments)
	if err != nil {
		return Transcript{}, err
	}
	for _, u := range utterances {
		if u.Channel == "" || u.Channel == "0" {
			h.runs = append(h.runs, u.stretch())
		}
	}
	return h.settle()
}

type deepgramChannel struct {
	Language     label `json:"detected_language"`
	Alternatives json.RawMessage
}

// deepgramText is an alternative, an utterance or a word.
type deepgramText struct {
	Transcript string
	Word       string
	Written    string `json:"punctuated_word"`
	Start, End number
	Confidence number
	Speaker    label
	Language   label
	Channel    label
	Words      json.RawMessage
}

func (d deepgramText) stretch() stretch {
	s := stretch{
		text: d.Written, start: d.Start.time(time.Second), end: d.End.time(time.Second),
		confidence: d.Confidence.probability(), speaker: string(d.Speaker), language: tagOf(d.Language),
	}
	for _, text := range []string{d.Word, d.Transcript} {
		if s.text == "" {
			s.text = text
		}
	}
	return s
}
