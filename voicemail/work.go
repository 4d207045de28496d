package voicemail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Work does one pass over what is due: leases that have ended, notices,
// transcripts, the bin. It takes on at most [Limits].Work tasks, one after
// the other, and may be called by several goroutines and nodes at once; each
// task is claimed by one of them. Report.Next is when to call again, which a
// new message may bring forward.
//
// What fails is counted and tried again later, with a growing delay; the
// error is only that of a store that does not answer.
func (s *Service) Work(ctx context.Context) (Report, error) {
	var r Report
	tasks, err := s.due(ctx, s.now(), s.limits.Work)
	if err != nil {
		return r, fmt.Errorf("voicemail: due: %w", err)
	}
	// Notices before transcripts, which may take minutes; otherwise as they come.
	slices.SortStableFunc(tasks, func(a, b Task) int { return a.Kind.rank() - b.Kind.rank() })
	for _, t := range tasks {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		s.work(ctx, t, &r)
	}
	const everything = 200 * 365 * 24 * time.Hour
	next, err := s.due(ctx, s.now().Add(everything), 1)
	if err != nil {
		return r, fmt.Errorf("voicemail: due: %w", err)
	}
	if len(next) > 0 {
		r.Next = next[0].Due
	}
	return r, nil
}

// maxForeign is how many tasks of other nodes are looked through for our own.
const maxForeign = 1 << 14

// due is at most want tasks that this node can do. Tasks that only others can
// do stay where they are, and never hide ours.
func (s *Service) due(ctx context.Context, before time.Time, want int) ([]Task, error) {
	for limit := want; ; limit *= 4 {
		tasks, err := s.store.Due(ctx, before, limit)
		if err != nil {
			return nil, err
		}
		all := len(tasks) < limit
		own := slices.DeleteFunc(tasks, func(t Task) bool {
			do, _ := s.doer(t)
			return do == nil
		})
		if all || len(own) >= want || limit > maxForeign {
			return own[:min(len(own), want)], nil
		}
	}
}

func (k TaskKind) rank() int {
	if k == TaskTranscribe {
		return 1
	}
	return 0
}

// work claims one task, does it, and says when it is due again.
func (s *Service) work(ctx context.Context, t Task, r *Report) {
	do, limit := s.doer(t)
	if do == nil {
		return // for another node
	}
	if t.Kind == TaskNotify && s.postpone(ctx, t) {
		return
	}
	t.Owner, t.Due = s.node, s.now().Add(limit+s.lease)
	t.Attempt++
	if err := s.store.Apply(ctx, Batch{Tasks: []Task{t}}); err != nil {
		if !errors.Is(err, ErrConflict) { // otherwise somebody else has it
			r.Failed++
			s.log.WarnContext(ctx, "voicemail: task not claimed", "task", t.Kind, "err", err)
		}
		return
	}
	t.Revision++
	bounded, cancel := context.WithTimeout(ctx, limit)
	again, err := do(bounded, &t, r)
	cancel()
	t.Owner, t.Err, t.Due, t.Done = "", "", again, again.IsZero()
	if err != nil {
		r.Failed++
		t.Err, t.Done = cut(err.Error(), maxTaskErr), false
		t.Due = s.now().Add(retryAfter(t.Attempt))
		s.log.WarnContext(ctx, "voicemail: task failed", "task", t.Kind, "attempt", t.Attempt, "err", err)
	}
	// A task that its doer has settled together with other rows conflicts
	// here, which is right; one that could not be settled comes again.
	if err := s.store.Apply(context.WithoutCancel(ctx), Batch{Tasks: []Task{t}}); err != nil && !errors.Is(err, ErrConflict) {
		s.log.WarnContext(ctx, "voicemail: task not settled", "task", t.Kind, "err", err)
	}
}

const maxTaskErr = 256

// doer is what does a task, and how long it may take.
func (s *Service) doer(t Task) (func(context.Context, *Task, *Report) (time.Time, error), time.Duration) {
	switch t.Kind {
	case TaskCapture:
		return s.lookAfter, s.limits.Commit
	case TaskPurge:
		return s.purge, s.limits.Commit
	case TaskTranscribe:
		if s.transcriber != nil {
			return s.transcribe, s.limits.Transcribe
		}
	case TaskNotify:
		if s.notifiers[t.Channel] != nil {
			return s.notify, s.limits.Notify
		}
	}
	return nil, 0
}

// retryAfter is how long to wait after the nth attempt: 1 s, 2 s, 4 s and so
// on, up to 10 min.
func retryAfter(n int) time.Duration {
	return min(time.Second<<min(max(n-1, 0), 20), 10*time.Minute)
}

// permanent reports an error that says so itself.
func permanent(err error) bool {
	var e interface{ Retryable() bool }
	return errors.As(err, &e) && !e.Retryable()
}

// guard calls what belongs to the host. A panic in it is a failed attempt.
func guard(call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("voicemail: panic: %v", p)
		}
	}()
	return call()
}
