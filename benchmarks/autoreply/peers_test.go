package autoreply_test

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/throttled/throttled/v2"
	"github.com/throttled/throttled/v2/store/memstore"
	"github.com/ulule/limiter/v3"
	ulule "github.com/ulule/limiter/v3/drivers/store/memory"
	"golang.org/x/time/rate"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// ledger makes the question "may contact i have a text now?", answered once in
// a window. A peer whose clock cannot be set does not renew.
type ledger struct {
	name   string
	renews bool
	open   func(t testing.TB, c crowd) func(i int, now time.Time) bool
}

func ledgers() []ledger {
	return []ledger{
		{"ours-ledger", true, raw},
		{"ours-ledger-and-decide", true, decided},
		{"ours-cooldown", true, cooldown},
		{"throttled-memstore", true, gcra},
		{"ulule-memory", false, fixedWindow},
		{"x-time-rate-sharded", true, buckets},
	}
}

// raw is the ledger alone, doing what the peers do: load the row, look at when
// the last text went out and, on a yes, write the row.
func raw(t testing.TB, c crowd) func(i int, now time.Time) bool {
	t.Helper()
	m, ctx := autoreply.NewMemory(), background()
	return func(i int, now time.Time) bool {
		row, err := m.Load(ctx, c.keys[i])
		if err != nil || row.Revision > 0 && now.Sub(row.Sent) < window {
			return false
		}
		return m.Swap(ctx, c.keys[i], settled(row, now)) == nil
	}
}

// decided puts the rules between the two: what opens, who asks, opt-out words,
// the reason and its end. The engine of the package writes a row two times
// more, for the lease and the mark; see BenchmarkRedis.
func decided(t testing.TB, c crowd) func(i int, now time.Time) bool {
	t.Helper()
	m, p, ctx := autoreply.NewMemory(), policy(t), background()
	number, err := phone.ParseNumber("+15145550100")
	require.NoError(t, err)
	return func(i int, now time.Time) bool {
		e := phone.Event{ID: "1", Type: phone.TextReceived, At: now, Tenant: "t", Contact: phone.Party{Number: number}, Key: c.keys[i].Contact, Text: "Are you open?"}
		row, err := m.Load(ctx, p.Key(e))
		if err != nil || p.Decide(e, autoreply.Facts{Entry: row}, now).Verdict != autoreply.Reply {
			return false
		}
		return m.Swap(ctx, c.keys[i], settled(row, now)) == nil
	}
}

func settled(row autoreply.Entry, now time.Time) autoreply.Entry {
	return autoreply.Entry{V: autoreply.EntryVersion, Revision: row.Revision + 1, Slot: row.Slot + 1, Sent: now, Expires: now.Add(24 * time.Hour)}
}

// tick is a clock for both workers.
type tick struct{ at atomic.Int64 }

func (c *tick) Now() time.Time { return time.Unix(0, c.at.Load()) }

func cooldown(t testing.TB, c crowd) func(i int, now time.Time) bool {
	t.Helper()
	clock := &tick{}
	engine, err := autoreply.NewCooldown[string](window, clock)
	require.NoError(t, err)
	return func(i int, now time.Time) bool {
		clock.at.Store(now.UnixNano())
		ticket, ok := engine.Reserve(c.name(i, now))
		return ok && engine.Commit(ticket)
	}
}

func gcra(t testing.TB, c crowd) func(i int, now time.Time) bool {
	t.Helper()
	clock := &tick{}
	store, err := memstore.New(0)
	require.NoError(t, err)
	store.SetTimeNow(clock.Now)
	engine, err := throttled.NewGCRARateLimiterCtx(throttled.WrapStoreWithContext(store), throttled.RateQuota{MaxRate: throttled.PerDuration(1, window)})
	require.NoError(t, err)
	ctx := background()
	return func(i int, now time.Time) bool {
		clock.at.Store(now.UnixNano())
		limited, _, err := engine.RateLimitCtx(ctx, c.name(i, now), 1)
		return err == nil && !limited
	}
}

func fixedWindow(t testing.TB, c crowd) func(i int, now time.Time) bool {
	t.Helper()
	engine := limiter.New(ulule.NewStoreWithOptions(limiter.StoreOptions{Prefix: "b", CleanUpInterval: time.Hour}), limiter.Rate{Period: window, Limit: 1})
	ctx := background()
	return func(i int, now time.Time) bool {
		answer, err := engine.Get(ctx, c.name(i, now))
		return err == nil && !answer.Reached
	}
}

// buckets is what people write by hand: a limiter a contact in maps of their own
// locks.
func buckets(t testing.TB, c crowd) func(i int, now time.Time) bool {
	t.Helper()
	type shard struct {
		sync.Mutex
		of map[string]*rate.Limiter
	}
	var shards [256]shard
	for i := range shards {
		shards[i].of = map[string]*rate.Limiter{}
	}
	seed, every := maphash.MakeSeed(), rate.Every(window)
	return func(i int, now time.Time) bool {
		name := c.name(i, now)
		s := &shards[maphash.String(seed, name)%256]
		s.Lock()
		one, ok := s.of[name]
		if !ok {
			one = rate.NewLimiter(every, 1)
			s.of[name] = one
		}
		s.Unlock()
		return one.AllowN(now, 1)
	}
}
