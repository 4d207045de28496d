package autoreply

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// DefaultRows is how many rows a [Memory] keeps unless told otherwise.
const DefaultRows = 1 << 22

// ErrFull is answered by [Memory.Swap] for a new row past the limit: no row,
// no reply. [Memory.Sweep] makes room.
var ErrFull = errors.New("autoreply: ledger full")

// Memory is a [Ledger] in the memory of one process. A restart forgets it,
// unless the host keeps a [Memory.Snapshot]. It is safe for concurrent use.
type Memory struct {
	mu    sync.Mutex
	limit int
	rows  map[Key]Entry
	due   map[Key]time.Time
}

// NewMemory makes an empty ledger for [DefaultRows] rows.
func NewMemory() *Memory { return NewMemoryOf(DefaultRows) }

// NewMemoryOf makes an empty ledger for at most limit rows; below 1 means 1.
func NewMemoryOf(limit int) *Memory {
	return &Memory{limit: max(limit, 1), rows: map[Key]Entry{}, due: map[Key]time.Time{}}
}

// Load implements [Ledger].
func (m *Memory) Load(ctx context.Context, k Key) (Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rows[k], ctx.Err()
}

// Swap implements [Ledger]. It answers [ErrFull] for a new row past the limit.
func (m *Memory) Swap(ctx context.Context, k Key, next Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	row, known := m.rows[k]
	switch {
	case row.Revision != next.Revision-1:
		return ErrConflict
	case !known && len(m.rows) >= m.limit:
		return ErrFull
	}
	m.put(k, next)
	return nil
}

func (m *Memory) put(k Key, e Entry) {
	m.rows[k] = e
	if e.Due.IsZero() {
		delete(m.due, k)
		return
	}
	m.due[k] = e.Due
}

// Due implements [Ledger].
func (m *Memory) Due(ctx context.Context, before time.Time, limit int) ([]Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []Key
	for k, due := range m.due {
		if !due.After(before) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b Key) int {
		return cmp.Or(m.due[a].Compare(m.due[b]), a.compare(b))
	})
	return keys[:min(len(keys), max(limit, 0))], ctx.Err()
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
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.rows, k)
	delete(m.due, k)
	return ctx.Err()
}

// Sweep forgets the rows that have expired at now and returns how many.
func (m *Memory) Sweep(now time.Time) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for k, e := range m.rows {
		if !now.Before(e.Expires) {
			delete(m.rows, k)
			delete(m.due, k)
			n++
		}
	}
	return n
}

// Len is the number of rows.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.rows)
}

// stored is one line of a snapshot.
type stored struct {
	Key   Key   `json:"key"`
	Entry Entry `json:"entry"`
}

// Snapshot writes all rows as JSON lines, in the order of their keys.
func (m *Memory) Snapshot(w io.Writer) error {
	m.mu.Lock()
	rows := make([]stored, 0, len(m.rows))
	for k, e := range m.rows {
		rows = append(rows, stored{k, e})
	}
	m.mu.Unlock()
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
		if err != nil || row.Entry.V < 1 || row.Entry.V > EntryVersion || row.Entry.Revision < 1 {
			return fmt.Errorf("%w: row %d: %w", ErrRow, n, err)
		}
		m.mu.Lock()
		_, known := m.rows[row.Key]
		full := !known && len(m.rows) >= m.limit
		if !full {
			m.put(row.Key, row.Entry)
		}
		m.mu.Unlock()
		if full {
			return ErrFull
		}
	}
}
