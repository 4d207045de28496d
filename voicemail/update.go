package voicemail

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// PutBox creates a box, or changes the settings of one that is there. Only ID
// and Settings of b count; captures under way keep the settings that they
// began with.
func (s *Service) PutBox(ctx context.Context, a phone.Actor, b Box) error {
	if err := b.ID.check(); err != nil {
		return err
	}
	if err := b.Settings.check(); err != nil {
		return err
	}
	if err := s.allow(ctx, a, ActionConfigure, b.ID); err != nil {
		return err
	}
	for range conflicts {
		box, err := s.store.Box(ctx, b.ID)
		if errors.Is(err, ErrNotFound) {
			box, err = Box{ID: b.ID}, nil
		}
		if err != nil {
			return err
		}
		if box.Revision > 0 && box.Settings == b.Settings {
			return nil
		}
		box.Settings = b.Settings
		if err := s.store.Apply(ctx, Batch{Boxes: []Box{box}}); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return ErrBusy
}

// Box returns a box: its settings, and counters for the lamp of a phone.
func (s *Service) Box(ctx context.Context, a phone.Actor, id BoxID) (Box, error) {
	if err := s.allow(ctx, a, ActionRead, id); err != nil {
		return Box{}, err
	}
	return s.store.Box(ctx, id)
}

// Messages lists the messages of a box, a page at a time; see [Query] for
// filters and for the change feed.
func (s *Service) Messages(ctx context.Context, a phone.Actor, id BoxID, q Query) (Page, error) {
	if err := s.allow(ctx, a, ActionRead, id); err != nil {
		return Page{}, err
	}
	if len(q.IDs) > PageLimit {
		return Page{}, fmt.Errorf("voicemail: query: %d ids, at most %d", len(q.IDs), PageLimit)
	}
	return s.store.Messages(ctx, id, q)
}

// allow asks the authorizer. Who may not, is told that there is nothing.
func (s *Service) allow(ctx context.Context, a phone.Actor, action Action, id BoxID) error {
	if id.check() != nil {
		return ErrNotFound
	}
	if s.authorizer == nil {
		return nil
	}
	if err := s.authorizer(ctx, a, action, id); err != nil {
		s.log.InfoContext(ctx, "voicemail: refused", "action", action, "mailbox", id.Mailbox, "actor", a.ID, "err", err)
		return ErrNotFound
	}
	return nil
}

// message loads one message, wherever it is.
func (s *Service) message(ctx context.Context, id BoxID, message string) (Message, error) {
	p, err := s.store.Messages(ctx, id, Query{IDs: []string{message}})
	if err != nil {
		return Message{}, err
	}
	if len(p.Messages) != 1 {
		return Message{}, ErrNotFound
	}
	return p.Messages[0], nil
}

// Update changes a message: change receives it and sets Heard, Folder,
// Urgent, Deleted (into the bin, or with the zero time out of it) or
// Transcript; what it does to other fields is ignored. It may run several
// times, when others change the box meanwhile. A transcript that is set to
// [TranscriptPending] is made again. Update returns the message as stored.
//
// Channels are told with a notice, changed or deleted. A message in the bin is
// gone for good after [Settings].Bin.
func (s *Service) Update(ctx context.Context, a phone.Actor, id BoxID, message string, change func(*Message)) (Message, error) {
	if err := s.allow(ctx, a, ActionUpdate, id); err != nil {
		return Message{}, err
	}
	for range conflicts {
		old, err := s.message(ctx, id, message)
		if err != nil {
			return Message{}, err
		}
		next, err := s.changed(old, change)
		if err != nil || next.Seq == old.Seq {
			return old, err
		}
		box, err := s.store.Box(ctx, id)
		if err != nil {
			return Message{}, err
		}
		b := s.changeBatch(box, old, &next)
		if err := s.store.Apply(ctx, b); !errors.Is(err, ErrConflict) {
			next.Revision++
			return next, err
		}
	}
	return Message{}, ErrBusy
}

// changed is old with what change may change. Its Seq differs when something
// did.
func (s *Service) changed(old Message, change func(*Message)) (Message, error) {
	m := old.clone()
	change(&m)
	next := old
	next.Heard, next.Deleted = m.Heard.UTC().Round(0), m.Deleted.UTC().Round(0)
	next.Folder, next.Urgent, next.Transcript = m.Folder, m.Urgent, m.Transcript
	if next.Folder == "" {
		next.Folder = Inbox
	}
	if len(next.Folder) > MaxName || strings.EqualFold(next.Folder, Bin) {
		return next, fmt.Errorf("voicemail: folder %q: want 1 to %d bytes, and not %s", cut(next.Folder, MaxName), MaxName, Bin)
	}
	t := &next.Transcript
	if len(t.Text) > s.limits.Text || len(t.Document) > s.limits.Document || len(t.Document) > 0 && !json.Valid(t.Document) {
		return next, fmt.Errorf("voicemail: transcript: want text of at most %d bytes and a JSON document of at most %d", s.limits.Text, s.limits.Document)
	}
	same := next.Heard.Equal(old.Heard) && next.Deleted.Equal(old.Deleted) && next.Folder == old.Folder &&
		next.Urgent == old.Urgent && t.State == old.Transcript.State && t.Text == old.Transcript.Text &&
		t.Language == old.Transcript.Language && bytes.Equal(t.Document, old.Transcript.Document)
	if !same {
		next.Seq++
	}
	return next, nil
}

func (s *Service) changeBatch(box Box, old Message, next *Message) Batch {
	now := s.now()
	box.Seq++
	next.Seq = box.Seq
	box.Counts.count(&old, -1)
	box.Counts.count(next, 1)
	kind := NoticeChanged
	var tasks []Task
	if old.Deleted.IsZero() && !next.Deleted.IsZero() {
		kind = NoticeDeleted
		if bin := box.Settings.effective().Bin; bin > 0 {
			tasks = append(tasks, Task{
				ID: taskID(TaskPurge, next.ID, strconv.Itoa(next.Seq)), Kind: TaskPurge, Box: next.Box,
				Due: next.Deleted.Add(bin), Since: now, Seq: next.Seq, Message: next.ID,
			})
		}
	}
	if next.Transcript.State == TranscriptPending && old.Transcript.State != TranscriptPending {
		tasks = append(tasks, transcribeTask(*next, now))
	}
	tasks = append(tasks, s.notices(kind, *next, now, now)...)
	return Batch{Boxes: []Box{box}, Messages: []Message{*next}, Tasks: tasks}
}

// purge removes a message that has been in the bin for long enough: the row
// first, then the sound.
func (s *Service) purge(ctx context.Context, t *Task, r *Report) (time.Time, error) {
	m, err := s.message(ctx, t.Box, t.Message)
	if err == nil {
		again, err := s.purgeRow(ctx, m)
		if err != nil || !again.IsZero() {
			return again, err
		}
		if m.Deleted.IsZero() {
			return time.Time{}, nil // restored
		}
		r.Purged++
		s.tellMessage(ctx, EventPurged, m, eventData{})
	} else if !errors.Is(err, ErrNotFound) {
		return time.Time{}, err
	}
	prefix := t.Message + "." // no id has a dot
	keys, err := s.blobs.List(ctx, t.Box.Tenant, prefix, PageLimit)
	if err != nil {
		return time.Time{}, err
	}
	for _, key := range keys {
		if !strings.HasPrefix(key, prefix) {
			break
		}
		if err := s.blobs.Delete(ctx, t.Box.Tenant, key); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, nil
}

// purgeRow removes the row of m unless its time has not come; then it says
// when.
func (s *Service) purgeRow(ctx context.Context, m Message) (time.Time, error) {
	if m.Deleted.IsZero() {
		return time.Time{}, nil
	}
	box, err := s.store.Box(ctx, m.Box)
	if err != nil {
		return time.Time{}, err
	}
	bin := box.Settings.effective().Bin
	if bin < 0 {
		return s.now().Add(s.limits.Keep), nil // no longer purged; look again
	}
	if due := m.Deleted.Add(bin); s.now().Before(due) {
		return due, nil
	}
	box.Counts.count(&m, -1)
	m.Gone = true
	return time.Time{}, s.store.Apply(ctx, Batch{Boxes: []Box{box}, Messages: []Message{m}})
}
