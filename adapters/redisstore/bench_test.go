package redisstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

const benchKeys = 1000

func benchKey(i int) autoreply.Key {
	return autoreply.Key{Tenant: "acme", Contact: phone.ContactKey("+151455" + strconv.Itoa(50_000+i%benchKeys))}
}

// BenchmarkLedger takes turns: each round does every operation once, so that a
// busy machine is busy for all of them. It reports the median of each in
// microseconds, and how fast it is beside its floors, in percent: a read beside
// a bare GET of the same bytes, a change of a row beside a script that does
// nothing but a SET of the same bytes, a reply beside so many of both, and beside
// what the ledger does for it.
func BenchmarkLedger(b *testing.B) {
	client, prefix := server(b)
	l := ledger(b, client, prefix)
	ops := operations(b, client, prefix, l)
	get, script := ops[0].do, bareScript(client, prefix)
	bare := func(gets, scripts int) func(context.Context, int) error {
		return func(ctx context.Context, i int) error {
			for n := range max(gets, scripts) {
				if n < gets {
					if err := get(ctx, i); err != nil {
						return err
					}
				}
				if n < scripts {
					if err := script(ctx, i); err != nil {
						return err
					}
				}
			}
			return nil
		}
	}
	ops = append(ops,
		turn{"script", nil, script},
		turn{"swap", []string{"script"}, swaps(l, "swapped", false)},
		turn{"GET+script", nil, bare(1, 1)},
		turn{"load+swap", []string{"GET+script"}, swaps(l, "loaded", true)},
		turn{"GET+3*script", nil, bare(1, 3)},
		turn{"3*(GET+script)", nil, bare(3, 3)},
		turn{"load+3*swap", []string{"GET+3*script"}, steps(l, "stepped")},
		turn{"reply", []string{"GET+3*script", "3*(GET+script)", "load+3*swap"}, replies(b, l, "+1415555", -1)},
		turn{"2*GET+4*script", nil, bare(2, 4)},
		turn{"reply-breaker", []string{"2*GET+4*script"}, replies(b, l, "+1438555", 0)},
	)
	takeTurns(b, ops)
}

// bareScript is a script that does one SET of as many bytes as Swap stores.
func bareScript(client *redis.Client, prefix string) func(context.Context, int) error {
	set := redis.NewScript("redis.call('SET', KEYS[1], ARGV[1]) return 1")
	return func(ctx context.Context, _ int) error {
		return set.Run(ctx, client, []string{"{" + prefix + "}:bench"}, strings.Repeat("x", 80)).Err()
	}
}

// swaps stores the row of a contact who was answered once more, later each
// time; with load it reads it first, as the engine does.
func swaps(l autoreply.Ledger, contact phone.ContactKey, load bool) func(context.Context, int) error {
	revision, k := 0, autoreply.Key{Tenant: "acme", Contact: contact}
	return func(ctx context.Context, _ int) error {
		if load {
			if e, err := l.Load(ctx, k); err != nil || e.Revision != revision {
				return fmt.Errorf("revision %d, want %d: %w", e.Revision, revision, err)
			}
		}
		revision++
		e := row(revision)
		e.Sent = e.Sent.Add(time.Duration(revision) * time.Hour)
		e.Expires = e.Expires.Add(time.Duration(revision) * time.Hour)
		return l.Swap(ctx, k, e)
	}
}

// steps does with the ledger what a reply does: one load, and three swaps of rows
// that wait for nothing.
func steps(l autoreply.Ledger, contact phone.ContactKey) func(context.Context, int) error {
	revision, k := 0, autoreply.Key{Tenant: "acme", Contact: contact}
	return func(ctx context.Context, _ int) error {
		if e, err := l.Load(ctx, k); err != nil || e.Revision != revision {
			return fmt.Errorf("revision %d, want %d: %w", e.Revision, revision, err)
		}
		for range 3 {
			revision++
			e := row(revision)
			e.Sent = e.Sent.Add(time.Duration(revision) * time.Hour)
			e.Expires = e.Expires.Add(time.Duration(revision) * time.Hour)
			if err := l.Swap(ctx, k, e); err != nil {
				return err
			}
		}
		return nil
	}
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
	name   string
	floors []string // the turns that it is measured against
	do     func(ctx context.Context, i int) error
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
	median := map[string]float64{}
	for j, t := range turns {
		slices.Sort(took[j])
		median[t.name] = float64(took[j][len(took[j])/2]) / 1e3
		b.ReportMetric(median[t.name], t.name+"-µs")
	}
	for _, t := range turns {
		for _, floor := range t.floors {
			b.ReportMetric(100*median[floor]/median[t.name], t.name+"-%of-"+floor)
		}
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
		{"GET", nil, func(ctx context.Context, i int) error { return client.Get(ctx, names[i%benchKeys]).Err() }},
		{"load", []string{"GET"}, func(ctx context.Context, i int) error {
			_, err := l.Load(ctx, benchKey(i))
			return err
		}},
		{"refusal", []string{"GET"}, refusals(b, l)},
	}
}

// hand is a clock that is turned by hand.
type hand struct{ at time.Time }

func (c *hand) Now() time.Time { return c.at }

// policy answers a text.
func policy(b *testing.B, perHour int) func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) {
	b.Helper()
	p, err := autoreply.NewPolicy([]autoreply.Rule{{
		ID: "text", On: []string{phone.CallMissed, phone.TextReceived}, Text: map[string]string{"en": "Sorry we missed you"},
	}}, &autoreply.PolicyOptions{PerHour: perHour})
	require.NoError(b, err)
	return func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil }
}

func event(b *testing.B, kind, contact string, at time.Time) phone.Event {
	b.Helper()
	number, err := phone.ParseNumber(contact)
	require.NoError(b, err)
	return phone.Event{ID: contact, Type: kind, At: at, Call: contact, Tenant: "acme", Contact: phone.Party{Number: number}, Text: "Are you open?"}
}

// refusals hands missed calls to an engine whose windows are all closed.
func refusals(b *testing.B, l autoreply.Ledger) func(ctx context.Context, i int) error {
	b.Helper()
	clock, sender := &hand{start.Add(time.Hour)}, &autoreplytest.Sender{}
	engine, err := autoreply.New(policy(b, 0), l, sender, &autoreply.Options{Clock: clock})
	require.NoError(b, err)
	events := make([]phone.Event, benchKeys)
	for i := range events {
		events[i] = event(b, phone.CallMissed, string(benchKey(i).Contact), clock.at)
	}
	return func(ctx context.Context, i int) error {
		d, err := engine.Handle(ctx, events[i%benchKeys])
		if err == nil && d.Reason != autoreply.ReasonCooldown {
			err = fmt.Errorf("decision %s %q", d.Verdict, d.Reason)
		}
		return err
	}
}

// replies hands texts to an engine whose windows are all open, a day apart.
func replies(b *testing.B, l autoreply.Ledger, numbers string, perHour int) func(ctx context.Context, i int) error {
	b.Helper()
	clock, sender := &hand{start}, &autoreplytest.Sender{Next: func(int, autoreply.Text) autoreplytest.Fate { return autoreplytest.Accept }}
	engine, err := autoreply.New(policy(b, perHour), l, sender, &autoreply.Options{Clock: clock})
	require.NoError(b, err)
	events := make([]phone.Event, 100)
	for i := range events {
		events[i] = event(b, phone.TextReceived, fmt.Sprintf("%s%04d", numbers, i), start)
	}
	return func(ctx context.Context, i int) error {
		e := events[i%len(events)]
		clock.at = clock.at.Add(24 * time.Hour)
		e.At = clock.at
		d, err := engine.Handle(ctx, e)
		if err == nil && d.Verdict != autoreply.Reply {
			err = fmt.Errorf("decision %s %q", d.Verdict, d.Reason)
		}
		return err
	}
}
