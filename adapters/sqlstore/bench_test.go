package sqlstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

const benchKeys = 1000

func benchKey(i int) autoreply.Key {
	return autoreply.Key{Tenant: "acme", Contact: phone.ContactKey("+151455" + strconv.Itoa(50_000+i%benchKeys))}
}

// stores are the databases as a host opens them: with every flush, and
// PostgreSQL also without the wait for it.
func stores() map[string]func(b *testing.B) (s *sqlstore.Store, ledgerTable string) {
	open := func(b *testing.B, kind sqlstore.Dialect, commit string) (*sqlstore.Store, string) {
		b.Helper()
		_, place := migrated(b, kind)
		s, err := reopen(strings.Replace(place, "synchronous_commit=off", "synchronous_commit="+commit, 1))
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, s.Close()) })
		return s, table(kind, place, "ledger")
	}
	return map[string]func(b *testing.B) (*sqlstore.Store, string){
		"sqlite":          func(b *testing.B) (*sqlstore.Store, string) { return open(b, sqlstore.SQLite, "") },
		"postgres":        func(b *testing.B) (*sqlstore.Store, string) { return open(b, sqlstore.Postgres, "on") },
		"postgres-nowait": func(b *testing.B) (*sqlstore.Store, string) { return open(b, sqlstore.Postgres, "off") },
	}
}

// filled is a ledger with the rows of all keys.
func filled(b *testing.B, s *sqlstore.Store) *sqlstore.Ledger {
	b.Helper()
	l := s.Ledger()
	for i := range benchKeys {
		require.NoError(b, l.Swap(b.Context(), benchKey(i), row(1)))
	}
	return l
}

// BenchmarkLedger takes turns: each round does every operation once, so that a
// busy machine is busy for all of them. It reports the median and the mean of
// each in microseconds, because the disk makes the difference, and how many
// refusals the other operations take, by their medians. The upsert is the
// window in one statement, as a store without a ledger would have it.
func BenchmarkLedger(b *testing.B) {
	for name, kind := range stores() {
		b.Run(name, func(b *testing.B) {
			s, name := kind(b)
			l := filled(b, s)
			takeTurns(b, []turn{
				{"refusal", refusal(b, l)},
				{"load", load(l)},
				{"select", bareSelect(s, name)},
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

// BenchmarkCallers lets 1 to 128 callers refuse, or upsert, for a tenth of a
// second in turns, and reports the median of each, in thousands a second, and
// how many refusals fit into one upsert.
func BenchmarkCallers(b *testing.B) {
	for name, kind := range stores() {
		for _, callers := range []int{1, 8, 32, 128} {
			b.Run(fmt.Sprintf("%s/%d", name, callers), func(b *testing.B) {
				s, name := kind(b)
				turns := []turn{
					{"refusal", refusal(b, filled(b, s))},
					{"upsert-denied", upsert(b, s, name+"_denied", 0)},
					{"upsert-allowed", upsert(b, s, name+"_allowed", 1)},
				}
				rates := make([][]float64, len(turns))
				for b.Loop() {
					for i, t := range turns {
						rates[i] = append(rates[i], rate(b, callers, t))
					}
				}
				for i, t := range turns {
					slices.Sort(rates[i])
					b.ReportMetric(rates[i][len(rates[i])/2]/1e3, t.name+"-k/s")
					b.ReportMetric(rates[0][len(rates[0])/2]/rates[i][len(rates[i])/2], t.name+"-x")
				}
			})
		}
	}
}

// rate is how often so many callers do an operation in a second.
func rate(b *testing.B, callers int, t turn) float64 {
	b.Helper()
	const slice = 100 * time.Millisecond
	var n atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for range callers {
		wg.Go(func() {
			for time.Since(begin) < slice {
				if err := t.do(b.Context(), int(n.Add(1))); err != nil {
					b.Error(t.name, err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(begin).Seconds()
}

// turn is one operation, on the i-th key; the first is what the others are
// measured in.
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
	var first float64
	for j, t := range turns {
		slices.Sort(took[j])
		var sum time.Duration
		for _, d := range took[j] {
			sum += d
		}
		median := float64(took[j][len(took[j])/2]) / 1e3
		if j == 0 {
			first = median
		}
		b.ReportMetric(median, t.name+"-p50-µs")
		b.ReportMetric(float64(sum)/float64(len(took[j]))/1e3, t.name+"-mean-µs")
		b.ReportMetric(median/first, t.name+"-x")
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
	var at atomic.Int64
	put := func(ctx context.Context, i int) error {
		_, err := s.DB().ExecContext(ctx, statement, string(benchKey(i).Contact), at.Add(step))
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
