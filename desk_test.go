package afterbeep_test

import (
	"context"
	"errors"
	"sync"
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

func TestACallFromRingToReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call, leg := w.call(), &caller{keys: []string{"1"}, says: speech(3 * time.Second)}
	require.NoError(t, w.desks[0].Serve(t.Context(), call, leg))
	assert.Equal(t, []string{"answer", "menu welcome", "ring team", "greeting", "beep"}, leg.commands)
	w.gone(call)
	assert.Empty(t, w.bodies(), "a reply waits for its settle time")

	w.settle(w.desks[1])
	messages := w.messages()
	require.Len(t, messages, 1)
	assert.Equal(t, 3*time.Second, messages[0].Length)
	assert.Equal(t, phone.NoAnswer, messages[0].Divert.Outcome)
	assert.Equal(t, language.CanadianFrench, messages[0].Divert.Language)
	assert.Equal(t, "c'est quoi cette hostie de facture", messages[0].Transcript.Text, "what is kept is not filtered")
	assert.Equal(t, []string{"Message reçu."}, w.bodies(), "one text: voicemail beats missed call")

	words, err := w.desks[1].Transcript(t.Context(), owner, box, messages[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "c'est quoi cette ****** de facture", words.Text)
	assert.Contains(t, w.shown, words.Text, "notices show what the mailbox shows")
	assert.Equal(t, 1, w.saw(afterbeep.GreetingChosen))
	assert.Equal(t, 1, w.saw(afterbeep.RecordingEnded))
}

func TestHowCallsEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		leg      *caller
		messages int
		texts    []string
		event    string
	}{
		"answered":          {&caller{keys: []string{"2"}, rings: phone.Answered}, 0, nil, phone.CallAnswered},
		"gone in the menu":  {&caller{hangsUp: "menu"}, 0, []string{"Désolés!"}, phone.CallMissed},
		"gone in the ring":  {&caller{keys: []string{"2"}, hangsUp: "ring"}, 0, []string{"Sorry!"}, phone.CallMissed},
		"gone in greeting":  {&caller{hangsUp: "greeting"}, 0, []string{"Désolés!"}, phone.CallMissed},
		"gone in the beep":  {&caller{hangsUp: "beep", says: speech(3 * time.Second)}, 0, []string{"Désolés!"}, phone.CallMissed},
		"silence":           {&caller{says: pcm.Silence(8000, 3*time.Second)}, 0, []string{"Désolés!"}, phone.CallMissed},
		"a message":         {&caller{keys: []string{"2"}, says: speech(2 * time.Second)}, 1, []string{"Got your message."}, phone.VoicemailLeft},
		"a message, then 0": {&caller{says: speech(2 * time.Second), escapes: "0"}, 1, []string{"Message reçu."}, phone.VoicemailLeft},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			call := w.call()
			require.NoError(t, w.desks[0].Serve(t.Context(), call, c.leg))
			w.gone(call)
			w.settle(w.desks[0])
			assert.Len(t, w.messages(), c.messages)
			assert.Equal(t, c.texts, w.bodies())
			assert.Equal(t, 1, w.saw(c.event), c.event)
			page, err := w.sockets.Mail.Box(t.Context(), box)
			require.NoError(t, err)
			assert.Zero(t, page.Reserved, "no room stays reserved")
			w.forgotten()
			assert.Equal(t, c.texts, w.bodies())
		})
	}
}

func TestAFullMailboxNeverAsksForAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stored, err := w.desks[0].Mail().Box(t.Context(), owner, box)
	require.NoError(t, err)
	stored.Settings.MaxMessages = 1
	require.NoError(t, w.desks[0].Mail().PutBox(t.Context(), owner, stored))
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))

	second := &caller{says: speech(2 * time.Second)}
	require.NoError(t, w.desks[1].Serve(t.Context(), w.call(), second))
	assert.NotContains(t, second.commands, "beep")
	assert.Contains(t, second.commands, "play full")
	assert.Len(t, w.messages(), 1)
}

func TestTheLengthOfAStepIsStronger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wall.Set(time.Date(2026, time.June, 16, 23, 0, 0, 0, time.UTC)) // closed: the step says 2 s
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(5 * time.Second)}))
	require.Len(t, w.messages(), 1)
	assert.Equal(t, 2*time.Second, w.messages()[0].Length)
	assert.Equal(t, voicemail.StopLength, w.messages()[0].Stop)
}

func TestTheFilterFollowsTheMailbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stored, err := w.desks[0].Mail().Box(t.Context(), owner, box)
	require.NoError(t, err)
	stored.Settings = afterbeep.Settings{Filter: afterbeep.Off}.Box()
	require.NoError(t, w.desks[0].Mail().PutBox(t.Context(), owner, stored))
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	w.settle(w.desks[0])
	words, err := w.desks[0].Transcript(t.Context(), owner, box, w.messages()[0].ID)
	require.NoError(t, err)
	assert.Contains(t, words.Text, "hostie")
	assert.Contains(t, w.shown, words.Text)

	_, err = w.desks[0].Transcript(t.Context(), owner, box, "no such message")
	require.ErrorIs(t, err, voicemail.ErrNotFound)
}

func TestAFailingRecogniserHarmsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.words = func() (transcript.Transcript, error) {
		return transcript.Transcript{}, &transcript.Error{Kind: transcript.Permanent}
	}
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	w.settle(w.desks[0])
	require.Len(t, w.messages(), 1)
	assert.Equal(t, voicemail.TranscriptFailed, w.messages()[0].Transcript.State)
	assert.Equal(t, []string{"Message reçu."}, w.bodies())
	words, err := w.desks[0].Transcript(t.Context(), owner, box, w.messages()[0].ID)
	require.NoError(t, err)
	assert.True(t, words.Empty())
}

func TestTwoDesksSendOneText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	require.NoError(t, w.desks[1].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	for range 4 {
		var wg sync.WaitGroup
		for _, d := range w.desks {
			wg.Go(func() {
				_, err := d.Work(t.Context())
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		w.wall.Add(10 * time.Second)
	}
	assert.Len(t, w.messages(), 2, "both messages are kept")
	assert.Equal(t, []string{"Message reçu."}, w.bodies(), "one text within three hours")
}

func TestACallMovesToAnotherNode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	call := w.call()
	first := &dying{caller: caller{keys: []string{"1"}}, at: "ring team", die: cancel}
	err := w.desks[0].Serve(ctx, call, first)
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, w.bodies())

	second := &caller{says: speech(2 * time.Second)}
	require.NoError(t, w.desks[1].Serve(t.Context(), call, second))
	assert.Equal(t, []string{"ring team", "greeting", "beep"}, second.commands, "the menu is not heard twice")
	w.settle(w.desks[1])
	require.Len(t, w.messages(), 1)
	assert.Equal(t, language.CanadianFrench, w.messages()[0].Divert.Language, "the key that was pressed on the first node counts")
}

// dying is a leg whose process ends in the middle of a command.
type dying struct {
	caller
	at  string
	die func()
}

func (l *dying) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	result, err := l.caller.Do(ctx, c)
	if l.commands[len(l.commands)-1] == l.at {
		l.die()
		return callflow.Result{}, context.Canceled
	}
	return result, err
}

func TestASilentCallIsSweptAndNoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	call := w.call()
	require.Error(t, w.desks[0].Serve(ctx, call, &dying{caller: caller{keys: []string{"1"}}, at: "ring team", die: cancel}))

	w.wall.Add(10 * time.Minute)
	report, err := w.desks[1].Work(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, report.Swept)
	w.gone(call)
	w.settle(w.desks[1])
	assert.Equal(t, []string{"Désolés!"}, w.bodies(), "the caller is answered although the node has died")
	report, err = w.desks[0].Work(t.Context())
	require.NoError(t, err)
	assert.Zero(t, report.Swept)
}

func TestNoteOfAPersonSilencesTheReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := w.call()
	require.NoError(t, w.desks[0].Serve(t.Context(), call, &caller{hangsUp: "menu"}))
	decision, err := w.desks[1].Note(t.Context(), phone.Event{
		V: phone.EventVersion, ID: "placed-1", Type: phone.CallPlaced, At: w.wall.Now().Add(5 * time.Second),
		Contact: call.Caller, Line: "main", Actor: owner,
	})
	require.NoError(t, err)
	assert.Equal(t, autoreply.Noted, decision.Verdict)
	w.settle(w.desks[0])
	assert.Empty(t, w.bodies(), "somebody is talking to the caller already")

	decision, err = w.desks[0].Note(t.Context(), phone.Event{})
	require.NoError(t, err)
	assert.Equal(t, autoreply.ReasonIgnored, decision.Reason)
}

func TestABrokenHostStillHangsUp(t *testing.T) {
	t.Parallel()
	down := errors.New("store down")
	w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) {
		s.Line = func(context.Context, phone.Call) (afterbeep.Line, error) { return afterbeep.Line{}, down }
	})
	leg := &caller{}
	require.ErrorIs(t, w.desks[0].Serve(t.Context(), w.call(), leg), down)
	assert.Equal(t, []string{"hang up"}, leg.commands)

	require.Error(t, w.desks[0].Serve(t.Context(), phone.Call{}, &caller{}), "a call without an id")
}

func TestBusyAndDrain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *afterbeep.Sockets, o *afterbeep.Options) { o.Calls = 1 })
	inside, leave := make(chan struct{}), make(chan struct{})
	served := make(chan error)
	go func() {
		served <- w.desks[0].Serve(t.Context(), w.call(), &waiting{inside: inside, leave: leave})
	}()
	<-inside
	require.ErrorIs(t, w.desks[0].Serve(t.Context(), phone.Call{ID: "another"}, &caller{}), afterbeep.ErrBusy)
	soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, w.desks[0].Drain(soon), context.DeadlineExceeded)
	close(leave)
	require.NoError(t, <-served)
	require.NoError(t, w.desks[0].Drain(t.Context()))
	require.ErrorIs(t, w.desks[0].Serve(t.Context(), phone.Call{ID: "late"}, &caller{}), afterbeep.ErrBusy)
}

// waiting is a leg that stays in its menu until it is let go.
type waiting struct {
	caller
	inside, leave chan struct{}
}

func (l *waiting) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	if _, menu := c.Action.(callflow.Collect); menu {
		close(l.inside)
		<-l.leave
		return callflow.Result{HungUp: true}, nil
	}
	return l.caller.Do(ctx, c)
}

func TestNewSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := afterbeep.New(afterbeep.Sockets{Sender: &world{}}, &afterbeep.Options{
		Calls: -1, Silent: time.Millisecond, Notifiers: map[string]voicemail.Notifier{"autoreply": nil},
	})
	require.ErrorIs(t, err, afterbeep.ErrSocket)
	for _, name := range []string{"Line", "Flows", "Sessions", "Mail", "Blobs", "Spool", "Policies", "Ledger", "calls", "silent", "notifier"} {
		assert.ErrorContains(t, err, name)
	}
}

func TestWithoutOptionalSockets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) {
		s.Recognizer, s.Policies, s.Ledger, s.Sender, s.Schedule = nil, nil, nil, nil, nil
	})
	require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), &caller{says: speech(2 * time.Second)}))
	w.settle(w.desks[0])
	require.Len(t, w.messages(), 1)
	assert.Empty(t, w.bodies())
	assert.Empty(t, w.messages()[0].Transcript.State)
}
