package afterbeep_test

import (
	"context"
	"fmt"
	"time"

	"github.com/benbjohnson/clock"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/voicemail"
)

// One call, from its ring to the text that answers it.
func Example() {
	ctx := context.Background()
	sockets, wall := office()
	desk, err := afterbeep.New(sockets, &afterbeep.Options{Clock: wall})
	if err != nil {
		panic(err)
	}
	box := voicemail.BoxID{Mailbox: "office"}
	if err := desk.Mail().PutBox(ctx, phone.Actor{}, voicemail.Box{ID: box}); err != nil {
		panic(err)
	}

	// In earnest the calls come from your telephony, a goroutine each.
	for call, leg := range calls(wall) {
		if err := desk.Serve(ctx, call, leg); err != nil { // route, greet, record, keep
			panic(err)
		}
	}
	for range 2 { // transcribe, announce; and text back when the time has come
		report, err := desk.Work(ctx)
		if err != nil {
			panic(err)
		}
		for _, reply := range report.Replies {
			fmt.Println(reply.Verdict, reply.Rule+":", reply.Text)
		}
		wall.Set(report.Next)
	}

	page, err := desk.Mail().Messages(ctx, phone.Actor{}, box, voicemail.Query{})
	if err != nil {
		panic(err)
	}
	for _, m := range page.Messages {
		words, err := desk.Transcript(ctx, phone.Actor{}, box, m.ID)
		if err != nil {
			panic(err)
		}
		fmt.Println(m.Call.Caller.Name, m.Length, m.Divert.Situation.Label, words.Text)
	}
	// Output:
	// reply closed: Fermé pour la fête. On vous rappelle!
	// Luc Gagnon 3s Fête nationale c'est quoi cette ****** de facture
}

// office is the host's world, here in memory: stores, opening hours, a flow, a
// recogniser, a carrier for texts.
func office() (afterbeep.Sockets, *clock.Mock) {
	wall := clock.NewMock()
	wall.Set(time.Date(2026, time.June, 24, 15, 0, 0, 0, time.UTC)) // a holiday in Québec

	schedule, err := hours.Parse([]byte(`{"zone": "America/Toronto", "week": {"wednesday": ["09:00-17:00"]},
		"holidays": [{"name": "Fête nationale", "on": "06-24"}]}`))
	if err != nil {
		panic(err)
	}
	flow, report := callflow.Parse([]byte(`{"start": "hours", "steps": {
		"hours":  {"kind": "hours", "schedule": "office", "next": {"open": "ring", "closed": "voicemail"}},
		"ring":   {"kind": "ring", "targets": ["team"], "next": {"no-answer": "voicemail"}},
		"voicemail": {"kind": "voicemail", "next": {"full": "bye"}},
		"bye":    {"kind": "hangup"}}}`), nil)
	if err := report.Err(); err != nil {
		panic(err)
	}
	replies, err := autoreply.NewPolicy([]autoreply.Rule{{
		ID: "closed", On: []string{phone.VoicemailLeft}, When: []hours.Kind{hours.KindHoliday, hours.KindClosed},
		Text: map[string]string{"fr": "Fermé pour la fête. On vous rappelle!"},
	}}, nil)
	if err != nil {
		panic(err)
	}
	flows, mail := callflow.FlowMap{}, voicemail.NewMemory()
	flows.Add("", flow)
	return afterbeep.Sockets{
		Line: func(context.Context, phone.Call) (afterbeep.Line, error) {
			return afterbeep.Line{
				ID: "main", Mailbox: "office", Flow: flow.Digest(), Schedules: []string{"office"},
				Languages: []language.Tag{language.CanadianFrench},
			}, nil
		},
		Schedule: func(context.Context, phone.TenantID, string) (hours.Schedule, error) { return schedule, nil },
		Flows:    flows, Sessions: callflow.NewMemory(),
		Mail: mail, Blobs: mail, Spool: mail,
		Recognizer: transcript.RecognizerFunc(func(context.Context, pcm.Clip, transcript.Hints) (transcript.Transcript, error) {
			return transcript.Plain("c'est quoi cette hostie de facture", language.CanadianFrench), nil
		}),
		Policies: func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return replies, nil },
		Ledger:   autoreply.NewMemory(), Sender: carrier{},
	}, wall
}
