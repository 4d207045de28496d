package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// A tenant takes several statements; the other one stays.
func TestEraseTenantInSteps(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sqlstore.Store, _ string) {
		l := s.Ledger()
		const n = sqlstore.SweepBatch + 7
		for i := range n + 1 {
			tenant := phone.TenantID("a")
			if i == n {
				tenant = "b"
			}
			e := row(1)
			e.Due = start
			require.NoError(t, l.Swap(t.Context(), autoreply.Key{Tenant: tenant, Contact: phone.ContactKey(fmt.Sprint(i))}, e))
		}
		require.NoError(t, l.EraseTenant(t.Context(), "a"))
		keys, err := l.Due(t.Context(), start.Add(time.Hour), n)
		require.NoError(t, err)
		assert.Equal(t, []autoreply.Key{{Tenant: "b", Contact: phone.ContactKey(fmt.Sprint(n))}}, keys)
	})
}
