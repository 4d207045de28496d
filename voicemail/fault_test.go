package voicemail_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
	"github.com/afterbeep/afterbeep/voicemail/voicemailtest"
)

// One message is left while the kth call to a store fails, for every k and in
// every way; then everything works again. It is never lost and never doubled.
func TestNoFaultLosesOrDoublesAMessage(t *testing.T) {
	kinds := map[string]func(t *testing.T) stores{
		"memory": func(*testing.T) stores { return voicemail.NewMemory() },
		"dir":    func(t *testing.T) stores { return openDir(t, t.TempDir()) },
	}
	for name, open := range kinds {
		for _, fault := range []voicemailtest.Fault{voicemailtest.Before, voicemailtest.After, voicemailtest.Torn} {
			for _, times := range []int{1, 4, 1 << 30} {
				t.Run(fmt.Sprintf("%s/%s/%d times", name, fault, times), func(t *testing.T) {
					t.Parallel()
					calls := 100
					for k := 1; k <= calls; k++ {
						calls = leaveWithFault(t, open(t), k, times, fault) + 3
					}
					require.Greater(t, calls, 15, "the faults have hit nothing")
				})
			}
		}
	}
}

// leaveWithFault returns how many calls it took until the host went on.
func leaveWithFault(t *testing.T, s stores, k, times int, fault voicemailtest.Fault) int {
	t.Helper()
	say := fmt.Sprintf("call %d", k)
	faults := &voicemailtest.Faults{Store: s, Blobs: s, Spool: s}
	p := &pager{}
	f := newOffice(t, faults, voicemail.Settings{MaxMessages: 3}, voicemail.Options{
		Notifiers: map[string]voicemail.Notifier{"mail": p.notify}, Transcriber: transcriber("hello", nil),
	})
	faults.Arm(k, times, fault)
	c, err := f.Begin(t.Context(), f.request("k"))
	if err != nil { // a host tries once more, then routes the caller elsewhere
		c, err = f.Begin(t.Context(), f.request("k"))
	}
	began := err == nil
	var r voicemail.Receipt
	if began {
		r, err = c.Record(t.Context(), frames(speech(2*time.Second)))
	}
	_, _ = f.Work(t.Context()) // it may fail as well
	calls := faults.Calls()
	faults.Arm(0, 0, "")

	f.at.Add(time.Minute)
	_, recoverErr := f.Recover(t.Context())
	require.NoError(t, recoverErr, say)
	f.workUntil(time.Hour)
	messages := f.list(voicemail.Query{}).Messages
	require.LessOrEqual(t, len(messages), 1, "%s: doubled", say)
	switch {
	case began && err == nil && r.State != voicemail.StateDiscarded:
		require.Len(t, messages, 1, "%s: lost after %+v", say, r)
		require.Equal(t, r.Message, messages[0].ID, say)
		if !r.Partial {
			require.Equal(t, 2*time.Second, messages[0].Length, "%s: %+v", say, r)
		}
	case began:
		require.True(t, errors.Is(err, voicemail.ErrStorage), "%s: %v, receipt %+v", say, err, r)
	default:
		require.Empty(t, messages, "%s: nobody has spoken", say)
	}
	for _, m := range messages {
		require.Equal(t, m.Length, f.listen(m.ID).Duration(), say)
		require.NotEmpty(t, p.got, "%s: not announced", say)
		require.Equal(t, voicemail.TranscriptDone, m.Transcript.State, say)
	}
	box, err := f.Box(t.Context(), phone.Actor{}, f.box)
	require.NoError(t, err)
	require.Equal(t, len(messages), box.Counts.New, say)
	f.workUntil(time.Hour)
	box, err = f.Box(t.Context(), phone.Actor{}, f.box)
	require.NoError(t, err)
	require.Zero(t, box.Reserved, "%s: room that nobody uses", say)
	_, err = f.Recover(t.Context())
	require.NoError(t, err)
	names, err := s.Names(t.Context())
	require.NoError(t, err)
	require.Empty(t, names, "%s: residue in the spool", say)
	return calls
}

func TestTheDiskIsTooSlow(t *testing.T) {
	f := newOffice(t, &stuck{Memory: voicemail.NewMemory(), free: make(chan struct{})}, voicemail.Settings{}, voicemail.Options{
		Limits: voicemail.Limits{Backlog: 32 << 10},
	})
	c, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	var stop voicemail.Stop
	n := 0
	for frame := range frames(speech(60 * time.Second)) {
		if stop, err = c.Write(frame); stop != "" {
			break
		}
		n++
	}
	require.ErrorIs(t, err, voicemail.ErrStorage)
	assert.Equal(t, voicemail.StopStorage, stop)
	assert.Less(t, n, 400, "the backlog is bounded")
	close(f.stores.(*stuck).free)
	r, err := c.Finish(t.Context(), voicemail.StopHangup)
	require.NoError(t, err)
	assert.Equal(t, voicemail.StopStorage, r.Stop, "one reason, the first")
	assert.True(t, r.Partial)
	assert.Equal(t, voicemail.StateSaved, r.State, "what was stored is kept")
}
