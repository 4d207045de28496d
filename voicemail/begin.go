package voicemail

import (
	"context"
	"errors"
	"fmt"
)

// Begin starts a capture before the greeting, or returns the one that its key
// began, so that it may be called again for the recording itself, or after
// the answer was lost. A capture that is over already answers every call with
// its receipt.
//
// Without sound a capture keeps its room for [Limits].Hold. Settings of the
// box count as they are now, whatever happens to them during the call.
//
// The errors are [ErrFull], [ErrNotFound] when there is no such box,
// [ErrBusy] when another node records this key or this one has too many
// captures, that of a wrong request, and those of the store. Whatever the
// error, the caller has not been asked to speak yet.
func (s *Service) Begin(ctx context.Context, r Request) (*Capture, error) {
	r, err := r.clean()
	if err != nil {
		return nil, err
	}
	key := liveKey{r.Call.Tenant, r.Key}
	c, sl, err := s.enter(ctx, key)
	if err != nil || c != nil {
		return c, err
	}
	row, err := s.begin(ctx, r)
	if err == nil {
		c = s.newCapture(ctx, row)
	}
	s.leave(key, sl, c)
	return c, err
}

func (s *Service) begin(ctx context.Context, r Request) (CaptureRow, error) {
	errs := 0
	for range conflicts {
		row, err := s.store.Capture(ctx, r.Call.Tenant, r.Key)
		if errs > 0 && err == nil && row.Owner == s.node && row.State == StateHeld {
			return row, nil // the write whose outcome was unknown
		}
		switch {
		case errors.Is(err, ErrNotFound):
			row, err = s.create(ctx, r, CaptureRow{Request: r}, StateHeld, false)
		case err == nil && row.State == StateReleased:
			row, err = s.create(ctx, r, row, StateHeld, false)
		case err == nil:
			row, err = s.resume(ctx, row)
		}
		if err == nil || final(err) {
			return row, err
		}
		if !errors.Is(err, ErrConflict) {
			if errs++; errs >= unknowns {
				return row, err
			}
		}
	}
	return CaptureRow{}, ErrBusy
}

// final errors are answers; others are conflicts and failures of a store.
func final(err error) bool {
	return errors.Is(err, ErrFull) || errors.Is(err, ErrNotFound) || errors.Is(err, ErrBusy)
}

// create writes a capture that is new, or was released, with its room unless
// it is too late to ask for any.
func (s *Service) create(ctx context.Context, r Request, row CaptureRow, state State, late bool) (CaptureRow, error) {
	box, err := s.store.Box(ctx, r.Box())
	if err != nil {
		return row, err
	}
	now := s.now()
	row.Request, row.State, row.Owner, row.Settings = r, state, s.node, box.Settings.effective()
	if r.MaxLength > 0 {
		row.Settings.MaxLength = r.MaxLength
	}
	row.Receipt, row.Overdue = Receipt{}, false
	row.Epoch++
	row.Until = now.Add(s.limits.Hold)
	if state == StateExpected {
		row.Owner, row.Until = "", now.Add(s.limits.Overdue)
	}
	if row.Message == "" {
		if row.Message, err = s.messageID(now); err != nil {
			return row, err
		}
	}
	row.Spool = spoolName(row)
	reserved := false
	if !late {
		if reserved, err = s.reserve(&box, &row); err != nil {
			s.full(ctx, row, box)
			return row, err
		}
	}
	b := Batch{Captures: []CaptureRow{row}}
	if row.Revision == 0 {
		b.Tasks = []Task{{
			ID: taskID(TaskCapture, r.Key), Kind: TaskCapture, Box: r.Box(), Capture: r.Key, Due: row.Until, Since: now,
		}}
	}
	if reserved {
		b.Boxes = []Box{box}
	}
	if err := s.store.Apply(ctx, b); err != nil {
		return row, err
	}
	row.Revision++
	return row, nil
}

func spoolName(row CaptureRow) string { return fmt.Sprintf("%s-%d", row.Message, row.Epoch) }

// resume answers for a capture that exists. One whose sound is here and has
// no writer any more is settled at once.
func (s *Service) resume(ctx context.Context, row CaptureRow) (CaptureRow, error) {
	if row.State.final() {
		return row, nil
	}
	if row.State == StateExpected {
		return row, fmt.Errorf("%w: somebody else records it", ErrBusy)
	}
	if s.readable(ctx, row) {
		if !s.abandoned(row, false) {
			return row, fmt.Errorf("%w: another node records it", ErrBusy)
		}
		if _, err := s.rescue(ctx, row); err != nil {
			return row, fmt.Errorf("%w: %w", ErrBusy, err)
		}
		return s.store.Capture(ctx, row.Request.Call.Tenant, row.Request.Key)
	}
	if row.State == StateRecording {
		return row, fmt.Errorf("%w: another node records it", ErrBusy)
	}
	row.Epoch++
	row.Owner, row.Until = s.node, s.now().Add(s.limits.Hold)
	row.Spool = spoolName(row)
	if err := s.store.Apply(ctx, Batch{Captures: []CaptureRow{row}}); err != nil {
		return row, err
	}
	row.Revision++
	return row, nil
}

// abandoned reports that nobody records row any more: its lease is over, or
// its process is gone, or it was this one. running says whether this process
// has the capture.
func (s *Service) abandoned(row CaptureRow, running bool) bool {
	if running {
		return false
	}
	if row.Owner == s.node || !s.now().Before(row.Until) {
		return true
	}
	o, ok := s.spool.(Orphans)
	return ok && o.Orphaned(row.spoolID())
}

// readable reports whether there is a spool of row at all.
func (s *Service) readable(ctx context.Context, row CaptureRow) bool {
	r, err := s.spool.Read(ctx, row.spoolID())
	if err != nil {
		return !errors.Is(err, ErrNotFound)
	}
	_ = r.Close() // nothing was written
	return true
}
