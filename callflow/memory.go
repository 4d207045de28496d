package callflow

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Memory is a [Sessions] in memory: for tests, and for hosts whose calls do
// not outlive the process. It keeps the JSON of each session, so that what
// works with it works with a database.
type Memory struct {
	mu   sync.Mutex
	rows map[rowKey]row
}

type rowKey struct {
	tenant phone.TenantID
	call   string
}

type row struct {
	revision int
	deadline time.Time
	data     []byte
}

// NewMemory returns an empty Memory.
func NewMemory() *Memory { return &Memory{rows: make(map[rowKey]row)} }

// Load implements [Sessions].
func (m *Memory) Load(_ context.Context, tenant phone.TenantID, call string) (Session, error) {
	m.mu.Lock()
	stored, ok := m.rows[rowKey{tenant, call}]
	m.mu.Unlock()
	if !ok {
		return Session{}, fmt.Errorf("%w: session of call %q", ErrNotFound, call)
	}
	return stored.session()
}

func (r row) session() (Session, error) {
	var s Session
	err := json.Unmarshal(r.data, &s)
	return s, err
}

// Save implements [Sessions]. It refuses sessions of more than [MaxSession]
// bytes with [ErrTooLarge].
func (m *Memory) Save(_ context.Context, s Session) error {
	loaded := s.Revision
	s.Revision++
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if len(data) > MaxSession {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(data))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := rowKey{s.Tenant, s.Call}
	if stored := m.rows[key].revision; stored != loaded {
		return fmt.Errorf("%w: revision %d is stored, not %d", ErrConflict, stored, loaded)
	}
	m.rows[key] = row{revision: s.Revision, deadline: s.Deadline, data: data}
	return nil
}

// Due implements [Sessions].
func (m *Memory) Due(_ context.Context, at time.Time, limit int) ([]Session, error) {
	m.mu.Lock()
	var due []row
	for _, r := range m.rows {
		if !r.deadline.IsZero() && !r.deadline.After(at) {
			due = append(due, r)
		}
	}
	m.mu.Unlock()
	slices.SortFunc(due, func(a, b row) int {
		return cmp.Or(a.deadline.Compare(b.deadline), slices.Compare(a.data, b.data))
	})
	sessions := make([]Session, 0, min(max(limit, 0), len(due)))
	for _, r := range due[:cap(sessions)] {
		s, err := r.session()
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, s)
	}
	return sessions, nil
}

// Delete implements [Sessions].
func (m *Memory) Delete(_ context.Context, tenant phone.TenantID, call string) error {
	m.mu.Lock()
	delete(m.rows, rowKey{tenant, call})
	m.mu.Unlock()
	return nil
}
