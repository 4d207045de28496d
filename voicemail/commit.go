package voicemail

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
)

// commit writes the message, the counters, the outbox and the end of the
// capture in one batch. Only after it anything is visible.
func (s *Service) commit(ctx context.Context, row CaptureRow, m Message, r Receipt) (Receipt, error) {
	r.State = StateSaved
	r.Outcome = outcome(r)
	return s.conclude(ctx, row, r, func(box *Box, b *Batch) {
		now := s.now()
		box.Seq++
		m := m
		m.Number, m.Seq = box.Seq, box.Seq
		announce := now
		if s.transcribes(row.Settings) {
			m.Transcript.State = TranscriptPending
			if m.Speech == 0 { // engines invent text on silence
				m.Transcript.State = NoSpeech
			}
		}
		if m.Transcript.State == TranscriptPending {
			b.Tasks = append(b.Tasks, transcribeTask(m, now))
			if row.Settings.Announce == WithTranscript {
				announce = now.Add(row.Settings.Wait)
				m.AnnounceBy = announce
			}
		}
		b.Tasks = append(b.Tasks, s.notices(NoticeCreated, m, now, announce)...)
		box.Counts.count(&m, 1)
		b.Messages = append(b.Messages, m)
	})
}

// discard closes a capture without a message.
func (s *Service) discard(ctx context.Context, row CaptureRow, r Receipt) (Receipt, error) {
	r.State = StateDiscarded
	r.Outcome = outcome(r)
	r.Message = ""
	return s.conclude(ctx, row, r, func(*Box, *Batch) {})
}

// conclude ends a capture with r, in one batch with what add puts into it. It
// is fenced by the epoch of row: a node from which the capture was taken can
// not conclude it. When the outcome of a write is unknown, the row tells.
func (s *Service) conclude(ctx context.Context, row CaptureRow, r Receipt, add func(*Box, *Batch)) (Receipt, error) {
	errs := 0
	for range conflicts {
		err := s.concludeOnce(ctx, row, r, add)
		if err == nil {
			s.concluded(ctx, row, r)
			return r, nil
		}
		if !errors.Is(err, ErrConflict) {
			if errs++; errs >= unknowns || ctx.Err() != nil {
				return Receipt{}, err
			}
		}
		now, reload := s.store.Capture(ctx, row.Request.Call.Tenant, row.Request.Key)
		switch {
		case errors.Is(reload, ErrNotFound):
			return Receipt{}, ErrFenced
		case reload != nil:
			continue // the next attempt fails as well, or finds the old row
		case now.State.final():
			if errs > 0 { // it was ours after all
				s.concluded(ctx, now, now.Receipt)
			}
			return now.Receipt, nil
		case now.Epoch != row.Epoch:
			return Receipt{}, ErrFenced
		}
		row.Revision, row.State, row.Reserved = now.Revision, now.State, now.Reserved
	}
	return Receipt{}, ErrBusy
}

func (s *Service) concludeOnce(ctx context.Context, row CaptureRow, r Receipt, add func(*Box, *Batch)) error {
	box, err := s.store.Box(ctx, row.Request.Box())
	if err != nil {
		return err
	}
	var b Batch
	before := box.Seq
	add(&box, &b)
	released := release(&box, &row)
	row.State, row.Receipt, row.Until = r.State, r, s.now().Add(s.limits.Keep)
	b.Captures = append(b.Captures, row)
	if released || box.Seq != before {
		b.Boxes = append(b.Boxes, box)
	}
	return s.store.Apply(ctx, b)
}

// release gives back the room that row has set aside in box.
func release(box *Box, row *CaptureRow) bool {
	if row.Reserved == (Counts{}) {
		return false
	}
	box.Reserved.New -= row.Reserved.New
	box.Reserved.Bytes -= row.Reserved.Bytes
	row.Reserved = Counts{}
	return true
}

func (s *Service) concluded(ctx context.Context, row CaptureRow, r Receipt) {
	kind := EventSaved
	if r.State == StateDiscarded {
		kind = EventDiscarded
	}
	s.tell(ctx, kind, row, eventData{Message: r.Message, Why: r.Why, Stop: r.Stop, Length: duration(r.Length), Partial: r.Partial})
}

func transcribeTask(m Message, now time.Time) Task {
	return Task{
		ID: taskID(TaskTranscribe, m.ID, strconv.Itoa(m.Seq)), Kind: TaskTranscribe, Box: m.Box, Due: now, Since: now,
		Seq: m.Seq, Message: m.ID,
	}
}

// notices are the outbox: one task a channel.
func (s *Service) notices(kind NoticeKind, m Message, now, due time.Time) []Task {
	tasks := make([]Task, 0, len(s.channels))
	for _, ch := range s.channels {
		t := Task{
			ID: createdTaskID(m, ch), Kind: TaskNotify, Box: m.Box, Due: due, Since: now,
			Seq: m.Seq, Message: m.ID, Channel: ch, Notice: kind,
		}
		if kind != NoticeCreated {
			t.ID = taskID(TaskNotify, m.ID, string(kind), strconv.Itoa(m.Seq), ch)
		}
		if s.prompt[ch] {
			t.Due = now
		}
		tasks = append(tasks, t)
	}
	return tasks
}

func createdTaskID(m Message, channel string) string {
	return taskID(TaskNotify, m.ID, string(NoticeCreated), channel)
}

func taskID(kind TaskKind, parts ...string) string {
	return string(kind) + "/" + strings.Join(parts, "/")
}
