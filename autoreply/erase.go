package autoreply

import (
	"context"
	"errors"
	"fmt"

	"github.com/afterbeep/afterbeep/phone"
)

// Erase removes what is kept of a contact: the row of the tenant and, where a
// policy says PerLine, those of the lines that are named. With a row go the
// window, the budgets, the opt-out that bridges until the host's list knows, and
// what waits; the list itself is the host's. A reply that is being sent is not
// called back, and does not bring the row back either. It may be called again.
func (e *Engine) Erase(ctx context.Context, tenant phone.TenantID, contact phone.ContactKey, lines ...phone.LineID) error {
	if contact == "" {
		return &Problem{Path: "/contact", Want: "the key of a contact"}
	}
	var failed []error
	for _, line := range append([]phone.LineID{""}, lines...) {
		if err := e.ledger.Erase(ctx, Key{Tenant: tenant, Line: line, Contact: contact}); err != nil {
			failed = append(failed, fmt.Errorf("autoreply: erase: %w", err))
		}
	}
	return errors.Join(failed...)
}

// EraseTenant removes all that is kept of a tenant: every contact, what waits,
// and the breakers of the lines. It may take a while and be called again. From
// then on [Policies] should answer [ErrTenant], or new events make new rows.
func (e *Engine) EraseTenant(ctx context.Context, tenant phone.TenantID) error {
	if err := e.ledger.EraseTenant(ctx, tenant); err != nil {
		return fmt.Errorf("autoreply: erase the tenant: %w", err)
	}
	return nil
}

// EraseTenant implements [Ledger]. It looks at every row, a thousand under one
// lock.
func (m *Memory) EraseTenant(ctx context.Context, tenant phone.TenantID) error {
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		seen := 0
		for k := range s.rows { // a map may change between two steps of a range
			if k.Tenant == tenant && m.drop(s, k) {
				m.rows.Add(-1)
			}
			if seen++; seen%sweepMap == 0 {
				s.mu.Unlock()
				s.mu.Lock()
			}
		}
		for at := s.table.n - 1; at >= 0; at-- { // the last row takes the place of one that goes
			if m.scopes.name(s.table.row(at).scope).tenant == tenant {
				s.table.remove(s.table.place(at), at)
				m.rows.Add(-1)
			}
			if at%sweepStep == 0 && at > 0 {
				s.mu.Unlock()
				s.mu.Lock()
				at = min(at, s.table.n)
			}
		}
		s.mu.Unlock()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}
