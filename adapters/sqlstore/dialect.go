package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
)

// Dialect is the database behind a [Store].
type Dialect string

// The dialects.
const (
	SQLite   Dialect = "sqlite"   // 3.35 or newer
	Postgres Dialect = "postgres" // 12 or newer
)

// dialect is what the databases do not agree on. Everything else is one text
// for both.
type dialect struct {
	bytes    string // the type of a column of bytes
	begin    string // begins a transaction that is going to write
	skip     string // leaves rows alone that another transaction holds
	exists   string // is there a table of the name $1?
	writer   bool   // one writer at a time; the rest queue in this process
	prepare  bool   // its driver compiles a text anew with each call
	together bool   // many rows by one query: worth it where a query goes through a network
}

func (d Dialect) traits() (dialect, bool) {
	switch d {
	case SQLite:
		return dialect{
			bytes:   "BLOB",
			begin:   "BEGIN IMMEDIATE",
			exists:  "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1)",
			writer:  true,
			prepare: true,
		}, true
	case Postgres:
		return dialect{
			bytes: "BYTEA",
			// Whoever waited for the lock has to see what its holder did.
			begin:    "BEGIN ISOLATION LEVEL READ COMMITTED",
			together: true,
			skip:     "FOR UPDATE SKIP LOCKED",
			exists:   "SELECT to_regclass($1) IS NOT NULL",
		}, true
	}
	return dialect{}, false
}

// lock keeps other migrations of the same tables out until the transaction
// ends. The transaction that SQLite began is that lock already.
func (s *Store) lock(ctx context.Context, conn *sql.Conn) error {
	if s.kind != Postgres {
		return nil
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "afterbeep sqlstore\x00%s\x00%s", s.schema, s.prefix) // a hash never fails
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(h.Sum64()))
	return err
}

// namespace makes the schema. CREATE SCHEMA IF NOT EXISTS wants the privilege
// even if there is nothing to do, so it is asked for first.
func (s *Store) namespace(ctx context.Context, conn *sql.Conn) error {
	if s.schema == "" {
		return nil
	}
	var there bool
	err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)", s.schema).Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = conn.ExecContext(ctx, `CREATE SCHEMA "`+s.schema+`"`)
	return err
}
