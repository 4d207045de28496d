package sqlstore_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// Sweep goes in steps and keeps what is not expired.
func TestSweep(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, place := migrated(t, kind)
		l := s.Ledger()
		tx, err := s.DB().BeginTx(t.Context(), nil)
		require.NoError(t, err)
		fill := "INSERT INTO " + table(kind, place, "ledger") + " (tenant, line, contact, revision, due, expires, entry) VALUES ($1, $1, $2, 1, NULL, $3, $1)"
		const expired = sqlstore.SweepBatch + 5
		for i := range expired + 3 {
			at := start
			if i >= expired {
				at = start.Add(1)
			}
			_, err := tx.ExecContext(t.Context(), fill, []byte(""), fmt.Append(nil, i), at.UnixNano())
			require.NoError(t, err)
		}
		require.NoError(t, tx.Commit())
		n, err := l.Sweep(t.Context(), start.Add(-1))
		require.NoError(t, err)
		assert.Zero(t, n)
		n, err = l.Sweep(t.Context(), start)
		require.NoError(t, err)
		assert.Equal(t, expired, n)
		n, err = l.Sweep(t.Context(), start.Add(1))
		require.NoError(t, err)
		assert.Equal(t, 3, n)
	})
}

// Rows that are given a longer life while two nodes sweep are kept, or were
// gone before; an acknowledged one is never lost.
func TestSweepBesideSwaps(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sqlstore.Store, _ string) {
		const n = 200
		l := s.Ledger()
		name := func(i int) autoreply.Key { return autoreply.Key{Contact: phone.ContactKey(fmt.Sprint(i))} }
		for i := range n {
			require.NoError(t, l.Swap(t.Context(), name(i), row(1)))
		}
		expired := start.Add(24 * time.Hour)
		longer := row(2)
		longer.Expires = expired.Add(1)
		var kept [n]bool
		var wg sync.WaitGroup
		for half := range 2 {
			wg.Go(func() {
				for i := half; i < n; i += 2 {
					err := l.Swap(t.Context(), name(i), longer)
					kept[i] = err == nil
					if !errors.Is(err, autoreply.ErrConflict) {
						assert.NoError(t, err)
					}
				}
			})
			wg.Go(func() {
				for range 20 {
					_, err := l.Sweep(t.Context(), expired)
					assert.NoError(t, err)
				}
			})
		}
		wg.Wait()
		for i := range n {
			got, err := l.Load(t.Context(), name(i))
			require.NoError(t, err)
			assert.Equal(t, kept[i], got.Revision == 2, "row %d", i)
		}
	})
}
