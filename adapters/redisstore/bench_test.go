package redisstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

const benchKeys = 1000

func benchKey(i int) autoreply.Key {
	return autoreply.Key{Tenant: "acme", Contact: phone.ContactKey(fmt.Sprintf("+1514555%04d", i%benchKeys))}
}

// BenchmarkLedger takes turns: each round does every operation once, so that a
// busy machine is busy for all of them. It reports the median of each, in
// microseconds: a refusal beside a bare GET of the same bytes, a change of a
// row beside a script that does nothing but a SET.
func BenchmarkLedger(b *testing.B) {
	client, prefix := server(b)
	l := ledger(b, client, prefix)
	ops := operations(b, client, prefix, l)
	set, revision := redis.NewScript("redis.call('SET', KEYS[1], ARGV[1]) return 1"), 0
	takeTurns(b, append(ops,
		turn{"script", func(ctx context.Context, _ int) error {
			return set.Run(ctx, client, []string{"{" + prefix + "}:bench"}, prefix).Err()
		}},
		turn{"swap", func(ctx context.Context, _ int) error {
			revision++
			return l.Swap(ctx, autoreply.Key{Contact: "swapped"}, row(revision))
		}},
	))
}

// Benchmark64 is the same for 64 callers at once, one operation after the other.
func Benchmark64(b *testing.B) {
	client, prefix := server(b)
	for _, op := range operations(b, client, prefix, ledger(b, client, prefix)) {
		b.Run(op.name, func(b *testing.B) {
			b.SetParallelism(32)
			var n atomic.Int64
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := op.do(b.Context(), int(n.Add(1))); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}

// turn is one operation, on the i-th key.
type turn struct {
	name string
	do   func(ctx context.Context, i int) error
}

func takeTurns(b *testing.B, turns []turn) {
	took := make([][]time.Duration, len(turns))
	order := rand.New(rand.NewPCG(1, 2))
	for i := 0; b.Loop(); i++ {
		for _, j := range order.Perm(len(turns)) { // what comes after a write is slower
			t := turns[j]
			begin := time.Now()
			if err := t.do(b.Context(), i); err != nil {
				b.Fatal(t.name, err)
			}
			took[j] = append(took[j], time.Since(begin))
		}
	}
	for j, t := range turns {
		slices.Sort(took[j])
		b.ReportMetric(float64(took[j][len(took[j])/2])/1e3, t.name+"-µs")
	}
}

// operations read rows that are there.
func operations(b *testing.B, client *redis.Client, prefix string, l autoreply.Ledger) []turn {
	b.Helper()
	names := make([]string, benchKeys)
	for i := range names {
		k := benchKey(i)
		require.NoError(b, l.Swap(b.Context(), k, row(1)))
		names[i] = fmt.Sprintf("{%s}:row:%d:%d:%s%s%s", prefix, len(k.Tenant), len(k.Line), k.Tenant, k.Line, k.Contact)
	}
	return []turn{
		{"GET", func(ctx context.Context, i int) error { return client.Get(ctx, names[i%benchKeys]).Err() }},
		{"load", func(ctx context.Context, i int) error {
			_, err := l.Load(ctx, benchKey(i))
			return err
		}},
		{"refusal", refusals(b, l)},
	}
}

// still is a clock that does not move.
type still time.Time

func (c still) Now() time.Time { return time.Time(c) }

// nobody is a sender that has nothing to do.
type nobody struct{ b *testing.B }

func (n nobody) KeyLife() time.Duration { return 0 }

func (n nobody) Send(context.Context, autoreply.Text) error {
	n.b.Error("a refusal sends nothing")
	return nil
}

// refusals hands missed calls to an engine whose windows are all closed.
func refusals(b *testing.B, l autoreply.Ledger) func(ctx context.Context, i int) error {
	b.Helper()
	policy, err := autoreply.NewPolicy([]autoreply.Rule{{
		ID: "missed", On: []string{phone.CallMissed}, Text: map[string]string{"en": "Sorry we missed you"},
	}}, nil)
	require.NoError(b, err)
	policies := func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return policy, nil }
	now := start.Add(time.Hour)
	engine, err := autoreply.New(policies, l, nobody{b}, &autoreply.Options{Clock: still(now)})
	require.NoError(b, err)
	events := make([]phone.Event, benchKeys)
	for i := range events {
		number, err := phone.ParseNumber(string(benchKey(i).Contact))
		require.NoError(b, err)
		events[i] = phone.Event{
			ID: fmt.Sprint(i), Type: phone.CallMissed, At: now, Call: fmt.Sprint(i), Tenant: "acme", Contact: phone.Party{Number: number},
		}
	}
	return func(ctx context.Context, i int) error {
		d, err := engine.Handle(ctx, events[i%benchKeys])
		if err == nil && d.Reason != autoreply.ReasonCooldown {
			err = fmt.Errorf("decision %s %q", d.Verdict, d.Reason)
		}
		return err
	}
}
