package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// FromOpenAI reads verbose JSON of OpenAI's transcription API and of the many
// servers that speak it: text, and words when they were asked for.
func FromOpenAI(data []byte) (Transcript, error) {
	var in struct {
		Language, Text *string
		Words          []struct {
			Word       string
			Start, End float64
		}
		Segments []struct{ Text string }
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	if in.Text == nil && in.Segments == nil {
		return Transcript{}, fmt.Errorf("%w: no text", ErrFormat)
	}
	var text, name string
	if in.Language != nil {
		name = *in.Language
	}
	if in.Text != nil {
		text = *in.Text
	} else {
		for _, s := range in.Segments {
			text += s.Text
		}
	}
	words := make([]heard, 0, len(in.Words))
	for _, w := range in.Words {
		words = append(words, heard{text: w.Word, start: seconds(w.Start), end: seconds(w.End)})
	}
	return assemble(text, words, tagOf(name))
}

// FromWhisperCpp reads the full JSON of whisper.cpp. Its tokens are pieces of
// words: one that does not begin with a space belongs to the word before.
func FromWhisperCpp(data []byte) (Transcript, error) {
	type span struct{ From, To int64 }
	var in struct {
		Result        struct{ Language string }
		Transcription []struct {
			Text    string
			Offsets span
			Tokens  []struct {
				Text    string
				Offsets span
				P       float64
			}
		}
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	if in.Transcription == nil {
		return Transcript{}, fmt.Errorf("%w: no transcription", ErrFormat)
	}
	var words []heard
	var text strings.Builder
	for _, s := range in.Transcription {
		text.WriteString(s.Text)
		for _, k := range s.Tokens {
			if strings.HasPrefix(k.Text, "[_") || strings.HasPrefix(k.Text, "<|") {
				continue // marks of the decoder
			}
			words = append(words, heard{
				text: k.Text, start: millis(k.Offsets.From), end: millis(k.Offsets.To),
				confidence: k.P, glued: !strings.HasPrefix(k.Text, " "),
			})
		}
	}
	return assemble(text.String(), words, tagOf(in.Result.Language))
}

// FromAWS reads the output file of Amazon Transcribe. Times are strings of
// seconds; punctuation is an item without time.
func FromAWS(data []byte) (Transcript, error) {
	var in struct {
		Results *struct {
			LanguageCode string `json:"language_code"`
			Transcripts  []struct{ Transcript string }
			Items        []struct {
				Type         string
				Start        string `json:"start_time"`
				End          string `json:"end_time"`
				Speaker      string `json:"speaker_label"`
				Alternatives []struct{ Content, Confidence string }
			}
		}
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	if in.Results == nil {
		return Transcript{}, fmt.Errorf("%w: no results", ErrFormat)
	}
	var words []heard
	for _, item := range in.Results.Items {
		if len(item.Alternatives) == 0 {
			continue
		}
		best := item.Alternatives[0]
		confidence, _ := strconv.ParseFloat(best.Confidence, 64) // 0: unknown
		words = append(words, heard{
			text: best.Content, start: secondsText(item.Start), end: secondsText(item.End),
			confidence: confidence, speaker: item.Speaker, glued: item.Type == "punctuation",
		})
	}
	var text strings.Builder
	for _, t := range in.Results.Transcripts {
		text.WriteString(t.Transcript)
	}
	return assemble(text.String(), words, tagOf(in.Results.LanguageCode))
}

// FromGoogle reads the JSON of Google Speech-to-Text, v1 and v2: the first
// alternative of each result.
func FromGoogle(data []byte) (Transcript, error) {
	var in struct {
		Results *[]struct {
			LanguageCode string
			Alternatives []struct {
				Transcript string
				Words      []struct {
					Word                   string
					StartTime, EndTime     string
					StartOffset, EndOffset string
					Confidence             float64
					SpeakerLabel           string
				}
			}
		}
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	if in.Results == nil {
		if bytes.Equal(bytes.TrimSpace(data), []byte("{}")) {
			return Transcript{}, nil // nobody spoke
		}
		return Transcript{}, fmt.Errorf("%w: no results", ErrFormat)
	}
	var words []heard
	var texts []string
	var name string
	for _, r := range *in.Results {
		if len(r.Alternatives) == 0 {
			continue
		}
		if name == "" {
			name = r.LanguageCode
		}
		texts = append(texts, strings.TrimSpace(r.Alternatives[0].Transcript))
		for _, w := range r.Alternatives[0].Words {
			words = append(words, heard{
				text: w.Word, start: secondsText(w.StartTime + w.StartOffset), end: secondsText(w.EndTime + w.EndOffset),
				confidence: w.Confidence, speaker: w.SpeakerLabel,
			})
		}
	}
	return assemble(strings.Join(texts, " "), words, tagOf(name))
}

// FromAzure reads a detailed result of Azure Speech, in ticks of 100 ns, and
// the answer of its fast transcription, in milliseconds.
func FromAzure(data []byte) (Transcript, error) {
	const tick = 10000 // in a millisecond
	var in struct {
		RecognitionStatus string
		DisplayText       string
		NBest             []struct {
			Confidence float64
			Display    string
			Words      []struct {
				Word             string
				Offset, Duration int64
				Confidence       float64
			}
		}
		Phrases []struct {
			Text, Locale string
			Confidence   float64
			Speaker      json.Number
			Words        []struct {
				Text                                     string
				OffsetMilliseconds, DurationMilliseconds int64
			}
		}
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	switch {
	case len(in.NBest) > 0:
		best := in.NBest[0]
		words := make([]heard, 0, len(best.Words))
		for _, w := range best.Words {
			if w.Confidence == 0 {
				w.Confidence = best.Confidence
			}
			words = append(words, heard{
				text: w.Word, start: millis(w.Offset / tick), end: millis(w.Offset/tick + w.Duration/tick), confidence: w.Confidence,
			})
		}
		return assemble(best.Display, words, tagOf(""))
	case len(in.Phrases) > 0:
		var words []heard
		var texts []string
		for _, p := range in.Phrases {
			texts = append(texts, p.Text)
			for _, w := range p.Words {
				words = append(words, heard{
					text: w.Text, start: millis(w.OffsetMilliseconds), end: millis(w.OffsetMilliseconds + w.DurationMilliseconds),
					confidence: p.Confidence, speaker: p.Speaker.String(),
				})
			}
		}
		return assemble(strings.Join(texts, " "), words, tagOf(in.Phrases[0].Locale))
	case in.RecognitionStatus != "":
		return assemble(in.DisplayText, nil, tagOf(""))
	}
	return Transcript{}, fmt.Errorf("%w: no result", ErrFormat)
}

// FromDeepgram reads the answer of Deepgram's pre-recorded API: the first
// channel, the first alternative.
func FromDeepgram(data []byte) (Transcript, error) {
	var in struct {
		Results *struct {
			Channels []struct {
				Language     string `json:"detected_language"`
				Alternatives []struct {
					Transcript string
					Words      []struct {
						Word       string
						Written    string `json:"punctuated_word"`
						Start, End float64
						Confidence float64
						Speaker    *int
					}
				}
			}
		}
	}
	if err := decode(data, &in); err != nil {
		return Transcript{}, err
	}
	if in.Results == nil {
		return Transcript{}, fmt.Errorf("%w: no results", ErrFormat)
	}
	if len(in.Results.Channels) == 0 || len(in.Results.Channels[0].Alternatives) == 0 {
		return Transcript{}, nil
	}
	channel := in.Results.Channels[0]
	words := make([]heard, 0, len(channel.Alternatives[0].Words))
	for _, w := range channel.Alternatives[0].Words {
		h := heard{text: w.Word, start: seconds(w.Start), end: seconds(w.End), confidence: w.Confidence}
		if w.Speaker != nil {
			h.speaker = strconv.Itoa(*w.Speaker)
		}
		words = append(words, h)
	}
	return assemble(channel.Alternatives[0].Transcript, words, tagOf(channel.Language))
}

// FromPocketsphinx reads the lines that pocketsphinx_continuous prints with
// -time yes: "word start end confidence", among lines of text. Silences and
// the numbers of variants, the(2), are left out.
func FromPocketsphinx(data []byte) (Transcript, error) {
	if len(data) > MaxImport {
		return Transcript{}, ErrTooLong
	}
	var words []heard
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) != 4 {
			continue
		}
		start, err1 := strconv.ParseFloat(fields[1], 64)
		end, err2 := strconv.ParseFloat(fields[2], 64)
		confidence, err3 := strconv.ParseFloat(fields[3], 64)
		if err1 != nil || err2 != nil || err3 != nil || strings.HasPrefix(fields[0], "<") || strings.HasPrefix(fields[0], "[") {
			continue
		}
		word, _, _ := strings.Cut(fields[0], "(")
		words = append(words, heard{text: word, start: seconds(start), end: seconds(end), confidence: confidence})
	}
	return assemble("", words, tagOf("en"))
}
