package autoreply

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// stored is one line of a snapshot.
type stored struct {
	Key   Key   `json:"key"`
	Entry Entry `json:"entry"`
}

// saved is a row on its way into a snapshot: packed, or as it is.
type saved struct {
	key   Key
	row   settled
	entry *Entry // nil: packed
}

// Snapshot writes all rows as JSON lines, in the order of their keys. Each row
// is as it was at one moment, not all at the same one. It holds no lock for
// longer than [Memory.Sweep] does, and none while it writes.
func (m *Memory) Snapshot(w io.Writer) error {
	var all []saved
	var rows []settled
	for i := range m.shards {
		all, rows = m.save(all, rows[:0], &m.shards[i])
	}
	slices.SortFunc(all, func(a, b saved) int { return a.key.compare(b.key) })
	enc := json.NewEncoder(w)
	for _, r := range all {
		line := stored{Key: r.key}
		if r.entry != nil {
			line.Entry = *r.entry
		} else {
			m.scopes.unpack(&r.row, &line.Entry)
		}
		if err := enc.Encode(&line); err != nil {
			return fmt.Errorf("autoreply: snapshot: %w", err)
		}
	}
	return nil
}

// save appends the rows of a shard to all. Under the lock it only copies them;
// rows is room for that.
func (m *Memory) save(all []saved, rows []settled, s *shard) ([]saved, []settled) {
	var others []saved
	s.mu.Lock()
	s.table.visited += uint64(len(s.table.places) + len(s.rows))
	for k, u := range s.rows {
		others = append(others, saved{key: k, entry: u.entry})
	}
	rows = append(rows, s.table.places...)
	s.mu.Unlock()
	for _, r := range rows {
		if r.number != 0 {
			name := m.scopes.list()[r.scope]
			all = append(all, saved{key: Key{name.tenant, name.line, contactOf(r.number &^ far)}, row: r})
		}
	}
	return append(all, others...), rows
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
		if err := m.put(&row.Key, &row.Entry, func(int) error { return nil }); err != nil {
			return err
		}
	}
}
