package greeting

import "golang.org/x/text/language"

// Greeting is one thing that a caller may hear. Its sound is named by the hash
// of its bytes: a greeting that is in use never changes silently, a new sound
// is a new hash in a new snapshot.
type Greeting struct {
	// ID is the host's own, unique in the snapshot, 1 to [MaxID] bytes. The
	// prefix "builtin-" is kept for the built-in greetings.
	ID string `json:"id"`
	// Name is for people, at most [MaxName] bytes.
	Name string `json:"name,omitempty"`
	// Script is the text that is spoken, at most [MaxScript] bytes.
	Script string `json:"script,omitempty"`
	// Clip is the key of the sound in [Clips], as [Store] returned it: the
	// SHA-256 of the WAV file in 64 lower-case hexadecimal digits. A greeting
	// without a clip is never selected.
	Clip string `json:"clip,omitempty"`
	// Language is what is spoken. Undefined, mul and zxx mean that the greeting
	// suits every caller: a bilingual recording, or music.
	Language language.Tag `json:"language,omitzero"`
	// Draft keeps a greeting that has rules already from being selected.
	Draft bool `json:"draft,omitempty"`
}

// Builtin reports whether the greeting is one of those that ship with this
// package. Their sound needs no [Clips].
func (g Greeting) Builtin() bool {
	_, ok := builtinFile(g.Clip)
	return ok
}
