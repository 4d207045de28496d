package transcript

import (
	"slices"
	"strings"
)

// notes are what Whisper writes, in brackets or between stars, about sound in
// which nobody speaks: their letters only. A note about speech, (speaking
// French) or [inaudible], is not among them: somebody did speak.
const notes = `blankaudio silence nospeech noaudio nosound music musicplaying beep beeping bip dialtone ringing
phoneringing noise backgroundnoise static click musique bruit silencio música ruido`

// silent reports whether a text is empty, or nothing but such notes and signs
// of music.
func silent(text string) bool {
	var known []string
	for text != "" {
		rest, ok := strings.CutPrefix(text, "♪")
		if !ok {
			if known == nil {
				for note := range strings.FieldsSeq(notes) {
					known = append(known, normOf(note))
				}
			}
			rest, ok = cutNote(text, known)
		}
		if !ok {
			return false
		}
		text = strings.TrimSpace(rest)
	}
	return true
}

// longestNote is how far a note is looked for, in bytes.
const longestNote = 64

// cutNote takes a note from the beginning of a text.
func cutNote(text string, known []string) (rest string, ok bool) {
	var closing byte
	switch text[0] {
	case '[':
		closing = ']'
	case '(':
		closing = ')'
	case '*':
		closing = '*'
	default:
		return "", false
	}
	end := 1 + strings.IndexByte(text[1:min(len(text), longestNote)], closing)
	if end == 0 {
		return "", false
	}
	return text[end+1:], slices.Contains(known, normOf(text[1:end]))
}
