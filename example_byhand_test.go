package afterbeep_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/voicemail"
)

// visit is one call of a host without a desk.
type visit struct {
	afterbeep.Leg
	call  phone.Call
	hello *greeting.Library
	boxes *voicemail.Service
}

// Do is where the packages meet: the flow decides, greeting chooses, voicemail
// keeps, and the leg does the rest.
func (v *visit) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	r := voicemail.Request{Key: c.Key(), Call: v.call, Divert: c.Divert}
	r.Codec, r.Rate = v.Format()
	switch a := c.Action.(type) {
	case callflow.Prepare:
		_, err := v.boxes.Begin(ctx, r)
		if errors.Is(err, voicemail.ErrFull) {
			return callflow.Result{Outcome: callflow.Full}, nil
		}
		pick := v.hello.Select(greeting.Query{At: c.At, Divert: c.Divert})
		return callflow.Result{Outcome: callflow.Ready, Clip: pick.Greeting.Clip}, err
	case callflow.Play:
		if a.Clip != "" {
			clip, err := greeting.Fetch(ctx, nil, v.call.Tenant, greeting.Greeting{Clip: a.Clip, Language: c.Divert.Language})
			if err != nil {
				return callflow.Result{}, err
			}
			return v.Play(ctx, clip, a.Escape)
		}
	case callflow.Record:
		capture, err := v.boxes.Begin(ctx, r) // the same key, the same capture
		if err != nil {
			return callflow.Result{}, err
		}
		if beep, err := v.Play(ctx, pcm.Beep(r.Rate), nil); err != nil || beep.HungUp {
			return callflow.Result{Outcome: callflow.Empty, HungUp: beep.HungUp}, errors.Join(err, v.boxes.Release(ctx, r))
		}
		kept, err := capture.Record(ctx, v.Frames(ctx), a.Escape...)
		return callflow.Result{
			Outcome: kept.Outcome, Message: kept.Message, Digits: kept.Key, HungUp: kept.Stop == voicemail.StopHangup,
		}, err
	case callflow.Release:
		return callflow.Result{}, v.boxes.Release(ctx, r)
	}
	return v.Leg.Do(ctx, c)
}

// The same call without the desk: what it does inside, in one page.
func Example_byHand() {
	ctx := context.Background()
	s, wall := office()
	replies := must(autoreply.New(s.Policies, s.Ledger, s.Sender, &autoreply.Options{Clock: wall}))
	boxes := must(voicemail.New(s.Mail, s.Blobs, s.Spool, &voicemail.Options{
		Clock: wall,
		Transcriber: func(ctx context.Context, m voicemail.Message, c pcm.Clip) (voicemail.Transcript, error) {
			t, err := s.Recognizer.Recognize(ctx, c, transcript.Hints{Mailbox: m.Box.Mailbox})
			if err != nil {
				return voicemail.Transcript{}, err
			}
			document, err := json.Marshal(transcript.NewDocument(t, "by hand"))
			return voicemail.Transcript{Text: t.Text, Language: t.Language, Document: document}, err
		},
		Notifiers: map[string]voicemail.Notifier{"reply": func(ctx context.Context, n voicemail.Notice) error {
			_, err := replies.Handle(ctx, n.Event()) // the zero event of another kind of notice is ignored
			return err
		}},
	}))
	hello := must(greeting.New(greeting.Snapshot{}, nil)) // the built-in greetings
	box := voicemail.BoxID{Mailbox: "office"}
	must(0, boxes.PutBox(ctx, phone.Actor{}, voicemail.Box{ID: box}))

	for call, leg := range calls(wall) {
		line := must(s.Line(ctx, call))
		call.Line, call.Divert.Mailbox, call.Divert.Language = line.ID, line.Mailbox, line.Languages[0]
		flow := must(s.Flows.Flow(ctx, call.Tenant, line.Flow))
		flow = flow.With(map[string]hours.Schedule{"office": must(s.Schedule(ctx, call.Tenant, "office"))})

		session := flow.New(call)
		must(0, callflow.Run(ctx, flow, &session, &visit{leg, call, hello, boxes}, &callflow.RunOptions{Clock: wall, Sessions: s.Sessions}))
		call.Divert, call.Outcome, call.Ended = session.Divert, session.Outcome, session.Ended
		decision := must(replies.Handle(ctx, call.Event()))
		fmt.Println("the call:", call.Outcome, decision.Reason)
	}
	must(boxes.Work(ctx)) // transcribe and announce
	done, next, err := replies.RunDue(ctx)
	must(done, err)
	wall.Set(next)
	done, _, err = replies.RunDue(ctx)
	for _, reply := range must(done, err) {
		fmt.Println(reply.Verdict, reply.Text)
	}
	// Output:
	// the call: voicemail ignored
	// reply Fermé pour la fête. On vous rappelle!
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
