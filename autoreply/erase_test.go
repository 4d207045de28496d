package autoreply_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// TestErase erases a contact in every state of the slot: nothing is left, what
// waited is not sent, and the contact is new.
func TestErase(t *testing.T) {
	t.Parallel()
	for _, perLine := range []bool{false, true} {
		for name, prepare := range map[string]func(*office, phone.Event){
			"nothing": func(*office, phone.Event) {},
			"waiting": func(f *office, e phone.Event) {
				e.Type = phone.CallMissed
				require.Equal(t, autoreply.Wait, f.handle(e).Verdict)
			},
			"sent": func(f *office, e phone.Event) { require.Equal(t, autoreply.Reply, f.handle(e).Verdict) },
			"opted out": func(f *office, e phone.Event) {
				e.Text = "STOP"
				f.handle(e)
			},
			"reserved": func(f *office, e phone.Event) {
				f.handle(e)
				row, err := f.ledger.Load(t.Context(), f.policy.Key(e))
				require.NoError(t, err)
				row.State, row.Token, row.Due, row.Revision = autoreply.Reserved, "a dead worker", noon, row.Revision+1
				row.Pending, row.Sent = []phone.Event{e}, time.Time{}
				require.NoError(t, f.ledger.Swap(t.Context(), f.policy.Key(e), row))
			},
		} {
			f := open(t, basics(), &autoreply.PolicyOptions{PerLine: perLine, PerHour: -1, PerDay: 1, PerLife: 1})
			e := f.event(phone.TextReceived, "1")
			e.Line = "sales"
			prepare(f, e)
			other := e
			other.Contact.Number, other.ID = number(t, "+15145550111"), "other"
			f.handle(other)
			before := len(f.sent())
			require.NoError(t, f.engine.Erase(t.Context(), e.Tenant, e.ContactKey(), "sales", "support"), name)
			assert.Equal(t, 1, f.ledger.(*autoreply.Memory).Len(), "%s: the other one", name)
			f.run(time.Minute)
			assert.Len(t, f.sent(), before, "%s: what waited is gone", name)
			again := f.event(phone.TextReceived, "2")
			again.Line = "sales"
			assert.Equal(t, autoreply.Reply, f.handle(again).Verdict, "%s: budgets begin anew", name)
		}
	}
	f := open(t, basics(), nil)
	var p *autoreply.Problem
	require.ErrorAs(t, f.engine.Erase(t.Context(), "", ""), &p, "the breaker is no contact")
	assert.Equal(t, "/contact", p.Path)
}

// TestEraseTenant: contacts, what waits and the breaker of one tenant go, those
// of another stay.
func TestEraseTenant(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{PerHour: 10})
	for _, tenant := range []phone.TenantID{"a", "b"} {
		for i := range 20 {
			e := f.event([]string{phone.TextReceived, phone.CallMissed}[i%2], fmt.Sprint(i))
			e.Tenant, e.Contact.Number = tenant, number(t, fmt.Sprintf("+1514555%04d", i))
			f.handle(e)
		}
		e := f.event(phone.TextReceived, "breaker")
		e.Tenant, e.Key = tenant, "one more"
		require.Equal(t, autoreply.ReasonBreaker, f.handle(e).Reason)
	}
	require.NoError(t, f.engine.EraseTenant(t.Context(), "a"))
	for _, tenant := range []phone.TenantID{"a", "b"} {
		e := f.event(phone.TextReceived, "again")
		e.Tenant, e.Key = tenant, "one more"
		assert.Equal(t, map[phone.TenantID]autoreply.Reason{"b": autoreply.ReasonBreaker}[tenant], f.handle(e).Reason)
	}
	for _, d := range f.run(2 * time.Hour) {
		assert.Equal(t, phone.TenantID("b"), d.Key.Tenant, "what waited of the other is gone")
	}
	require.NoError(t, f.engine.EraseTenant(t.Context(), "a"))
	require.NoError(t, f.engine.EraseTenant(t.Context(), "b"))
	assert.Zero(t, f.ledger.(*autoreply.Memory).Len())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, f.engine.EraseTenant(ctx, "a"), context.Canceled)
}
