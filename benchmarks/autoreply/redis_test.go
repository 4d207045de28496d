package autoreply_test

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

const contacts = 1000

// server is a client and a prefix of our own, cleaned up afterwards.
func server(b *testing.B) (client *redis.Client, prefix string) {
	b.Helper()
	address := cmp.Or(os.Getenv("AFTERBEEP_TEST_REDIS"), "127.0.0.1:6379")
	client = redis.NewClient(&redis.Options{Addr: address, ContextTimeoutEnabled: true})
	b.Cleanup(func() { require.NoError(b, client.Close()) })
	if err := client.Ping(b.Context()).Err(); err != nil {
		if os.Getenv("AFTERBEEP_TEST_REDIS") != "" {
			b.Fatalf("AFTERBEEP_TEST_REDIS does not answer: %v", err)
		}
		b.Skipf("SKIPPED, not measured on Redis: set AFTERBEEP_TEST_REDIS to an address (%v)", err)
	}
	prefix = fmt.Sprintf("afterbeep-bench-%d", os.Getpid())
	b.Cleanup(func() {
		ctx := context.WithoutCancel(b.Context())
		keys := client.Scan(ctx, 0, "{"+prefix+"}*", 1000).Iterator()
		for keys.Next(ctx) {
			require.NoError(b, client.Del(ctx, keys.Val()).Err())
		}
		require.NoError(b, keys.Err())
	})
	return client, prefix
}

// turn is one operation, on the i-th round.
type turn struct {
	name string
	do   func(ctx context.Context, i int) error
}

// BenchmarkRedis takes turns: each round does every operation once, in random
// order, so that a busy machine is busy for all of them. It reports the median
// of each in microseconds.
func BenchmarkRedis(b *testing.B) {
	client, prefix := server(b)
	store, err := redisstore.New(client, &redisstore.Options{Prefix: prefix})
	require.NoError(b, err)
	turns := slices.Concat(refusals(b, client, prefix, store), replies(b, client, prefix, store))
	for i := range contacts { // each gives a sane answer, on every contact, before it is timed
		for _, t := range turns {
			require.NoError(b, t.do(b.Context(), i), t.name)
		}
	}
	took := make([][]time.Duration, len(turns))
	order := rand.New(rand.NewPCG(1, 2))
	for i := contacts; b.Loop(); i++ {
		for _, j := range order.Perm(len(turns)) {
			begin := time.Now()
			if err := turns[j].do(b.Context(), i); err != nil {
				b.Fatal(turns[j].name, err)
			}
			took[j] = append(took[j], time.Since(begin))
		}
	}
	for j, t := range turns {
		slices.Sort(took[j])
		b.ReportMetric(float64(took[j][len(took[j])/2])/1e3, t.name+"-µs")
	}
	b.ReportMetric(0, "ns/op") // of all turns together it tells nothing
}

func contact(i int) phone.ContactKey {
	return phone.ContactKey(fmt.Sprintf("+1514555%04d", i%contacts))
}

// refusals ask about contacts who have had their text.
func refusals(b *testing.B, client *redis.Client, prefix string, store *redisstore.Ledger) []turn {
	b.Helper()
	ctx := b.Context()
	rows := make([]string, contacts)
	for i := range contacts {
		k := autoreply.Key{Tenant: "acme", Contact: contact(i)}
		require.NoError(b, store.Swap(ctx, k, autoreply.Entry{V: autoreply.EntryVersion, Revision: 1, Slot: 1, Sent: noon, Expires: noon.Add(24 * time.Hour)}))
		rows[i] = fmt.Sprintf("{%s}:row:%d:%d:%s%s", prefix, len(k.Tenant), 0, k.Tenant, k.Contact)
		require.NoError(b, client.SetNX(ctx, taken(prefix, i), "1", window).Err())
	}
	clock := &tick{}
	clock.at.Store(noon.Add(time.Hour).UnixNano())
	engine := answering(b, store, clock)
	return []turn{
		{"GET", func(ctx context.Context, i int) error { return client.Get(ctx, rows[i%contacts]).Err() }},
		{"refusal", func(ctx context.Context, i int) error {
			d, err := engine.Handle(ctx, asks(b, "acme", i, clock.Now()))
			return expect(d.Reason == autoreply.ReasonCooldown, d, err)
		}},
		{"setnx-refusal", func(ctx context.Context, i int) error {
			ok, err := client.SetNX(ctx, taken(prefix, i), "1", window).Result()
			return expect(!ok, ok, err)
		}},
	}
}

// replies ask about contacts whose window is over. The bare script is that of
// the store, on a row of the same size.
func replies(b *testing.B, client *redis.Client, prefix string, store *redisstore.Ledger) []turn {
	b.Helper()
	text, err := os.ReadFile("../../adapters/redisstore/swap.lua")
	require.NoError(b, err)
	script := redis.NewScript(string(text))
	bare := []string{"{" + prefix + "}:bare", "{" + prefix + "}:bare-due", "{" + prefix + "}:bare-expires"}
	code, err := settled(autoreply.Entry{}, noon).AppendBinary(nil)
	require.NoError(b, err)
	revision := uint64(0)
	compareAndSet := func(ctx context.Context, _ int) error {
		row := binary.BigEndian.AppendUint64(nil, revision) // the one before, then the fields of the head
		revision++
		for _, field := range [...]uint64{revision, 0, 1<<63 | uint64(noon.UnixNano()), revision} {
			row = binary.BigEndian.AppendUint64(row, field)
		}
		n, err := script.Run(ctx, client, bare, row[:8], append(row[8:], code...), "bare").Int()
		return expect(n == 1, n, err)
	}
	clock := &tick{}
	clock.at.Store(noon.UnixNano())
	engine := answering(b, store, clock)
	swapped := autoreply.Key{Tenant: "swap", Contact: contact(0)}
	return []turn{
		{"script", compareAndSet},
		{"GET-and-script", func(ctx context.Context, i int) error {
			if err := client.Get(ctx, bare[0]).Err(); err != nil && !errors.Is(err, redis.Nil) {
				return err
			}
			return compareAndSet(ctx, i)
		}},
		{"load-and-swap", func(ctx context.Context, i int) error {
			row, err := store.Load(ctx, swapped)
			if err != nil {
				return err
			}
			return store.Swap(ctx, swapped, settled(row, noon))
		}},
		{"whole-reply", func(ctx context.Context, i int) error {
			at := time.Duration(i) * time.Second
			d, err := engine.Handle(ctx, asks(b, "reply", i, clock.set(noon.Add(100*window*time.Duration(i/contacts)+at))))
			return expect(d.Verdict == autoreply.Reply, d, err)
		}},
		{"setnx-reply", func(ctx context.Context, i int) error {
			ok, err := client.SetNX(ctx, fmt.Sprintf("{%s}:new:%d", prefix, i), "1", window).Result()
			return expect(ok, ok, err)
		}},
	}
}

func taken(prefix string, i int) string { return fmt.Sprintf("{%s}:taken:%d", prefix, i%contacts) }

func (c *tick) set(at time.Time) time.Time {
	c.at.Store(at.UnixNano())
	return at
}

// expect is an error when the answer of an engine is wrong.
func expect(right bool, answer any, err error) error {
	if err == nil && !right {
		return fmt.Errorf("a wrong answer: %+v", answer)
	}
	return err
}

func asks(b *testing.B, tenant phone.TenantID, i int, at time.Time) phone.Event {
	number, err := phone.ParseNumber(string(contact(i)))
	if err != nil {
		b.Fatal(err)
	}
	return phone.Event{ID: fmt.Sprint(i), Type: phone.TextReceived, At: at, Tenant: tenant, Contact: phone.Party{Number: number}, Key: contact(i), Text: "Are you open?"}
}

// accepting is a carrier that takes everything at once.
type accepting struct{}

func (accepting) KeyLife() time.Duration                     { return 0 }
func (accepting) Send(context.Context, autoreply.Text) error { return nil }

func answering(b *testing.B, l autoreply.Ledger, clock phone.Clock) *autoreply.Engine {
	b.Helper()
	p := policy(b)
	engine, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil }, l, accepting{}, &autoreply.Options{Clock: clock})
	require.NoError(b, err)
	return engine
}
