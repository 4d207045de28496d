package voicemail

import (
	"encoding/json"
	"slices"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// Inbox is the folder of a new message.
const Inbox = "inbox"

// Bin is the folder name under which [Query] finds deleted messages. No
// message is ever in it: a deleted one remembers the folder that it was in.
const Bin = "bin"

// Message is a recording that was kept. Caller names in it come from the
// network and the transcript from the caller: both are hostile text.
type Message struct {
	Box BoxID  `json:"box"`
	ID  string `json:"id"` // opaque, unique in the tenant, never reused
	// Revision is how often the row was written; 0: not stored yet.
	Revision int `json:"revision"`
	// Number is the place of the message in the order of arrival in its box.
	// It never changes and is never reused (as the UID of IMAP, RFC 3501).
	Number int `json:"number"`
	// Seq is the number of its last change in the box, see [Query].Since.
	Seq int `json:"seq"`

	Folder  string    `json:"folder"` // [Inbox], or any name that the host uses
	Heard   time.Time `json:"heard,omitzero"`
	Deleted time.Time `json:"deleted,omitzero"` // in the bin since then
	Urgent  bool      `json:"urgent,omitempty"`

	Capture  string       `json:"capture"` // the key of the capture that it came from
	Call     phone.Call   `json:"call"`
	Divert   phone.Divert `json:"divert,omitzero"`
	Received time.Time    `json:"received"` // when the recording ended

	Blob   string    `json:"blob"`   // the key of the WAV file in [Blobs]
	Bytes  int64     `json:"bytes"`  // its size
	SHA256 string    `json:"sha256"` // of the whole file, in hexadecimal
	Codec  pcm.Codec `json:"codec"`
	Rate   int       `json:"rate"` // samples a second

	Length  time.Duration `json:"-"`
	Speech  time.Duration `json:"-"` // how much of it is speech, by pcm.Meter
	Stop    Stop          `json:"stop"`
	Partial bool          `json:"partial,omitempty"` // the end is missing

	Transcript Transcript `json:"transcript,omitzero"`
	// AnnounceBy is when the message is announced at the latest, with its
	// transcript or without; zero: it was announced at once.
	AnnounceBy time.Time `json:"announceBy,omitzero"`

	Gone bool `json:"gone,omitempty"` // in a [Batch]: remove the row
}

func (m Message) clone() Message {
	m.Transcript.Document = slices.Clone(m.Transcript.Document)
	return m
}

// Transcript is what a [Transcriber] made of a message. Whatever becomes of
// it, the message stays as it is.
type Transcript struct {
	State    TranscriptState `json:"state,omitempty"`
	Text     string          `json:"text,omitempty"`     // hostile; unfiltered
	Language language.Tag    `json:"language,omitzero"`  // of the text, as recognised
	Document json.RawMessage `json:"document,omitempty"` // opaque to this package; valid JSON
}

// TranscriptState is how far a transcript is.
type TranscriptState string

// The states of a transcript. The zero state is a message that nobody
// transcribes.
const (
	TranscriptPending TranscriptState = "pending"
	TranscriptDone    TranscriptState = "done"
	NoSpeech          TranscriptState = "no-speech" // nobody says anything in it
	TranscriptFailed  TranscriptState = "failed"    // given up; set it to pending to try again
)

func (s TranscriptState) final() bool { return s != TranscriptPending }

// Query selects messages of one box. The zero Query is every message outside
// the bin, newest first. Fields are combined with and.
type Query struct {
	IDs    []string // these messages, wherever they are, in any order
	Folder string   // "": all but the bin; [Bin]: the deleted ones
	// Contact is the caller's number; the zero Number is everybody.
	Contact phone.Number
	// Since turns the query into the change feed: every message whose Seq is
	// higher, the bin included, by ascending Seq; IDs, Folder and Contact do
	// not apply. Begin with the Seq of a first [Page], go on with the Seq of
	// the last message. Only the last change of each message is there.
	Since int
	After string // the Next of the page before; not for the change feed
	Limit int    // messages a page; 0: 100, which is the most
}

// PageLimit is the most messages that a [Page] holds.
const PageLimit = 100

// Size is the number of messages on a page: Limit, within 1 and [PageLimit].
func (q Query) Size() int {
	if q.Limit <= 0 || q.Limit > PageLimit {
		return PageLimit
	}
	return q.Limit
}

// Match reports whether q asks for m, without After and Limit. Stores that
// filter in their own language follow it.
func (q Query) Match(m *Message) bool {
	if q.Since > 0 {
		return m.Seq > q.Since
	}
	if q.Contact != (phone.Number{}) && m.Call.Caller.Number != q.Contact {
		return false
	}
	if len(q.IDs) > 0 {
		return slices.Contains(q.IDs, m.ID) && (q.Folder == "" || q.inFolder(m))
	}
	return q.inFolder(m)
}

func (q Query) inFolder(m *Message) bool {
	switch q.Folder {
	case "":
		return m.Deleted.IsZero()
	case Bin:
		return !m.Deleted.IsZero()
	}
	return m.Deleted.IsZero() && m.Folder == q.Folder
}

// Page is one page of messages, and the box at the same instant.
type Page struct {
	Messages []Message `json:"messages"`
	Next     string    `json:"next,omitempty"` // for [Query].After; "": that was the last page
	Seq      int       `json:"seq"`            // of the box
	Counts   Counts    `json:"counts"`         // of the box
}
