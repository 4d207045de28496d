// Package postgres opens a PostgreSQL database for sqlstore.
package postgres

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
)

// Connections is how many connections the pool has; change it with
// SetMaxOpenConns of the store's DB.
const Connections = 16

// Open prepares a pool for the database at address, a URL or a list of
// keywords as libpq reads them. Nothing connects before the first call. Close
// the store when done.
func Open(address string, o *sqlstore.Options) (*sqlstore.Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(Connections)
	db.SetMaxIdleConns(Connections)
	s, err := sqlstore.New(db, sqlstore.Postgres, o)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}
