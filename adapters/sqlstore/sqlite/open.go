// Package sqlite opens an SQLite file for sqlstore, without cgo.
package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
)

// settings of every connection. FULL, because a row that was acknowledged has
// to survive a power cut: with NORMAL the last commits may not.
const settings = "?_txlock=immediate" +
	"&_pragma=busy_timeout(5000)" +
	"&_pragma=journal_mode(WAL)" +
	"&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)"

// Connections is how many connections the pool has: one writes, the others
// read meanwhile.
const Connections = 8

// ErrName is answered by [Open] for what is not the name of a file.
var ErrName = errors.New("sqlite: not the name of a file")

// Open opens or makes the file: write-ahead log, synchronous FULL, a writer
// waits 5 seconds for one of another process. Nothing is read before the first
// call. The file must lie on a disk of this machine, not on a network share.
// A database in memory is refused: every connection would have its own.
//
// Close the store when done.
func Open(file string, o *sqlstore.Options) (*sqlstore.Store, error) {
	if file == "" || strings.Contains(file, ":memory:") || strings.ContainsRune(file, 0) {
		return nil, fmt.Errorf("%w: %.64q", ErrName, file)
	}
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrName, err)
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	db, err := sql.Open("sqlite", "file://"+(&url.URL{Path: path}).EscapedPath()+settings)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	db.SetMaxOpenConns(Connections)
	db.SetMaxIdleConns(Connections)
	s, err := sqlstore.New(db, sqlstore.SQLite, o)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}
