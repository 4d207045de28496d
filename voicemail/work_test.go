package voicemail_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// never is an error that is not worth another attempt.
type never struct{}

func (never) Error() string   { return "never" }
func (never) Retryable() bool { return false }

// pager keeps the notices that it was given.
type pager struct {
	err error
	got []voicemail.Notice
}

func (p *pager) notify(_ context.Context, n voicemail.Notice) error {
	if p.err == nil {
		p.got = append(p.got, n)
	}
	return p.err
}

func (p *pager) kinds() string {
	var kinds []string
	for _, n := range p.got {
		kinds = append(kinds, string(n.Kind))
	}
	return strings.Join(kinds, " ")
}

// workUntil works, and moves the clock on to what is next, until d has passed.
func (f *office) workUntil(d time.Duration) voicemail.Report {
	f.t.Helper()
	var sum voicemail.Report
	end := f.at.Now().Add(d)
	for {
		r, err := f.Work(f.t.Context())
		require.NoError(f.t, err)
		sum.Notified += r.Notified
		sum.Transcribed += r.Transcribed
		sum.Failed += r.Failed
		sum.Recovered += r.Recovered
		sum.Released += r.Released
		sum.Overdue += r.Overdue
		sum.Purged += r.Purged
		sum.Stranded += r.Stranded
		sum.Next = r.Next
		if r.Next.IsZero() || r.Next.After(end) {
			f.at.Add(end.Sub(f.at.Now()))
			return sum
		}
		if wait := r.Next.Sub(f.at.Now()); wait > 0 {
			f.at.Add(wait)
		}
	}
}

func TestWhateverTheTranscriberDoes(t *testing.T) {
	tests := []struct {
		name  string
		do    voicemail.Transcriber
		state voicemail.TranscriptState
		text  string
	}{
		{
			name: "done", state: voicemail.TranscriptDone, text: "rappelez-moi",
			do: func(_ context.Context, _ voicemail.Message, c pcm.Clip) (voicemail.Transcript, error) {
				if c.Duration() != 3*time.Second {
					return voicemail.Transcript{}, never{}
				}
				return voicemail.Transcript{Text: "rappelez-moi", Document: json.RawMessage(`{"v":1}`)}, nil
			},
		},
		{name: "nothing was said", state: voicemail.NoSpeech, do: transcriber("", nil)},
		{name: "a final error", state: voicemail.TranscriptFailed, do: transcriber("", fmt.Errorf("engine: %w", never{}))},
		{name: "an error that lasts", state: voicemail.TranscriptFailed, do: transcriber("", errors.New("down"))},
		{
			name: "a panic", state: voicemail.TranscriptFailed,
			do: func(context.Context, voicemail.Message, pcm.Clip) (voicemail.Transcript, error) { panic("engine") },
		},
		{name: "text that is not UTF-8", state: voicemail.TranscriptDone, text: "ab", do: transcriber("a\xff\xfeb", nil)},
		{name: "a huge text", state: voicemail.TranscriptDone, text: strings.Repeat("é", 1<<15), do: transcriber(strings.Repeat("é", 1<<20), nil)},
		{
			name: "a document that is not JSON", state: voicemail.TranscriptFailed,
			do: func(context.Context, voicemail.Message, pcm.Clip) (voicemail.Transcript, error) {
				return voicemail.Transcript{Text: "a", Document: json.RawMessage("{")}, nil
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &pager{}
			f := newOffice(t, openDir(t, t.TempDir()), voicemail.Settings{}, voicemail.Options{
				Transcriber: tt.do, Notifiers: map[string]voicemail.Notifier{"mail": p.notify},
			})
			id := f.leave("k", 3*time.Second).Message
			_, err := f.Work(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, p.got, "a transcript never holds up a message")
			assert.Equal(t, voicemail.NoticeCreated, p.got[0].Kind)
			f.workUntil(25 * time.Hour)
			m := f.list(voicemail.Query{}).Messages[0]
			assert.Equal(t, tt.state, m.Transcript.State)
			assert.Equal(t, tt.text, m.Transcript.Text)
			assert.Equal(t, "created transcribed", p.kinds())
			assert.NotEqual(t, p.got[0].ID, p.got[1].ID)
			assert.Equal(t, 3*time.Second, f.listen(id).Duration())
			assert.Equal(t, 1, f.told(voicemail.EventTranscript))
		})
	}
}

func transcriber(text string, err error) voicemail.Transcriber {
	return func(context.Context, voicemail.Message, pcm.Clip) (voicemail.Transcript, error) {
		return voicemail.Transcript{Text: text}, err
	}
}

func TestATranscriptIsMadeAgainOnDemand(t *testing.T) {
	text, p := "", &pager{}
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{
		Notifiers: map[string]voicemail.Notifier{"mail": p.notify},
		Transcriber: func(context.Context, voicemail.Message, pcm.Clip) (voicemail.Transcript, error) {
			if text == "" {
				return voicemail.Transcript{}, never{}
			}
			return voicemail.Transcript{Text: text}, nil
		},
	})
	id := f.leave("k", 3*time.Second).Message
	f.workUntil(time.Minute)
	assert.Equal(t, voicemail.TranscriptFailed, f.list(voicemail.Query{}).Messages[0].Transcript.State)
	text = "second try"
	_, err := f.Update(t.Context(), phone.Actor{}, f.box, id, func(m *voicemail.Message) {
		m.Transcript = voicemail.Transcript{State: voicemail.TranscriptPending}
	})
	require.NoError(t, err)
	f.workUntil(time.Minute)
	assert.Equal(t, "second try", f.list(voicemail.Query{}).Messages[0].Transcript.Text)
	assert.Equal(t, "created transcribed changed transcribed", p.kinds())
}

func TestACorrectionByHandWins(t *testing.T) {
	var f *office
	f = newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{
		Transcriber: func(ctx context.Context, m voicemail.Message, _ pcm.Clip) (voicemail.Transcript, error) {
			_, err := f.Update(ctx, phone.Actor{}, m.Box, m.ID, func(m *voicemail.Message) {
				m.Transcript = voicemail.Transcript{State: voicemail.TranscriptDone, Text: "by hand"}
			})
			return voicemail.Transcript{Text: "by the engine"}, err
		},
	})
	f.leave("k", 3*time.Second)
	f.workUntil(time.Minute)
	assert.Equal(t, "by hand", f.list(voicemail.Query{}).Messages[0].Transcript.Text)
}

func TestWhenAMessageIsAnnounced(t *testing.T) {
	slow := 20 * time.Second
	tests := []struct {
		name     string
		set      voicemail.Settings
		takes    time.Duration
		channel  string
		want     string
		after    time.Duration // of the first notice
		withText bool
	}{
		{name: "at once", channel: "mail", takes: slow, want: "created transcribed"},
		{name: "with the transcript", set: voicemail.Settings{Announce: voicemail.WithTranscript}, channel: "mail", takes: slow, want: "created", after: slow, withText: true},
		{name: "after a minute", set: voicemail.Settings{Announce: voicemail.WithTranscript}, channel: "mail", takes: 10 * time.Minute, want: "created transcribed", after: time.Minute},
		{name: "after a wait of its own", set: voicemail.Settings{Announce: voicemail.WithTranscript, Wait: 5 * time.Second}, channel: "mail", takes: slow, want: "created transcribed", after: 5 * time.Second},
		{name: "a prompt channel", set: voicemail.Settings{Announce: voicemail.WithTranscript}, channel: "desk", takes: slow, want: "created transcribed"},
		{name: "no transcript wanted", set: voicemail.Settings{Announce: voicemail.WithTranscript, NoTranscript: true}, channel: "mail", takes: slow, want: "created"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			type told struct {
				voicemail.Notice
				at time.Time
			}
			var got []told
			var f *office
			ready := time.Time{}
			notify := func(_ context.Context, n voicemail.Notice) error {
				if n.Channel == tt.channel {
					got = append(got, told{n, f.at.Now()})
				}
				return nil
			}
			f = newOffice(t, voicemail.NewMemory(), tt.set, voicemail.Options{
				Notifiers: map[string]voicemail.Notifier{"mail": notify, "desk": notify}, Prompt: []string{"desk"},
				Transcriber: func(context.Context, voicemail.Message, pcm.Clip) (voicemail.Transcript, error) {
					if f.at.Now().Before(ready) {
						return voicemail.Transcript{}, errors.New("later")
					}
					return voicemail.Transcript{Text: "hello"}, nil
				},
			})
			f.leave("k", 3*time.Second)
			began := f.at.Now()
			ready = began.Add(tt.takes)
			// A worker that looks every second.
			for f.at.Now().Before(began.Add(25 * time.Minute)) {
				_, err := f.Work(t.Context())
				require.NoError(t, err)
				f.at.Add(time.Second)
			}
			var kinds []string
			for _, n := range got {
				kinds = append(kinds, string(n.Kind))
			}
			require.Equal(t, tt.want, strings.Join(kinds, " "))
			first := got[0].at.Sub(began)
			assert.GreaterOrEqual(t, first, tt.after)
			assert.LessOrEqual(t, first, tt.after+15*time.Second, "the delay of an attempt at most")
			assert.Equal(t, tt.withText, got[0].Message.Transcript.Text != "")
		})
	}
}

func TestANotifierThatIsDownForAnHour(t *testing.T) {
	mail, desk := &pager{err: errors.New("down")}, &pager{}
	f := newOffice(t, openDir(t, t.TempDir()), voicemail.Settings{}, voicemail.Options{
		Notifiers: map[string]voicemail.Notifier{"mail": mail.notify, "desk": desk.notify},
	})
	for i := range 5 {
		f.leave(key(i), 2*time.Second)
		f.workUntil(12 * time.Minute)
	}
	assert.Len(t, desk.got, 5, "one channel does not hold up another")
	assert.Empty(t, mail.got)
	mail.err = nil
	f.leave(key(5), 2*time.Second)
	f.workUntil(time.Hour)
	require.Len(t, mail.got, 6)
	for i, n := range mail.got {
		assert.Equal(t, key(i), n.Message.Capture, "in the order of the box")
	}
}

func TestANoticeIsTheSameInEveryDelivery(t *testing.T) {
	var ids []string
	lose := true
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{
		Notifiers: map[string]voicemail.Notifier{"mail": func(_ context.Context, n voicemail.Notice) error {
			ids = append(ids, n.ID+" "+n.Event().ID)
			if lose {
				lose = false
				return errors.New("sent, but the answer was lost")
			}
			return nil
		}},
	})
	f.leave("k", 2*time.Second)
	f.workUntil(time.Minute)
	require.Len(t, ids, 2)
	assert.Equal(t, ids[0], ids[1])
}

func TestANoticeIsGivenUpAfterADay(t *testing.T) {
	p := &pager{err: errors.New("down for ever")}
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{
		Notifiers: map[string]voicemail.Notifier{"mail": p.notify},
	})
	f.leave("k", 2*time.Second)
	f.workUntil(25 * time.Hour)
	assert.Equal(t, 1, f.told(voicemail.EventNoticeDead))
	p.err = nil
	f.workUntil(25 * time.Hour)
	assert.Empty(t, p.got)
	assert.Len(t, f.list(voicemail.Query{}).Messages, 1, "the message is there all the same")
}

func TestTheEventOfANotice(t *testing.T) {
	p := &pager{}
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{
		Notifiers: map[string]voicemail.Notifier{"desk": p.notify},
	})
	r := f.leave("k", 2*time.Second)
	f.workUntil(time.Minute)
	require.Len(t, p.got, 1)
	e := p.got[0].Event()
	m := f.list(voicemail.Query{}).Messages[0]
	assert.Equal(t, phone.VoicemailLeft, e.Type)
	assert.Equal(t, "voicemail.left/"+r.Message, e.ID)
	assert.Equal(t, m.Received, e.At)
	assert.Equal(t, m.Call.Caller, e.Contact)
	assert.Equal(t, m.Divert, e.Divert)
	assert.Equal(t, "call-k", e.Call)
	assert.Equal(t, 1, p.got[0].Counts.New)
	assert.Zero(t, voicemail.Notice{Kind: voicemail.NoticeChanged}.Event())
}

func TestTheBinIsEmptied(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		f := newOffice(t, s, voicemail.Settings{}, voicemail.Options{})
		keep, gone := f.leave("a", 2*time.Second).Message, f.leave("b", 2*time.Second).Message
		for _, id := range []string{keep, gone} {
			_, err := f.Update(t.Context(), phone.Actor{}, f.box, id, func(m *voicemail.Message) { m.Deleted = f.at.Now() })
			require.NoError(t, err)
		}
		assert.Len(t, f.list(voicemail.Query{Folder: voicemail.Bin}).Messages, 2)
		f.workUntil(29 * 24 * time.Hour)
		_, err := f.Update(t.Context(), phone.Actor{}, f.box, keep, func(m *voicemail.Message) { m.Deleted = time.Time{} })
		require.NoError(t, err)
		r := f.workUntil(2 * 24 * time.Hour)
		assert.Equal(t, 1, r.Purged)
		assert.Equal(t, 2*time.Second, f.listen(keep).Duration())
		_, err = f.Open(t.Context(), phone.Actor{}, f.box, gone)
		require.ErrorIs(t, err, voicemail.ErrNotFound)
		blobs, err := s.List(t.Context(), f.box.Tenant, "", 10)
		require.NoError(t, err)
		assert.Len(t, blobs, 1)
	})
}
