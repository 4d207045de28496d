package autoreply

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultRows is how many rows a [Memory] keeps unless told otherwise.
const DefaultRows = 1 << 22

// ErrFull is answered by [Memory.Swap] for a new row past the limit: no row,
// no reply. [Memory.Sweep] makes room.
var ErrFull = errors.New("autoreply: ledger full")

// Memory is a [Ledger] in the memory of one process. A restart forgets it,
// unless the host keeps a [Memory.Snapshot]. It is safe for concurrent use.
//
// A row of an E.164 number for which nothing is pending takes about 60 bytes;
// reading it allocates nothing. The rows lie in shards, each with a lock of its
// own; no method holds one for longer than it takes to look at the rows of one
// shard, about two thousand when the ledger is full, however many there are.
type Memory struct {
	limit  int64
	rows   atomic.Int64
	seed   maphash.Seed
	mix    [2]uint64
	shift  uint8 // the bits of a hash above it choose the shard
	scopes scopes
	shards []shard
}

// How many shards there are: with the limit reached, a shard has about
// shardRows rows.
const (
	shardRows = 1 << 11
	minShards = 1 << 6
	maxShards = 1 << 16
)

// shard is the rows of some contacts. It is one cache line long, so that those
// who use its neighbours do not wait for each other.
type shard struct {
	mu    sync.Mutex
	table table
	rows  map[Key]unsettled // those that are not settled
	_     [64 - 56]byte
}

// unsettled is a row as it is, with what a walk needs.
type unsettled struct {
	entry        *Entry // never written to
	due, expires time.Time
}

// place is what is computed of a key before its shard is locked.
type place struct {
	hash   uint64
	scope  uint64 // the hash of the scope
	number uint64
	e164   bool // there is a number
}

// NewMemory makes an empty ledger for [DefaultRows] rows.
func NewMemory() *Memory { return NewMemoryOf(DefaultRows) }

// NewMemoryOf makes an empty ledger for at most limit rows; below 1 means 1.
func NewMemoryOf(limit int) *Memory {
	m := &Memory{limit: int64(max(limit, 1)), seed: maphash.MakeSeed()}
	m.mix = [2]uint64{maphash.Comparable(m.seed, 1), maphash.Comparable(m.seed, 2)}
	shards := min(max(m.limit/shardRows, minShards), maxShards)
	m.shift = uint8(bits.LeadingZeros64(uint64(shards - 1)))
	m.shards = make([]shard, 1<<(64-m.shift))
	return m
}

// place is where k belongs.
func (m *Memory) place(k *Key) place {
	at := place{scope: maphash.String(m.seed, string(k.Tenant))}
	if k.Line != "" {
		at.scope = m.blend(at.scope, maphash.String(m.seed, string(k.Line)))
	}
	at.number, at.e164 = digits(k.Contact)
	if at.e164 {
		at.hash = m.blend(at.number, at.scope)
	} else {
		at.hash = m.blend(maphash.String(m.seed, string(k.Contact)), at.scope)
	}
	return at
}

// blend is a hash of two numbers.
func (m *Memory) blend(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^m.mix[0], b^m.mix[1])
	hi, lo = bits.Mul64(hi^lo^m.mix[1], 0x9e3779b97f4a7c15)
	return hi ^ lo
}

// hashOf is the hash of the place of a row.
func (m *Memory) hashOf(r *settled) uint64 {
	return m.blend(r.number&^far, m.scopes.list()[r.scope].hash)
}

func (m *Memory) shard(at *place) *shard { return &m.shards[at.hash>>m.shift] }

// find is the row of k: its place in the table, or else what the map has.
func (m *Memory) find(s *shard, at *place, k *Key) (i int, other *Entry) {
	i = -1
	if at.e164 {
		i = s.table.find(at, m.scopes.list(), k)
	}
	if i < 0 && len(s.rows) > 0 {
		other = s.rows[*k].entry
	}
	return i, other
}

// Load implements [Ledger].
func (m *Memory) Load(ctx context.Context, k Key) (e Entry, err error) {
	if err := ctx.Err(); err != nil {
		return Entry{}, err
	}
	at := m.place(&k)
	s := m.shard(&at)
	var row settled
	s.mu.Lock()
	i, other := m.find(s, &at, &k)
	if i >= 0 {
		row = s.table.places[i]
	}
	s.mu.Unlock()
	switch {
	case i >= 0:
		m.scopes.unpack(&row, &e)
	case other != nil:
		e = *other
	}
	return e, nil
}

// Swap implements [Ledger]. It answers [ErrFull] for a new row past the limit.
func (m *Memory) Swap(ctx context.Context, k Key, next Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return m.put(&k, &next, func(revision int) error {
		if revision != next.Revision-1 {
			return ErrConflict
		}
		return nil
	})
}

// put stores a row, if may says so of the revision of the one that is there.
func (m *Memory) put(k *Key, e *Entry, may func(revision int) error) error {
	at := m.place(k)
	s := m.shard(&at)
	s.mu.Lock()
	defer s.mu.Unlock()
	i, other := m.find(s, &at, k)
	revision := 0
	switch {
	case i >= 0:
		revision = int(s.table.places[i].revision)
	case other != nil:
		revision = other.Revision
	}
	if err := may(revision); err != nil {
		return err
	}
	if revision == 0 && m.rows.Add(1) > m.limit {
		m.rows.Add(-1)
		return ErrFull
	}
	r, ok := settled{}, false
	if at.e164 {
		r, ok = m.scopes.pack(k, &at, e)
	}
	switch {
	case ok && i >= 0:
		r.number |= s.table.places[i].number & far
		s.table.places[i] = r
		return nil
	case ok:
		s.table.add(r, m)
		delete(s.rows, *k)
		return nil
	case i >= 0:
		s.table.remove(i)
	}
	if s.rows == nil {
		s.rows = map[Key]unsettled{}
	}
	row := *e
	s.rows[*k] = unsettled{entry: &row, due: e.Due, expires: e.Expires}
	return nil
}

// Due implements [Ledger]. It looks at every row that is pending.
func (m *Memory) Due(ctx context.Context, before time.Time, limit int) ([]Key, error) {
	type entry struct {
		key Key
		at  time.Time
	}
	var found []entry
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		for k, u := range s.rows {
			if !u.due.IsZero() && !u.due.After(before) {
				found = append(found, entry{k, u.due})
			}
		}
		s.mu.Unlock()
	}
	slices.SortFunc(found, func(a, b entry) int { return cmp.Or(a.at.Compare(b.at), a.key.compare(b.key)) })
	found = found[:min(len(found), max(limit, 0))]
	keys := make([]Key, len(found))
	for i, f := range found {
		keys[i] = f.key
	}
	return keys, ctx.Err()
}

func (k Key) compare(o Key) int {
	return cmp.Or(
		strings.Compare(string(k.Tenant), string(o.Tenant)),
		strings.Compare(string(k.Line), string(o.Line)),
		strings.Compare(string(k.Contact), string(o.Contact)),
	)
}

// Erase implements [Ledger].
func (m *Memory) Erase(ctx context.Context, k Key) error {
	at := m.place(&k)
	s := m.shard(&at)
	s.mu.Lock()
	defer s.mu.Unlock()
	i, other := m.find(s, &at, &k)
	switch {
	case i >= 0:
		s.table.remove(i)
	case other != nil:
		delete(s.rows, k)
	default:
		return ctx.Err()
	}
	m.rows.Add(-1)
	return ctx.Err()
}

// Len is the number of rows.
func (m *Memory) Len() int { return int(m.rows.Load()) }
