package voicemail_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// node is another service over the stores of f, with a spool of its own
// unless it shares that of f.
func (f *office) node(spool voicemail.Spool, o voicemail.Options) *voicemail.Service {
	f.t.Helper()
	o.Clock = f.at
	s, err := voicemail.New(f.stores, f.stores, spool, &o)
	require.NoError(f.t, err)
	return s
}

// speak writes d of speech and waits until the spool has it, and the store
// knows.
func (f *office) speak(c *voicemail.Capture, d time.Duration, spool voicemail.Spool) {
	f.t.Helper()
	for frame := range frames(speech(d)) {
		_, err := c.Write(frame)
		require.NoError(f.t, err)
	}
	waitForSpool(f.t.Context(), spool, d-250*time.Millisecond)
	require.Eventually(f.t, func() bool {
		row, err := f.stores.Capture(f.t.Context(), f.box.Tenant, c.Key())
		return err == nil && row.State == voicemail.StateRecording
	}, time.Minute, time.Millisecond)
}

func TestALeaseThatEnds(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	other := f.node(f.stores, voicemail.Options{})
	c, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	f.speak(c, 3*time.Second, f.stores)
	_, err = other.Begin(t.Context(), f.request("k"))
	require.ErrorIs(t, err, voicemail.ErrBusy, "it is being recorded")
	r, err := other.Recover(t.Context())
	require.NoError(t, err)
	assert.Zero(t, r, "its owner may be alive")
	f.at.Add(16 * time.Second)
	// Two nodes sweep the same orphan.
	third := f.node(f.stores, voicemail.Options{})
	var wg sync.WaitGroup
	reports := make([]voicemail.Report, 2)
	for i, s := range []*voicemail.Service{other, third} {
		wg.Go(func() {
			var err error
			reports[i], err = s.Recover(t.Context())
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	assert.Equal(t, 1, reports[0].Recovered+reports[1].Recovered)
	p := f.list(voicemail.Query{})
	require.Len(t, p.Messages, 1)
	assert.True(t, p.Messages[0].Partial)
	assert.Equal(t, voicemail.StopCrash, p.Messages[0].Stop)
	// The old owner wakes up: it can not write any more, and learns the truth.
	receipt, err := c.Finish(t.Context(), voicemail.StopHangup)
	require.NoError(t, err)
	assert.Equal(t, p.Messages[0].ID, receipt.Message)
	assert.True(t, receipt.Partial)
	assert.Len(t, f.list(voicemail.Query{}).Messages, 1)
	assert.Zero(t, writers())
}

// Nobody looked for longer than a finished capture is remembered.
func TestACrashOfAMonthAgo(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	c, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	f.speak(c, 3*time.Second, f.stores)
	f.at.Add(60 * 24 * time.Hour)
	r, err := f.node(f.stores, voicemail.Options{}).Work(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, r.Recovered)
	assert.Len(t, f.list(voicemail.Query{}).Messages, 1)
	_, err = c.Finish(t.Context(), voicemail.StopHangup)
	require.NoError(t, err)
	assert.Zero(t, writers())
}

// A capture that is over is forgotten after a month, and its key is free.
func TestOldCapturesAreForgotten(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	f.leave("k", 2*time.Second)
	f.workUntil(29 * 24 * time.Hour)
	_, err := f.stores.Capture(t.Context(), f.box.Tenant, "k")
	require.NoError(t, err)
	f.workUntil(2 * 24 * time.Hour)
	_, err = f.stores.Capture(t.Context(), f.box.Tenant, "k")
	require.ErrorIs(t, err, voicemail.ErrNotFound)
	due, err := f.stores.Due(t.Context(), f.at.Now().Add(1e6*time.Hour), 10)
	require.NoError(t, err)
	assert.Empty(t, due)
	assert.Len(t, f.list(voicemail.Query{}).Messages, 1, "the message stays")
}

func TestAZombieIsFenced(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	a, b := voicemail.NewMemory(), voicemail.NewMemory()
	one, two := f.node(a, voicemail.Options{}), f.node(b, voicemail.Options{})
	zombie, err := one.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	successor, err := two.Begin(t.Context(), f.request("k")) // without sound it may move
	require.NoError(t, err)
	r, err := successor.Record(t.Context(), frames(speech(2*time.Second)))
	require.NoError(t, err)
	require.Equal(t, voicemail.StateSaved, r.State)
	_, err = zombie.Record(t.Context(), frames(speech(4*time.Second)))
	require.ErrorIs(t, err, voicemail.ErrFenced)
	p := f.list(voicemail.Query{})
	require.Len(t, p.Messages, 1)
	assert.Equal(t, 2*time.Second, p.Messages[0].Length)
	report, err := one.Recover(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, report.Stranded, "its sound is reported, and stays")
	names, err := a.Names(t.Context())
	require.NoError(t, err)
	assert.Len(t, names, 1)
}

func TestASpoolThatThisNodeCanNotRead(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{MaxMessages: 5}, voicemail.Options{})
	far := voicemail.NewMemory()
	one := f.node(far, voicemail.Options{})
	c, err := one.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	f.speak(c, 3*time.Second, far)
	r := f.workUntil(time.Hour)
	assert.NotZero(t, r.Stranded)
	assert.NotZero(t, f.told(voicemail.EventStranded))
	assert.Empty(t, f.list(voicemail.Query{}).Messages)
	box, err := f.Box(t.Context(), phone.Actor{}, f.box)
	require.NoError(t, err)
	assert.Zero(t, box.Reserved, "its room is not lost for days")
	names, err := far.Names(t.Context())
	require.NoError(t, err)
	assert.Len(t, names, 1, "and nothing was discarded")
	// Its own node comes back, under a new name and after a month.
	f.at.Add(29 * 24 * time.Hour)
	again := f.node(far, voicemail.Options{})
	report, err := again.Recover(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, report.Recovered)
	assert.Len(t, f.list(voicemail.Query{}).Messages, 1)
	_, err = c.Finish(t.Context(), voicemail.StopHangup)
	require.NoError(t, err)
}

func TestAHangupCancelsNothing(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	ctx, hangup := context.WithCancel(t.Context())
	c, err := f.Begin(ctx, f.request("k"))
	require.NoError(t, err)
	for frame := range frames(speech(2 * time.Second)) {
		_, err := c.Write(frame)
		require.NoError(t, err)
	}
	hangup()
	r, err := c.Finish(ctx, voicemail.StopHangup)
	require.NoError(t, err)
	assert.Equal(t, voicemail.StateSaved, r.State)
	assert.Equal(t, 2*time.Second, r.Length)
	again, err := c.Finish(ctx, voicemail.StopKey)
	require.NoError(t, err)
	assert.Equal(t, r, again)
}

// The lease is renewed in good time while a caller speaks for long.
func TestALeaseIsRenewed(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	c, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	f.speak(c, time.Second, f.stores)
	until := func() time.Time {
		row, err := f.stores.Capture(t.Context(), f.box.Tenant, "k")
		require.NoError(t, err)
		return row.Until
	}
	at := time.Second
	for range 20 {
		before := until()
		f.at.Add(6 * time.Second)
		for frame := range frames(speech(500 * time.Millisecond)) {
			frame.At += at
			_, err := c.Write(frame)
			require.NoError(t, err)
		}
		at += 500 * time.Millisecond
		require.Eventually(t, func() bool { return until().After(before) }, time.Minute, time.Millisecond)
		r, err := f.Work(t.Context())
		require.NoError(t, err)
		require.Zero(t, r.Recovered)
	}
	r, err := c.Finish(t.Context(), voicemail.StopHangup)
	require.NoError(t, err)
	assert.Equal(t, at, r.Length)
	assert.False(t, r.Partial)
}

// A store that is down when the call ends: the sound waits in the spool.
func TestPendingUntilTheStoreIsBack(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		gate := &gated{stores: s}
		f := newOffice(t, gate, voicemail.Settings{}, voicemail.Options{})
		c, err := f.Begin(t.Context(), f.request("k"))
		require.NoError(t, err)
		gate.shut.Store(true)
		r, err := c.Record(t.Context(), frames(speech(2*time.Second)))
		require.NoError(t, err)
		assert.Equal(t, voicemail.StatePending, r.State)
		assert.Equal(t, phone.Voicemail, r.Outcome)
		assert.Equal(t, 1, f.told(voicemail.EventPending))
		gate.shut.Store(false)
		assert.Empty(t, f.list(voicemail.Query{}).Messages)
		// The host may ask again with the same key, or let Work do it.
		again, err := f.Begin(t.Context(), f.request("k"))
		require.NoError(t, err)
		kept, err := again.Finish(t.Context(), voicemail.StopHangup)
		require.NoError(t, err)
		assert.Equal(t, voicemail.StateSaved, kept.State)
		assert.Equal(t, r.Message, kept.Message, "the id that was promised")
		assert.False(t, kept.Partial, "all of it was safe")
		assert.Equal(t, voicemail.StopHangup, kept.Stop)
		assert.Equal(t, 2*time.Second, f.listen(kept.Message).Duration())
	})
}

func TestTheSpoolOfNobody(t *testing.T) {
	m := voicemail.NewMemory()
	f := newOffice(t, m, voicemail.Settings{}, voicemail.Options{})
	begin := `{"tenant":"acme","key":"gone","message":"m","epoch":1,"codec":"pcmu","rate":8000}`
	require.NoError(t, m.Append(t.Context(), voicemail.SpoolID{Tenant: "acme", Name: "m-1"}, voicemail.Chunk('b', 0, 0, []byte(begin))))
	r, err := f.Recover(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, r.Stranded)
	names, err := m.Names(t.Context())
	require.NoError(t, err)
	assert.Len(t, names, 1)
}

func TestTooManyCaptures(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{Limits: voicemail.Limits{Captures: 2}})
	for i := range 2 {
		_, err := f.Begin(t.Context(), f.request(key(i)))
		require.NoError(t, err)
	}
	_, err := f.Begin(t.Context(), f.request("k"))
	require.ErrorIs(t, err, voicemail.ErrBusy)
	require.NoError(t, f.Release(t.Context(), f.request(key(0))))
	_, err = f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	require.False(t, errors.Is(err, voicemail.ErrBusy))
}
