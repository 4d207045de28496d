package voicemail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Memory is a [Store], a [Blobs] and a [Spool] in memory, for tests and for
// hosts that need nothing to outlive the process. It is safe for concurrent
// use; several services may share one, as nodes of a cluster would.
type Memory struct {
	mu     sync.RWMutex
	tables *tables
	blobs  map[rowID][]byte
	spool  map[SpoolID][]byte
}

var (
	_ Store = (*Memory)(nil)
	_ Blobs = (*Memory)(nil)
	_ Spool = (*Memory)(nil)
)

// NewMemory returns an empty one.
func NewMemory() *Memory {
	return &Memory{tables: newTables(), blobs: make(map[rowID][]byte), spool: make(map[SpoolID][]byte)}
}

// Apply implements [Store].
func (m *Memory) Apply(ctx context.Context, b Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	next, err := m.tables.next(b)
	if err == nil {
		m.tables.put(next)
	}
	return err
}

// Box implements [Store].
func (m *Memory) Box(_ context.Context, id BoxID) (Box, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.tables.boxRow(id)
}

// Messages implements [Store].
func (m *Memory) Messages(_ context.Context, id BoxID, q Query) (Page, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.tables.page(id, q)
}

// Capture implements [Store].
func (m *Memory) Capture(_ context.Context, tenant phone.TenantID, key string) (CaptureRow, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.tables.captureRow(tenant, key)
}

// Due implements [Store].
func (m *Memory) Due(_ context.Context, before time.Time, limit int) ([]Task, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.tables.dueTasks(before, limit), nil
}

// Put implements [Blobs].
func (m *Memory) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	if err := checkKey(key); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := copyExactly(&buf, r, size); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.blobs[rowID{tenant, key}]; !ok {
		m.blobs[rowID{tenant, key}] = buf.Bytes()
	}
	return nil
}

// copyExactly copies size bytes and makes sure that there are no more.
func copyExactly(w io.Writer, r io.Reader, size int64) error {
	n, err := io.Copy(w, io.LimitReader(r, size))
	if err != nil {
		return fmt.Errorf("voicemail: blob after %d bytes: %w", n, err)
	}
	if n == size {
		var one [1]byte
		if more, _ := io.ReadFull(r, one[:]); more == 0 {
			return nil
		}
		n++
	}
	return fmt.Errorf("voicemail: blob of %d bytes announced, got %d or more", size, n)
}

// Open implements [Blobs].
func (m *Memory) Open(_ context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	data, ok := m.blobs[rowID{tenant, key}]
	if !ok {
		return nil, ErrNotFound
	}
	from = min(max(from, 0), int64(len(data)))
	if n < 0 || n > int64(len(data))-from {
		n = int64(len(data)) - from
	}
	return io.NopCloser(bytes.NewReader(data[from : from+n])), nil
}

// Delete implements [Blobs].
func (m *Memory) Delete(_ context.Context, tenant phone.TenantID, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.blobs, rowID{tenant, key})
	return nil
}

// List implements [Blobs].
func (m *Memory) List(_ context.Context, tenant phone.TenantID, after string, limit int) ([]string, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var keys []string
	for id := range m.blobs {
		if id.tenant == tenant && id.id > after {
			keys = append(keys, id.id)
		}
	}
	slices.Sort(keys)
	return keys[:min(len(keys), max(limit, 0))], nil
}

// Append implements [Spool].
func (m *Memory) Append(ctx context.Context, id SpoolID, data []byte) error {
	if err := id.check(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spool[id] = append(m.spool[id], data...)
	return nil
}

// Sync implements [Spool]. There is nothing to do.
func (m *Memory) Sync(context.Context, SpoolID) error { return nil }

// Read implements [Spool].
func (m *Memory) Read(_ context.Context, id SpoolID) (io.ReadCloser, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	data, ok := m.spool[id]
	if !ok {
		return nil, ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(data[:len(data):len(data)])), nil
}

// Remove implements [Spool].
func (m *Memory) Remove(_ context.Context, id SpoolID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.spool, id)
	return nil
}

// Names implements [Spool].
func (m *Memory) Names(context.Context) ([]SpoolID, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var ids []SpoolID
	for id := range m.spool {
		ids = append(ids, id)
	}
	return ids, nil
}
