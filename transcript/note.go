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

// longestNote is how far a note is looked for, in bytes.
const longestNote = 64

// cutNote takes a note from the beginning of a text.
func cutNote(text string) (rest string, ok bool) {
	closing := map[byte]string{'[': "]", '(': ")", '*': "*"}[text[0]]
	if closing == "" {
		return "", false
	}
	end := strings.Index(text[1:min(len(text), longestNote)], closing)
	if end < 0 {
		return "", false
	}
	note := letteringOf(text[1 : 1+end]).norm
	return text[2+end:], slices.ContainsFunc(strings.Fields(notes), func(n string) bool { return letteringOf(n).norm == note })
}
