package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
)

// The clock of the events never goes back, also not from one run on a database
// to the next: a day that is replayed is over, and its events are stale. Else
// the ledger would take the second run for a clock that was set back by a day,
// and bound the silence instead of keeping it. So the ledger has a row for the
// clock.
var clockRow = autoreply.Key{Contact: "examples/reply clock"}

// lag is how far the row may be behind: less than the least window, so that
// after a crash no reply of the last run looks like one from the far future.
const lag = time.Minute

// wind sets the clock to where the last run on this ledger left it.
func (s *player) wind(ctx context.Context) error {
	row, err := s.ledger.Load(ctx, clockRow)
	if err != nil {
		return err
	}
	s.clock.at, s.marked = row.Sent, row.Sent
	s.next = row.Sent // something may have been left
	return nil
}

// mark keeps the clock in the ledger, ahead of what is done at that time.
func (s *player) mark(ctx context.Context, least time.Duration) error {
	for s.clock.at.Sub(s.marked) > least {
		row, err := s.ledger.Load(ctx, clockRow)
		if err != nil {
			return err
		}
		if !row.Sent.Before(s.clock.at) { // another run is ahead
			s.marked = row.Sent
			return nil
		}
		at := s.clock.at.UTC()
		err = s.ledger.Swap(ctx, clockRow, autoreply.Entry{
			V: autoreply.EntryVersion, Revision: row.Revision + 1, Sent: at, Expires: at.AddDate(10, 0, 0),
		})
		switch {
		case err == nil:
			s.marked = at
		case !errors.Is(err, autoreply.ErrConflict):
			return fmt.Errorf("the clock: %w", err)
		}
	}
	return nil
}
