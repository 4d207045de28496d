package sqlstore_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
)

// table is the name of a table of the default prefix.
func table(kind sqlstore.Dialect, place, suffix string) string {
	if kind == sqlstore.SQLite {
		return sqlstore.DefaultPrefix + suffix
	}
	return fields(place)[1] + "." + sqlstore.DefaultPrefix + suffix
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, _ := empty(t, kind)
		var refused *sqlstore.SchemaError
		require.ErrorAs(t, s.Check(t.Context()), &refused)
		assert.Equal(t, sqlstore.SchemaError{Have: 0, Want: 1}, *refused)
		assert.ErrorContains(t, refused, "call Migrate")

		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, s.Check(t.Context()))
		require.NoError(t, s.Ledger().Swap(t.Context(), key, row(1)))
		require.NoError(t, s.Migrate(t.Context()), "a second time changes nothing")
		got, err := s.Ledger().Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, 1, got.Revision)
	})
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, place := empty(t, kind)
		other, err := reopen(place)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, other.Close()) })
		var wg sync.WaitGroup
		for range 4 {
			for _, node := range []*sqlstore.Store{s, other} {
				wg.Go(func() { assert.NoError(t, node.Migrate(t.Context())) })
			}
		}
		wg.Wait()
		var n int
		require.NoError(t, s.DB().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table(kind, place, "schema")).Scan(&n))
		assert.Equal(t, 1, n, "one row a migration")
	})
}

func TestNewerSchema(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, place := migrated(t, kind)
		_, err := s.DB().ExecContext(t.Context(), "INSERT INTO "+table(kind, place, "schema")+" (version, name) VALUES (99, 'future')")
		require.NoError(t, err)
		for name, check := range map[string]func(context.Context) error{"migrate": s.Migrate, "check": s.Check} {
			var refused *sqlstore.SchemaError
			require.ErrorAs(t, check(t.Context()), &refused, name)
			assert.Equal(t, 99, refused.Have)
			assert.False(t, refused.Retryable())
			assert.ErrorContains(t, refused, "upgrade")
		}
	})
}

// A migration that fails leaves nothing, and no connection inside of it.
func TestMigrateFails(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, place := empty(t, kind)
		s.DB().SetMaxOpenConns(1)
		if kind == sqlstore.Postgres {
			_, err := s.DB().ExecContext(t.Context(), "CREATE SCHEMA "+fields(place)[1])
			require.NoError(t, err)
		}
		blocker := table(kind, place, "ledger")
		_, err := s.DB().ExecContext(t.Context(), "CREATE TABLE "+blocker+" (x BIGINT)")
		require.NoError(t, err)
		require.ErrorContains(t, s.Migrate(t.Context()), "0001_ledger")
		var refused *sqlstore.SchemaError
		require.ErrorAs(t, s.Check(t.Context()), &refused)
		assert.Zero(t, refused.Have)

		_, err = s.DB().ExecContext(t.Context(), "DROP TABLE "+blocker)
		require.NoError(t, err)
		require.NoError(t, s.Migrate(t.Context()))

		ended, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, s.Migrate(ended), context.Canceled)
		require.ErrorIs(t, s.Check(ended), context.Canceled)
		require.NoError(t, s.Check(t.Context()))
	})
}

func TestPrefixes(t *testing.T) {
	t.Parallel()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, place := migrated(t, kind)
		o := &sqlstore.Options{Prefix: "second_"}
		if kind == sqlstore.Postgres {
			o.Schema = fields(place)[1]
		}
		second, err := sqlstore.New(s.DB(), kind, o)
		require.NoError(t, err)
		require.NoError(t, second.Migrate(t.Context()))
		require.NoError(t, s.Ledger().Swap(t.Context(), key, row(1)))
		got, err := second.Ledger().Load(t.Context(), key)
		require.NoError(t, err)
		assert.Zero(t, got.Revision, "another prefix is another ledger")
		require.NoError(t, second.Ledger().Swap(t.Context(), key, row(1)))
	})
}

// The default schema of PostgreSQL is the search path's.
func TestSearchPath(t *testing.T) {
	t.Parallel()
	s, place := empty(t, sqlstore.Postgres)
	schema := fields(place)[1]
	s.DB().SetMaxOpenConns(1)
	for _, statement := range []string{"CREATE SCHEMA " + schema, "SET search_path = " + schema} {
		_, err := s.DB().ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	plain, err := sqlstore.New(s.DB(), sqlstore.Postgres, nil)
	require.NoError(t, err)
	require.NoError(t, plain.Migrate(t.Context()))
	require.NoError(t, plain.Check(t.Context()))
	require.NoError(t, plain.Ledger().Swap(t.Context(), key, row(1)))
	require.NoError(t, s.Check(t.Context()), "the same tables by their whole name")
}
