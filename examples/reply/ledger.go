package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/adapters/sqlstore/postgres"
	"github.com/afterbeep/afterbeep/adapters/sqlstore/sqlite"
	"github.com/afterbeep/afterbeep/autoreply"
)

// reach is how long a database may take to answer for the first time.
const reach = 10 * time.Second

// nothing is the closer of what need not be closed.
type nothing struct{}

func (nothing) Close() error { return nil }

// openLedger opens what -ledger names, makes its tables if they are missing,
// and says what has to be closed at the end. Its errors name the kind only: an
// address may hold a password.
func openLedger(ctx context.Context, name, prefix string) (autoreply.Ledger, io.Closer, error) {
	kind, place, _ := strings.Cut(name, ":")
	if kind == "memory" && name == kind {
		return autoreply.NewMemory(), nothing{}, nil
	}
	open := map[string]func(context.Context, string, string) (autoreply.Ledger, io.Closer, error){
		"sqlite": openSQLite, "postgres": openPostgres, "redis": openRedis,
	}[kind]
	if open == nil || place == "" {
		return nil, nil, errors.New("-ledger: want memory, sqlite:FILE, postgres:URL or redis:ADDRESS")
	}
	ctx, cancel := context.WithTimeout(ctx, reach)
	defer cancel()
	l, closer, err := open(ctx, place, prefix)
	if err != nil {
		return nil, nil, fmt.Errorf("-ledger %s: %w", kind, err)
	}
	return l, closer, nil
}

func openSQLite(ctx context.Context, file, prefix string) (autoreply.Ledger, io.Closer, error) {
	s, err := sqlite.Open(file, &sqlstore.Options{Prefix: prefix + "_"})
	if err != nil {
		return nil, nil, err
	}
	return migrated(ctx, s)
}

// openPostgres takes the address with its scheme, or what follows it.
func openPostgres(ctx context.Context, address, prefix string) (autoreply.Ledger, io.Closer, error) {
	if strings.HasPrefix(address, "//") {
		address = "postgres:" + address
	}
	s, err := postgres.Open(address, &sqlstore.Options{Prefix: prefix + "_"})
	if err != nil {
		return nil, nil, err
	}
	return migrated(ctx, s)
}

func migrated(ctx context.Context, s *sqlstore.Store) (autoreply.Ledger, io.Closer, error) {
	if err := s.Migrate(ctx); err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s.Ledger(), s, nil
}

// openRedis takes HOST:PORT, or a URL with a user, a password or a database.
func openRedis(ctx context.Context, address, prefix string) (autoreply.Ledger, io.Closer, error) {
	switch {
	case strings.HasPrefix(address, "//"):
		address = "redis:" + address
	case !strings.Contains(address, "://"):
		address = "redis://" + address
	}
	o, err := redis.ParseURL(address)
	if err != nil {
		return nil, nil, errors.New("want HOST:PORT or a URL such as redis://HOST:PORT/0")
	}
	o.ContextTimeoutEnabled = true
	client := redis.NewClient(o)
	l, err := redisstore.New(client, &redisstore.Options{Prefix: prefix})
	if err == nil {
		err = client.Ping(ctx).Err()
	}
	if err != nil {
		return nil, nil, errors.Join(err, client.Close())
	}
	return l, client, nil
}
