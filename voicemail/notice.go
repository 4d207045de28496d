package voicemail

import (
	"encoding/json"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// NoticeKind is what a [Notice] announces.
type NoticeKind string

// The kinds of notices.
const (
	NoticeCreated     NoticeKind = "created"     // a new message
	NoticeTranscribed NoticeKind = "transcribed" // the transcript of a message that was announced is final
	NoticeChanged     NoticeKind = "changed"     // heard, moved, restored, edited
	NoticeDeleted     NoticeKind = "deleted"     // moved to the bin
	NoticeFull        NoticeKind = "full"        // a caller found the box full; there is no message
)

// Notice is what a mailbox announces over a channel. It is delivered at least
// once, always with the same ID. Message and Counts are as they are at
// delivery, which may be later than what is announced.
type Notice struct {
	ID      string     `json:"id"`
	Kind    NoticeKind `json:"kind"`
	Channel string     `json:"channel"`
	At      time.Time  `json:"at"` // when it happened
	Box     BoxID      `json:"box"`
	Message Message    `json:"message,omitzero"`
	Counts  Counts     `json:"counts"` // for the lamp, RFC 3842
}

// Event is the phone.VoicemailLeft of a created message, otherwise the zero
// Event. Its ID is derived from the message, so that deliveries over several
// channels and repeated ones are the same event. Text is the transcript when
// there is one; Data holds message, length and transcript state.
func (n Notice) Event() phone.Event {
	if n.Kind != NoticeCreated {
		return phone.Event{}
	}
	m := n.Message
	data, _ := json.Marshal(struct { // strings only: can not fail
		Message    string          `json:"message"`
		Length     duration        `json:"length"`
		Transcript TranscriptState `json:"transcript,omitempty"`
	}{m.ID, duration(m.Length), m.Transcript.State})
	return phone.Event{
		V: phone.EventVersion, ID: phone.VoicemailLeft + "/" + m.ID, Type: phone.VoicemailLeft, At: m.Received,
		Tenant: m.Box.Tenant, Line: m.Call.Line, Call: m.Call.ID, Contact: m.Call.Caller,
		Text: m.Transcript.Text, Divert: m.Divert, Data: data,
	}
}
