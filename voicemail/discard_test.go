package voicemail_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

func TestWhatIsNotWorthKeeping(t *testing.T) {
	tests := []struct {
		name string
		send func(yield func(voicemail.Frame) bool)
		set  voicemail.Settings
		why  voicemail.Why
	}{
		{name: "hangup during the beep", send: func(func(voicemail.Frame) bool) {}, why: voicemail.WhyEmpty},
		{name: "too short", send: frames(speech(900 * time.Millisecond)), why: voicemail.WhyTooShort},
		{name: "nobody speaks", send: frames(quiet(4 * time.Second)), why: voicemail.WhyNoSpeech},
		{name: "nobody speaks, long", send: frames(quiet(40 * time.Second)), why: voicemail.WhyNoSpeech},
		{name: "a click", send: frames(quiet(time.Second), speech(100*time.Millisecond), quiet(time.Second)), why: voicemail.WhyNoSpeech},
		{name: "one second of speech", send: frames(speech(time.Second))},
		{name: "silence, where it is wanted", send: frames(quiet(2 * time.Second)), set: voicemail.Settings{MinSpeech: -1}},
		{name: "short, where it is wanted", send: frames(speech(400 * time.Millisecond)), set: voicemail.Settings{MinLength: -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, s stores) {
				f := newOffice(t, s, tt.set, voicemail.Options{})
				c, err := f.Begin(t.Context(), f.request("k"))
				require.NoError(t, err)
				r, err := c.Record(t.Context(), tt.send)
				require.NoError(t, err)
				assert.Equal(t, tt.why, r.Why)
				names, err := s.Names(t.Context())
				require.NoError(t, err)
				assert.Empty(t, names, "residue in the spool")
				assert.Zero(t, writers())
				if tt.why == "" {
					assert.Equal(t, voicemail.StateSaved, r.State)
					assert.Equal(t, 1, f.told(voicemail.EventSaved))
					return
				}
				assert.Equal(t, voicemail.StateDiscarded, r.State)
				assert.Equal(t, voicemail.Empty, r.Outcome)
				assert.Empty(t, r.Message)
				assert.Empty(t, f.list(voicemail.Query{}).Messages)
				assert.Equal(t, 1, f.told(voicemail.EventDiscarded))
				blobs, err := s.List(t.Context(), f.box.Tenant, "", 10)
				require.NoError(t, err)
				assert.Empty(t, blobs)
				again, err := f.Begin(t.Context(), f.request("k"))
				require.NoError(t, err)
				kept, err := again.Finish(t.Context(), voicemail.StopHangup)
				require.NoError(t, err)
				assert.Equal(t, r, kept, "the same key, the same answer")
			})
		})
	}
}

func TestReleaseBeforeTheBeep(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		f := newOffice(t, s, voicemail.Settings{MaxMessages: 1}, voicemail.Options{})
		c, err := f.Begin(t.Context(), f.request("a"))
		require.NoError(t, err)
		_, err = f.Begin(t.Context(), f.request("b"))
		require.ErrorIs(t, err, voicemail.ErrFull)
		require.NoError(t, f.Release(t.Context(), f.request("a")))
		require.NoError(t, f.Release(t.Context(), f.request("a")), "twice")
		require.NoError(t, f.Release(t.Context(), f.request("never begun")))
		stop, err := c.Write(voicemail.Frame{Data: make([]byte, 160)})
		require.NoError(t, err)
		assert.Equal(t, voicemail.StopCancelled, stop, "a released capture takes no sound")
		assert.Equal(t, voicemail.StateSaved, f.leave("b", 2*time.Second).State)
		box, err := f.Box(t.Context(), phone.Actor{}, f.box)
		require.NoError(t, err)
		assert.Zero(t, box.Reserved)
		assert.Equal(t, 1, box.Counts.New)
	})
}

func TestACaptureWithSoundIsNotReleased(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	c, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	for frame := range frames(speech(2 * time.Second)) {
		_, err := c.Write(frame)
		require.NoError(t, err)
	}
	require.NoError(t, f.Release(t.Context(), f.request("k")))
	r, err := c.Finish(t.Context(), voicemail.StopHangup)
	require.NoError(t, err)
	assert.Equal(t, voicemail.StateSaved, r.State)
}

func TestBeginTwiceIsOneCapture(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{MaxMessages: 1}, voicemail.Options{})
	a, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	b, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	assert.Same(t, a, b)
	r, err := b.Record(t.Context(), frames(speech(2*time.Second)))
	require.NoError(t, err)
	c, err := f.Begin(t.Context(), f.request("k"))
	require.NoError(t, err)
	again, err := c.Record(t.Context(), frames(speech(9*time.Second)))
	require.NoError(t, err)
	assert.Equal(t, r, again, "the message was left already")
	assert.Len(t, f.list(voicemail.Query{}).Messages, 1)
}

func TestARoomIsHeldForFiveMinutes(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{MaxMessages: 1}, voicemail.Options{})
	_, err := f.Begin(t.Context(), f.request("a"))
	require.NoError(t, err)
	f.at.Add(5*time.Minute - time.Second)
	r, err := f.Work(t.Context())
	require.NoError(t, err)
	assert.Zero(t, r.Released)
	_, err = f.Begin(t.Context(), f.request("b"))
	require.ErrorIs(t, err, voicemail.ErrFull)
	f.at.Add(time.Second)
	r, err = f.Work(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, r.Released)
	_, err = f.Begin(t.Context(), f.request("b"))
	require.NoError(t, err)
}

func TestARequestThatCanNotBe(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	tests := map[string]func(*voicemail.Request){
		"no key":                func(r *voicemail.Request) { r.Key = "" },
		"long key":              func(r *voicemail.Request) { r.Key = string(make([]byte, voicemail.MaxKey+1)) },
		"no mailbox":            func(r *voicemail.Request) { r.Divert.Mailbox = "" },
		"long call":             func(r *voicemail.Request) { r.Call.ID = string(make([]byte, phone.MaxCallID+1)) },
		"key that is not UTF-8": func(r *voicemail.Request) { r.Key = "\xff" },
		"codec":                 func(r *voicemail.Request) { r.Codec = "mp3" },
		"rate":                  func(r *voicemail.Request) { r.Rate = 7999 },
		"tenant":                func(r *voicemail.Request) { r.Call.Tenant = phone.TenantID(make([]byte, voicemail.MaxName+1)) },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			r := f.request("k")
			spoil(&r)
			_, err := f.Begin(t.Context(), r)
			require.ErrorContains(t, err, "voicemail: ")
			require.Error(t, f.Release(t.Context(), r))
			require.Error(t, f.Expect(t.Context(), r))
		})
	}
	r := f.request("k")
	r.Divert.Mailbox = "nobody"
	_, err := f.Begin(t.Context(), r)
	require.ErrorIs(t, err, voicemail.ErrNotFound)
}
