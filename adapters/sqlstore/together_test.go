package sqlstore_test

import (
	"context"
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

// Many callers at once each get their own row, or none, or its error, whoever
// read it for them and whoever of them leaves.
func TestLoadTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sqlstore.Store, place string) {
		const rows, callers = 40, 300
		l := s.Ledger()
		name := func(i int) autoreply.Key {
			return autoreply.Key{Tenant: phone.TenantID(fmt.Sprint(i % 3)), Line: "\x00\xff", Contact: phone.ContactKey(fmt.Sprint(i))}
		}
		for i := range rows {
			e := row(1)
			e.Slot = i
			require.NoError(t, l.Swap(t.Context(), name(i), e))
		}
		require.NoError(t, l.Swap(t.Context(), autoreply.Key{}, row(1)))
		foreign := autoreply.Key{Contact: "foreign"}
		require.NoError(t, l.Swap(t.Context(), foreign, row(1)))
		_, err := s.DB().ExecContext(t.Context(), "UPDATE "+table(sqlstore.Dialect(fields(place)[0]), place, "ledger")+" SET entry = $1 WHERE contact = $2",
			[]byte("["), []byte(foreign.Contact))
		require.NoError(t, err)
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				switch i % 6 {
				case 0:
					got, err := l.Load(ctx, autoreply.Key{Contact: phone.ContactKey(fmt.Sprint(i))})
					assert.NoError(t, err)
					assert.Zero(t, got, "no row")
				case 1:
					_, err := l.Load(ctx, foreign)
					assert.ErrorIs(t, err, autoreply.ErrRow)
				case 2:
					got, err := l.Load(ctx, autoreply.Key{})
					assert.NoError(t, err)
					assert.Equal(t, row(1), got)
				case 3: // leaves while others may count on it
					go cancel()
					if _, err := l.Load(ctx, name(i%rows)); err != nil {
						assert.ErrorIs(t, err, context.Canceled)
					}
				default:
					got, err := l.Load(ctx, name(i%rows))
					assert.NoError(t, err)
					assert.Equal(t, i%rows, got.Slot)
					assert.Equal(t, 1, got.Revision)
				}
			})
		}
		wg.Wait()
	})
}

// A reader who leaves in the middle of the query takes nobody with them.
func TestReaderLeaves(t *testing.T) {
	t.Parallel()
	s, place := migrated(t, sqlstore.Postgres)
	l := s.Ledger()
	require.NoError(t, l.Swap(t.Context(), key, row(1)))
	name := table(sqlstore.Postgres, place, "ledger")
	lock, err := s.DB().BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = lock.ExecContext(t.Context(), "LOCK TABLE "+name+" IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	soon := func(ready func() bool) { require.Eventually(t, ready, 20*time.Second, 5*time.Millisecond) }
	held := func(want int) func() bool {
		return func() bool {
			var n int
			err := s.DB().QueryRowContext(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = $1::regclass", name).Scan(&n)
			return assert.NoError(t, err) && n == want
		}
	}

	var wg sync.WaitGroup
	leave := func(callers int) (cancel func()) {
		ctx, cancel := context.WithCancel(t.Context())
		for range callers {
			wg.Go(func() {
				_, err := l.Load(ctx, key)
				assert.ErrorIs(t, err, context.Canceled)
			})
		}
		return cancel
	}
	first := leave(sqlstore.Readers)
	soon(held(sqlstore.Readers))
	const second = 20
	then := leave(second)
	soon(func() bool { return sqlstore.Gathered(l) == second })
	wg.Go(func() {
		got, err := l.Load(t.Context(), key)
		assert.NoError(t, err)
		assert.Equal(t, row(1), got)
	})
	soon(func() bool { return sqlstore.Gathered(l) == second+1 })
	first()
	soon(func() bool { return sqlstore.Gathered(l) == 0 && held(1)() })
	then()
	soon(held(1)) // the one who stays, by itself
	require.NoError(t, lock.Rollback())
	wg.Wait()
}
