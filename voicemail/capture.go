package voicemail

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

// Capture is a recording under way, from [Service.Begin] to Finish. It belongs
// to one goroutine at a time.
type Capture struct {
	s    *Service
	ctx  context.Context // of Begin, never cancelled: what the spool writer works with
	stop context.CancelFunc
	live liveKey
	// What Write needs of the row, which belongs to the spool writer.
	message string
	codec   pcm.Codec
	width   int64 // bytes a sample
	rate    int
	set     Settings
	room    int64 // the longest recording, in samples

	// Of the goroutine that writes.
	begun    bool  // the spool writer runs
	based    bool  // base is known
	base     int64 // media time of sample 0, in nanoseconds
	next     int64 // the sample after the last one
	stored   int64 // samples given to the spool, duplicates included
	number   uint32
	last     time.Time // when sound came last
	meter    *pcm.Meter
	scratch  []int16
	ended    Stop
	key      string
	finished bool
	receipt  Receipt
	err      error

	mu      sync.Mutex // guards what the spool writer shares
	pending []byte
	waiting int64 // samples in pending
	closing bool
	broken  error

	wake chan struct{}
	done chan struct{}
	// Of the spool writer while it runs, then of Finish.
	row     CaptureRow
	rest    []byte // chunks that the spool did not take
	spooled int64  // samples that it did take
}

func (s *Service) newCapture(ctx context.Context, row CaptureRow) *Capture {
	req := row.Request
	c := &Capture{
		s: s, row: row, live: row.liveKey(), message: row.Message, codec: req.Codec, width: int64(req.Codec.Width()), rate: req.Rate,
		set: row.Settings, room: s.room(row), meter: meter(req.Rate), last: s.now(),
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	c.ctx, c.stop = context.WithCancel(context.WithoutCancel(ctx))
	if row.State.final() {
		c.finished, c.receipt = true, row.Receipt
		c.ended = row.Receipt.Stop
		c.stop()
	}
	return c
}

// room is how many samples a capture may have.
func (s *Service) room(row CaptureRow) int64 {
	n := samples(s.length(row.Settings), row.Request.Rate)
	if row.Reserved.Bytes > 0 {
		n = min(n, (row.Reserved.Bytes-wavOverhead)/int64(row.Request.Codec.Width()))
	}
	return max(n, 0)
}

// quit ends a capture that has no sound; false: it has.
func (c *Capture) quit() bool {
	if c.silent() {
		c.finished, c.ended = true, StopCancelled
		c.receipt = Receipt{Outcome: Empty, State: StateReleased, Stop: StopCancelled}
		c.stop()
		c.s.forget(c)
		return true
	}
	return false
}

// silent reports that no sound has come. Any goroutine may ask.
func (c *Capture) silent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.begun
}

// Key is the key of the request.
func (c *Capture) Key() string { return c.live.key }

// Receipt is what became of a capture that has ended, and whether it has: Begin
// may return one that ended on another node, or before an answer was lost.
func (c *Capture) Receipt() (Receipt, bool) { return c.receipt, c.finished }

// Record writes each frame and finishes: when one of keys is pressed, when
// Write answers why the recording has ended, when ctx ends ([StopCancelled]),
// or after the last frame, which is the hangup. It blocks as long as frames
// does. What was recorded is kept in every case.
func (c *Capture) Record(ctx context.Context, frames iter.Seq[Frame], keys ...string) (Receipt, error) {
	why := StopHangup
	for f := range frames {
		if ctx.Err() != nil {
			why = StopCancelled
			break
		}
		stop, err := c.Write(f)
		if stop != "" {
			break // Finish has the reason and the error
		}
		if err != nil {
			c.s.log.WarnContext(ctx, "voicemail: frame refused", "key", c.live.key, "err", err)
		}
		if f.Key != "" && slices.Contains(keys, f.Key) {
			why = StopKey
			break
		}
	}
	if why == StopHangup && ctx.Err() != nil {
		why = StopCancelled
	}
	return c.Finish(ctx, why)
}
