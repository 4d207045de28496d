package voicemail

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

const (
	writeEvery = 250 * time.Millisecond // media time that may wait in memory
	jitter     = 200                    // 1/200 s: media times that are this near follow one another
	reordering = 2 * time.Second        // a frame that is older than this begins a new clock
	longGap    = 10 * time.Second       // a gap like this must show on the clock of the wall as well
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
	ear      ear
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
		set: row.Settings, room: s.room(row), ear: newEar(req.Rate), last: s.now(),
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

// Write adds a frame. It answers "" to go on, or why the recording has ended;
// later frames are ignored then, and Finish is next. The error is that of the
// disk when the reason is [StopStorage], or says that the frame is too large,
// which ends nothing.
//
// Write copies the frame and never waits for the disk. The first frame with
// sound starts one goroutine, which Finish ends. In a steady state nothing is
// allocated.
func (c *Capture) Write(f Frame) (Stop, error) {
	if len(f.Data) > c.s.limits.Frame {
		return c.ended, fmt.Errorf("voicemail: frame of %d bytes, at most %d", len(f.Data), c.s.limits.Frame)
	}
	if c.finished || c.ended != "" {
		return c.ended, c.err
	}
	if f.Key != "" {
		c.key = f.Key
	}
	n := int64(len(f.Data)) / c.width
	first := c.place(f.At, n)
	if c.ended != "" || n == 0 {
		return c.ended, nil
	}
	data := f.Data[:n*c.width]
	if first < 0 { // from before the first frame
		skip := min(-first, n)
		first, n, data = first+skip, n-skip, data[skip*c.width:]
	}
	if first+n > c.room {
		n = max(c.room-first, 0)
		data = data[:n*c.width]
		c.ended = StopLength
	}
	if n == 0 || c.stored+n > 2*c.room { // duplicates without end
		return c.ended, nil
	}
	c.listen(first, n, data)
	c.enqueue(first, n, data)
	return c.ended, c.err
}

// place is the first sample of a frame of n samples at media time at. It
// moves the base where the clock of the media was changed, and ends the
// recording when no sound came for too long.
func (c *Capture) place(at time.Duration, n int64) int64 {
	rate := c.rate
	now := c.s.now()
	wall := now.Sub(c.last)
	if n > 0 {
		c.last = now
	}
	if at < 0 {
		return c.next
	}
	if !c.based {
		c.based, c.base = true, int64(at)-int64(span(c.next, rate))
	}
	first := samples(at-time.Duration(c.base), rate)
	late := first - c.next
	limit := c.set.NoMedia
	switch {
	case late <= int64(rate)/jitter && late >= -int64(rate)/jitter:
		return c.next
	case n == 0:
		if limit > 0 && late >= samples(limit, rate) {
			c.ended = StopNoMedia
		} else if first >= c.room {
			c.ended = StopLength
		}
		return c.next
	case late > 0 && late >= samples(longGap, rate) && wall < span(late, rate)/2,
		late < -samples(reordering, rate):
		c.base = int64(at) - int64(span(c.next, rate))
		return c.next
	case late > 0 && limit > 0 && late >= samples(limit, rate):
		c.ended = StopNoMedia
		return c.next
	}
	return first
}

// listen looks for the silence that ends a recording. Only sound that is new
// counts, and a gap is not silence: nobody knows what was said in it.
func (c *Capture) listen(first, n int64, data []byte) {
	end := first + n
	if end <= c.next {
		return
	}
	if first < c.next {
		data = data[(c.next-first)*c.width:]
	}
	c.next = end
	if c.ended == "" && c.next >= c.room {
		c.ended = StopLength
	}
	c.scratch = c.codec.Decode(c.scratch[:0], data)
	c.ear.hear(c.scratch)
	limit := c.set.EndSilence
	if c.ear.speech == 0 {
		limit = c.set.StartSilence
	}
	if c.ended == "" && limit > 0 && c.ear.quiet >= samples(limit, c.rate) {
		c.ended = StopSilence
	}
}

func (c *Capture) enqueue(first, n int64, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken == nil && len(c.pending)+len(data) > c.s.limits.Backlog {
		c.broken = fmt.Errorf("%w: %d bytes wait for the disk", ErrStorage, len(c.pending))
	}
	if c.broken != nil {
		c.ended, c.err = StopStorage, c.broken
		return
	}
	if !c.begun {
		c.begun = true
		c.pending = c.firstChunk(c.pending)
		c.number = 1
		go c.write()
	}
	c.pending = appendChunk(c.pending, chunkFrame, c.number, first, data)
	c.number++
	c.stored += n
	c.waiting += n
	if c.waiting >= samples(writeEvery, c.rate) {
		c.signal()
	}
}

func (c *Capture) firstChunk(dst []byte) []byte {
	note, _ := json.Marshal(beginNote{ // text and numbers only: can not fail
		Tenant: c.row.Request.Call.Tenant, Key: c.row.Request.Key, Message: c.row.Message, Epoch: c.row.Epoch,
		Codec: c.row.Request.Codec, Rate: c.row.Request.Rate, Started: c.last,
	})
	return appendChunk(dst, chunkBegin, 0, 0, note)
}

func (c *Capture) signal() {
	select {
	case c.wake <- struct{}{}:
	default: // it is awake already
	}
}

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
