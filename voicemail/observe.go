package voicemail

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/afterbeep/afterbeep/phone"
)

// The types of the events that [Options].Observe receives. Their ID is the
// type and the key of the capture, or the id and Seq of the message; Data is a JSON
// object with those of the members message, why, stop, length, partial, state
// and err that apply. None of them has a number or a text in Data.
const (
	EventSaved      = "voicemail.saved"              // a message was committed
	EventDiscarded  = "voicemail.discarded"          // a recording was not worth keeping, see why
	EventPending    = "voicemail.pending"            // sound is safe, the message will come later
	EventReleased   = "voicemail.released"           // the caller left before the beep
	EventFull       = "voicemail.full"               // a caller found the box full
	EventRecovered  = "voicemail.recovered"          // sound of a process that died was settled
	EventStranded   = "voicemail.stranded"           // sound that this node can not read, or has no row
	EventOverdue    = "voicemail.overdue"            // an expected recording has not come
	EventTranscript = "voicemail.transcript"         // a transcript is final, see state
	EventNoticeDead = "voicemail.notice-undelivered" // a notice was given up
	EventPurged     = "voicemail.purged"             // a message left the bin for good
)

// eventData is Data of the events of this package.
type eventData struct {
	Message string          `json:"message,omitempty"`
	Why     Why             `json:"why,omitempty"`
	Stop    Stop            `json:"stop,omitempty"`
	Length  duration        `json:"length,omitzero"`
	Partial bool            `json:"partial,omitempty"`
	State   TranscriptState `json:"state,omitempty"`
	Channel string          `json:"channel,omitempty"`
	Err     string          `json:"err,omitempty"`
}

// tell reports what happened to a capture.
func (s *Service) tell(ctx context.Context, kind string, row CaptureRow, data eventData) {
	s.report(ctx, kind, row.Request.Key, row.Request.Call, row.Request.Divert, data)
}

// tellMessage reports what happened to a message.
func (s *Service) tellMessage(ctx context.Context, kind string, m Message, data eventData) {
	data.Message = m.ID
	s.report(ctx, kind, m.ID+"/"+strconv.Itoa(m.Seq), m.Call, m.Divert, data)
}

func (s *Service) report(ctx context.Context, kind, key string, call phone.Call, divert phone.Divert, data eventData) {
	if s.observe == nil {
		return
	}
	raw, _ := json.Marshal(data) // text and numbers only: can not fail
	s.observe(ctx, phone.Event{
		V: phone.EventVersion, ID: kind + "/" + key, Type: kind, At: s.now(), Tenant: call.Tenant, Line: call.Line,
		Call: call.ID, Contact: call.Caller, Actor: phone.Actor{Kind: phone.System, ID: s.node}, Divert: divert, Data: raw,
	})
}
