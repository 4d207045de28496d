package voicemail

import (
	"context"
	"errors"
	"maps"
	"time"
)

// notify delivers one notice. While it fails, later notices of the same box
// and channel wait behind it.
func (s *Service) notify(ctx context.Context, t *Task, r *Report) (time.Time, error) {
	n, err := s.notice(ctx, t)
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil // purged meanwhile
	}
	if err != nil {
		return time.Time{}, err
	}
	err = guard(func() error { return s.notifiers[t.Channel](ctx, n) })
	now := s.now()
	switch {
	case err == nil:
		r.Notified++
		return time.Time{}, nil
	case permanent(err), now.Sub(t.Since) > s.limits.Retry:
		r.Failed++
		s.log.ErrorContext(ctx, "voicemail: notice given up", "channel", t.Channel, "notice", n.ID, "err", err)
		s.tellMessage(ctx, EventNoticeDead, n.Message, eventData{Channel: t.Channel, Err: cut(err.Error(), maxTaskErr)})
		return time.Time{}, nil
	}
	s.holdBack(ctx, t.Box, t.Channel, now.Add(retryAfter(t.Attempt)))
	return time.Time{}, err
}

func (s *Service) notice(ctx context.Context, t *Task) (Notice, error) {
	n := Notice{Kind: t.Notice, Channel: t.Channel, At: t.Since, Box: t.Box}
	if t.Notice == NoticeFull {
		box, err := s.store.Box(ctx, t.Box)
		n.ID, n.Counts = t.ID, box.Counts
		return n, err
	}
	p, err := s.store.Messages(ctx, t.Box, Query{IDs: []string{t.Message}})
	if err != nil {
		return n, err
	}
	if len(p.Messages) == 0 {
		return n, ErrNotFound
	}
	n.ID, n.Message, n.Counts = t.ID, p.Messages[0], p.Counts
	if n.Kind == NoticeCreated {
		n.At = n.Message.Received
	}
	return n, nil
}

// postpone reports that t has to wait for an earlier notice, and sees to it.
func (s *Service) postpone(ctx context.Context, t Task) bool {
	box, err := s.store.Box(ctx, t.Box)
	if err != nil {
		return false // the delivery finds out
	}
	until := box.Held[t.Channel]
	if !s.now().Before(until) {
		return false
	}
	t.Due = until
	if err := s.store.Apply(ctx, Batch{Tasks: []Task{t}}); err != nil && !errors.Is(err, ErrConflict) {
		s.log.WarnContext(ctx, "voicemail: notice not postponed", "channel", t.Channel, "err", err)
	}
	return true
}

// holdBack keeps a channel of a box shut until the instant until. It is only
// about order: when it fails, nothing is lost.
func (s *Service) holdBack(ctx context.Context, id BoxID, channel string, until time.Time) {
	for range conflicts {
		box, err := s.store.Box(ctx, id)
		if err != nil {
			return
		}
		now := s.now()
		maps.DeleteFunc(box.Held, func(_ string, t time.Time) bool { return !t.After(now) })
		if box.Held == nil {
			box.Held = make(map[string]time.Time)
		}
		box.Held[channel] = until
		if err := s.store.Apply(ctx, Batch{Boxes: []Box{box}}); !errors.Is(err, ErrConflict) {
			return
		}
	}
}
