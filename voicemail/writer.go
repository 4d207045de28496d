package voicemail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// write is the spool writer: the only goroutine of this package. It is woken
// by media, and by a ticker so that the lease of a caller who is silent on
// the wire does not end.
func (c *Capture) write() {
	defer close(c.done)
	ticker := time.NewTicker(c.s.lease / 3)
	defer ticker.Stop()
	w := spoolWriter{c: c}
	for {
		select {
		case <-c.wake:
		case <-ticker.C:
		case <-c.ctx.Done():
			return
		}
		if w.pass() {
			return
		}
	}
}

type spoolWriter struct {
	c      *Capture
	spare  []byte
	synced time.Duration // media time since the last sync
}

// pass writes what is pending and reports whether that was all there will be.
func (w *spoolWriter) pass() bool {
	c := w.c
	c.mu.Lock()
	data, n, closing, broken := c.pending, c.waiting, c.closing, c.broken
	c.pending, c.waiting, w.spare = w.spare[:0], 0, data
	c.mu.Unlock()
	if broken == nil && len(data) > 0 {
		broken = w.append(data, n, closing)
	}
	if broken != nil { // what the disk did not take is kept for Finish
		c.rest = append(c.rest, data...)
	}
	if broken == nil {
		broken = c.renew()
	}
	if broken != nil {
		c.mu.Lock()
		c.broken = broken
		c.mu.Unlock()
	}
	return closing
}

func (w *spoolWriter) append(data []byte, n int64, closing bool) error {
	c := w.c
	if err := c.s.spool.Append(c.ctx, c.row.spoolID(), data); err != nil {
		return fmt.Errorf("%w: %w", ErrStorage, err)
	}
	c.spooled += n
	w.synced += span(n, c.rate)
	if closing || w.synced >= c.s.sync {
		w.synced = 0
		if err := c.s.spool.Sync(c.ctx, c.row.spoolID()); err != nil {
			return fmt.Errorf("%w: %w", ErrStorage, err)
		}
	}
	return nil
}

// renew tells the store that this node still records, in good time before
// the lease ends. While the store does not answer, sound goes on into the
// spool. ErrFenced: another node has taken over.
func (c *Capture) renew() error {
	now := c.s.now()
	if c.row.State == StateRecording && now.Before(c.row.Until.Add(-2*c.s.lease/3)) {
		return nil
	}
	for range conflicts {
		next := c.row
		next.State, next.Until = StateRecording, now.Add(c.s.lease)
		err := c.s.store.Apply(c.ctx, Batch{Captures: []CaptureRow{next}})
		if err == nil {
			next.Revision++
			c.row = next
			return nil
		}
		row, reload := c.s.store.Capture(c.ctx, c.live.tenant, c.live.key)
		switch {
		case errors.Is(reload, ErrNotFound):
			return fmt.Errorf("%w: its row is gone", ErrFenced)
		case reload != nil:
			return nil // the store is down; the next pass tries again
		case row.Epoch != c.row.Epoch || row.State.final():
			return ErrFenced
		}
		c.row = row
		if !errors.Is(err, ErrConflict) {
			return nil
		}
	}
	return nil
}

// errHangs is a spool that does not come back.
var errHangs = fmt.Errorf("%w: the disk does not answer", ErrStorage)

// close ends the spool writer and waits for it, but not longer than ctx. It
// returns what is wrong with the sound in the spool.
func (c *Capture) close(ctx context.Context) error {
	note, _ := json.Marshal(stopNote{Stop: c.ended, Key: c.receipt.Key}) // text only: can not fail
	c.mu.Lock()
	if c.broken == nil {
		c.pending = appendChunk(c.pending, chunkStop, c.number, 0, note)
	}
	c.closing = true
	c.mu.Unlock()
	c.signal()
	select {
	case <-c.done:
	case <-ctx.Done():
		c.stop() // and leave it what is the writer's
		return fmt.Errorf("%w: %w", errHangs, ctx.Err())
	}
	return c.broken
}
