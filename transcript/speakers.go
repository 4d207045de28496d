package transcript

import "golang.org/x/text/language"

// voice is who says a word, in which language, in which segment of the engine.
type voice struct {
	run      int
	speaker  string
	language language.Tag
}

// label makes the segments: those of the engine that were found in the text,
// divided where the speaker or the language changes. A word belongs to the
// segment in which it begins; one before the first, to the first. A transcript
// without a language takes that of most words.
func (t *Transcript) label(bounds [][2]int, spoken, runs []piece) {
	voices := voicesOf(bounds, spoken, runs)
	if t.Language == language.Und {
		t.Language = prevailing(voices)
	}
	var out []Segment
	for i, v := range voices {
		if v.language == t.Language {
			v.language = language.Und
		}
		if n := len(out); n == 0 || voices[i-1] != voices[i] {
			out = append(out, Segment{From: i, Speaker: v.speaker, Language: v.language})
		}
		out[len(out)-1].To = i + 1
	}
	if len(out) == 1 && out[0].Speaker == "" && out[0].Language == language.Und {
		out = nil // says nothing
	}
	t.Segments = out
}

// voicesOf asks, for each word, its own piece, its segment, the words beside it
// in the same segment, in this order.
func voicesOf(bounds [][2]int, spoken, runs []piece) []voice {
	voices := make([]voice, len(bounds))
	run, next := 0, 0
	for i, b := range bounds {
		v := &voices[i]
		for run+1 < len(runs) && runs[run+1].from <= b[0] {
			run++
		}
		for next < len(spoken) && spoken[next].to <= b[0] {
			next++
		}
		if v.run = run; next < len(spoken) && spoken[next].from < b[1] {
			v.speaker, v.language = spoken[next].speaker, spoken[next].language
		}
		if run < len(runs) {
			v.or(runs[run].speaker, runs[run].language)
		}
		if i > 0 && voices[i-1].run == run {
			v.or(voices[i-1].speaker, voices[i-1].language)
		}
	}
	for i := len(voices) - 2; i >= 0; i-- { // words before the first that is known
		if next := voices[i+1]; next.run == voices[i].run {
			voices[i].or(next.speaker, next.language)
		}
	}
	return voices
}

// or fills in what is not known.
func (v *voice) or(speaker string, tag language.Tag) {
	if v.speaker == "" {
		v.speaker = speaker
	}
	if v.language == language.Und {
		v.language = tag
	}
}

func prevailing(voices []voice) language.Tag {
	words := map[language.Tag]int{}
	best := language.Und
	for _, v := range voices {
		if v.language != language.Und {
			if words[v.language]++; best == language.Und || words[v.language] > words[best] {
				best = v.language
			}
		}
	}
	return best
}
