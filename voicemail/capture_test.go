package voicemail_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// then yields the frames of a and then those that b makes, given the media
// time at which a has ended.
func then(a iter.Seq[voicemail.Frame], b ...voicemail.Frame) iter.Seq[voicemail.Frame] {
	return func(yield func(voicemail.Frame) bool) {
		for f := range a {
			if !yield(f) {
				return
			}
		}
		for _, f := range b {
			if !yield(f) {
				return
			}
		}
	}
}

func TestEveryStopReason(t *testing.T) {
	tests := []struct {
		name   string
		frames iter.Seq[voicemail.Frame]
		keys   []string
		cancel bool
		want   voicemail.Stop
		length time.Duration
	}{
		{name: "hangup", frames: frames(speech(3 * time.Second)), want: voicemail.StopHangup, length: 3 * time.Second},
		{
			name:   "key",
			frames: then(frames(speech(3*time.Second)), voicemail.Frame{At: 3 * time.Second, Key: "#"}, voicemail.Frame{At: 3 * time.Second, Data: make([]byte, 160)}),
			keys:   []string{"#"}, want: voicemail.StopKey, length: 3 * time.Second,
		},
		{
			name:   "a key that is none of those",
			frames: then(frames(speech(3*time.Second)), voicemail.Frame{At: 3 * time.Second, Key: "5"}),
			keys:   []string{"#"}, want: voicemail.StopHangup, length: 3 * time.Second,
		},
		{name: "length", frames: frames(speech(30 * time.Second)), want: voicemail.StopLength, length: 20 * time.Second},
		{
			name:   "silence after speech",
			frames: frames(speech(3*time.Second), quiet(30*time.Second)), want: voicemail.StopSilence, length: 8 * time.Second,
		},
		{
			name:   "no media",
			frames: then(frames(speech(3*time.Second)), voicemail.Frame{At: 8 * time.Second}, voicemail.Frame{At: 13 * time.Second}, voicemail.Frame{At: 13 * time.Second, Data: make([]byte, 160)}),
			want:   voicemail.StopNoMedia, length: 3 * time.Second,
		},
		{name: "cancelled", frames: frames(speech(3 * time.Second)), cancel: true, want: voicemail.StopCancelled, length: 1500 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, s stores) {
				f := newOffice(t, s, voicemail.Settings{MaxLength: 20 * time.Second}, voicemail.Options{})
				c, err := f.Begin(t.Context(), f.request("k"))
				require.NoError(t, err)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				sent := tt.frames
				if tt.cancel {
					sent = func(yield func(voicemail.Frame) bool) {
						n := 0
						for frame := range tt.frames {
							if n++; n > 75 {
								cancel()
							}
							if !yield(frame) {
								return
							}
						}
					}
				}
				r, err := c.Record(ctx, sent, tt.keys...)
				require.NoError(t, err)
				assert.Equal(t, tt.want, r.Stop)
				assert.Equal(t, voicemail.StateSaved, r.State)
				assert.Equal(t, phone.Voicemail, r.Outcome)
				assert.Equal(t, tt.length, r.Length)
				assert.False(t, r.Partial)
				p := f.list(voicemail.Query{})
				require.Len(t, p.Messages, 1)
				assert.Equal(t, r.Message, p.Messages[0].ID)
				assert.Equal(t, tt.want, p.Messages[0].Stop)
				assert.Equal(t, tt.length, f.listen(r.Message).Duration())
				assert.Zero(t, writers())
				names, err := s.Names(t.Context())
				require.NoError(t, err)
				assert.Empty(t, names, "residue in the spool")
			})
		})
	}
}

func TestTheRecordingIsWhatWasSaid(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	said := speech(3 * time.Second)
	r := f.leave("k", 3*time.Second)
	assert.Greater(t, correlation(said.Samples, f.listen(r.Message).Samples), 0.999)
	assert.NotZero(t, pcm.PCMU.Width())
}
