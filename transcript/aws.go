package transcript

import (
	"encoding/json"
	"strings"
	"time"
)

// FromAWS reads the output file of Amazon Transcribe: times are strings of
// seconds, punctuation is an item without time. The speaker of an item stands
// in it, or in the list of speakers, or is its channel. See [Importer].
func FromAWS(data []byte) (Transcript, error) {
	var in struct {
		Results *struct {
			Language    label `json:"language_code"`
			Transcripts json.RawMessage
			Items       json.RawMessage
			Runs        json.RawMessage `json:"audio_segments"`
			Speakers    json.RawMessage `json:"speaker_labels"`
		}
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	if in.Results == nil || !given(in.Results.Transcripts) && !given(in.Results.Items) {
		return Transcript{}, lacks("results")
	}
	h := heard{language: tagOf(in.Results.Language)}
	transcripts, err := list[struct{ Transcript string }](in.Results.Transcripts, MaxSegments, "transcripts")
	if err != nil {
		return Transcript{}, err
	}
	texts := make([]string, len(transcripts))
	for i, t := range transcripts {
		texts[i] = t.Transcript
	}
	h.text = strings.Join(texts, " ")
	items, err := extra[awsItem](in.Results.Items, 2*MaxWords) // with the punctuation
	if err != nil {
		return Transcript{}, err
	}
	speakers, err := awsSpeakers(in.Results.Speakers)
	if err != nil {
		return Transcript{}, err
	}
	for _, item := range items {
		w, ok := item.stretch(speakers)
		if ok && len(h.words) == 2*MaxWords {
			return Transcript{}, ErrTooLong
		}
		if ok && (!w.glued || h.text == "") {
			h.words = append(h.words, w)
		}
	}
	runs, err := extra[awsItem](in.Results.Runs, MaxSegments)
	if err != nil {
		return Transcript{}, err
	}
	for _, r := range runs {
		h.runs = append(h.runs, r.run())
	}
	return h.settle()
}

// awsItem is a word, a sign of punctuation, or an audio segment.
type awsItem struct {
	Type         string
	Start        number `json:"start_time"`
	End          number `json:"end_time"`
	Speaker      label  `json:"speaker_label"`
	Channel      label  `json:"channel_label"`
	Language     label  `json:"language_code"`
	Transcript   string
	Alternatives json.RawMessage
}

// run is an audio segment.
func (a awsItem) run() stretch {
	speaker := a.Speaker
	if speaker == "" {
		speaker = a.Channel
	}
	return stretch{
		text: a.Transcript, start: a.Start.time(time.Second), end: a.End.time(time.Second),
		speaker: string(speaker), language: tagOf(a.Language),
	}
}

// stretch is the word that an item is, if it is one.
func (a awsItem) stretch(speakers map[time.Duration]string) (stretch, bool) {
	guesses, err := extra[struct {
		Content    string
		Confidence number
	}](a.Alternatives, maxGuesses)
	if err != nil || len(guesses) == 0 {
		return stretch{}, false
	}
	w := a.run()
	w.text, w.confidence, w.glued = guesses[0].Content, guesses[0].Confidence.probability(), a.Type == "punctuation"
	if found, ok := speakers[w.start]; ok && a.Speaker == "" {
		w.speaker = found
	}
	return w, true
}

// maxGuesses is how many alternatives of one word are read.
const maxGuesses = 64

// awsSpeakers says who begins to speak a word at an instant.
func awsSpeakers(raw json.RawMessage) (map[time.Duration]string, error) {
	var in struct{ Segments json.RawMessage }
	if !given(raw) || json.Unmarshal(raw, &in) != nil {
		return nil, nil
	}
	type segment struct {
		Speaker label `json:"speaker_label"`
		Items   json.RawMessage
	}
	segments, err := extra[segment](in.Segments, MaxSegments)
	if err != nil {
		return nil, err
	}
	speakers := map[time.Duration]string{}
	for _, s := range segments {
		items, err := extra[awsItem](s.Items, MaxWords-len(speakers))
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			w := item.run()
			if w.speaker == "" {
				w.speaker = string(s.Speaker)
			}
			if w.start >= 0 && w.speaker != "" {
				speakers[w.start] = w.speaker
			}
		}
	}
	return speakers, nil
}
