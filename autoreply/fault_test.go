package autoreply_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

var errDown = errors.New("the store is down")

// shaky is a ledger that fails at given calls: before the call, or after it
// was done.
type shaky struct {
	autoreply.Ledger
	calls int
	fails map[int]bool // by call; true: after it was done
}

func (s *shaky) fail(done bool) error {
	if after, fails := s.fails[s.calls]; fails && after == done {
		return errDown
	}
	return nil
}

func (s *shaky) Load(ctx context.Context, k autoreply.Key) (autoreply.Entry, error) {
	s.calls++
	if err := s.fail(false); err != nil {
		return autoreply.Entry{}, err
	}
	row, err := s.Ledger.Load(ctx, k)
	return row, errors.Join(err, s.fail(true))
}

func (s *shaky) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	s.calls++
	if err := s.fail(false); err != nil {
		return err
	}
	if err := s.Ledger.Swap(ctx, k, next); err != nil {
		return err
	}
	return s.fail(true)
}

// TestFaultAtEveryCall fails some calls of the ledger and of the carrier, lets
// the host deliver again what was not taken, and runs what is due until
// nothing is.
func TestFaultAtEveryCall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := open(t, basics(), nil)
		ledger := &shaky{Ledger: f.ledger, fails: rapid.MapOfN(rapid.IntRange(1, 14), rapid.Bool(), 0, 3).Draw(rt, "faults")}
		f.ledger = ledger
		fates := rapid.SliceOfN(rapid.SampledFrom([]autoreplytest.Fate{autoreplytest.Accept, autoreplytest.Mute, autoreplytest.Lose}), 0, 2).Draw(rt, "fates")
		f.sender.Next = func(n int, _ autoreply.Text) autoreplytest.Fate {
			if n < len(fates) {
				return fates[n]
			}
			return autoreplytest.Accept
		}
		keyed := rapid.Bool().Draw(rt, "keyed")
		if keyed {
			f.sender.Life = 24 * time.Hour
		}
		f.restart()
		e := f.event(rapid.SampledFrom([]string{phone.TextReceived, phone.CallMissed}).Draw(rt, "kind"), "1")
		for range 4 {
			d, err := f.engine.Handle(t.Context(), e)
			if err == nil || d.Reason != autoreply.ReasonUnavailable {
				break
			}
		}
		for range 60 {
			f.clock.pass(20 * time.Second)
			_, next, _ := f.engine.RunDue(t.Context())
			if next.IsZero() {
				break
			}
		}
		texts := len(f.sender.Texts())
		if texts > 1 {
			rt.Fatalf("%d texts", texts)
		}
		if keyed && texts == 0 {
			rt.Fatalf("lost, although the carrier knows keys: %v", ledger.fails)
		}
	})
}

// TestManyWorkers lets eight goroutines deliver and run at once, without a
// fault: one text for each contact.
func TestManyWorkers(t *testing.T) {
	t.Parallel()
	const contacts, workers = 50, 8
	sender := &autoreplytest.Sender{}
	ledger := autoreply.NewMemory()
	p, err := autoreply.NewPolicy(basics(), nil)
	require.NoError(t, err)
	clock := &tick{noon.Add(30 * time.Second)}
	var wg sync.WaitGroup
	for w := range workers {
		e, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil },
			ledger, sender, &autoreply.Options{Clock: clock})
		require.NoError(t, err)
		wg.Go(func() {
			for i := range contacts * 2 {
				n := (i*7 + w) % contacts
				ev := phone.Event{
					ID: fmt.Sprintf("%d/%d", w%2, n), Type: phone.CallMissed, At: noon, Call: fmt.Sprint(n),
					Contact: phone.Party{Number: number(t, fmt.Sprintf("+1514555%04d", n))},
				}
				if _, err := e.Handle(context.Background(), ev); err != nil {
					t.Error(err)
				}
				if i%10 == 0 {
					if _, _, err := e.RunDue(context.Background()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	got := map[string]int{}
	for _, text := range sender.Texts() {
		got[text.To.String()]++
	}
	assert.Len(t, got, contacts)
	assert.Len(t, sender.Texts(), contacts)
}

func TestCancelledCallerDoesNotLoseTheOutcome(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	ctx, cancel := context.WithCancel(t.Context())
	f.sender.Next = func(int, autoreply.Text) autoreplytest.Fate {
		cancel()
		return autoreplytest.Accept
	}
	d, err := f.engine.Handle(ctx, f.event(phone.TextReceived, "1"))
	require.NoError(t, err)
	assert.Equal(t, autoreply.Reply, d.Verdict)
	assert.Equal(t, autoreply.ReasonCooldown, f.handle(f.event(phone.TextReceived, "2")).Reason)
}

func TestBusy(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	var inner error
	e, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return f.policy, nil },
		f.ledger, f.sender, &autoreply.Options{Clock: f.clock, Limit: 1})
	require.NoError(t, err)
	f.sender.Delivered = func(autoreply.Text) { _, inner = e.Handle(context.Background(), f.event(phone.TextReceived, "2")) }
	_, err = e.Handle(t.Context(), f.event(phone.TextReceived, "1"))
	require.NoError(t, err)
	assert.ErrorIs(t, inner, autoreply.ErrBusy)
}

func TestErasedMeanwhile(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	ev := f.event(phone.TextReceived, "1")
	f.sender.Delivered = func(autoreply.Text) {
		require.NoError(t, f.engine.Erase(context.Background(), ev.Tenant, ev.ContactKey()))
	}
	f.handle(ev)
	row, err := f.ledger.Load(t.Context(), f.policy.Key(ev))
	require.NoError(t, err)
	assert.Zero(t, row, "nothing comes back")
}

// TestNamesNeverRecur forgets everything and begins again: the carrier may
// still know the old keys.
func TestNamesNeverRecur(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.sender.Life = 10 * 24 * time.Hour
	for i := range 3 {
		require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, fmt.Sprint(i))).Verdict)
		f.clock.pass(72 * time.Hour)
		require.Positive(t, f.ledger.(*autoreply.Memory).Sweep(f.clock.at))
		require.Zero(t, f.ledger.(*autoreply.Memory).Len())
	}
	assert.Len(t, f.sent(), 3)
}

// TestLateCommit lets a send outlive its lease: a colleague counts it as sent
// when the lease ends, and the carrier accepts it later still. What is sent is
// sent: the window begins when it was accepted.
func TestLateCommit(t *testing.T) {
	t.Parallel()
	for _, life := range []time.Duration{0, 24 * time.Hour} {
		f := open(t, basics(), nil)
		f.sender.Life = life
		first := true
		f.sender.Delivered = func(autoreply.Text) {
			if first {
				first = false
				f.run(90 * time.Second)
				f.clock.pass(time.Minute)
			}
		}
		f.handle(f.event(phone.TextReceived, "1"))
		assert.Len(t, f.sent(), 1)
		f.clock.at = noon.Add(3*time.Hour + 150*time.Second - time.Nanosecond)
		d := f.handle(f.event(phone.TextReceived, "2"))
		assert.Equal(t, autoreply.ReasonCooldown, d.Reason, life)
		assert.Equal(t, noon.Add(3*time.Hour+150*time.Second), d.Until, life)
	}
}

// TestWrittenAllTheSame: a write that is reported as failed, and was done, is
// found out, and nothing is lost, even without idempotency keys.
func TestWrittenAllTheSame(t *testing.T) {
	t.Parallel()
	for call := 1; call <= 8; call++ {
		f := open(t, basics(), nil)
		f.ledger = &shaky{Ledger: f.ledger, fails: map[int]bool{call: true}}
		f.restart()
		e := f.event(phone.TextReceived, "1")
		if d, err := f.engine.Handle(t.Context(), e); err != nil && d.Reason == autoreply.ReasonUnavailable {
			f.handle(e)
		}
		f.run(time.Minute)
		assert.Len(t, f.sent(), 1, "failure at call %d", call)
	}
}

// coded is a ledger that keeps rows in their code, as those of other processes do.
type coded struct{ autoreply.Ledger }

func (c coded) Load(ctx context.Context, k autoreply.Key) (row autoreply.Entry, err error) {
	stored, err := c.Ledger.Load(ctx, k)
	if err != nil || stored.Revision == 0 {
		return stored, err
	}
	data, err := stored.AppendBinary(nil)
	if err == nil {
		err = row.UnmarshalBinary(data)
	}
	return row, err
}

// TestWrittenAllTheSameInAZone: an event may have a zone, which a ledger does
// not keep. The row is the one that was written all the same.
func TestWrittenAllTheSameInAZone(t *testing.T) {
	t.Parallel()
	for reason, e := range map[autoreply.Reason]phone.Event{
		autoreply.ReasonKeyword:  {Type: phone.TextReceived, Text: "STOP"}, // Consent.At
		autoreply.ReasonSettling: {Type: phone.VoicemailLeft, Call: "1"},   // Mark.At
	} {
		f := open(t, basics(), nil)
		ledger := &shaky{Ledger: coded{f.ledger}, fails: map[int]bool{2: true}}
		f.ledger = ledger
		f.restart()
		e.ID, e.At, e.Contact.Number = "1", noon.In(time.FixedZone("", -5*3600)), number(t, caller)
		assert.Equal(t, reason, f.handle(e).Reason)
		assert.Equal(t, 3, ledger.calls, "a load, a swap that fails, and the load that finds it written")
	}
}

// TestCallsOfAReply: what the engine has just written it does not read again.
func TestCallsOfAReply(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{PerHour: -1})
	ledger := &shaky{Ledger: f.ledger}
	f.ledger = ledger
	f.restart()
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "1")).Verdict)
	assert.Equal(t, 1+3, ledger.calls, "load; reserve, mark, commit")
	f.clock.pass(4 * time.Hour)
	f.handle(f.event(phone.CallMissed, "2"))
	ledger.calls = 0
	require.Len(t, f.run(time.Minute), 1)
	assert.Equal(t, 1+3, ledger.calls, "the same, of what was due; Due itself is not counted")
	assert.Len(t, f.sent(), 2)
}

// TestKeyThatNoLongerProtects: past the life of the key nothing is sent again.
func TestKeyThatNoLongerProtects(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.sender.Life = time.Minute + 19*time.Second
	f.sender.Next = func(int, autoreply.Text) autoreplytest.Fate { return autoreplytest.Lose }
	_, err := f.engine.Handle(t.Context(), f.event(phone.TextReceived, "1"))
	require.ErrorIs(t, err, autoreplytest.ErrSilence)
	done := f.run(time.Minute)
	require.Len(t, done, 1)
	assert.Equal(t, autoreply.ReasonUnknown, done[0].Reason)
	assert.Equal(t, autoreply.Skip, done[0].Verdict)
	assert.Equal(t, 1, f.sender.Requests())
}

// TestLiveReservationIsNotTaken: an event that comes while a worker decides
// joins its decision and does not take the slot away.
func TestLiveReservationIsNotTaken(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	var engine *autoreply.Engine
	var inner autoreply.Decision
	asked := 0
	engine, err := autoreply.New(
		func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return f.policy, nil },
		f.ledger, f.sender, &autoreply.Options{Clock: f.clock, Contact: func(ctx context.Context, _ autoreply.Key) (autoreply.Contact, error) {
			if asked++; asked == 2 { // the re-check of the worker
				inner, _ = engine.Handle(ctx, f.event(phone.TextReceived, "2"))
			}
			return autoreply.Contact{}, nil
		}})
	require.NoError(t, err)
	d, err := engine.Handle(t.Context(), f.event(phone.TextReceived, "1"))
	require.NoError(t, err)
	assert.Equal(t, autoreply.Reply, d.Verdict)
	assert.Equal(t, autoreply.Wait, inner.Verdict)
	assert.Equal(t, noon.Add(time.Minute), inner.Due, "the end of the lease")
	assert.Len(t, f.sent(), 1)
	assert.Empty(t, f.run(time.Hour), "both are answered")
}
