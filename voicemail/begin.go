package voicemail

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// leastRoom is the shortest recording for which a caller is asked to speak
// when the bytes of a box run out.
const leastRoom = 10 * time.Second

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

// reserve sets room aside when the box has a quota. The bytes are those of the
// longest message, or of what still fits, which then is the longest.
func (s *Service) reserve(box *Box, row *CaptureRow) (bool, error) {
	set := box.Settings
	if set.MaxMessages > 0 && box.Counts.New+box.Counts.Old+box.Reserved.New >= set.MaxMessages {
		return false, ErrFull
	}
	if set.MaxMessages > 0 {
		row.Reserved.New = 1
	}
	if set.MaxBytes > 0 {
		longest := s.bytes(row, s.length(row.Settings))
		least := s.bytes(row, min(leastRoom, s.length(row.Settings)))
		left := set.MaxBytes - box.Counts.Bytes - box.Reserved.Bytes
		if left < least {
			return false, ErrFull
		}
		row.Reserved.Bytes = min(longest, left)
	}
	box.Reserved.New += row.Reserved.New
	box.Reserved.Bytes += row.Reserved.Bytes
	return row.Reserved != (Counts{}), nil
}

// bytes is the size of a WAV file of d.
func (s *Service) bytes(row *CaptureRow, d time.Duration) int64 {
	return samples(d, row.Request.Rate)*int64(row.Request.Codec.Width()) + wavOverhead
}

// full tells the owner, once for each state of the box.
func (s *Service) full(ctx context.Context, row CaptureRow, box Box) {
	now := s.now()
	var b Batch
	for _, ch := range s.channels {
		b.Tasks = append(b.Tasks, Task{
			ID: taskID(TaskNotify, string(NoticeFull), string(box.ID.Mailbox), fmt.Sprint(box.Seq), ch), Kind: TaskNotify,
			Box: box.ID, Due: now, Since: now, Seq: box.Seq, Channel: ch, Notice: NoticeFull,
		})
	}
	if len(b.Tasks) > 0 {
		if err := s.store.Apply(ctx, b); err != nil && !errors.Is(err, ErrConflict) {
			s.log.WarnContext(ctx, "voicemail: full mailbox not announced", "mailbox", box.ID.Mailbox, "err", err)
		}
	}
	s.tell(ctx, EventFull, row, eventData{})
}

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

// Release gives back the room of a caller who left before the beep. A capture
// that has sound is not released but finished; one that is unknown, over or
// released already is left as it is, without an error.
func (s *Service) Release(ctx context.Context, r Request) error {
	r, err := r.clean()
	if err != nil {
		return err
	}
	key := liveKey{r.Call.Tenant, r.Key}
	s.mu.Lock()
	sl := s.captures[key]
	s.mu.Unlock()
	if sl != nil {
		select {
		case <-sl.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
		if c := sl.capture; c != nil && !c.quit() {
			return nil
		}
	}
	for range conflicts {
		row, err := s.store.Capture(ctx, r.Call.Tenant, r.Key)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if row.State != StateHeld && row.State != StateExpected {
			return nil
		}
		if err = s.letGo(ctx, row); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return ErrBusy
}

// letGo releases a capture without sound.
func (s *Service) letGo(ctx context.Context, row CaptureRow) error {
	b := Batch{}
	if row.Reserved != (Counts{}) {
		box, err := s.store.Box(ctx, row.Request.Box())
		if err != nil {
			return err
		}
		release(&box, &row)
		b.Boxes = []Box{box}
	}
	row.State, row.Until = StateReleased, s.now().Add(s.limits.Keep)
	row.Receipt = Receipt{Outcome: Empty, State: StateReleased}
	b.Captures = []CaptureRow{row}
	if err := s.store.Apply(ctx, b); err != nil {
		return err
	}
	s.tell(ctx, EventReleased, row, eventData{})
	return nil
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
