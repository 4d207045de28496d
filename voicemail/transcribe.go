package voicemail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

// transcribe has one message transcribed. Whatever comes of it, the message
// is announced and stays as it is.
func (s *Service) transcribe(ctx context.Context, t *Task, r *Report) (time.Time, error) {
	m, err := s.message(ctx, t.Box, t.Message)
	if errors.Is(err, ErrNotFound) || err == nil && m.Transcript.State.final() {
		return time.Time{}, nil // purged, or corrected by hand
	}
	if err != nil {
		return time.Time{}, err
	}
	tr, err := s.recognise(ctx, m)
	if err != nil {
		if !permanent(err) && s.now().Sub(t.Since) < s.limits.Retry {
			return time.Time{}, err
		}
		s.log.ErrorContext(ctx, "voicemail: transcript given up", "message", m.ID, "err", err)
		tr = Transcript{State: TranscriptFailed}
	}
	m, err = s.putTranscript(context.WithoutCancel(ctx), m, tr)
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	r.Transcribed++
	s.tellMessage(ctx, EventTranscript, m, eventData{State: m.Transcript.State})
	return time.Time{}, nil
}

// recognise asks the engine and checks what it says.
func (s *Service) recognise(ctx context.Context, m Message) (Transcript, error) {
	rd, err := s.blobs.Open(ctx, m.Box.Tenant, m.Blob, 0, -1)
	if err != nil {
		return Transcript{}, err
	}
	clip, err := pcm.ReadWAV(rd, s.limits.Length+time.Second)
	if err := errors.Join(err, rd.Close()); err != nil {
		return Transcript{}, err
	}
	var tr Transcript
	err = guard(func() error {
		var err error
		tr, err = s.transcriber(ctx, m, clip)
		return err
	})
	if err != nil {
		return tr, err
	}
	if len(tr.Document) > s.limits.Document || len(tr.Document) > 0 && !json.Valid(tr.Document) {
		return tr, fmt.Errorf("voicemail: transcript document: %d bytes, want JSON of at most %d", len(tr.Document), s.limits.Document)
	}
	tr.Text = cut(tr.Text, s.limits.Text)
	switch {
	case tr.State == TranscriptFailed, tr.State == NoSpeech:
	case tr.Text == "":
		tr.State = NoSpeech
	default:
		tr.State = TranscriptDone
	}
	return tr, nil
}

// putTranscript stores tr and announces it: with the message, if that has
// waited for it, otherwise as an update.
func (s *Service) putTranscript(ctx context.Context, m Message, tr Transcript) (Message, error) {
	// A message that waits is announced by the tasks that were made with it.
	// They can not have been claimed before AnnounceBy, so they are still at
	// their first revision, unless it is near; then the update follows them.
	waits := true
	for range conflicts {
		now := s.now()
		box, err := s.store.Box(ctx, m.Box)
		if err != nil {
			return m, err
		}
		loaded := m.Revision
		next := m
		box.Seq++
		next.Seq, next.Transcript = box.Seq, tr
		b := Batch{Boxes: []Box{box}, Messages: []Message{next}}
		for _, t := range s.notices(NoticeTranscribed, next, now, now) {
			if waits && m.AnnounceBy.After(now) && !s.prompt[t.Channel] {
				t.ID, t.Notice, t.Revision, t.Seq = createdTaskID(m, t.Channel), NoticeCreated, 1, m.Number
			}
			b.Tasks = append(b.Tasks, t)
		}
		if err := s.store.Apply(ctx, b); !errors.Is(err, ErrConflict) {
			next.Revision++
			return next, err
		}
		if m, err = s.message(ctx, m.Box, m.ID); err != nil {
			return m, err
		}
		if m.Transcript.State.final() {
			return m, ErrNotFound
		}
		again, err := s.store.Box(ctx, m.Box)
		if err != nil {
			return m, err
		}
		if m.Revision == loaded && again.Revision == box.Revision {
			waits = false // so it was one of the tasks
		}
	}
	return m, ErrBusy
}
