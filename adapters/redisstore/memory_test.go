package redisstore_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// Places move later than their rows do. Nobody may notice: what is due, what
// has expired and what is there is the same as in a ledger without places.
func TestLikeMemory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			client, prefix := server(t)
			walk(t, ledger(t, client, prefix), rand.New(rand.NewPCG(seed, 1)))
			for _, set := range []string{"due", "expires"} {
				left, err := client.ZCard(t.Context(), "{"+prefix+"}:"+set).Result()
				require.NoError(t, err)
				require.Zero(t, left, "members of %s without a row", set)
			}
		})
	}
}

func walk(t *testing.T, l *redisstore.Ledger, r *rand.Rand) {
	t.Helper()
	const keys, steps = 12, 400
	m := autoreply.NewMemory()
	ctx := t.Context()
	at := func() time.Time { return start.Add(time.Duration(r.IntN(60)) * time.Nanosecond) }
	for range steps {
		k := autoreply.Key{Tenant: "t", Contact: phone.ContactKey(fmt.Sprint(r.IntN(keys)))}
		switch r.IntN(8) {
		case 0:
			require.NoError(t, m.Erase(ctx, k))
			require.NoError(t, l.Erase(ctx, k))
		case 1:
			now := at()
			n, err := l.Sweep(ctx, now)
			require.NoError(t, err)
			require.Equal(t, m.Sweep(now), n)
		case 2:
			before, limit := at(), 1+r.IntN(keys)
			want, err := m.Due(ctx, before, limit)
			require.NoError(t, err)
			got, err := l.Due(ctx, before, limit)
			require.NoError(t, err)
			require.Len(t, got, len(want))
			for i := range want {
				require.Equal(t, want[i], got[i])
			}
		default:
			old, err := m.Load(ctx, k)
			require.NoError(t, err)
			next := row(old.Revision + 1)
			next.Expires = at()
			if r.IntN(3) > 0 {
				next = dueRow(next.Revision, at())
				next.Expires = at()
			}
			require.NoError(t, m.Swap(ctx, k, next))
			require.NoError(t, l.Swap(ctx, k, next))
		}
		want, err := m.Load(ctx, k)
		require.NoError(t, err)
		got, err := l.Load(ctx, k)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	n, err := l.Sweep(ctx, start.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, m.Sweep(start.Add(time.Hour)), n)
	_, err = l.Due(ctx, start.Add(time.Hour), keys)
	require.NoError(t, err)
}
