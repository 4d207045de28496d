package siphost_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/adapters/siphost"
	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// A leg is what the desk wants of a blocking host.
var _ afterbeep.Leg = (*siphost.Leg)(nil)

type carrier struct{}

func (carrier) Send(context.Context, autoreply.Text) error { return nil }
func (carrier) KeyLife() time.Duration                     { return 0 }

// A call through the whole house: a menu, a phone that nobody answers, the
// greeting, the beep, and a message that is in the box as it was said.
func TestDeskOverSIP(t *testing.T) {
	t.Parallel()
	flow, report := callflow.Parse([]byte(`{"start": "menu", "steps": {
		"menu": {"kind": "menu", "prompt": "menu", "keys": ["1"], "next": {"1": "ring", "timeout": "bye"}},
		"ring": {"kind": "ring", "targets": ["ann"], "for": "1s", "next": {"no-answer": "box"}},
		"box":  {"kind": "voicemail", "next": {"full": "bye"}},
		"bye":  {"kind": "hangup"}}}`), nil)
	require.NoError(t, report.Err())
	flows, mail := callflow.FlowMap{}, voicemail.NewMemory()
	flows.Add("", flow)
	replies, err := autoreply.NewPolicy([]autoreply.Rule{{ID: "sorry", On: []string{phone.VoicemailLeft}, Text: map[string]string{"en": "We call back."}}}, nil)
	require.NoError(t, err)
	desk, err := afterbeep.New(afterbeep.Sockets{
		Line: func(context.Context, phone.Call) (afterbeep.Line, error) {
			return afterbeep.Line{ID: "main", Mailbox: "office", Flow: flow.Digest()}, nil
		},
		Flows: flows, Sessions: callflow.NewMemory(), Mail: mail, Blobs: mail, Spool: mail,
		Policies: func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return replies, nil },
		Ledger:   autoreply.NewMemory(), Sender: carrier{},
	}, nil)
	require.NoError(t, err)
	ctx := soon(t)
	box := voicemail.BoxID{Mailbox: "office"}
	require.NoError(t, desk.Mail().PutBox(ctx, phone.Actor{}, voicemail.Box{ID: box}))

	ann := handset(t, &softphone.Options{Number: "ann"})
	callee(t, ann, rings)
	served := make(chan error, 1)
	office := open(t, &siphost.Options{
		Prompt:   prompts(map[string]pcm.Clip{"menu": pcm.Tone(8000, time.Second, 300)}),
		Contacts: map[string][]string{"ann": {ann.URI()}},
	}, func(ctx context.Context, call phone.Call, leg *siphost.Leg) error {
		err := desk.Serve(ctx, call, leg)
		served <- err
		return err
	})
	message := pcmtest.Voice(8000, 3*time.Second, 11)
	call, err := handset(t, &softphone.Options{Number: "+15145550100", Name: "Ada"}).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	require.NoError(t, call.WaitTone(ctx, 300))
	require.NoError(t, call.SendDigits(ctx, "1"))
	require.NoError(t, call.WaitBeep(ctx, 640))
	require.NoError(t, call.SendAudio(ctx, message))
	require.NoError(t, call.Hangup(ctx))
	select {
	case err := <-served:
		require.NoError(t, err)
	case <-ctx.Done():
		require.FailNow(t, "the desk did not finish")
	}

	page, err := desk.Mail().Messages(ctx, phone.Actor{}, box, voicemail.Query{})
	require.NoError(t, err)
	require.Len(t, page.Messages, 1)
	assert.Equal(t, "Ada", page.Messages[0].Call.Caller.Name)
	assert.Equal(t, phone.NoAnswer, page.Messages[0].Divert.Outcome)
	sound, err := desk.Mail().Open(ctx, phone.Actor{}, box, page.Messages[0].ID)
	require.NoError(t, err)
	defer func() { assert.NoError(t, sound.Close()) }()
	kept, err := pcm.ReadWAV(sound, time.Minute)
	require.NoError(t, err)
	_, correlation := pcmtest.Align(message, kept)
	assert.Greater(t, correlation, 0.99)
}
