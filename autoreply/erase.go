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
// called back, and does not bring the row back either; if the contact has exactly as
// many changes of a new row meanwhile as the old one had, its outcome takes the
// place of those. It may be called again.
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

// EraseTenant implements [Ledger]. It looks at every row, one shard under one
// lock.
func (m *Memory) EraseTenant(ctx context.Context, tenant phone.TenantID) error {
	for i := range m.shards {
		m.forget(&m.shards[i],
			func(r *settled) bool { return m.scopes.list()[r.scope].tenant == tenant },
			func(k Key, _ unsettled) bool { return k.Tenant == tenant })
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}
