package redisstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/autoreply"
)

func Example() {
	client := redis.NewClient(&redis.Options{Addr: "redis.example:6379", ContextTimeoutEnabled: true})
	defer func() { _ = client.Close() }() // nothing is buffered

	ledger, err := redisstore.New(client, &redisstore.Options{Prefix: "desk"})
	if err != nil {
		fmt.Println(err)
		return
	}
	// The engine of autoreply does this; a host calls only Sweep.
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	k := autoreply.Key{Tenant: "acme", Contact: "+15145550100"}
	row, err := ledger.Load(ctx, k)
	if err != nil {
		fmt.Println(err)
		return
	}
	row.V, row.Revision = autoreply.EntryVersion, row.Revision+1
	fmt.Println(ledger.Swap(ctx, k, row))
	fmt.Println(ledger.Sweep(ctx, time.Now()))
}
