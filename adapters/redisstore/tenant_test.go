package redisstore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// A tenant is spread over several pages of the keys of all; what is left of
// the other one is whole.
func TestEraseTenantOverPages(t *testing.T) {
	t.Parallel()
	client, prefix := server(t)
	l := ledger(t, client, prefix)
	const n = 2*redisstore.SweepBatch + 7
	for i := range n {
		k := autoreply.Key{Tenant: phone.TenantID([]string{"a", "b"}[i%2]), Contact: phone.ContactKey(fmt.Sprint(i))}
		require.NoError(t, l.Swap(t.Context(), k, dueRow(1, start)))
	}
	require.NoError(t, l.EraseTenant(t.Context(), "a"))
	for set, want := range map[string]int64{"due": n / 2, "expires": n / 2} {
		got, err := client.ZCard(t.Context(), "{"+prefix+"}:"+set).Result()
		require.NoError(t, err)
		assert.Equal(t, want, got, set)
	}
	require.NoError(t, l.EraseTenant(t.Context(), "b"))
	left, err := client.Keys(t.Context(), "{"+prefix+"}*").Result()
	require.NoError(t, err)
	assert.Empty(t, left)
}
