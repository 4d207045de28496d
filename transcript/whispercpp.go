package transcript

import (
	"encoding/json"
	"strings"
	"time"
)

// FromWhisperCpp reads the JSON files of whisper.cpp: segments, and the tokens
// of the full JSON, which are pieces of words. See [Importer].
func FromWhisperCpp(data []byte) (Transcript, error) {
	type span struct{ From, To number } // milliseconds
	var in struct {
		Result        struct{ Language label }
		Transcription json.RawMessage
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	if !given(in.Transcription) {
		return Transcript{}, lacks("transcription")
	}
	type segment struct {
		Text    string
		Offsets span
		Speaker label
		Tokens  json.RawMessage
	}
	segments, err := list[segment](in.Transcription, MaxSegments, "segments")
	if err != nil {
		return Transcript{}, err
	}
	h := heard{language: tagOf(in.Result.Language)}
	for _, s := range segments {
		speaker := string(s.Speaker)
		if speaker == "?" {
			speaker = ""
		}
		h.runs = append(h.runs, stretch{
			text: s.Text, start: s.Offsets.From.time(time.Millisecond), end: s.Offsets.To.time(time.Millisecond), speaker: speaker,
		})
		tokens, err := extra[struct {
			Text    string
			Offsets span
			P       number
		}](s.Tokens, MaxWords-len(h.words))
		if err != nil {
			return Transcript{}, err
		}
		for _, k := range tokens {
			if strings.HasPrefix(k.Text, "[_") || strings.HasPrefix(k.Text, "<|") {
				continue // marks of the decoder
			}
			h.words = append(h.words, stretch{
				text: k.Text, start: k.Offsets.From.time(time.Millisecond), end: k.Offsets.To.time(time.Millisecond),
				confidence: k.P.probability(),
			})
		}
	}
	return h.settle()
}
