package autoreply

import (
	"encoding/json"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// The tags of an event inside the code of a row.
const (
	tagEventV = iota + 1
	tagEventID
	tagEventType
	tagEventAt
	tagEventTenant
	tagEventLine
	tagEventCall
	tagEventNumber
	tagEventName
	tagEventURI
	tagEventKey
	tagEventActorKind
	tagEventActorID
	tagEventText
	tagEventOutcome
	tagEventKind
	tagEventSource
	tagEventLabel
	tagEventHoliday
	tagEventUntil
	tagEventDepartment
	tagEventLanguage
	tagEventDivertLine
	tagEventMailbox
	tagEventGroup
	tagEventData
)

func (w *codeWriter) event(v *phone.Event) {
	w.number(tagEventV, v.V)
	w.text(tagEventID, v.ID)
	w.text(tagEventType, v.Type)
	w.instant(tagEventAt, v.At)
	w.text(tagEventTenant, string(v.Tenant))
	w.text(tagEventLine, string(v.Line))
	w.text(tagEventCall, v.Call)
	w.text(tagEventNumber, v.Contact.Number.String())
	w.text(tagEventName, v.Contact.Name)
	w.text(tagEventURI, v.Contact.URI)
	w.text(tagEventKey, string(v.Key))
	w.text(tagEventActorKind, string(v.Actor.Kind))
	w.text(tagEventActorID, v.Actor.ID)
	w.text(tagEventText, v.Text)
	w.text(tagEventOutcome, string(v.Divert.Outcome))
	w.text(tagEventKind, string(v.Divert.Situation.Kind))
	w.text(tagEventSource, string(v.Divert.Situation.Source))
	w.text(tagEventLabel, v.Divert.Situation.Label)
	w.text(tagEventHoliday, v.Divert.Situation.ID)
	w.instant(tagEventUntil, v.Divert.Situation.Until)
	w.text(tagEventDepartment, v.Divert.Department)
	if v.Divert.Language != (language.Tag{}) {
		w.text(tagEventLanguage, v.Divert.Language.String())
	}
	w.text(tagEventDivertLine, string(v.Divert.Line))
	w.text(tagEventMailbox, string(v.Divert.Mailbox))
	w.flag(tagEventGroup, v.Group)
	w.text(tagEventData, string(v.Data))
	w.b = append(w.b, 0)
}

func (r *codeReader) event(v *phone.Event) {
	last := byte(0)
	for {
		tag := r.byte()
		if r.err != nil || tag == 0 {
			return
		}
		if tag <= last {
			r.fail("tag %d after %d in an event", tag, last)
			return
		}
		last = tag
		if tag < tagEventOutcome {
			r.who(v, tag)
		} else {
			r.why(v, tag)
		}
	}
}

func (r *codeReader) who(v *phone.Event, tag byte) {
	switch tag {
	case tagEventV:
		v.V = r.number()
	case tagEventID:
		v.ID = r.text()
	case tagEventType:
		v.Type = r.text()
	case tagEventAt:
		v.At = r.instant()
	case tagEventTenant:
		v.Tenant = phone.TenantID(r.text())
	case tagEventLine:
		v.Line = phone.LineID(r.text())
	case tagEventCall:
		v.Call = r.text()
	case tagEventNumber:
		number, err := phone.ParseNumber(r.text())
		if err != nil {
			r.fail("a number that is none")
		}
		v.Contact.Number = number
	case tagEventName:
		v.Contact.Name = r.text()
	case tagEventURI:
		v.Contact.URI = r.text()
	case tagEventKey:
		v.Key = phone.ContactKey(r.text())
	case tagEventActorKind:
		v.Actor.Kind = phone.ActorKind(r.text())
	case tagEventActorID:
		v.Actor.ID = r.text()
	case tagEventText:
		v.Text = r.text()
	}
}

func (r *codeReader) why(v *phone.Event, tag byte) {
	switch d := &v.Divert; tag {
	case tagEventOutcome:
		d.Outcome = phone.Outcome(r.text())
	case tagEventKind:
		d.Situation.Kind = hours.Kind(r.text())
	case tagEventSource:
		d.Situation.Source = hours.Source(r.text())
	case tagEventLabel:
		d.Situation.Label = r.text()
	case tagEventHoliday:
		d.Situation.ID = r.text()
	case tagEventUntil:
		d.Situation.Until = r.instant()
	case tagEventDepartment:
		d.Department = r.text()
	case tagEventLanguage:
		if err := d.Language.UnmarshalText([]byte(r.text())); err != nil {
			r.fail("a language that is none")
		}
	case tagEventDivertLine:
		d.Line = phone.LineID(r.text())
	case tagEventMailbox:
		d.Mailbox = phone.MailboxID(r.text())
	case tagEventGroup:
		v.Group = true
	case tagEventData:
		if v.Data = json.RawMessage(r.text()); !json.Valid(v.Data) {
			r.fail("data that is no JSON")
		}
	default:
		r.fail("unknown tag %d in an event", tag)
	}
}
