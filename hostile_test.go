package afterbeep_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/voicemail"
)

func TestALineWithoutLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) {
		old := s.Line
		s.Line = func(ctx context.Context, c phone.Call) (afterbeep.Line, error) {
			l, err := old(ctx, c)
			l.Languages = []language.Tag{} // "languages": []
			return l, err
		}
	})
	assert.NotPanics(t, func() { _ = w.desks[0].Serve(t.Context(), w.call(), &caller{}) })
}

func TestAMissingMailboxIsReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) {
		old := s.Line
		s.Line = func(ctx context.Context, c phone.Call) (afterbeep.Line, error) {
			l, err := old(ctx, c)
			l.Mailbox = "typo"
			return l, err
		}
	})
	leg := &caller{says: speech(2 * time.Second)}
	err := w.desks[0].Serve(t.Context(), w.call(), leg)
	assert.Error(t, err, "Serve: an error means that a socket failed")
}

type brokenSpool struct{ voicemail.Spool }

func (brokenSpool) Append(context.Context, voicemail.SpoolID, []byte) error {
	return errors.New("disk full")
}

func TestAFullDiskIsReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) {
		s.Spool = brokenSpool{s.Spool}
		s.Blobs = brokenBlobs{s.Blobs}
	})
	leg := &caller{says: speech(2 * time.Second)}
	err := w.desks[0].Serve(t.Context(), w.call(), leg)
	assert.Error(t, err)
}

type brokenBlobs struct{ voicemail.Blobs }

func (brokenBlobs) Put(context.Context, phone.TenantID, string, io.Reader, int64) error {
	return errors.New("disk full")
}

type downLedger struct{ autoreply.Ledger }

func (downLedger) Load(context.Context, autoreply.Key) (autoreply.Entry, error) {
	return autoreply.Entry{}, errors.New("ledger down")
}

func TestALedgerThatIsDownKeepsNobodyOnTheLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) { s.Ledger = downLedger{s.Ledger} })
	leg := &caller{keys: []string{"1"}} // rings, nobody, voicemail silent -> ended
	leg.says = pcm.Silence(8000, 3*time.Second)
	leg.escapes = "0" // then boss rings, nobody, bye
	require.Error(t, w.desks[0].Serve(t.Context(), w.call(), leg))
	assert.Contains(t, leg.commands, "hang up")
}

type downSessions struct {
	callflow.Sessions
	n    int
	from int
}

func (s *downSessions) Save(ctx context.Context, x callflow.Session) error {
	if s.n++; s.n >= s.from {
		return errors.New("store down")
	}
	return s.Sessions.Save(ctx, x)
}

func TestSessionsThatCannotBeSavedHangUp(t *testing.T) {
	t.Parallel()
	for from := 1; from < 4; from++ {
		w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) {
			s.Sessions = &downSessions{Sessions: s.Sessions, from: from}
		})
		leg := &caller{keys: []string{"1"}}
		require.Error(t, w.desks[0].Serve(t.Context(), w.call(), leg))
		assert.Contains(t, leg.commands, "hang up", "from save %d", from)
	}
}

func TestAFlowThatIsGoneDoesNotStopTheSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, report := callflow.Parse([]byte(`{"start":"m","steps":{"m":{"kind":"menu","prompt":"old","keys":["1"],"next":{"1":"bye","timeout":"bye"}},"bye":{"kind":"hangup"}}}`), nil)
	require.NoError(t, report.Err())
	for i := range 100 {
		c := w.call()
		c.ID = fmt.Sprintf("old-%d", i)
		s := gone.New(c)
		var turn callflow.Turn
		require.NoError(t, gone.Step(&s, callflow.Input{At: w.wall.Now(), Kind: callflow.Start}, &turn))
		require.NoError(t, w.sockets.Sessions.Save(t.Context(), s))
	}
	w.wall.Add(time.Second)
	call := w.call()
	_, err := w.desks[0].Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Start})
	require.NoError(t, err)
	for range 5 {
		w.wall.Add(time.Hour)
		_, _ = w.desks[0].Work(t.Context()) // it says what is missing
	}
	_, err = w.sockets.Sessions.Load(t.Context(), "", call.ID)
	assert.ErrorIs(t, err, callflow.ErrNotFound, "the good call was swept")
}

func TestAnEngineThatNeverStopsIsPaidOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := 0
	w.words = func() (transcript.Transcript, error) {
		asked++
		return transcript.Plain(strings.Repeat("allo tout le monde ", 300_000), language.CanadianFrench), nil
	}
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	for range 4 {
		_, err := w.desks[0].Work(t.Context())
		require.NoError(t, err)
		w.wall.Add(11 * time.Minute)
	}
	assert.LessOrEqual(t, asked, 2, "the engine was paid")
}

func TestWordsOfAnEngineAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.words = func() (transcript.Transcript, error) {
		return transcript.Plain("\xff\xff\xff rappelez monsieur Tremblay", language.CanadianFrench), nil
	}
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	w.settle(w.desks[0])
	words, err := w.desks[0].Transcript(t.Context(), owner, box, w.messages()[0].ID)
	require.NoError(t, err)
	var got []string
	for _, x := range words.Words {
		got = append(got, words.Text[x.From:x.To])
	}
	assert.Equal(t, []string{"rappelez", "monsieur", "Tremblay"}, got[len(got)-3:])
	w2 := newWorld(t)
	w2.words = func() (transcript.Transcript, error) {
		return transcript.Transcript{Text: "ok fuck", Language: language.English, Words: []transcript.Word{{From: 3, To: 7000}, {From: -5, To: 2}}}, nil
	}
	require.NoError(t, w2.desks[0].Serve(t.Context(), w2.call(), &caller{says: speech(2 * time.Second)}))
	w2.settle(w2.desks[0])
	words, err = w2.desks[0].Transcript(t.Context(), owner, box, w2.messages()[0].ID)
	require.NoError(t, err)
	require.NoError(t, words.Check())
}

func TestATextChangedByHandIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	w.settle(w.desks[0])
	m := w.messages()[0]
	_, err := w.desks[0].Mail().Update(t.Context(), owner, box, m.ID, func(m *voicemail.Message) { m.Transcript.Text = "corrigé" })
	require.NoError(t, err)
	words, err := w.desks[0].Transcript(t.Context(), owner, box, m.ID)
	require.NoError(t, err)
	assert.Equal(t, "corrigé", words.Text)
}

func TestAHostileNameIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.call()
	c.Caller.Name = strings.Repeat("\xff\x00é", 5000)
	c.Caller.URI = strings.Repeat("x", 10000)
	require.NoError(t, w.desks[0].Serve(t.Context(), c, &caller{says: speech(2 * time.Second)}))
	w.settle(w.desks[0])
	for _, e := range w.events {
		if len(e.Contact.Name) > 1000 {
			t.Errorf("%s: name of %d bytes", e.Type, len(e.Contact.Name))
		}
	}
}

type deafBeep struct{ caller }

func (l *deafBeep) Play(ctx context.Context, c pcm.Clip, e []string) (callflow.Result, error) {
	r, err := l.caller.Play(ctx, c, e)
	if l.commands[len(l.commands)-1] == "beep" {
		return callflow.Result{}, errors.New("codec trouble")
	}
	return r, err
}

func TestAMessageWithoutABeep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	leg := &deafBeep{caller{says: speech(3 * time.Second)}}
	err := w.desks[0].Serve(t.Context(), w.call(), leg)
	assert.Error(t, err)
	assert.Len(t, w.messages(), 1)
}

func TestACorrectionKeepsWhatWasRecognised(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	w.settle(w.desks[0])
	_, err := w.desks[1].Correct(t.Context(), owner, box, w.messages()[0].ID, "c'est quoi cette hostie de belle facture")
	require.NoError(t, err)
	words, err := w.desks[0].Transcript(t.Context(), owner, box, w.messages()[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "c'est quoi cette ****** de belle facture", words.Text)
	assert.Contains(t, string(w.messages()[0].Transcript.Document), `"c'est quoi cette hostie de facture"`)
	_, err = w.desks[1].Correct(t.Context(), owner, box, w.messages()[0].ID, "\xff")
	require.Error(t, err)
}
