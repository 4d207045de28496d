package autoreply

import (
	"math"
	"time"
)

// Sweep forgets the rows that have expired at now and returns how many. It
// holds no lock for longer than it takes to look at the rows of one shard.
func (m *Memory) Sweep(now time.Time) int {
	all := 0
	for i := range m.shards {
		all += m.sweep(&m.shards[i], now)
	}
	return all
}

func (m *Memory) sweep(s *shard, now time.Time) (swept int) {
	end := nanosNear(now)
	return m.forget(s,
		func(r *settled) bool { return m.scopes.expires(r) <= end },
		func(_ Key, u unsettled) bool { return !now.Before(u.expires) })
}

// forget removes the rows of a shard that have gone, the settled ones and the
// others, and says how many.
func (m *Memory) forget(s *shard, gone func(*settled) bool, other func(Key, unsettled) bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.table.visited += uint64(len(s.rows))
	for k, u := range s.rows {
		if other(k, u) {
			delete(s.rows, k)
			n++
		}
	}
	n += s.table.sweep(gone, m)
	m.rows.Add(-int64(n))
	return n
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
