package autoreply

import (
	"math"
	"sync"
	"time"
)

// How many rows are looked at under one lock: settled ones lie in a row,
// the others in a map.
const (
	sweepStep = 1024
	sweepMap  = 256
)

// Sweep forgets the rows that have expired at now and returns how many. It
// holds no lock for longer than it takes to look at a thousand rows.
func (m *Memory) Sweep(now time.Time) int {
	return m.sweep(now, func(mu *sync.Mutex) {
		mu.Unlock()
		mu.Lock()
	})
}

// sweep calls pause after each step, with the lock of the shard held before
// and after.
func (m *Memory) sweep(now time.Time, pause func(*sync.Mutex)) int {
	swept := 0
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		seen := 0
		for k, e := range s.rows { // a map may change between two steps of a range
			if !now.Before(e.Expires) {
				m.drop(s, k)
				swept++
			}
			if seen++; seen%sweepMap == 0 {
				pause(&s.mu)
			}
		}
		pause(&s.mu)
		for at := s.table.n; at > 0; pause(&s.mu) {
			var n int
			at, n = m.sweepTable(&s.table, min(at, s.table.n), nanosNear(now))
			swept += n
		}
		s.mu.Unlock()
	}
	m.rows.Add(-int64(swept))
	return swept
}

// sweepTable looks at some rows below at, downwards, because the last row takes
// the place of one that goes.
func (m *Memory) sweepTable(t *table, at int, now int64) (next, swept int) {
	next = max(0, at-sweepStep)
	for i := at - 1; i >= next; i-- {
		if r := t.row(i); m.scopes.expires(r) <= now {
			t.remove(t.place(i), i)
			swept++
		}
	}
	return next, swept
}

// expires is the Expires of a row in nanoseconds since 1970; it fits, or the
// row would not be settled.
func (n *scopes) expires(r *settled) int64 {
	last := r.touched
	if r.flags&hasSent != 0 && (r.flags&hasTouched == 0 || r.sent > last) {
		last = r.sent
	}
	return last + int64(n.keep(r.keep))
}

// nanosNear is t in nanoseconds since 1970, or the nearest there is.
func nanosNear(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return t.UnixNano()
}
