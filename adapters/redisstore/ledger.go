package redisstore

import (
	"context"
	"crypto/rand"
	_ "embed" // the scripts
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// The limits of a row. The engine of autoreply stays far below them.
const (
	MaxKeyField = 512     // bytes of a tenant, a line or a contact
	MaxEntry    = 1 << 18 // bytes of an entry in its code
)

// SweepBatch is how many rows [Ledger.Sweep] reads at once.
const SweepBatch = 500

// DefaultPrefix begins the names of all keys unless told otherwise.
const DefaultPrefix = "afterbeep"

var (
	//go:embed swap.lua
	swapText string
	//go:embed drop.lua
	dropText string
	//go:embed settle.lua
	settleText string
)

// Options of a [Ledger]. Nil is all defaults.
type Options struct {
	// Prefix is the hash tag that begins the names of all keys, without its
	// braces: 1 to 64 letters, digits and the signs -_.: Two ledgers with
	// different prefixes know nothing of each other. Default [DefaultPrefix].
	Prefix string
}

// Ledger is an [autoreply.Ledger] in Redis. It is safe for concurrent use,
// starts nothing and keeps nothing in memory. What it promises, and what a
// failover takes away, is in the package documentation.
type Ledger struct {
	client             redis.UniversalClient
	rows               string // the name of a row without its key
	due, expiries      index
	swap, drop, settle *redis.Script
	run                uint64        // this ledger, among all that write
	count              atomic.Uint64 // its swaps
}

var _ autoreply.Ledger = (*Ledger)(nil)

var prefix = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,64}$`)

// New makes a ledger over client, which the caller keeps and closes. It does
// not talk to the server. A cluster client that reads from replicas is
// refused: a replica is behind, and a row that is behind is a second text.
func New(client redis.UniversalClient, o *Options) (*Ledger, error) {
	if o == nil {
		o = &Options{}
	}
	tag := o.Prefix
	if tag == "" {
		tag = DefaultPrefix
	}
	if client == nil {
		return nil, fmt.Errorf("%w: no client", ErrOption)
	}
	if !prefix.MatchString(tag) {
		return nil, fmt.Errorf("%w: prefix %.64q: want %s", ErrOption, tag, prefix)
	}
	if c, ok := client.(*redis.ClusterClient); ok {
		if opt := c.Options(); opt.ReadOnly || opt.RouteByLatency || opt.RouteRandomly {
			return nil, fmt.Errorf("%w: a client that reads from replicas", ErrOption)
		}
	}
	var run [8]byte
	_, _ = rand.Read(run[:]) // never fails
	return &Ledger{
		client: client,
		rows:   "{" + tag + "}:row:",
		due:    index{"{" + tag + "}:due", 0}, expiries: index{"{" + tag + "}:expires", field},
		swap: redis.NewScript(swapText), drop: redis.NewScript(dropText), settle: redis.NewScript(settleText),
		run: binary.BigEndian.Uint64(run[:]),
	}, nil
}

// nonce names one swap. A client that lost the answer sends the same command
// again; the script then finds its own nonce, instead of a conflict with itself.
func (l *Ledger) nonce() uint64 { return l.run + l.count.Add(1) }

// Load implements [autoreply.Ledger]: one GET. A row that a newer release
// wrote, or that nobody did, is an error that wraps [autoreply.ErrRow].
func (l *Ledger) Load(ctx context.Context, k autoreply.Key) (autoreply.Entry, error) {
	row, err := l.client.Get(ctx, name(l.rows, k)).Bytes()
	if errors.Is(err, redis.Nil) {
		return autoreply.Entry{}, nil
	}
	if err != nil {
		return autoreply.Entry{}, fmt.Errorf("redisstore: load: %w", err)
	}
	return decode(row)
}

// Swap implements [autoreply.Ledger]: one script. An error that is not
// [autoreply.ErrConflict] leaves open whether the row was written; load again
// to know.
func (l *Ledger) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	if n := max(len(k.Tenant), len(k.Line), len(k.Contact)); n > MaxKeyField {
		return tooLarge("a field of a key", n, MaxKeyField)
	}
	if next.Revision < 1 {
		return autoreply.ErrConflict
	}
	before, row, err := encode(next, l.nonce())
	if err != nil {
		return err
	}
	keys, key := l.names(name(l.rows, k))
	done, err := l.swap.Run(ctx, l.client, keys, before, row, key).Int()
	switch {
	case err != nil:
		return fmt.Errorf("redisstore: swap: %w", err)
	case done == 0:
		return autoreply.ErrConflict
	}
	return nil
}

// names are the keys that a script touches, all with the same hash tag, and
// what the row's is to the sets.
func (l *Ledger) names(row string) (keys []string, key string) {
	return []string{row, l.due.set, l.expiries.set}, row[len(l.rows):]
}

// Due implements [autoreply.Ledger]: a range of a sorted set, and the heads of
// its rows. A key that stands too early, because its row was changed, deleted
// by hand or lost by the server, is put right on the way.
func (l *Ledger) Due(ctx context.Context, before time.Time, limit int) ([]autoreply.Key, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	for round := 1; ; round++ {
		found, moved, _, err := l.page(ctx, l.due, before, max(limit, dueBatch))
		var keys []autoreply.Key
		for _, m := range found[:min(len(found), limit)] {
			k, unread := unname(m.key)
			if unread != nil { // a row of somebody else's making
				moved, err = true, errors.Join(err, l.client.ZRem(ctx, l.due.set, m.at+m.key).Err())
				continue
			}
			keys = append(keys, k)
		}
		if err != nil {
			return nil, fmt.Errorf("redisstore: due: %w", err)
		}
		if !moved || round >= rounds && len(keys) > 0 {
			return keys, nil
		}
	}
}

const (
	// dueBatch is how many members Due looks at even if it is asked for fewer:
	// the first may have to be moved.
	dueBatch = 32
	// rounds is how often Due begins again because members had to be moved.
	// After that it answers with what it has; the next call has the rest.
	rounds = 8
)

// Erase implements [autoreply.Ledger].
func (l *Ledger) Erase(ctx context.Context, k autoreply.Key) error {
	keys, key := l.names(name(l.rows, k))
	if err := l.drop.Run(ctx, l.client, keys, key, "").Err(); err != nil {
		return fmt.Errorf("redisstore: erase: %w", err)
	}
	return nil
}

// EraseTenant implements [autoreply.Ledger]. It walks through the keys of all
// tenants, [SweepBatch] at a time, because Redis has no index of them, and
// removes each row by a script of its own.
func (l *Ledger) EraseTenant(ctx context.Context, tenant phone.TenantID) error {
	for from := "-"; ; {
		members, err := l.client.ZRangeByLex(ctx, l.expiries.set, &redis.ZRangeBy{Min: from, Max: "+", Count: SweepBatch}).Result()
		if err != nil {
			return fmt.Errorf("redisstore: erase a tenant: %w", err)
		}
		for _, m := range members {
			_, key := split(m)
			if k, unread := unname(key); unread != nil || k.Tenant != tenant {
				continue
			}
			keys, key := l.names(l.rows + key)
			if err := l.drop.Run(ctx, l.client, keys, key, "").Err(); err != nil {
				return fmt.Errorf("redisstore: erase a tenant: %w", err)
			}
		}
		if len(members) < SweepBatch {
			return nil
		}
		from = "(" + members[len(members)-1]
	}
}

// Sweep removes the rows that have expired at now, of all tenants, and returns
// how many. It reads [SweepBatch] of them at a time and removes each by a
// script of its own, so that it never holds the server up; it ends with the
// context. Several nodes may sweep at once.
func (l *Ledger) Sweep(ctx context.Context, now time.Time) (int, error) {
	for total := 0; ; {
		found, moved, more, err := l.page(ctx, l.expiries, now, SweepBatch)
		if err != nil {
			return total, fmt.Errorf("redisstore: sweep: %w", err)
		}
		for _, m := range found {
			keys, key := l.names(l.rows + m.key)
			n, err := l.drop.Run(ctx, l.client, keys, key, m.at).Int()
			if err != nil {
				return total, fmt.Errorf("redisstore: sweep: %w", err)
			}
			total += n
		}
		if !moved && !more {
			return total, nil
		}
	}
}
