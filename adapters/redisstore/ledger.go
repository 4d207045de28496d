package redisstore

import (
	"context"
	"crypto/rand"
	_ "embed" // the scripts
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/afterbeep/afterbeep/autoreply"
)

// The limits of a row. The engine of autoreply stays far below them.
const (
	MaxKeyField = 512     // bytes of a tenant, a line or a contact
	MaxEntry    = 1 << 18 // bytes of an entry as JSON
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
	//go:embed heal.lua
	healText string
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
	client           redis.UniversalClient
	rows             string // the name of a row without its key
	due, expiries    string
	swap, drop, heal *redis.Script
	run              uint64        // this ledger, among all that write
	count            atomic.Uint64 // its swaps
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
		rows:   "{" + tag + "}:row:", due: "{" + tag + "}:due", expiries: "{" + tag + "}:expires",
		swap: redis.NewScript(swapText), drop: redis.NewScript(dropText), heal: redis.NewScript(healText),
		run: binary.BigEndian.Uint64(run[:]),
	}, nil
}

// nonce names one swap. A client that lost the answer sends the same command
// again; the script then finds its own nonce, instead of a conflict with itself.
func (l *Ledger) nonce() string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], l.run+l.count.Add(1))
	return hex.EncodeToString(b[:])
}

// Load implements [autoreply.Ledger]: one GET. A row that a newer release
// wrote, or that nobody did, is an error that wraps [autoreply.ErrRow].
func (l *Ledger) Load(ctx context.Context, k autoreply.Key) (autoreply.Entry, error) {
	row, err := l.client.Get(ctx, l.rows+name(k)).Bytes()
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
	row, err := encode(next, l.nonce())
	if err != nil {
		return err
	}
	key := name(k)
	done, err := l.swap.Run(ctx, l.client, l.names(key), revision(next.Revision-1), row, key).Int()
	switch {
	case err != nil:
		return fmt.Errorf("redisstore: swap: %w", err)
	case done == 0:
		return autoreply.ErrConflict
	}
	return nil
}

// names are the keys that a script touches. All share the hash tag.
func (l *Ledger) names(key string) []string { return []string{l.rows + key, l.due, l.expiries} }

// Due implements [autoreply.Ledger]: a range of a sorted set. A key whose row
// is gone or says otherwise, because somebody deleted it or a server lost it,
// is taken out on the way.
func (l *Ledger) Due(ctx context.Context, before time.Time, limit int) ([]autoreply.Key, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	var keys []autoreply.Key
	for range rounds {
		page, whole, err := l.page(ctx, before, limit)
		if err != nil {
			return nil, fmt.Errorf("redisstore: due: %w", err)
		}
		keys = page
		if whole {
			break
		}
	}
	return keys, nil
}

// rounds is how often Due begins again because the set and the rows differ.
// After that it answers with what it has; the next call has the rest.
const rounds = 8

// page reads the first due keys and compares each with its row. It is whole
// if none had to go.
func (l *Ledger) page(ctx context.Context, before time.Time, limit int) (keys []autoreply.Key, whole bool, err error) {
	members, err := l.client.ZRangeByLex(ctx, l.due, &redis.ZRangeBy{Min: "-", Max: after(before), Count: int64(limit)}).Result()
	if err != nil || len(members) == 0 {
		return nil, true, err
	}
	heads := make([]*redis.StringCmd, len(members))
	_, err = l.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, m := range members {
			_, key := split(m)
			heads[i] = p.GetRange(ctx, l.rows+key, field, 2*field-1)
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	whole = true
	for i, m := range members {
		at, key := split(m)
		k, err := unname(key)
		if err == nil && heads[i].Val() == at {
			keys = append(keys, k)
			continue
		}
		whole = false
		if err != nil {
			err = l.client.ZRem(ctx, l.due, m).Err() // nothing of ours
		} else {
			err = l.heal.Run(ctx, l.client, []string{l.rows + key, l.due}, key, at).Err()
		}
		if err != nil {
			return nil, false, err
		}
	}
	return keys, whole, nil
}

// Erase implements [autoreply.Ledger].
func (l *Ledger) Erase(ctx context.Context, k autoreply.Key) error {
	key := name(k)
	if err := l.drop.Run(ctx, l.client, l.names(key), key, "").Err(); err != nil {
		return fmt.Errorf("redisstore: erase: %w", err)
	}
	return nil
}

// Sweep removes the rows that have expired at now, of all tenants, and returns
// how many. It reads [SweepBatch] of them at a time and removes each by a
// script of its own, so that it never holds the server up; it ends with the
// context. Several nodes may sweep at once.
func (l *Ledger) Sweep(ctx context.Context, now time.Time) (int, error) {
	for total := 0; ; {
		members, err := l.client.ZRangeByLex(ctx, l.expiries, &redis.ZRangeBy{Min: "-", Max: after(now), Count: SweepBatch}).Result()
		if err != nil {
			return total, fmt.Errorf("redisstore: sweep: %w", err)
		}
		for _, m := range members {
			at, key := split(m)
			n, err := l.drop.Run(ctx, l.client, l.names(key), key, at).Int()
			if err != nil {
				return total, fmt.Errorf("redisstore: sweep: %w", err)
			}
			total += n
		}
		if len(members) < SweepBatch {
			return total, nil
		}
	}
}
