package voicemail

import (
	"encoding/json"
	"fmt"
	"time"
)

const (
	writeEvery = 250 * time.Millisecond // media time that may wait in memory
	jitter     = 200                    // 1/200 s: media times that are this near follow one another
	reordering = 2 * time.Second        // a frame that is older than this begins a new clock
	longGap    = 10 * time.Second       // a gap like this must show on the clock of the wall as well
)

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
	c.meter.Feed(c.scratch)
	level := c.meter.Level()
	limit := c.set.EndSilence
	if level.Speech == 0 {
		limit = c.set.StartSilence
	}
	if c.ended == "" && limit > 0 && level.Quiet >= limit {
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
