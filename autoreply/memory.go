package autoreply

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
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
// reading it allocates nothing.
type Memory struct {
	limit  int64
	rows   atomic.Int64
	seed   maphash.Seed
	scopes scopes
	shards [shards]shard
}

const shards = 64

// shard is the rows of some contacts.
type shard struct {
	mu    sync.Mutex
	table table
	scope scope // the last one that was asked for, and its number
	id    uint32
	known bool           // whether there is one
	rows  map[Key]*Entry // those that are not settled
	due   map[Key]time.Time
}

// NewMemory makes an empty ledger for [DefaultRows] rows.
func NewMemory() *Memory { return NewMemoryOf(DefaultRows) }

// NewMemoryOf makes an empty ledger for at most limit rows; below 1 means 1.
func NewMemoryOf(limit int) *Memory {
	m := &Memory{limit: int64(max(limit, 1)), seed: maphash.MakeSeed()}
	m.scopes.number = map[scope]uint32{}
	for i := range m.shards {
		s := &m.shards[i]
		s.rows, s.due = map[Key]*Entry{}, map[Key]time.Time{}
		s.table.seed = [2]uint64{maphash.Comparable(m.seed, i), maphash.Comparable(m.seed, -i-1)}
	}
	return m
}

func (m *Memory) shard(k Key) *shard {
	return &m.shards[maphash.String(m.seed, string(k.Contact))%shards]
}

// Load implements [Ledger].
func (m *Memory) Load(ctx context.Context, k Key) (Entry, error) {
	if err := ctx.Err(); err != nil {
		return Entry{}, err
	}
	s := m.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	return m.load(s, k), nil
}

func (m *Memory) load(s *shard, k Key) Entry {
	if number, ok := digits(k.Contact); ok {
		if id, ok := m.find(s, scope{k.Tenant, k.Line}); ok {
			if _, row := s.table.find(number, id); row >= 0 {
				return m.scopes.unpack(s.table.row(row))
			}
		}
	}
	if e := s.rows[k]; e != nil {
		return *e
	}
	return Entry{}
}

// find is the number of a scope. A shard remembers the last one, because many
// rows in turn have the same.
func (m *Memory) find(s *shard, name scope) (uint32, bool) {
	if s.known && s.scope == name {
		return s.id, true
	}
	id, ok := m.scopes.find(name)
	if ok {
		s.scope, s.id, s.known = name, id, true
	}
	return id, ok
}

// Swap implements [Ledger]. It answers [ErrFull] for a new row past the limit.
func (m *Memory) Swap(ctx context.Context, k Key, next Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := m.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	row := m.load(s, k)
	if row.Revision != next.Revision-1 {
		return ErrConflict
	}
	return m.put(s, k, next, row.Revision != 0)
}

// put stores a row; known says that there is one.
func (m *Memory) put(s *shard, k Key, e Entry, known bool) error {
	if !known && m.rows.Add(1) > m.limit {
		m.rows.Add(-1)
		return ErrFull
	}
	if known {
		m.drop(s, k)
	}
	if number, ok := digits(k.Contact); ok {
		if r, ok := m.scopes.pack(scope{k.Tenant, k.Line}, number, &e); ok && s.table.n < maxTable {
			s.table.put(r)
			return nil
		}
	}
	s.rows[k] = &e
	if !e.Due.IsZero() {
		s.due[k] = e.Due
	}
	return nil
}

// drop removes a row from wherever it is, and says whether there was one.
func (m *Memory) drop(s *shard, k Key) bool {
	delete(s.due, k)
	if s.rows[k] != nil {
		delete(s.rows, k)
		return true
	}
	if number, ok := digits(k.Contact); ok {
		if id, ok := m.find(s, scope{k.Tenant, k.Line}); ok {
			if place, row := s.table.find(number, id); row >= 0 {
				s.table.remove(place, row)
				return true
			}
		}
	}
	return false
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
		for k, at := range s.due {
			if !at.After(before) {
				found = append(found, entry{k, at})
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
	s := m.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.drop(s, k) {
		m.rows.Add(-1)
	}
	return ctx.Err()
}

// Len is the number of rows.
func (m *Memory) Len() int { return int(m.rows.Load()) }

// stored is one line of a snapshot.
type stored struct {
	Key   Key   `json:"key"`
	Entry Entry `json:"entry"`
}

// Snapshot writes all rows as JSON lines, in the order of their keys. Each row
// is as it was at one moment, not all at the same one.
func (m *Memory) Snapshot(w io.Writer) error {
	var rows []stored
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		for k, e := range s.rows {
			rows = append(rows, stored{k, *e})
		}
		for j := range s.table.n {
			r := s.table.row(j)
			name := m.scopes.name(r.scope)
			rows = append(rows, stored{Key{name.tenant, name.line, contactOf(r.number)}, m.scopes.unpack(r)})
		}
		s.mu.Unlock()
	}
	slices.SortFunc(rows, func(a, b stored) int { return a.Key.compare(b.Key) })
	enc := json.NewEncoder(w)
	for _, row := range rows {
		if err := enc.Encode(row); err != nil {
			return fmt.Errorf("autoreply: snapshot: %w", err)
		}
	}
	return nil
}

// Restore reads what [Memory.Snapshot] wrote, into an empty ledger or over the
// rows of the same keys. It answers [ErrRow] at the first line that is none,
// and [ErrFull] past the limit; the lines before are kept.
func (m *Memory) Restore(r io.Reader) error {
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	for n := 1; ; n++ {
		var row stored
		err := dec.Decode(&row)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: row %d: %w", ErrRow, n, err)
		}
		if row.Entry.V < 1 || row.Entry.V > EntryVersion || row.Entry.Revision < 1 {
			return fmt.Errorf("%w: row %d: version %d, revision %d", ErrRow, n, row.Entry.V, row.Entry.Revision)
		}
		s := m.shard(row.Key)
		s.mu.Lock()
		err = m.put(s, row.Key, row.Entry, m.load(s, row.Key).Revision != 0)
		s.mu.Unlock()
		if err != nil {
			return err
		}
	}
}
