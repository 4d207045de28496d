package callflowtest_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/callflow/callflowtest"
	"github.com/afterbeep/afterbeep/phone"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	callflowtest.TestSessions(t, func(*testing.T) callflow.Sessions { return callflow.NewMemory() })
	require.NoError(t, callflowtest.CheckSessions(t.Context(), func() callflow.Sessions { return callflow.NewMemory() }))
}

// mutant is a store that breaks one promise. A nil func keeps it.
type mutant struct {
	*callflow.Memory
	load func(ctx context.Context, m *callflow.Memory, tenant phone.TenantID, call string) (callflow.Session, error)
	save func(ctx context.Context, m *callflow.Memory, s callflow.Session) error
	due  func(ctx context.Context, m *callflow.Memory, at time.Time, limit int) ([]callflow.Session, error)
	del  func(ctx context.Context, m *callflow.Memory, tenant phone.TenantID, call string) error
}

func (m mutant) Load(ctx context.Context, tenant phone.TenantID, call string) (callflow.Session, error) {
	if m.load == nil {
		return m.Memory.Load(ctx, tenant, call)
	}
	return m.load(ctx, m.Memory, tenant, call)
}

func (m mutant) Save(ctx context.Context, s callflow.Session) error {
	if m.save == nil {
		return m.Memory.Save(ctx, s)
	}
	return m.save(ctx, m.Memory, s)
}

func (m mutant) Due(ctx context.Context, at time.Time, limit int) ([]callflow.Session, error) {
	if m.due == nil {
		return m.Memory.Due(ctx, at, limit)
	}
	return m.due(ctx, m.Memory, at, limit)
}

func (m mutant) Delete(ctx context.Context, tenant phone.TenantID, call string) error {
	if m.del == nil {
		return m.Memory.Delete(ctx, tenant, call)
	}
	return m.del(ctx, m.Memory, tenant, call)
}

// stored is the revision that is stored, zero for none.
func stored(ctx context.Context, m *callflow.Memory, s callflow.Session) int {
	row, _ := m.Load(ctx, s.Tenant, s.Call) // nothing stored is revision 0
	return row.Revision
}

type rows = map[phone.TenantID]callflow.Session

// mutants returns the broken stores by name, each empty.
func mutants() map[string]func() callflow.Sessions {
	breed := func(m mutant) func() callflow.Sessions {
		return func() callflow.Sessions {
			m.Memory = callflow.NewMemory()
			return m
		}
	}
	return map[string]func() callflow.Sessions{
		"ignored revision": breed(mutant{save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
			s.Revision = stored(ctx, m, s)
			return m.Save(ctx, s)
		}}),
		"lost update": breed(mutant{save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
			if stored(ctx, m, s) != s.Revision {
				return callflow.ErrConflict
			}
			runtime.Gosched() // between the check and the write anybody may write
			for {
				again := s
				again.Revision = stored(ctx, m, s)
				if err := m.Save(ctx, again); err == nil {
					return nil
				}
			}
		}}),
		"a conflict is no error": breed(mutant{save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
			_ = m.Save(ctx, s)
			return nil
		}}),
		"a creation replaces": breed(mutant{save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
			if s.Revision == 0 {
				s.Revision = stored(ctx, m, s)
			}
			return m.Save(ctx, s)
		}}),
		"stale load": staleLoad,
		"cross-tenant leak": breed(mutant{
			save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
				s.Tenant = ""
				return m.Save(ctx, s)
			},
			load: func(ctx context.Context, m *callflow.Memory, tenant phone.TenantID, call string) (callflow.Session, error) {
				s, err := m.Load(ctx, "", call)
				s.Tenant = tenant
				return s, err
			},
		}),
		"a leak of deletes": breed(mutant{del: func(ctx context.Context, m *callflow.Memory, _ phone.TenantID, call string) error {
			for _, tenant := range []phone.TenantID{"", "t", "one", "two"} {
				_ = m.Delete(ctx, tenant, call) // memory never fails
			}
			return nil
		}}),
		"glued keys": breed(mutant{
			save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
				s.Tenant, s.Call = "", string(s.Tenant)+"/"+s.Call
				return m.Save(ctx, s)
			},
			load: func(ctx context.Context, m *callflow.Memory, tenant phone.TenantID, call string) (callflow.Session, error) {
				s, err := m.Load(ctx, "", string(tenant)+"/"+call)
				s.Tenant, s.Call = tenant, call
				return s, err
			},
		}),
		"keys without case": breed(mutant{save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
			s.Call = strings.ToLower(s.Call)
			return m.Save(ctx, s)
		}}),
		"due out of order": breed(mutant{due: func(ctx context.Context, m *callflow.Memory, at time.Time, limit int) ([]callflow.Session, error) {
			found, err := m.Due(ctx, at, limit)
			slices.Reverse(found)
			return found, err
		}}),
		"due too late": breed(mutant{due: func(ctx context.Context, m *callflow.Memory, at time.Time, limit int) ([]callflow.Session, error) {
			return m.Due(ctx, at.Add(-time.Nanosecond), limit)
		}}),
		"due by the wall": breed(mutant{due: func(ctx context.Context, m *callflow.Memory, at time.Time, limit int) ([]callflow.Session, error) {
			return m.Due(ctx, time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC), limit)
		}}),
		"due without a limit": breed(mutant{due: func(ctx context.Context, m *callflow.Memory, at time.Time, _ int) ([]callflow.Session, error) {
			return m.Due(ctx, at, 1000)
		}}),
		"due of one tenant": breed(mutant{due: func(ctx context.Context, m *callflow.Memory, at time.Time, limit int) ([]callflow.Session, error) {
			found, err := m.Due(ctx, at, limit)
			return slices.DeleteFunc(found, func(s callflow.Session) bool { return s.Tenant == "two" }), err
		}}),
		"nothing is deleted": breed(mutant{del: func(context.Context, *callflow.Memory, phone.TenantID, string) error { return nil }}),
		"a lost field": breed(mutant{save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
			s.Divert.Department = ""
			return m.Save(ctx, s)
		}}),
		"a lost map": breed(mutant{save: func(ctx context.Context, m *callflow.Memory, s callflow.Session) error {
			s.Asked = nil
			return m.Save(ctx, s)
		}}),
		"shared memory": func() callflow.Sessions { return &shared{rows: map[string]rows{}} },
	}
}

// staleLoad answers the first load again and again.
func staleLoad() callflow.Sessions {
	var mu sync.Mutex
	seen := map[string]callflow.Session{}
	return mutant{Memory: callflow.NewMemory(), load: func(ctx context.Context, m *callflow.Memory, tenant phone.TenantID, call string) (callflow.Session, error) {
		mu.Lock()
		defer mu.Unlock()
		if s, ok := seen[call]; ok && len(seen) < 3 {
			delete(seen, call) // stale once, or nobody could ever save again
			return s, nil
		}
		s, err := m.Load(ctx, tenant, call)
		if err == nil {
			seen[call] = s
		}
		return s, err
	}}
}

// shared keeps what its callers point to.
type shared struct {
	mu   sync.Mutex
	rows map[string]rows
}

func (m *shared) Load(_ context.Context, tenant phone.TenantID, call string) (callflow.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.rows[call][tenant]
	if !ok {
		return s, callflow.ErrNotFound
	}
	return s, nil
}

func (m *shared) Save(_ context.Context, s callflow.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows[s.Call] == nil {
		m.rows[s.Call] = rows{}
	}
	if m.rows[s.Call][s.Tenant].Revision != s.Revision {
		return callflow.ErrConflict
	}
	s.Revision++
	m.rows[s.Call][s.Tenant] = s
	return nil
}

func (m *shared) Due(context.Context, time.Time, int) ([]callflow.Session, error) { return nil, nil }

func (m *shared) Delete(_ context.Context, tenant phone.TenantID, call string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.rows[call], tenant)
	return nil
}

func TestTheSuiteCatchesBrokenStores(t *testing.T) {
	t.Parallel()
	caught := map[string]string{
		"ignored revision": "revisions:", "lost update": "no lost update:", "a conflict is no error": "revisions:",
		"a creation replaces": "one creation:", "stale load": "latest:", "cross-tenant leak": "tenants:",
		"a leak of deletes": "tenants:", "glued keys": "odd keys:", "keys without case": "odd keys:",
		"due out of order": "due order:", "due too late": "due order:", "due by the wall": "due order:",
		"due without a limit": "due limit:", "due of one tenant": "due order:", "nothing is deleted": "delete:",
		"a lost field": "round trip:", "a lost map": "round trip:", "shared memory": "isolation:",
	}
	for name, open := range mutants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, caught, name)
			require.ErrorContains(t, callflowtest.CheckSessions(t.Context(), open), caught[name])
		})
	}
}
