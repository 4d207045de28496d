package sqlstore

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
)

// DefaultPrefix begins the names of all tables unless told otherwise.
const DefaultPrefix = "afterbeep_"

// Options of a [Store]. Nil is all defaults.
type Options struct {
	// Prefix begins the name of every table and index: a lower-case letter
	// or an underscore, then letters, digits and underscores, at most 32
	// bytes. Default [DefaultPrefix].
	Prefix string
	// Schema is the PostgreSQL schema of the tables, in the same letters;
	// [Store.Migrate] makes it if it is not there. Default "": whatever comes
	// first in the search path of the connection. SQLite has none.
	Schema string
}

// Store is the tables of afterbeep in one database. It is safe for concurrent
// use and starts nothing by itself.
type Store struct {
	db             *sql.DB
	kind           Dialect
	d              dialect
	schema, prefix string
	writer         chan struct{} // held while writing; nil where many may write
	prepared       prepared
}

var name = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,31}$`)

// New makes a store over db. It does not talk to the database; call
// [Store.Migrate] once per release, or [Store.Check] if someone else did. The
// packages sqlite and postgres beside this one open a database with the right
// settings; a db that was opened otherwise has to have them, see the package
// documentation.
//
// The caller keeps db, and closes it. It may use it for tables of its own.
func New(db *sql.DB, kind Dialect, o *Options) (*Store, error) {
	if o == nil {
		o = &Options{}
	}
	s := &Store{db: db, kind: kind, schema: o.Schema, prefix: o.Prefix}
	s.prepared.text = map[string]*sql.Stmt{}
	if s.prefix == "" {
		s.prefix = DefaultPrefix
	}
	var known bool
	s.d, known = kind.traits()
	switch {
	case db == nil:
		return nil, fmt.Errorf("%w: no database", ErrOption)
	case !known:
		return nil, fmt.Errorf("%w: dialect %.64q: want %q or %q", ErrOption, string(kind), SQLite, Postgres)
	case !name.MatchString(s.prefix):
		return nil, fmt.Errorf("%w: prefix %.64q: want %s", ErrOption, s.prefix, name)
	case s.schema != "" && !name.MatchString(s.schema):
		return nil, fmt.Errorf("%w: schema %.64q: want %s", ErrOption, s.schema, name)
	case s.schema != "" && kind != Postgres:
		return nil, fmt.Errorf("%w: schema %q: %s has none", ErrOption, s.schema, kind)
	}
	if s.d.writer {
		s.writer = make(chan struct{}, 1)
	}
	return s, nil
}

// DB is the database, for the pool's settings and for tables of the host.
func (s *Store) DB() *sql.DB { return s.db }

// Close closes the database: the one that New was given, or that was opened.
func (s *Store) Close() error { return s.db.Close() }

// table is the name of a table as statements write it.
func (s *Store) table(suffix string) string {
	if s.schema == "" {
		return s.prefix + suffix
	}
	return `"` + s.schema + `".` + s.prefix + suffix
}

// text fills the names of this store into a statement: {prefix}, {bytes},
// {skip}, and {ledger} for the table of that name.
func (s *Store) text(statement string) string {
	return strings.NewReplacer(
		"{prefix}", s.prefix,
		"{bytes}", s.d.bytes,
		"{skip}", s.d.skip,
		"{ledger}", s.table("ledger"),
	).Replace(statement)
}
