package voicemail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Recover settles what processes that died have left: captures whose lease is
// over and whose sound this node can read become messages, partial ones if
// the end is missing. It does not wait for the lease where the spool knows
// that the writer is gone (see [Orphans]). Sound that belongs to nobody is
// reported as stranded, and stays. Call it at the start; Work does the same
// for each capture whose lease ends later.
//
// The report counts what was done; the error joins what failed, which is
// tried again by Work or the next Recover.
func (s *Service) Recover(ctx context.Context) (Report, error) {
	var r Report
	ids, err := s.spool.Names(ctx)
	if err != nil {
		return r, fmt.Errorf("voicemail: spool: %w", err)
	}
	var errs []error
	for _, id := range ids {
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		if err := s.recoverSpool(ctx, id, &r); err != nil {
			r.Failed++
			errs = append(errs, err)
		}
	}
	return r, errors.Join(errs...)
}

// recoverSpool looks at one spool of this node.
func (s *Service) recoverSpool(ctx context.Context, id SpoolID, r *Report) error {
	note, err := s.spoolNote(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil // settled meanwhile
	}
	if errors.Is(err, errNoTake) {
		return nil // torn before its first frame: the task of its capture knows whose it is
	}
	if err != nil {
		return err
	}
	row, err := s.store.Capture(ctx, note.Tenant, note.Key)
	switch {
	case errors.Is(err, ErrNotFound):
		s.strand(ctx, CaptureRow{Request: Request{Key: note.Key}}, r)
		return nil
	case err != nil:
		return err
	case row.Spool != id.Name:
		if row.Message == note.Message && note.Epoch > row.Epoch {
			return nil // the row on its way
		}
		s.strand(ctx, row, r)
		return nil
	case row.State.final():
		return s.spool.Remove(ctx, id) // died before it was cleaned
	case !s.abandoned(row, s.running(row.liveKey())):
		return nil
	}
	return s.rescued(ctx, row, r)
}

func (s *Service) spoolNote(ctx context.Context, id SpoolID) (beginNote, error) {
	rd, err := s.spool.Read(ctx, id)
	if err != nil {
		return beginNote{}, err
	}
	t, err := readTake(io.LimitReader(rd, maxChunk), 0)
	_ = rd.Close() // only read
	return t.begin, err
}

// strand reports sound that can not be settled here.
func (s *Service) strand(ctx context.Context, row CaptureRow, r *Report) {
	r.Stranded++
	s.log.WarnContext(ctx, "voicemail: stranded", "key", row.Request.Key, "spool", row.Spool, "owner", row.Owner)
	s.tell(ctx, EventStranded, row, eventData{Message: row.Message})
}

// rescued rescues row and counts it.
func (s *Service) rescued(ctx context.Context, row CaptureRow, r *Report) error {
	receipt, err := s.rescue(ctx, row)
	switch {
	case errors.Is(err, ErrFenced), errors.Is(err, ErrConflict):
		return nil // somebody else was quicker
	case err != nil:
		return err
	case receipt.State == StateSaved:
		r.Recovered++
	default:
		r.Discarded++
	}
	return nil
}

// rescue takes an abandoned capture over, with a new epoch that shuts the old
// owner out, and settles it.
func (s *Service) rescue(ctx context.Context, row CaptureRow) (Receipt, error) {
	row.Epoch++
	row.Owner, row.State, row.Until = s.node, StateRecording, s.now().Add(s.lease)
	if err := s.store.Apply(ctx, Batch{Captures: []CaptureRow{row}}); err != nil {
		return Receipt{}, err
	}
	row.Revision++
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limits.Commit)
	defer cancel()
	receipt, err := s.settle(ctx, row, nil)
	if err == nil {
		s.tell(ctx, EventRecovered, row, eventData{
			Message: receipt.Message, Why: receipt.Why, Stop: receipt.Stop, Length: duration(receipt.Length), Partial: receipt.Partial,
		})
	}
	return receipt, err
}

// lookAfter does the task of a capture. It answers when to look again; zero:
// never.
func (s *Service) lookAfter(ctx context.Context, t *Task, r *Report) (time.Time, error) {
	row, err := s.store.Capture(ctx, t.Box.Tenant, t.Capture)
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	now := s.now()
	c := s.current(row.liveKey())
	switch {
	case now.Before(row.Until):
		t.Attempt = 0
		return row.Until, nil
	case row.State.final(), row.State == StateReleased, row.Overdue:
		return time.Time{}, s.forgetRow(ctx, row)
	case row.State == StateExpected:
		return now.Add(s.limits.Keep), s.overdue(ctx, row, r)
	case c != nil && !c.silent():
		return now.Add(s.lease), nil // its writer renews
	}
	switch {
	case s.readable(ctx, row):
		return now.Add(s.lease), s.rescued(ctx, row, r)
	case row.State == StateRecording && now.Sub(t.Since) > s.limits.Keep:
		return time.Time{}, s.forgetRow(ctx, row)
	case row.State == StateRecording:
		s.strand(ctx, row, r)
		return now.Add(retryAfter(t.Attempt)), s.giveUpRoom(ctx, row)
	}
	if c != nil {
		s.forget(c)
	}
	if err := s.letGo(ctx, row); err != nil {
		return time.Time{}, err
	}
	r.Released++
	return now.Add(s.limits.Keep), nil
}

// forgetRow removes the row of a capture that is over.
func (s *Service) forgetRow(ctx context.Context, row CaptureRow) error {
	row.Gone = true
	return s.store.Apply(ctx, Batch{Captures: []CaptureRow{row}})
}

// current is the capture of key in this process, nil when there is none.
func (s *Service) current(key liveKey) *Capture {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sl := s.captures[key]; sl != nil {
		return sl.capture
	}
	return nil
}

func (s *Service) overdue(ctx context.Context, row CaptureRow, r *Report) error {
	b := Batch{}
	if row.Reserved != (Counts{}) {
		box, err := s.store.Box(ctx, row.Request.Box())
		if err != nil {
			return err
		}
		release(&box, &row)
		b.Boxes = []Box{box}
	}
	row.Overdue, row.Until = true, s.now().Add(s.limits.Keep)
	b.Captures = []CaptureRow{row}
	if err := s.store.Apply(ctx, b); err != nil {
		return err
	}
	r.Overdue++
	s.tell(ctx, EventOverdue, row, eventData{})
	return nil
}

// giveUpRoom frees the room of a capture that is stranded, which may be so
// for days.
func (s *Service) giveUpRoom(ctx context.Context, row CaptureRow) error {
	if row.Reserved == (Counts{}) {
		return nil
	}
	box, err := s.store.Box(ctx, row.Request.Box())
	if err != nil {
		return err
	}
	release(&box, &row)
	return s.store.Apply(ctx, Batch{Boxes: []Box{box}, Captures: []CaptureRow{row}})
}
