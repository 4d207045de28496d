package transcript

import "golang.org/x/text/language"

// Severity is how strong a word is. It is ordered.
type Severity uint8

// The severities. Regulators' surveys of viewers, where there are any, and
// native use decide; each lexicon says so in its head.
const (
	Mild   Severity = 1 // damn; a word that stands for a stronger one
	Medium Severity = 2
	Strong Severity = 3
)

// Mode is what a [Filter] does to the words that it finds.
type Mode string

// The modes. The zero Mode is [Mask].
const (
	Mask   Mode = "mask"   // each letter becomes *
	First  Mode = "first"  // the first letter stays: f***
	Vowels Mode = "vowels" // only the vowels become *: f*ck
	Fixed  Mode = "fixed"  // always ****, whatever the length
	Remove Mode = "remove" // the word goes, in a transcript its time stays as a gap
	Tag    Mode = "tag"    // the text stays; only the spans tell
)

// Span is one word or phrase that a [Filter] found.
type Span struct {
	From     int      `json:"from"` // bytes of the text, half-open
	To       int      `json:"to"`
	Severity Severity `json:"severity"`
	Category string   `json:"category"` // sexual, body, excrement, sacre, insult, slur, masked; a host's own
	Lemma    string   `json:"lemma,omitempty"`
}

// Term is a word or phrase of the host: its own profanity, or a name that must
// never be masked.
type Term struct {
	Text     string       `json:"text"`
	Language language.Tag `json:"language,omitzero"`  // undefined: in every language of the filter
	Category string       `json:"category,omitempty"` // host
	Severity Severity     `json:"severity,omitempty"` // [Strong]
	// Exact takes the text as it is; otherwise the plural and, in English, the
	// possessive count too.
	Exact bool `json:"exact,omitempty"`
}
