package transcript

import (
	"encoding/json"
	"math"
	"strings"
	"time"
)

// FromOpenAI reads the JSON of OpenAI's transcription API and of the many
// servers that speak it: text; segments, with the speakers of diarized_json;
// words, where whisper.cpp's server lists pieces of words; the duration. Any of
// these but text or segments may be missing. See [Importer].
func FromOpenAI(data []byte) (Transcript, error) {
	var in struct {
		Text            *string
		Language        label
		Duration        number
		Words, Segments json.RawMessage
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	segments, err := extra[openAISegment](in.Segments, MaxSegments)
	if err != nil {
		return Transcript{}, err
	}
	words, err := extra[openAIWord](in.Words, MaxWords)
	if err != nil {
		return Transcript{}, err
	}
	h := heard{language: tagOf(in.Language), length: in.Duration.time(time.Second)}
	own := len(words) == 0 // whisper.cpp and some others put the words into the segments
	for _, s := range segments {
		h.runs = append(h.runs, s.stretch())
		if own {
			more, err := extra[openAIWord](s.Words, MaxWords-len(words))
			if err != nil {
				return Transcript{}, err
			}
			words = append(words, more...)
		}
	}
	h.words = make([]stretch, 0, len(words))
	for _, w := range words {
		h.words = append(h.words, stretch{
			text: w.Word, start: w.Start.time(time.Second), end: w.End.time(time.Second),
			confidence: w.Probability.probability(), speaker: string(w.Speaker),
		})
	}
	if in.Text != nil {
		h.text = *in.Text
	} else if strings.TrimSpace(joined(h.runs)) == "" {
		return Transcript{}, lacks("text")
	}
	return h.settle()
}

type openAIWord struct {
	Word                    string
	Start, End, Probability number
	Speaker                 label
}

type openAISegment struct {
	Text       string
	Start, End number
	Logprob    number `json:"avg_logprob"` // natural logarithm, mean of the tokens
	Speaker    label
	Words      json.RawMessage
}

func (s openAISegment) stretch() stretch {
	out := stretch{
		text: s.Text, start: s.Start.time(time.Second), end: s.End.time(time.Second), speaker: string(s.Speaker),
	}
	// Only a logarithm below zero is one; zero is what engines print that know none.
	if s.Logprob.known && s.Logprob.value < 0 {
		out.confidence = float32(math.Exp(s.Logprob.value))
	}
	return out
}
