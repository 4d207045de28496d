package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/adapters/sqlstore/postgres"
	"github.com/afterbeep/afterbeep/adapters/sqlstore/sqlite"
	"github.com/afterbeep/afterbeep/autoreply"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "desk")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }() // nothing depends on it

	store, err := sqlite.Open(filepath.Join(dir, "desk.db"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = store.Close() }() // all is committed
	if err := store.Migrate(ctx); err != nil {
		fmt.Println(err)
		return
	}

	// What the engine of autoreply does with it:
	ledger := store.Ledger()
	k := autoreply.Key{Tenant: "acme", Contact: "+15145550100"}
	noon := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	sent := autoreply.Entry{V: 1, Revision: 1, Sent: noon, Expires: noon.Add(24 * time.Hour)}
	fmt.Println(ledger.Swap(ctx, k, sent))
	fmt.Println(errors.Is(ledger.Swap(ctx, k, sent), autoreply.ErrConflict))
	row, err := ledger.Load(ctx, k)
	fmt.Println(row.Sent, err)
	fmt.Println(ledger.Sweep(ctx, noon.Add(24*time.Hour)))
	// Output:
	// <nil>
	// true
	// 2026-06-15 12:00:00 +0000 UTC <nil>
	// 1 <nil>
}

func Example_postgres() {
	store, err := postgres.Open("postgres://desk@db.example/desk", &sqlstore.Options{Schema: "afterbeep"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = store.Close() }() // all is committed
	store.DB().SetMaxOpenConns(32)

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var refused *sqlstore.SchemaError
	switch err := store.Migrate(ctx); {
	case errors.As(err, &refused):
		fmt.Println("a newer release was here:", refused.Have)
	case err != nil:
		fmt.Println(err)
	}
}
