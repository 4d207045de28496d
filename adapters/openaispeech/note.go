package openaispeech

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
	for text != "" {
		rest, ok := strings.CutPrefix(text, "♪")
		if !ok {
			rest, ok = cutNote(text)
		}
		if !ok {
			return false
		}
		text = strings.TrimSpace(rest)
	}
	return true
}

// cutNote takes a note from the beginning of a text.
func cutNote(text string) (rest string, ok bool) {
	closing := map[byte]string{'[': "]", '(': ")", '*': "*"}[text[0]]
	if closing == "" {
		return "", false
	}
	note, rest, ok := strings.Cut(text[1:], closing)
	if !ok {
		return "", false
	}
	return rest, slices.Contains(strings.Fields(notes), lettersOf(note).norm)
}
