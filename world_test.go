package afterbeep_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/benbjohnson/clock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

const front = `{"start": "hours", "steps": {
	"hours":   {"kind": "hours", "schedule": "office", "next": {"open": "menu", "closed": "night"}},
	"menu":    {"kind": "menu", "prompt": "welcome", "keys": ["1", "2"], "next": {"1": "french", "2": "english", "timeout": "ring"}},
	"french":  {"kind": "language", "tag": "fr-CA", "next": {"done": "ring"}},
	"english": {"kind": "language", "tag": "en-CA", "next": {"done": "ring"}},
	"ring":    {"kind": "ring", "targets": ["team"], "next": {"no-answer": "box"}},
	"box":     {"kind": "voicemail", "escape": ["0"], "next": {"full": "full", "0": "ring-boss"}},
	"night":   {"kind": "voicemail", "max": "2s", "next": {"full": "full"}},
	"ring-boss": {"kind": "ring", "targets": ["boss"], "next": {"no-answer": "bye"}},
	"full":    {"kind": "play", "prompt": "full", "next": {"done": "bye"}},
	"bye":     {"kind": "hangup"}}}`

// world is shared stores with two desks on them, as two nodes have.
type world struct {
	t       *testing.T
	wall    *clock.Mock
	sockets afterbeep.Sockets
	desks   [2]*afterbeep.Desk
	calls   int
	later   []phone.Call

	mu     sync.Mutex
	texts  []autoreply.Text
	events []phone.Event
	shown  []string
	words  func() (transcript.Transcript, error)
}

var (
	box   = voicemail.BoxID{Mailbox: "office"}
	owner = phone.Actor{Kind: phone.Person, ID: "ana"}
)

// Send and KeyLife make the world its own carrier, which knows no keys: a
// second text would be a second line here.
func (w *world) Send(_ context.Context, t autoreply.Text) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.texts = append(w.texts, t)
	return nil
}

func (w *world) KeyLife() time.Duration { return 0 }

func newWorld(t *testing.T, change ...func(*afterbeep.Sockets, *afterbeep.Options)) *world {
	t.Helper()
	w := &world{t: t, wall: clock.NewMock()}
	w.wall.Set(time.Date(2026, time.June, 16, 14, 5, 0, 0, time.UTC)) // Tuesday 10:05 in Toronto
	schedule, err := hours.Parse([]byte(`{"zone": "America/Toronto", "week": {"tuesday": ["09:00-17:00"]}}`))
	require.NoError(t, err)
	flow, report := callflow.Parse([]byte(front), nil)
	require.NoError(t, report.Err())
	replies, err := autoreply.NewPolicy([]autoreply.Rule{
		{ID: "message", On: []string{phone.VoicemailLeft}, Text: map[string]string{"fr": "Message reçu.", "en": "Got your message."}},
		{ID: "missed", On: []string{phone.CallMissed}, Text: map[string]string{"fr": "Désolés!", "en": "Sorry!"}},
	}, nil)
	require.NoError(t, err)
	flows, mail := callflow.FlowMap{}, voicemail.NewMemory()
	flows.Add("", flow)
	w.sockets = afterbeep.Sockets{
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
			return w.words()
		}),
		Policies: func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return replies, nil },
		Ledger:   autoreply.NewMemory(), Sender: w,
	}
	w.words = func() (transcript.Transcript, error) {
		return transcript.Plain("c'est quoi cette hostie de facture", language.CanadianFrench), nil
	}
	for i := range w.desks {
		o := afterbeep.Options{
			Clock: w.wall, Node: fmt.Sprintf("node-%d", i),
			Observe: func(_ context.Context, e phone.Event) {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.events = append(w.events, e)
			},
			Notifiers: map[string]voicemail.Notifier{"inbox": func(_ context.Context, n voicemail.Notice) error {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.shown = append(w.shown, n.Message.Transcript.Text)
				return nil
			}},
		}
		sockets := w.sockets
		for _, f := range change {
			f(&sockets, &o)
		}
		w.desks[i], err = afterbeep.New(sockets, &o)
		require.NoError(t, err)
	}
	require.NoError(t, w.desks[0].Mail().PutBox(t.Context(), owner, voicemail.Box{ID: box}))
	return w
}

// call is the next call of Luc's.
func (w *world) call() phone.Call {
	w.calls++
	n, err := phone.ParseNumber("+15145550123")
	require.NoError(w.t, err)
	return phone.Call{ID: fmt.Sprintf("call-%d", w.calls), Caller: phone.Party{Number: n}, Began: w.wall.Now()}
}

// settle lets a desk do what is due, for as long as something is due soon.
func (w *world) settle(d *afterbeep.Desk) {
	w.t.Helper()
	for range 10 {
		report, err := d.Work(w.t.Context())
		require.NoError(w.t, err)
		if wait := report.Next.Sub(w.wall.Now()); wait > 45*time.Second {
			return
		} else if wait > 0 {
			w.wall.Set(report.Next)
		}
	}
}

func (w *world) messages() []voicemail.Message {
	w.t.Helper()
	page, err := w.desks[1].Mail().Messages(w.t.Context(), owner, box, voicemail.Query{})
	require.NoError(w.t, err)
	return page.Messages
}

func (w *world) bodies() (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.texts {
		all = append(all, t.Body)
	}
	return all
}

func (w *world) saw(kind string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, e := range w.events {
		if e.Type == kind {
			n++
		}
	}
	return n
}

// gone asserts that a call is over and was noted, and that nothing is left of it
// some time later.
func (w *world) gone(c phone.Call) {
	w.t.Helper()
	s, err := w.sockets.Sessions.Load(w.t.Context(), c.Tenant, c.ID)
	require.NoError(w.t, err)
	assert.True(w.t, s.Over())
	assert.True(w.t, s.Deadline.After(s.Ended), "noted")
	w.later = append(w.later, c)
}

// forgotten asserts that the sessions of calls that ended are removed.
func (w *world) forgotten() {
	w.t.Helper()
	w.wall.Add(time.Hour)
	w.settle(w.desks[1])
	for _, c := range w.later {
		_, err := w.sockets.Sessions.Load(w.t.Context(), c.Tenant, c.ID)
		require.ErrorIs(w.t, err, callflow.ErrNotFound)
	}
}
