package sqlstore_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

var (
	key   = autoreply.Key{Tenant: "acme", Contact: "+15145550100"}
	start = time.Date(2026, 6, 15, 12, 0, 0, 123456789, time.UTC)
)

func fields(place string) []string { return strings.SplitN(place, " ", 3) }

// row is a settled one.
func row(revision int) autoreply.Entry {
	return autoreply.Entry{V: autoreply.EntryVersion, Revision: revision, Slot: revision, Sent: start, Expires: start.Add(24 * time.Hour)}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		autoreplytest.TestLedger(t, func(t *testing.T) autoreply.Ledger {
			s, place := migrated(t, kind)
			if kind == sqlstore.SQLite {
				s = opened(t, fields(place)[2])
			}
			return s.Ledger()
		})
	})
}

// opened is a store over a database that the host opened, in its own way.
// Without the flushes the suite is ten times faster.
func opened(t *testing.T, file string) *sqlstore.Store {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	s, err := sqlstore.New(db, sqlstore.SQLite, nil)
	require.NoError(t, err)
	return s
}

// TestShared proves two pools on one database.
func TestShared(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		autoreplytest.TestShared(t, func(t *testing.T) (a, b autoreply.Ledger) {
			s, place := migrated(t, kind)
			if kind == sqlstore.SQLite {
				file := fields(place)[2]
				return opened(t, file).Ledger(), opened(t, file).Ledger()
			}
			other, err := reopen(place)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, other.Close()) })
			return s.Ledger(), other.Ledger()
		})
	})
}

func TestLimits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sqlstore.Store, _ string) {
		l := s.Ledger()
		long := strings.Repeat("k", sqlstore.MaxKeyField)
		whole := autoreply.Key{Tenant: phone.TenantID(long), Line: phone.LineID(long), Contact: phone.ContactKey(long)}
		due := row(1)
		due.Due = start
		require.NoError(t, l.Swap(t.Context(), whole, due), "the longest key fits the indexes")

		for name, k := range map[string]autoreply.Key{
			"tenant":  {Tenant: phone.TenantID(long + "k")},
			"line":    {Line: phone.LineID(long + "k")},
			"contact": {Contact: phone.ContactKey(long + "k")},
		} {
			assertFinal(t, l.Swap(t.Context(), k, row(1)), name)
			got, err := l.Load(t.Context(), k)
			require.NoError(t, err)
			assert.Zero(t, got.Revision)
		}
		huge := row(1)
		huge.Text = strings.Repeat("x", sqlstore.MaxEntry)
		assertFinal(t, l.Swap(t.Context(), key, huge), "entry")

		never := row(1)
		never.Sent = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) // rows end here
		var last interface{ Retryable() bool }
		require.ErrorAs(t, l.Swap(t.Context(), key, never), &last)
		assert.False(t, last.Retryable())

		for _, revision := range []int{0, -1, math.MinInt} {
			require.ErrorIs(t, l.Swap(t.Context(), key, row(revision)), autoreply.ErrConflict, "revision %d", revision)
		}
	})
}

func assertFinal(t *testing.T, err error, what string) {
	t.Helper()
	var last interface{ Retryable() bool }
	require.ErrorIs(t, err, sqlstore.ErrTooLarge, what)
	require.ErrorAs(t, err, &last, what)
	assert.False(t, last.Retryable(), what)
}

func TestBytes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sqlstore.Store, _ string) {
		l := s.Ledger()
		odd := autoreply.Key{Tenant: "\xff\x00", Contact: "\xfe"} // no UTF-8
		due := row(1)
		due.Due = start
		require.NoError(t, l.Swap(t.Context(), odd, due))
		keys, err := l.Due(t.Context(), start, 2)
		require.NoError(t, err)
		assert.Equal(t, []autoreply.Key{odd}, keys)
	})
}

func TestEdgesOfTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sqlstore.Store, _ string) {
		l := s.Ledger()
		moments := []time.Time{
			time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC), time.Unix(0, 0),
			start.Add(-1), start, start.Add(1).In(time.FixedZone("", -4*3600)), time.Date(2261, 12, 31, 0, 0, 0, 0, time.UTC),
		}
		for i, at := range moments {
			e := row(1)
			e.Due = at
			require.NoError(t, l.Swap(t.Context(), autoreply.Key{Contact: phone.ContactKey(fmt.Sprint(i))}, e))
		}
		for i, at := range moments {
			keys, err := l.Due(t.Context(), at, 100)
			require.NoError(t, err)
			assert.Len(t, keys, i+1, "until %s", at)
			assert.Equal(t, fmt.Sprint(i), string(keys[i].Contact), "the latest comes last")
		}
		e := row(1)
		e.Due = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		require.NoError(t, l.Swap(t.Context(), key, e))
		keys, err := l.Due(t.Context(), time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), 100)
		require.NoError(t, err)
		assert.Len(t, keys, len(moments), "beyond the columns is never early")
		keys, err = l.Due(t.Context(), start, 0)
		require.NoError(t, err)
		assert.Empty(t, keys)
	})
}

func TestForeignRows(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, place := migrated(t, kind)
		l := s.Ledger()
		require.NoError(t, l.Swap(t.Context(), key, row(1)))
		for name, code := range map[string][]byte{
			"of a newer release": []byte("\x01\x01\x04"), "of nobody": []byte("["), "of nothing": {}, "JSON": []byte(`{"v":1}`),
		} {
			_, err := s.DB().ExecContext(t.Context(), "UPDATE "+table(kind, place, "ledger")+" SET entry = $1", code)
			require.NoError(t, err)
			_, err = l.Load(t.Context(), key)
			require.ErrorIs(t, err, autoreply.ErrRow, name)
		}
	})
}

// Statements that were compiled before somebody changed the tables still fit.
func TestTablesChange(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, place := empty(t, kind)
		l := s.Ledger()
		_, err := l.Load(t.Context(), key)
		require.Error(t, err, "there is no table yet")
		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, l.Swap(t.Context(), key, row(1)))
		other, err := reopen(place)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, other.Close()) })
		for i, change := range []string{"ADD COLUMN later BIGINT", "RENAME COLUMN later TO latest", "DROP COLUMN latest"} {
			_, err := other.DB().ExecContext(t.Context(), "ALTER TABLE "+table(kind, place, "ledger")+" "+change)
			require.NoError(t, err)
			got, err := l.Load(t.Context(), key)
			require.NoError(t, err, change)
			require.Equal(t, i+1, got.Revision)
			require.NoError(t, l.Swap(t.Context(), key, row(i+2)), change)
		}
	})
}

// A database that is gone is an error that is worth another try.
func TestGone(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		_, place := migrated(t, kind)
		s, err := reopen(place)
		require.NoError(t, err)
		l := s.Ledger()
		require.NoError(t, s.Close())
		_, loaded := l.Load(t.Context(), key)
		_, asked := l.Due(t.Context(), start, 1)
		_, swept := l.Sweep(t.Context(), start)
		for _, err := range []error{loaded, asked, swept, l.Swap(t.Context(), key, row(1)), l.Erase(t.Context(), key), s.Migrate(t.Context()), s.Check(t.Context())} {
			require.Error(t, err)
			assert.NotErrorIs(t, err, autoreply.ErrConflict)
			var last interface{ Retryable() bool }
			assert.False(t, errors.As(err, &last) && !last.Retryable())
		}
	})
}

// The server ends all connections. A swap may fail, and may have been done;
// the row tells, and the ledger goes on by itself.
func TestPostgresEndsConnections(t *testing.T) {
	t.Parallel()
	s, place := migrated(t, sqlstore.Postgres)
	admin, err := reopen(place)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, admin.Close()) })
	s.DB().SetMaxOpenConns(1)
	l := s.Ledger()
	failed := 0
	for turn, revision := 0, 1; turn < 20; turn++ {
		if turn%2 == 0 {
			var backend int
			require.NoError(t, s.DB().QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&backend))
			_, err := admin.DB().ExecContext(t.Context(), "SELECT pg_terminate_backend($1)", backend)
			require.NoError(t, err)
		}
		swapped := l.Swap(t.Context(), key, row(revision))
		require.NotErrorIs(t, swapped, autoreply.ErrConflict)
		got, err := l.Load(t.Context(), key)
		for range 3 {
			if err == nil {
				break
			}
			got, err = l.Load(t.Context(), key)
		}
		require.NoError(t, err)
		if swapped == nil {
			require.Equal(t, revision, got.Revision, "what was acknowledged is there")
		} else {
			failed++
		}
		revision = got.Revision + 1
	}
	assert.LessOrEqual(t, failed, 10, "only those whose connection was ended")
}
