package sqlstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

const benchKeys = 1000

func benchKey(i int) autoreply.Key {
	return autoreply.Key{Tenant: "acme", Contact: phone.ContactKey(fmt.Sprintf("+1514555%04d", i%benchKeys))}
}

// durable opens the place as a host does: with every flush.
func durable(b *testing.B, kind sqlstore.Dialect) (s *sqlstore.Store, ledgerTable string) {
	b.Helper()
	_, place := migrated(b, kind)
	s, err := reopen(strings.Replace(place, "&synchronous_commit=off", "", 1))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	return s, table(kind, place, "ledger")
}

// BenchmarkLedger takes turns: each round does every operation once, so that a
// busy machine is busy for all of them. It reports the median and the
// mean of each, in microseconds: the disk makes the difference. The upsert is the window in one statement, as a store without
// a ledger would have it.
func BenchmarkLedger(b *testing.B) {
	for _, kind := range []sqlstore.Dialect{sqlstore.SQLite, sqlstore.Postgres} {
		b.Run(string(kind), func(b *testing.B) {
			s, name := durable(b, kind)
			l := s.Ledger()
			for i := range benchKeys {
				require.NoError(b, l.Swap(b.Context(), benchKey(i), row(1)))
			}
			takeTurns(b, []turn{
				{"load", load(l)},
				{"select", bareSelect(s, name)},
				{"refusal", refusal(b, l)},
				{"upsert-denied", upsert(b, s, name+"_denied", 0)},
				{"upsert-allowed", upsert(b, s, name+"_allowed", 1)},
				{"swap", swap(l)},
			})
			e, err := l.Load(b.Context(), benchKey(0))
			require.NoError(b, err)
			require.Equal(b, 1, e.Revision, "a refusal writes nothing")
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
		var sum time.Duration
		for _, d := range took[j] {
			sum += d
		}
		b.ReportMetric(float64(took[j][len(took[j])/2])/1e3, t.name+"-p50-µs")
		b.ReportMetric(float64(sum)/float64(len(took[j]))/1e3, t.name+"-mean-µs")
	}
}

func load(l autoreply.Ledger) func(context.Context, int) error {
	return func(ctx context.Context, i int) error {
		_, err := l.Load(ctx, benchKey(i))
		return err
	}
}

func bareSelect(s *sqlstore.Store, name string) func(context.Context, int) error {
	statement := "SELECT entry FROM " + name + " WHERE tenant = $1 AND line = $2 AND contact = $3"
	return func(ctx context.Context, i int) error {
		var text []byte
		k := benchKey(i)
		return s.DB().QueryRowContext(ctx, statement, []byte(k.Tenant), []byte(k.Line), []byte(k.Contact)).Scan(&text)
	}
}

// swap counts a row of its own up.
func swap(l autoreply.Ledger) func(context.Context, int) error {
	k, revision := autoreply.Key{Tenant: "acme", Contact: "swapped"}, 0
	return func(ctx context.Context, _ int) error {
		if revision == 0 {
			e, err := l.Load(ctx, k)
			if err != nil {
				return err
			}
			revision = e.Revision
		}
		revision++
		return l.Swap(ctx, k, row(revision))
	}
}

// upsert is INSERT … ON CONFLICT DO UPDATE … WHERE the window has passed; with
// step 0 it never has.
func upsert(b *testing.B, s *sqlstore.Store, table string, step int64) func(context.Context, int) error {
	b.Helper()
	_, err := s.DB().ExecContext(b.Context(), "CREATE TABLE "+table+" (contact TEXT PRIMARY KEY, at BIGINT NOT NULL)")
	require.NoError(b, err)
	statement := "INSERT INTO " + table + " AS old (contact, at) VALUES ($1, $2)" +
		" ON CONFLICT (contact) DO UPDATE SET at = excluded.at WHERE old.at < excluded.at"
	at := int64(0)
	put := func(ctx context.Context, i int) error {
		at += step
		_, err := s.DB().ExecContext(ctx, statement, string(benchKey(i).Contact), at)
		return err
	}
	for i := range benchKeys {
		require.NoError(b, put(b.Context(), i))
	}
	return put
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

// refusal hands missed calls to an engine whose windows are all closed.
func refusal(b *testing.B, l autoreply.Ledger) func(context.Context, int) error {
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
