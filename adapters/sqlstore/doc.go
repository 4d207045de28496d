// Package sqlstore keeps what afterbeep must not forget in a database of the
// host, through database/sql: SQLite for one machine, PostgreSQL for many. So
// far that is the ledger of package autoreply; the tables of other packages
// will join it in the same [Store].
//
// # Opening
//
// The packages sqlite and postgres beside this one open a database with the
// right settings and bring their driver. A host that has a *sql.DB gives it to
// [New], and only that driver is linked. Then, once per release:
//
//	store, err := sqlite.Open("/var/lib/desk/desk.db", nil)
//	...
//	err = store.Migrate(ctx)
//	engine, err := autoreply.New(policies, store.Ledger(), sender, nil)
//
// # Tables
//
// [Store.Migrate] is explicit: nothing makes a table behind the host's back. It
// runs the numbered files of migrations/ that are missing, all or nothing in
// one transaction, under an advisory lock of PostgreSQL or the write lock of
// SQLite, so that all nodes may call it when they start. It notes them in a
// version table of its own, and refuses tables of a newer release. [Store.Check]
// tells whether the tables fit, and writes nothing.
//
// All names begin with [Options.Prefix] and lie in [Options.Schema], so that
// the tables live beside those of the host, and two stores beside each other.
//
// # Rows
//
// Tenant, line and contact are a key of three columns, never one text. They
// are bytes, because bytes compare in every database as strings do in Go: no
// collation, no case, no character that a text column refuses. To look:
//
//	SELECT convert_from(contact, 'UTF8'), revision FROM afterbeep_ledger;   -- PostgreSQL
//	SELECT CAST(contact AS TEXT), revision FROM afterbeep_ledger;           -- SQLite
//
// Instants that a query compares are 64-bit nanoseconds since 1970 UTC, and
// come from the caller: no clock of a database decides anything. The column entry
// holds the whole row in the code of autoreply.Entry.AppendBinary, a quarter of
// its JSON, which carries its version; Load refuses what it does not know. To
// read one, Load it: an autoreply.Entry prints as JSON.
//
// # Promises
//
// A refusal is a read: no lock, no transaction id, no flush. Two callers of a
// ledger in PostgreSQL read at once, each with a query of its own; those who
// come meanwhile read together with the next one, up to 64 rows. Nothing is
// kept for later: a query begins after all of its callers came. A Swap is one
// INSERT or UPDATE guarded by the revision: of any number of workers in any
// number of processes one wins, the others get autoreply.ErrConflict and have
// changed nothing. A Swap that returned nil survives what the database
// survives: with the settings below, a power cut.
//
// A Swap that fails otherwise, by a broken connection or the end of its
// context, may have been done. The engine loads again and compares; so must
// everybody else.
//
// Rows are removed by [Ledger.Sweep], which the host calls from time to time
// with its own idea of now, and by Erase. Nothing else removes any.
//
// # Settings
//
// Tested with the drivers modernc.org/sqlite and github.com/jackc/pgx/v5.
//
// SQLite 3.35 or newer, on a disk of the machine, as the package sqlite sets
// it: journal_mode WAL (readers do not wait for the writer), synchronous FULL
// (with NORMAL the last commits may not survive a power cut, and a reply would
// be sent again), busy_timeout 5 s (for writers in other processes), _txlock
// immediate. One Store a file and process: its writers queue in order and with
// their contexts; two Stores meet in SQLite's own waiting, which polls.
//
// PostgreSQL 12 or newer, the primary only: a replica is behind, and a row that
// is behind is a second text. synchronous_commit on, for the reason above.
// Behind a pooler that gives each transaction another connection, add
// default_query_exec_mode=exec to the address, because the driver prepares
// statements; the tests pass with it. The role needs CREATE for Migrate only; afterwards SELECT,
// INSERT, UPDATE and DELETE are enough.
//
// # Where this differs from the sketch
//
// A row is written by an INSERT that gives way or an UPDATE with a guard, not
// by one INSERT … ON CONFLICT DO UPDATE: such an upsert would make revision 5
// out of no row at all. It is one statement either way.
package sqlstore
