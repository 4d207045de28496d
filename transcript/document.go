package transcript

import (
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// DocumentVersion is the version of [Document] that this release writes.
const DocumentVersion = 1

// MaxRevisions is how many corrections a [Document] keeps.
const MaxRevisions = 100

// Document is what a host stores of one recording: the words as recognised,
// never changed again, and the corrections in the order in which people made
// them. Filtered text is not in it: it is derived from [Document.Current] each
// time, so that another filter setting needs no second recognition.
type Document struct {
	V          int        `json:"v"` // see [DocumentVersion]
	Recognized Transcript `json:"recognized"`
	Engine     string     `json:"engine,omitempty"` // the host's name for the recogniser
	Revisions  []Revision `json:"revisions,omitempty"`
}

// Revision is one correction: the whole transcript as it then stood.
type Revision struct {
	Author     phone.Actor `json:"author,omitzero"`
	At         time.Time   `json:"at"`
	Transcript Transcript  `json:"transcript"`
}

// NewDocument wraps what a recogniser answered.
func NewDocument(t Transcript, engine string) Document {
	return Document{V: DocumentVersion, Recognized: t, Engine: engine}
}

// Current is the newest revision, or what was recognised.
func (d Document) Current() Transcript {
	if n := len(d.Revisions); n > 0 {
		return d.Revisions[n-1].Transcript
	}
	return d.Recognized
}

// Correct returns d with one more revision, in which the text is what the
// author wrote. d itself is unchanged. Words that stayed keep their times and
// confidence; words that took the place of others share the time of those, by
// length; words that were put in share the pause in which they stand. When no
// word has a time, none gets one. [Diff] shows what changed. Bytes of the text
// that are no character become U+FFFD.
//
// [ErrTooLong] is answered for a text longer than [MaxText] or [MaxWords], or a
// document with [MaxRevisions]; d is then returned as it was.
func (d Document) Correct(author phone.Actor, at time.Time, text string) (Document, error) {
	if len(text) > MaxText || len(d.Revisions) >= MaxRevisions || countWords(text) > MaxWords {
		return d, ErrTooLong
	}
	if text = strings.ToValidUTF8(text, "\uFFFD"); len(text) > MaxText {
		return d, ErrTooLong
	}
	next := align(d.Current(), text)
	revisions := make([]Revision, len(d.Revisions), len(d.Revisions)+1)
	copy(revisions, d.Revisions)
	d.Revisions = append(revisions, Revision{Author: author, At: at, Transcript: next})
	return d, nil
}
