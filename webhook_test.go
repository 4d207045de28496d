package afterbeep_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

func TestWebhooksOnTwoNodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := w.call()
	node := 0
	step := func(in callflow.Input) callflow.Turn {
		t.Helper()
		in.At = w.wall.Now()
		turn, err := w.desks[node%2].Step(t.Context(), call, in)
		require.NoError(t, err)
		// The carrier delivers twice, to the other node.
		again, err := w.desks[(node+1)%2].Step(t.Context(), call, in)
		require.NoError(t, err)
		assert.Equal(t, turn.Await, again.Await, "a doubled webhook is answered with the same command")
		assert.True(t, again.Repeat)
		node++
		return turn
	}
	answer := func(turn callflow.Turn, r callflow.Result) callflow.Turn {
		t.Helper()
		return step(callflow.Input{Kind: callflow.Done, Command: turn.Await.ID, Result: r})
	}
	turn := step(callflow.Input{Kind: callflow.Start})
	require.IsType(t, callflow.Collect{}, turn.Await.Action)
	turn = answer(turn, callflow.Result{Digits: "1"})
	require.IsType(t, callflow.Ring{}, turn.Await.Action)
	turn = answer(turn, callflow.Result{Outcome: phone.NoAnswer})
	require.IsType(t, callflow.Play{}, turn.Await.Action, "the desk has prepared the mailbox by itself")
	assert.NotEmpty(t, turn.Await.Action.(callflow.Play).Clip)
	turn = answer(turn, callflow.Result{Outcome: callflow.Completed})
	require.IsType(t, callflow.Record{}, turn.Await.Action)
	record := turn.Await

	in := callflow.Input{At: w.wall.Now(), Kind: callflow.Done, Command: record.ID, Result: callflow.Result{Outcome: phone.Voicemail, HungUp: true}}
	over, err := w.desks[0].Step(t.Context(), call, in)
	require.NoError(t, err)
	assert.True(t, over.Over)
	over, err = w.desks[1].Step(t.Context(), call, in)
	require.NoError(t, err)
	assert.True(t, over.Over, "also for the second delivery")

	// The sound comes much later, twice.
	w.wall.Add(2 * time.Minute)
	var wav bytes.Buffer
	require.NoError(t, pcm.WriteWAV(&wav, speech(2*time.Second), pcm.PCMU))
	for i := range 2 {
		receipt, err := w.desks[i].Ingest(t.Context(), call, record, bytes.NewReader(wav.Bytes()))
		require.NoError(t, err)
		assert.Equal(t, phone.Voicemail, receipt.Outcome)
	}
	w.settle(w.desks[1])
	require.Len(t, w.messages(), 1)
	assert.Equal(t, []string{"Message reçu."}, w.bodies())
}

func TestWebhookLeavingBeforeTheBeepReleases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wall.Set(time.Date(2026, time.June, 16, 23, 0, 0, 0, time.UTC)) // closed
	call := w.call()
	turn, err := w.desks[0].Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Start})
	require.NoError(t, err)
	require.IsType(t, callflow.Play{}, turn.Await.Action)
	over, err := w.desks[1].Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.HungUp})
	require.NoError(t, err)
	assert.True(t, over.Over)
	for _, c := range slices.Concat(turn.Emit, over.Emit) {
		assert.NotEqual(t, callflow.Release{}, c.Action, "releasing is the desk's own")
	}
	w.gone(call)
	w.settle(w.desks[0])
	assert.Equal(t, []string{"Désolés!"}, w.bodies())
}

func TestALateStartFindsACallThatHasEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := w.call()
	d := w.desks[0]
	start := callflow.Input{At: w.wall.Now(), Kind: callflow.Start}
	turn, err := d.Step(t.Context(), call, start)
	require.NoError(t, err)
	turn, err = d.Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Done, Command: turn.Await.ID, Result: callflow.Result{Digits: "1"}})
	require.NoError(t, err)
	turn, err = d.Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Done, Command: turn.Await.ID, Result: callflow.Result{Outcome: phone.Answered}})
	require.NoError(t, err)
	require.True(t, turn.Over)
	again, err := w.desks[1].Step(t.Context(), call, start) // the carrier retries its first webhook
	require.NoError(t, err)
	assert.True(t, again.Over, "the call is over: %#v", again.Await.Action)
	w.wall.Add(20 * time.Minute)
	w.settle(d)
	assert.Equal(t, 0, w.saw(phone.CallMissed), "an answered call is not missed")
	assert.Empty(t, w.bodies())
}

func TestALateStartAfterAMessageIsNoMissedCall(t *testing.T) {
	t.Parallel()
	// A kept message, then a late Start of the carrier: no rule for messages, one for missed calls.
	w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) {
		p, err := autoreply.NewPolicy([]autoreply.Rule{{ID: "missed", On: []string{phone.CallMissed}, Text: map[string]string{"en": "Sorry!"}}}, nil)
		require.NoError(t, err)
		s.Policies = func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil }
	})
	w.wall.Set(time.Date(2026, time.June, 16, 23, 0, 0, 0, time.UTC))
	call, d := w.call(), w.desks[0]
	start := callflow.Input{At: w.wall.Now(), Kind: callflow.Start}
	turn, err := d.Step(t.Context(), call, start)
	require.NoError(t, err)
	turn, err = d.Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Done, Command: turn.Await.ID, Result: callflow.Result{Outcome: callflow.Completed}})
	require.NoError(t, err)
	_, err = d.Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Done, Command: turn.Await.ID, Result: callflow.Result{Outcome: phone.Voicemail, HungUp: true}})
	require.NoError(t, err)
	_, err = d.Step(t.Context(), call, start) // late
	require.NoError(t, err)
	w.wall.Add(20 * time.Minute)
	w.settle(d)
	assert.Empty(t, w.bodies(), "the caller left a message and was not missed")
}

func TestAHangupWhileTheDeskPrepares(t *testing.T) {
	t.Parallel()
	var hook func(context.Context)
	w := newWorld(t, func(s *afterbeep.Sockets, o *afterbeep.Options) {
		old := o.Observe
		o.Observe = func(ctx context.Context, e phone.Event) {
			old(ctx, e)
			if e.Type == afterbeep.GreetingChosen && hook != nil {
				h := hook
				hook = nil
				h(ctx)
			}
		}
	})
	w.wall.Set(time.Date(2026, time.June, 16, 23, 0, 0, 0, time.UTC)) // closed: straight to the box
	box1, err := w.desks[0].Mail().Box(t.Context(), owner, box)
	require.NoError(t, err)
	box1.Settings.MaxMessages = 1
	require.NoError(t, w.desks[0].Mail().PutBox(t.Context(), owner, box1))
	call := w.call()
	hook = func(ctx context.Context) {
		over, err := w.desks[1].Step(ctx, call, callflow.Input{At: w.wall.Now(), Kind: callflow.HungUp})
		require.NoError(t, err)
		require.True(t, over.Over)
	}
	turn, err := w.desks[0].Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Start})
	require.NoError(t, err)
	assert.True(t, turn.Over, "the caller has gone, yet: %#v", turn.Await.Action)
	w.gone(call)
	b, err := w.sockets.Mail.Box(t.Context(), box)
	require.NoError(t, err)
	assert.Zero(t, b.Reserved)
}

func TestARecordingOfSilenceIsAMissedCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wall.Set(time.Date(2026, time.June, 16, 23, 0, 0, 0, time.UTC))
	call := w.call()
	d := w.desks[0]
	turn, err := d.Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Start})
	require.NoError(t, err)
	turn, err = d.Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Done, Command: turn.Await.ID, Result: callflow.Result{Outcome: callflow.Completed}})
	require.NoError(t, err)
	rec := turn.Await
	require.IsType(t, callflow.Record{}, rec.Action)
	_, err = d.Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Done, Command: rec.ID, Result: callflow.Result{Outcome: phone.Voicemail, HungUp: true}})
	require.NoError(t, err)
	var wav bytes.Buffer
	require.NoError(t, pcm.WriteWAV(&wav, pcm.Silence(8000, 3*time.Second), pcm.PCMU))
	receipt, err := d.Ingest(t.Context(), call, rec, &wav)
	require.NoError(t, err)
	require.Equal(t, voicemail.StateDiscarded, receipt.State)
	w.settle(d)
	assert.Equal(t, []string{"Désolés!"}, w.bodies(), "as in Serve: silence is a missed call")
}

// A status callback of a carrier has the id of the call alone.
func TestTheSessionKnowsTheCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := w.call()
	_, err := w.desks[0].Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Start})
	require.NoError(t, err)
	_, err = w.desks[1].Step(t.Context(), phone.Call{ID: call.ID}, callflow.Input{At: w.wall.Now(), Kind: callflow.HungUp})
	require.NoError(t, err)
	w.settle(w.desks[0])
	assert.Equal(t, []string{"Désolés!"}, w.bodies(), "the session knows the caller")
}

func TestIngestTakesTheRecordingOfItsCallOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := w.call()
	var wav bytes.Buffer
	require.NoError(t, pcm.WriteWAV(&wav, speech(2*time.Second), pcm.PCMU))
	c := callflow.Command{Tenant: "rival", Call: "not-" + call.ID, Slot: 3, Action: callflow.Play{}, Divert: phone.Divert{Mailbox: "office"}}
	_, err := w.desks[0].Ingest(t.Context(), call, c, &wav)
	require.ErrorIs(t, err, afterbeep.ErrCommand)
}

func TestACallIsPinnedToItsFlowAndLine(t *testing.T) {
	t.Parallel()
	id, digest := phone.LineID("main"), ""
	w := newWorld(t, func(s *afterbeep.Sockets, _ *afterbeep.Options) {
		old := s.Line
		s.Line = func(ctx context.Context, c phone.Call) (afterbeep.Line, error) {
			l, err := old(ctx, c)
			l.ID = id
			if digest != "" {
				l.Flow = digest
			}
			return l, err
		}
	})
	call := w.call()
	turn, err := w.desks[0].Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Start})
	require.NoError(t, err)
	id, digest = "other", "sha256-not-deployed-here-yet"
	_, err = w.desks[0].Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.Done, Command: turn.Await.ID, Result: callflow.Result{HungUp: true}})
	assert.NoError(t, err, "the call is pinned to the flow that it began on")
	digest = ""
	_, err = w.desks[0].Step(t.Context(), call, callflow.Input{At: w.wall.Now(), Kind: callflow.HungUp})
	assert.NoError(t, err)
	for _, e := range w.events {
		if e.Type == phone.CallMissed && e.Line != e.Divert.Line {
			t.Errorf("event of line %s, divert of line %s", e.Line, e.Divert.Line)
		}
	}
}

func TestEveryWebhookFourTimesAtOnce(t *testing.T) {
	t.Parallel()
	for round := range 10 {
		w := newWorld(t)
		w.wall.Set(time.Date(2026, time.June, 16, 23, 0, 0, 0, time.UTC))
		call := w.call()
		all := func(in callflow.Input) (turn callflow.Turn) {
			in.At = w.wall.Now()
			var wg sync.WaitGroup
			var mu sync.Mutex
			for i := range 4 {
				wg.Go(func() {
					time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond)
					got, err := w.desks[i%2].Step(context.Background(), call, in)
					assert.NoError(t, err)
					mu.Lock()
					if got.Await.ID >= turn.Await.ID {
						turn = got
					}
					mu.Unlock()
				})
			}
			wg.Go(func() { _, err := w.desks[0].Work(context.Background()); assert.NoError(t, err) })
			wg.Wait()
			return turn
		}
		turn := all(callflow.Input{Kind: callflow.Start})
		require.IsType(t, callflow.Play{}, turn.Await.Action, round)
		turn = all(callflow.Input{Kind: callflow.Done, Command: turn.Await.ID, Result: callflow.Result{Outcome: callflow.Completed}})
		require.IsType(t, callflow.Record{}, turn.Await.Action, round)
		rec := turn.Await
		var wav bytes.Buffer
		require.NoError(t, pcm.WriteWAV(&wav, speech(2*time.Second), pcm.PCMU))
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				_, err := w.desks[i%2].Ingest(context.Background(), call, rec, bytes.NewReader(wav.Bytes()))
				assert.NoError(t, err)
			})
		}
		all(callflow.Input{Kind: callflow.Done, Command: rec.ID, Result: callflow.Result{Outcome: phone.Voicemail, HungUp: true}})
		wg.Wait()
		w.gone(call)
		w.settle(w.desks[0])
		assert.Len(t, w.messages(), 1)
		assert.Len(t, w.bodies(), 1)
		assert.Zero(t, w.saw(phone.CallMissed))
	}
}
