package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

var (
	key    = autoreply.Key{Tenant: "acme", Contact: "+15145550100"}
	start  = time.Date(2026, 6, 15, 12, 0, 0, 123456789, time.UTC)
	serial atomic.Int64
)

func row(revision int) autoreply.Entry {
	return autoreply.Entry{V: autoreply.EntryVersion, Revision: revision, Slot: revision, Sent: start, Expires: start.Add(24 * time.Hour)}
}

func dueRow(revision int, at time.Time) autoreply.Entry {
	e := row(revision)
	e.State, e.Due = autoreply.Waiting, at
	return e
}

// address of the Redis to test with.
func address() string {
	switch given := os.Getenv("AFTERBEEP_TEST_REDIS"); {
	case given == "":
		return "redis://127.0.0.1:6379/0"
	case strings.Contains(given, "://"):
		return given
	default:
		return "redis://" + given
	}
}

// server connects, or the test skips. The prefix is the test's own, and what
// lies under it is deleted at the end.
func server(t testing.TB) (*redis.Client, string) {
	t.Helper()
	o, err := redis.ParseURL(address())
	require.NoError(t, err)
	o.ContextTimeoutEnabled = true
	client := redis.NewClient(o)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	if err := client.Ping(t.Context()).Err(); err != nil {
		if os.Getenv("AFTERBEEP_TEST_REDIS") != "" {
			t.Fatalf("AFTERBEEP_TEST_REDIS does not answer: %v", err)
		}
		t.Skipf("SKIPPED, not proven on Redis: set AFTERBEEP_TEST_REDIS to an address (%v)", err)
	}
	return client, scratch(t, client)
}

func scratch(t testing.TB, client redis.UniversalClient) string {
	t.Helper()
	prefix := fmt.Sprintf("afterbeep-test-%d-%d", os.Getpid(), serial.Add(1))
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		keys := client.Scan(ctx, 0, "{"+prefix+"}*", 1000).Iterator()
		for keys.Next(ctx) {
			require.NoError(t, client.Del(ctx, keys.Val()).Err())
		}
		require.NoError(t, keys.Err())
	})
	return prefix
}

func ledger(t testing.TB, client redis.UniversalClient, prefix string) *redisstore.Ledger {
	t.Helper()
	l, err := redisstore.New(client, &redisstore.Options{Prefix: prefix})
	require.NoError(t, err)
	return l
}

func fresh(t testing.TB) *redisstore.Ledger {
	t.Helper()
	client, prefix := server(t)
	return ledger(t, client, prefix)
}

func TestLedger(t *testing.T) {
	t.Parallel()
	autoreplytest.TestLedger(t, func(t *testing.T) autoreply.Ledger { return fresh(t) })
}

func TestShared(t *testing.T) {
	t.Parallel()
	autoreplytest.TestShared(t, func(t *testing.T) (a, b autoreply.Ledger) {
		client, prefix := server(t)
		other, _ := server(t)
		return ledger(t, client, prefix), ledger(t, other, prefix)
	})
}

func TestNew(t *testing.T) {
	t.Parallel()
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	for _, c := range []struct {
		name   string
		client redis.UniversalClient
		o      *redisstore.Options
		want   string
	}{
		{"nil options", client, nil, ""},
		{"no client", nil, nil, "no client"},
		{"a brace", client, &redisstore.Options{Prefix: "a}b"}, "prefix"},
		{"too long", client, &redisstore.Options{Prefix: strings.Repeat("a", 65)}, "prefix"},
		{"replicas", redis.NewClusterClient(&redis.ClusterOptions{ReadOnly: true}), nil, "replicas"},
		{"the nearest", redis.NewClusterClient(&redis.ClusterOptions{RouteByLatency: true}), nil, "replicas"},
		{"a cluster", redis.NewClusterClient(&redis.ClusterOptions{}), nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if other, ok := c.client.(*redis.ClusterClient); ok {
				t.Cleanup(func() { require.NoError(t, other.Close()) })
			}
			_, err := redisstore.New(c.client, c.o)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, redisstore.ErrOption)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// twice sends every command a second time and throws the first answer away, as
// a client does whose connection broke.
type twice struct{ swaps atomic.Int64 }

func (*twice) DialHook(next redis.DialHook) redis.DialHook { return next }

func (*twice) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (h *twice) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if strings.HasPrefix(cmd.Name(), "eval") && next(ctx, cmd) == nil {
			h.swaps.Add(1)
		}
		return next(ctx, cmd)
	}
}

func TestCommandSentTwice(t *testing.T) {
	t.Parallel()
	client, prefix := server(t)
	hook := &twice{}
	client.AddHook(hook)
	l := ledger(t, client, prefix)
	require.NoError(t, l.Swap(t.Context(), key, dueRow(1, start)), "no conflict with itself")
	require.NoError(t, l.Swap(t.Context(), key, dueRow(2, start.Add(1))))
	require.ErrorIs(t, l.Swap(t.Context(), key, dueRow(2, start.Add(1))), autoreply.ErrConflict, "the same row of another swap")
	keys, err := l.Due(t.Context(), start.Add(1), 9)
	require.NoError(t, err)
	assert.Equal(t, []autoreply.Key{key}, keys)
	assert.Positive(t, hook.swaps.Load())
}

// Rows that somebody deleted, and members that nobody knows, do not stand in
// the way of the others.
func TestDueHeals(t *testing.T) {
	t.Parallel()
	client, prefix := server(t)
	l := ledger(t, client, prefix)
	for i := range 20 {
		k := autoreply.Key{Tenant: "t", Line: "l", Contact: phone.ContactKey(fmt.Sprint(i))}
		require.NoError(t, l.Swap(t.Context(), k, dueRow(1, start.Add(time.Duration(i)))))
		if i%2 == 0 {
			require.NoError(t, client.Del(t.Context(), fmt.Sprintf("{%s}:row:1:1:tl%d", prefix, i)).Err())
		}
	}
	due := "{" + prefix + "}:due"
	for _, foreign := range []string{"", "0", "00000000", "00000000nonsense", "000000009:9:x", "00000000-1:0:", "00000000short", "00000000like a row"} {
		require.NoError(t, client.ZAdd(t.Context(), due, redis.Z{Member: foreign}).Err())
	}
	for foreign, text := range map[string]string{"short": strings.Repeat("0", 47), "like a row": strings.Repeat("0", 60)} {
		require.NoError(t, client.Set(t.Context(), "{"+prefix+"}:row:"+foreign, text, 0).Err())
	}
	keys, err := l.Due(t.Context(), start.Add(time.Hour), 5)
	require.NoError(t, err)
	require.Len(t, keys, 5)
	for i, k := range keys {
		assert.Equal(t, fmt.Sprint(2*i+1), string(k.Contact))
	}
	_, err = l.Due(t.Context(), start.Add(time.Hour), 100)
	require.NoError(t, err)
	n, err := client.ZCard(t.Context(), due).Result()
	require.NoError(t, err)
	assert.EqualValues(t, 10, n, "what does not belong is gone")
}

// Rows that are put off keep their places until somebody meets them there,
// and no number of them hides what is due.
func TestPutOff(t *testing.T) {
	t.Parallel()
	const n = 500
	client, prefix := server(t)
	l := ledger(t, client, prefix)
	name := func(i int) autoreply.Key { return autoreply.Key{Contact: phone.ContactKey(fmt.Sprint(i))} }
	places := func() []string {
		all, err := client.ZRange(t.Context(), "{"+prefix+"}:due", 0, -1).Result()
		require.NoError(t, err)
		return all
	}
	for i := range n {
		require.NoError(t, l.Swap(t.Context(), name(i), dueRow(1, start.Add(time.Duration(i)))))
	}
	before := places()
	for i := range n - 1 {
		require.NoError(t, l.Swap(t.Context(), name(i), dueRow(2, start.Add(time.Hour+time.Duration(i)))))
	}
	require.Equal(t, before, places())
	keys, err := l.Due(t.Context(), start.Add(24*time.Hour), 1)
	require.NoError(t, err)
	require.Equal(t, []autoreply.Key{name(n - 1)}, keys)
	assert.NotEqual(t, before, places())
	require.NoError(t, l.Erase(t.Context(), name(n-1)))
	keys, err = l.Due(t.Context(), start.Add(time.Hour-1), n)
	require.NoError(t, err)
	assert.Empty(t, keys)
	keys, err = l.Due(t.Context(), start.Add(time.Hour+9), n)
	require.NoError(t, err)
	require.Len(t, keys, 10)
	for i, k := range keys {
		assert.Equal(t, name(i), k)
	}
	require.NoError(t, l.Swap(t.Context(), name(7), dueRow(3, start)))
	keys, err = l.Due(t.Context(), start, n)
	require.NoError(t, err)
	assert.Equal(t, []autoreply.Key{name(7)}, keys, "what is brought forward is found at once")
}

// The sets have one member a row, whatever became of the row.
func TestSetsFollowRows(t *testing.T) {
	t.Parallel()
	client, prefix := server(t)
	l := ledger(t, client, prefix)
	for i, c := range []struct {
		due               time.Time
		live              time.Duration
		dueKeys, expiries int64
	}{
		{time.Time{}, time.Hour, 0, 1},
		{start, time.Hour, 1, 1},
		{start, 2 * time.Hour, 1, 1},
		{start.Add(1), 2 * time.Hour, 1, 1},
		{time.Time{}, 3 * time.Hour, 0, 1},
		{start, 4 * time.Hour, 1, 1},
		{start.Add(-1), time.Hour, 1, 1},
		{time.Time{}, time.Minute, 0, 1},
		{start, time.Hour, 1, 1},
		{start.Add(1), 2 * time.Hour, 1, 1}, // later than it stands
	} {
		e := dueRow(i+1, c.due)
		e.Expires = start.Add(c.live)
		require.NoError(t, l.Swap(t.Context(), key, e))
		due, err := client.ZCard(t.Context(), "{"+prefix+"}:due").Result()
		require.NoError(t, err)
		expiries, err := client.ZCard(t.Context(), "{"+prefix+"}:expires").Result()
		require.NoError(t, err)
		assert.Equal(t, []int64{c.dueKeys, c.expiries}, []int64{due, expiries}, "revision %d", i+1)
	}
	require.NoError(t, l.Erase(t.Context(), key))
	left, err := client.Keys(t.Context(), "{"+prefix+"}*").Result()
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestSweep(t *testing.T) {
	t.Parallel()
	client, prefix := server(t)
	l := ledger(t, client, prefix)
	const n = redisstore.SweepBatch + 7
	for i := range n {
		e := dueRow(1, start)
		e.Expires = start.Add(time.Hour)
		require.NoError(t, l.Swap(t.Context(), autoreply.Key{Contact: phone.ContactKey(fmt.Sprint(i))}, e))
	}
	longer := dueRow(2, start)
	longer.Expires = start.Add(2 * time.Hour)
	require.NoError(t, l.Swap(t.Context(), autoreply.Key{Contact: "0"}, longer))
	for _, c := range []struct {
		at   time.Duration
		want int
	}{{time.Hour - 1, 0}, {time.Hour, n - 1}, {time.Hour, 0}, {2*time.Hour - 1, 0}, {2 * time.Hour, 1}} {
		got, err := l.Sweep(t.Context(), start.Add(c.at))
		require.NoError(t, err)
		assert.Equal(t, c.want, got, "%s", c.at)
	}
	left, err := client.Exists(t.Context(), "{"+prefix+"}:due", "{"+prefix+"}:expires").Result()
	require.NoError(t, err)
	assert.Zero(t, left, "nothing is left of the indexes")
}

// Rows that are given a longer life while two nodes sweep are kept, or were
// gone before; an acknowledged one is never lost.
func TestSweepBesideSwaps(t *testing.T) {
	t.Parallel()
	const n = 1000
	l := fresh(t)
	name := func(i int) autoreply.Key { return autoreply.Key{Contact: phone.ContactKey(fmt.Sprint(i))} }
	for i := range n {
		require.NoError(t, l.Swap(t.Context(), name(i), row(1)))
	}
	expired := start.Add(24 * time.Hour)
	longer := row(2)
	longer.Expires = expired.Add(1)
	var kept [n]bool
	var wg sync.WaitGroup
	for half := range 2 {
		wg.Go(func() {
			for i := half; i < n; i += 2 {
				err := l.Swap(t.Context(), name(i), longer)
				kept[i] = err == nil
				if !errors.Is(err, autoreply.ErrConflict) {
					assert.NoError(t, err)
				}
			}
		})
		wg.Go(func() {
			_, err := l.Sweep(t.Context(), expired)
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	for i := range n {
		got, err := l.Load(t.Context(), name(i))
		require.NoError(t, err)
		assert.Equal(t, kept[i], got.Revision == 2, "row %d", i)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	l := fresh(t)
	long := strings.Repeat("k", redisstore.MaxKeyField+1)
	for name, k := range map[string]autoreply.Key{
		"tenant": {Tenant: phone.TenantID(long)}, "line": {Line: phone.LineID(long)}, "contact": {Contact: phone.ContactKey(long)},
	} {
		assertFinal(t, l.Swap(t.Context(), k, row(1)), name)
	}
	huge := row(1)
	huge.Text = strings.Repeat("x", redisstore.MaxEntry)
	assertFinal(t, l.Swap(t.Context(), key, huge), "entry")
	for _, revision := range []int{0, -1, math.MinInt} {
		require.ErrorIs(t, l.Swap(t.Context(), key, row(revision)), autoreply.ErrConflict)
	}
	never := row(1)
	never.Sent = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) // rows end here
	var last interface{ Retryable() bool }
	require.ErrorAs(t, l.Swap(t.Context(), key, never), &last)
	assert.False(t, last.Retryable())
	got, err := l.Load(t.Context(), key)
	require.NoError(t, err)
	assert.Zero(t, got.Revision, "nothing of this was written")
}

func assertFinal(t *testing.T, err error, what string) {
	t.Helper()
	var last interface{ Retryable() bool }
	require.ErrorIs(t, err, redisstore.ErrTooLarge, what)
	require.ErrorAs(t, err, &last, what)
	assert.False(t, last.Retryable(), what)
}

func TestEdgesOfTime(t *testing.T) {
	t.Parallel()
	l := fresh(t)
	moments := []time.Time{
		time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC), time.Unix(0, 0),
		start.Add(-1), start, start.Add(1).In(time.FixedZone("", -4*3600)), time.Date(2261, 12, 31, 0, 0, 0, 0, time.UTC),
	}
	for i, at := range moments {
		require.NoError(t, l.Swap(t.Context(), autoreply.Key{Contact: phone.ContactKey(fmt.Sprint(i))}, dueRow(1, at)))
	}
	for i, at := range moments {
		keys, err := l.Due(t.Context(), at, 100)
		require.NoError(t, err)
		require.Len(t, keys, i+1, "until %s", at)
		assert.Equal(t, fmt.Sprint(i), string(keys[i].Contact), "the latest comes last")
	}
	require.NoError(t, l.Swap(t.Context(), key, dueRow(1, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))))
	keys, err := l.Due(t.Context(), time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), 100)
	require.NoError(t, err)
	assert.Len(t, keys, len(moments), "beyond the range is never early")
	keys, err = l.Due(t.Context(), start, 0)
	require.NoError(t, err)
	assert.Empty(t, keys)
}

func TestForeignRows(t *testing.T) {
	t.Parallel()
	client, prefix := server(t)
	l := ledger(t, client, prefix)
	head := strings.Repeat("0", 48)
	for name, text := range map[string]string{
		"short": "x", "empty": "", "a head": head, "of nobody": head + "[", "of a newer release": head + "\x01\x01\x04",
	} {
		require.NoError(t, client.Set(t.Context(), "{"+prefix+"}:row:4:0:acme+15145550100", text, 0).Err())
		_, err := l.Load(t.Context(), key)
		require.ErrorIs(t, err, autoreply.ErrRow, name)
	}
}

// A server that is gone is an error that is worth another try.
func TestGone(t *testing.T) {
	t.Parallel()
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	l, err := redisstore.New(client, nil)
	require.NoError(t, err)
	_, loaded := l.Load(t.Context(), key)
	_, asked := l.Due(t.Context(), start, 1)
	_, swept := l.Sweep(t.Context(), start)
	for _, err := range []error{loaded, asked, swept, l.Swap(t.Context(), key, row(1)), l.Erase(t.Context(), key)} {
		require.ErrorContains(t, err, "redisstore: ")
		assert.NotErrorIs(t, err, autoreply.ErrConflict)
		var last interface{ Retryable() bool }
		assert.NotErrorAs(t, err, &last)
	}
}
