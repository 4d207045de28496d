package voicemailtest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

var instant = time.Date(2026, time.March, 8, 7, 30, 0, 123456789, time.UTC)

func number(text string) phone.Number {
	n, err := phone.ParseNumber(text)
	if err != nil {
		panic(err) // a constant of this file
	}
	return n
}

func boxID(tenant phone.TenantID) voicemail.BoxID {
	return voicemail.BoxID{Tenant: tenant, Mailbox: "sales"}
}

func newBox(tenant phone.TenantID) voicemail.Box {
	return voicemail.Box{
		ID: boxID(tenant), Seq: 3, Settings: voicemail.Settings{MaxMessages: 7, MaxLength: 90 * time.Second, NoFilter: true},
		Counts: voicemail.Counts{New: 1, Bytes: 1 << 40}, Reserved: voicemail.Counts{New: 2},
		Held: map[string]time.Time{"mail": instant},
	}
}

func newCapture(tenant phone.TenantID, key string) voicemail.CaptureRow {
	return voicemail.CaptureRow{
		Request: voicemail.Request{
			Key: key, Call: phone.Call{ID: "call", Tenant: tenant, Caller: phone.Party{Number: number("+15145550100"), Name: "Zoé \u202e"}},
			Divert: phone.Divert{Mailbox: "sales"}, Codec: "pcmu", Rate: 8000,
		},
		Message: "m-" + key, State: voicemail.StateHeld, Owner: "node", Epoch: 4, Until: instant, Spool: "s",
		Settings: voicemail.Settings{MinSpeech: -1}, Receipt: voicemail.Receipt{Length: 90 * time.Millisecond, Why: voicemail.WhyEmpty},
	}
}

func newMessage(tenant phone.TenantID, n int) voicemail.Message {
	return voicemail.Message{
		Box: boxID(tenant), ID: fmt.Sprintf("m%d", n), Number: n, Seq: n, Folder: voicemail.Inbox,
		Call: phone.Call{ID: "call", Tenant: tenant, Caller: phone.Party{Number: number("+15145550100")}}, Received: instant,
		Blob: "b", Bytes: 5, Codec: "pcmu", Rate: 8000, Length: 1500 * time.Millisecond, Stop: voicemail.StopHangup,
		Transcript: voicemail.Transcript{State: voicemail.TranscriptDone, Text: "ça va?\x00", Document: json.RawMessage(`{"v":1}`)},
	}
}

func newTask(tenant phone.TenantID, id string, due time.Time) voicemail.Task {
	return voicemail.Task{ID: id, Kind: voicemail.TaskNotify, Box: boxID(tenant), Due: due, Since: instant, Channel: "mail", Message: "m1"}
}
