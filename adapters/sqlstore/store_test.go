package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/adapters/sqlstore/postgres"
	"github.com/afterbeep/afterbeep/adapters/sqlstore/sqlite"
)

var serial atomic.Int64

// address of the PostgreSQL to test with, or the test skips.
func address(t testing.TB) string {
	t.Helper()
	given := os.Getenv("AFTERBEEP_TEST_POSTGRES")
	url := given
	if url == "" {
		url = "postgres://root@127.0.0.1:5432/postgres?connect_timeout=2&sslmode=disable"
	}
	s, err := postgres.Open(url, nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	if err := s.DB().PingContext(t.Context()); err != nil {
		if given != "" {
			t.Fatalf("AFTERBEEP_TEST_POSTGRES does not answer: %v", err)
		}
		t.Skipf("SKIPPED, not proven on PostgreSQL: set AFTERBEEP_TEST_POSTGRES to a URL (%v)", err)
	}
	return url
}

// empty opens a store without tables on a database of its own, and names the
// place so that another process may open it too.
func empty(t testing.TB, kind sqlstore.Dialect) (*sqlstore.Store, string) {
	t.Helper()
	if kind == sqlstore.SQLite {
		file := filepath.Join(t.TempDir(), "after beep.db")
		s, err := sqlite.Open(file, nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return s, "sqlite - " + file
	}
	url := address(t)
	if strings.Contains(url, "?") { // the flush is measured, not tested
		url += "&synchronous_commit=off"
	}
	schema := fmt.Sprintf("afterbeep_test_%d_%d", os.Getpid(), serial.Add(1))
	s, err := postgres.Open(url, &sqlstore.Options{Schema: schema})
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := s.DB().ExecContext(context.WithoutCancel(t.Context()), "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
		require.NoError(t, err)
		require.NoError(t, s.Close())
	})
	return s, "postgres " + schema + " " + url
}

func migrated(t testing.TB, kind sqlstore.Dialect) (*sqlstore.Store, string) {
	t.Helper()
	s, place := empty(t, kind)
	require.NoError(t, s.Migrate(t.Context()))
	return s, place
}

// kinds runs a test on each database.
func kinds(t *testing.T, test func(t *testing.T, kind sqlstore.Dialect)) {
	t.Helper()
	for _, kind := range []sqlstore.Dialect{sqlstore.SQLite, sqlstore.Postgres} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			test(t, kind)
		})
	}
}

// each is kinds with the tables made.
func each(t *testing.T, test func(t *testing.T, s *sqlstore.Store, place string)) {
	t.Helper()
	kinds(t, func(t *testing.T, kind sqlstore.Dialect) {
		s, place := migrated(t, kind)
		test(t, s, place)
	})
}

func TestNew(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "x.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	for _, c := range []struct {
		name string
		db   *sql.DB
		kind sqlstore.Dialect
		o    *sqlstore.Options
		want string
	}{
		{"nil options", db, sqlstore.SQLite, nil, ""},
		{"all options", db, sqlstore.Postgres, &sqlstore.Options{Schema: "user", Prefix: "ab_"}, ""},
		{"no database", nil, sqlstore.SQLite, nil, "no database"},
		{"unknown dialect", db, "mysql", nil, `dialect "mysql"`},
		{"hostile prefix", db, sqlstore.SQLite, &sqlstore.Options{Prefix: "x; drop table y"}, "prefix"},
		{"upper case", db, sqlstore.SQLite, &sqlstore.Options{Prefix: "Ab"}, "prefix"},
		{"long prefix", db, sqlstore.SQLite, &sqlstore.Options{Prefix: strings.Repeat("a", 33)}, "prefix"},
		{"hostile schema", db, sqlstore.Postgres, &sqlstore.Options{Schema: `a"b`}, "schema"},
		{"a schema of SQLite", db, sqlstore.SQLite, &sqlstore.Options{Schema: "main"}, "sqlite has none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := sqlstore.New(c.db, c.kind, c.o)
			if c.want == "" {
				require.NoError(t, err)
				assert.Same(t, c.db, s.DB())
				return
			}
			require.ErrorIs(t, err, sqlstore.ErrOption)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestSQLiteSettings(t *testing.T) {
	t.Parallel()
	s, _ := empty(t, sqlstore.SQLite)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000", "foreign_keys": "1"} {
		var got string
		require.NoError(t, s.DB().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		assert.Equal(t, want, got, pragma)
	}
}

func TestSQLiteFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.db", "a b.db", "what?.db", "50%25.db", "#1.db", "é&=.db"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), name)
			s, err := sqlite.Open(file, nil)
			require.NoError(t, err)
			require.NoError(t, s.Migrate(t.Context()))
			require.NoError(t, s.Close())
			assert.FileExists(t, file)
		})
	}
	for _, name := range []string{"", ":memory:", "file::memory:?cache=shared", "a\x00b"} {
		_, err := sqlite.Open(name, nil)
		assert.ErrorIs(t, err, sqlite.ErrName, "%q", name)
	}
	_, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"), &sqlstore.Options{Schema: "x"})
	assert.ErrorIs(t, err, sqlstore.ErrOption)
}

func TestPostgresAddress(t *testing.T) {
	t.Parallel()
	_, err := postgres.Open("postgres://user:secret@host:port/x", nil)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "secret")
	_, err = postgres.Open("postgres://localhost/x", &sqlstore.Options{Prefix: "!"})
	assert.ErrorIs(t, err, sqlstore.ErrOption)
}

// A writer of another program holds the file: readers go on, and a writer
// waits no longer than its context.
func TestSQLiteWriterElsewhere(t *testing.T) {
	t.Parallel()
	s, place := migrated(t, sqlstore.SQLite)
	other, err := reopen(place)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, other.Close()) })
	tx, err := other.DB().BeginTx(t.Context(), nil)
	require.NoError(t, err)

	l := s.Ledger()
	_, err = l.Load(t.Context(), key)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.Error(t, l.Swap(ctx, key, row(1)))

	require.NoError(t, tx.Rollback())
	require.NoError(t, l.Swap(t.Context(), key, row(1)))
}
