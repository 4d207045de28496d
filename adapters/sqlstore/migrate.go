package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var files embed.FS

// migration is one file of migrations/: NNNN_name.sql. It is never edited once
// a release has it; the next change is the next file.
type migration struct {
	version    int
	name       string
	statements []string
}

// migrations reads the files, in the order of their numbers.
func migrations() ([]migration, error) {
	entries, err := fs.ReadDir(files, "migrations")
	if err != nil {
		return nil, err
	}
	var all []migration
	for _, entry := range entries {
		number, rest, _ := strings.Cut(entry.Name(), "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("sqlstore: migration %s: %w", entry.Name(), err)
		}
		text, err := files.ReadFile("migrations/" + entry.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, migration{version, strings.TrimSuffix(rest, ".sql"), statements(string(text))})
	}
	slices.SortFunc(all, func(a, b migration) int { return cmp.Compare(a.version, b.version) })
	return all, nil
}

// statements splits a file: a semicolon at the end of a line ends a statement.
// PostgreSQL takes one at a time.
func statements(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ";\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// Migrate brings the tables to the version of this release: one transaction,
// all or nothing, under a lock, so that any number of nodes may call it at
// once. It does nothing if there is nothing to do, and refuses the tables of a
// newer release with a [*SchemaError]. Migrations only add what the release
// before does not look at, so that both can run side by side.
func (s *Store) Migrate(ctx context.Context) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("sqlstore: migrate: %w", err)
	}
	err = s.transaction(ctx, conn, func() error { return s.apply(ctx, conn, all) })
	if refused := (*SchemaError)(nil); err != nil && !errors.As(err, &refused) {
		err = fmt.Errorf("sqlstore: migrate: %w", err)
	}
	return errors.Join(err, ignoreDone(conn.Close()))
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return err
}

// transaction runs do between BEGIN and COMMIT. database/sql would begin one
// that SQLite upgrades too late: two migrations would both read, and then one
// of them fail.
func (s *Store) transaction(ctx context.Context, conn *sql.Conn, do func() error) error {
	if _, err := conn.ExecContext(ctx, s.d.begin); err != nil {
		return err
	}
	err := s.lock(ctx, conn)
	if err == nil {
		err = do()
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err == nil {
		return nil
	}
	if _, failed := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); failed != nil {
		// A connection in the middle of a transaction must not go back to the pool.
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // says the same again
	}
	return err
}

func (s *Store) apply(ctx context.Context, conn *sql.Conn, all []migration) error {
	if err := s.namespace(ctx, conn); err != nil {
		return err
	}
	table := s.table("schema")
	_, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+table+" (version BIGINT PRIMARY KEY, name TEXT NOT NULL)")
	if err != nil {
		return err
	}
	have, want := 0, all[len(all)-1].version
	if err := conn.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM "+table).Scan(&have); err != nil {
		return err
	}
	if have > want {
		return &SchemaError{Have: have, Want: want}
	}
	for _, m := range all {
		if m.version <= have {
			continue
		}
		for _, statement := range m.statements {
			if _, err := conn.ExecContext(ctx, s.text(statement)); err != nil {
				return fmt.Errorf("%04d_%s: %w", m.version, m.name, err)
			}
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO "+table+" (version, name) VALUES ($1, $2)", m.version, m.name); err != nil {
			return err
		}
	}
	return nil
}

// Check tells whether the tables are those of this release: nil, or a
// [*SchemaError], or what kept it from knowing. It writes nothing.
func (s *Store) Check(ctx context.Context) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	var there bool
	have, want := 0, all[len(all)-1].version
	table := s.table("schema")
	if err := s.db.QueryRowContext(ctx, s.d.exists, table).Scan(&there); err != nil {
		return fmt.Errorf("sqlstore: check: %w", err)
	}
	if there {
		if err := s.db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM "+table).Scan(&have); err != nil {
			return fmt.Errorf("sqlstore: check: %w", err)
		}
	}
	if have != want {
		return &SchemaError{Have: have, Want: want}
	}
	return nil
}
