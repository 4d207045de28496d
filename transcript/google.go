package transcript

import (
	"encoding/json"
	"strings"
	"time"
)

// FromGoogle reads the JSON of Google Speech-to-Text, v1 and v2, also inside a
// finished operation: the first alternative of each result, of the first
// channel. An answer without results is silence. See [Importer].
func FromGoogle(data []byte) (Transcript, error) {
	var in struct {
		googleAnswer
		Response *googleAnswer
		Error    json.RawMessage
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	answer := in.googleAnswer
	if in.Response != nil {
		answer = *in.Response
	}
	if given(in.Error) || in.Response == nil && !answer.known(data) {
		return Transcript{}, lacks("results")
	}
	results, err := list[googleResult](answer.Results, MaxSegments, "results")
	if err != nil {
		return Transcript{}, err
	}
	var h heard
	var texts []string
	last := time.Duration(0)
	for _, r := range results {
		guesses, err := list[googleGuess](r.Alternatives, maxGuesses, "alternatives")
		if err != nil {
			return Transcript{}, err
		}
		if len(guesses) == 0 || r.Channel != results[0].Channel {
			continue
		}
		best := guesses[0]
		run := stretch{
			text: best.Transcript, start: last, end: either(r.EndOffset, r.EndTime).time(time.Second),
			confidence: best.Confidence.probability(), language: tagOf(r.Language),
		}
		last = run.end
		words, err := extra[googleWord](best.Words, MaxWords-len(h.words))
		if err != nil {
			return Transcript{}, err
		}
		h.hear(words, run)
		if text := strings.TrimSpace(best.Transcript); text != "" {
			h.runs = append(h.runs, run)
			texts = append(texts, text)
		}
	}
	h.text = strings.Join(texts, " ")
	return h.settle()
}

// hear adds the words of a result. With speakers, the last one repeats the
// words of all before it, because only then the engine knows who they were.
func (h *heard) hear(words []googleWord, run stretch) {
	for i, w := range words {
		next := stretch{
			text: w.Word, start: either(w.StartOffset, w.StartTime).time(time.Second),
			end: either(w.EndOffset, w.EndTime).time(time.Second), confidence: w.Confidence.probability(),
			speaker: string(w.SpeakerLabel),
		}
		if next.speaker == "" && w.SpeakerTag != "0" {
			next.speaker = string(w.SpeakerTag)
		}
		if next.start < 0 && next.end >= 0 && i == 0 {
			next.start = 0 // zero is left out
		}
		if i == 0 && next.timed() && len(words) >= len(h.words) && len(h.words) > 0 && next.start == h.words[0].start && next.text == h.words[0].text {
			h.words = h.words[:0]
		}
		if strings.TrimSpace(run.text) != "" {
			next.language = run.language
		}
		h.words = append(h.words, next)
	}
}

type googleAnswer struct {
	Results                              json.RawMessage
	RequestID, TotalBilledTime, Metadata json.RawMessage
}

// known reports whether the data is an answer at all: what stands around the
// results tells one without any from something else.
func (a googleAnswer) known(data []byte) bool {
	return given(a.Results) || given(a.RequestID) || given(a.TotalBilledTime) || given(a.Metadata) ||
		strings.Join(strings.Fields(string(data[:min(len(data), 64)])), "") == "{}"
}

type googleResult struct {
	Language     label  `json:"languageCode"`
	EndTime      number `json:"resultEndTime"`   // v1
	EndOffset    number `json:"resultEndOffset"` // v2
	Channel      label  `json:"channelTag"`
	Alternatives json.RawMessage
}

type googleGuess struct {
	Transcript string
	Confidence number
	Words      json.RawMessage
}

type googleWord struct {
	Word                   string
	StartTime, EndTime     number // v1
	StartOffset, EndOffset number // v2
	Confidence             number
	SpeakerTag             label // v1, from 1
	SpeakerLabel           label // v2
}

func either(a, b number) number {
	if a.known {
		return a
	}
	return b
}
