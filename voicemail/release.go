package voicemail

import (
	"context"
	"errors"
)

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
