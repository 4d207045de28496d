package autoreply_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

const (
	million = 1_000_000
	workers = 2
	window  = 3 * time.Hour
)

var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// crowd is a million contacts in random order, as keys of ours and as strings
// for the peers.
type crowd struct {
	keys  []autoreply.Key
	names []string
}

// name is the key of contact i. A string that an engine keeps has to be made
// for it, as a request makes one.
func (c crowd) name(i int, now time.Time) string {
	if now.Equal(noon) {
		return strings.Clone(c.names[i])
	}
	return c.names[i]
}

func gather() crowd {
	c := crowd{make([]autoreply.Key, million), make([]string, million)}
	// The keys lie in memory in the order in which they are asked for: that of
	// a request is at hand, what the engine keeps of it is not.
	for at, i := range rand.New(rand.NewPCG(1, 2)).Perm(million) {
		number := fmt.Sprintf("+1514%07d", 2_000_000+i)
		c.keys[at] = autoreply.Key{Tenant: "t", Contact: phone.ContactKey(number)}
		c.names[at] = "t>" + number
	}
	return c
}

// drive asks about every contact once, on two workers, and counts the yeses.
func drive(allow func(i int) bool) (yes int) {
	var all atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			mine := 0
			for i := w * million / workers; i < (w+1)*million/workers; i++ {
				if allow(i) {
					mine++
				}
			}
			all.Add(int64(mine))
		})
	}
	wait.Wait()
	return int(all.Load())
}

// round is one pass over all contacts: its time and what it allocated.
type round struct {
	took   time.Duration
	allocs uint64
}

func (r *round) measure(b *testing.B, allow func(i int) bool, want int) {
	b.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	yes := drive(allow)
	r.took = time.Since(begin)
	runtime.ReadMemStats(&after)
	r.allocs = after.Mallocs - before.Mallocs
	require.Equal(b, want, yes, "the engine is wrong")
}

// rounds reports the median of each kind of pass.
type rounds map[string][]round

func (r rounds) report(b *testing.B) {
	b.Helper()
	for name, list := range r {
		slices.SortFunc(list, func(x, y round) int { return int(x.took - y.took) })
		m := list[len(list)/2]
		b.ReportMetric(million/m.took.Seconds()/1e6, name+"-M/s")
		b.ReportMetric(float64(m.allocs)/million, name+"-allocs")
	}
	b.ReportMetric(0, "ns/op") // of a fill, a denial and a renewal together it tells nothing
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkMillion fills an engine with a million contacts, asks for each again
// within the window, and once more after it: three passes of a million
// decisions in random order on two workers. Each must say yes a million times,
// never, and a million times.
func BenchmarkMillion(b *testing.B) {
	c := gather()
	for _, e := range ledgers() {
		b.Run(e.name, func(b *testing.B) {
			passes := rounds{}
			var per float64
			for b.Loop() {
				before := heap()
				allow := e.open(b, c)
				var fill, deny, renew round
				fill.measure(b, func(i int) bool { return allow(i, noon) }, million)
				per = float64(heap()-before) / million
				deny.measure(b, func(i int) bool { return allow(i, noon.Add(time.Hour)) }, 0)
				passes["fill"], passes["deny"] = append(passes["fill"], fill), append(passes["deny"], deny)
				if e.renews {
					renew.measure(b, func(i int) bool { return allow(i, noon.Add(window+time.Minute)) }, million)
					passes["renew"] = append(passes["renew"], renew)
				}
				runtime.KeepAlive(allow)
			}
			passes.report(b)
			b.ReportMetric(per, "B/contact")
		})
	}
}

// BenchmarkDecide is the pure decision alone, on a row that is at hand.
func BenchmarkDecide(b *testing.B) {
	p := policy(b)
	number, err := phone.ParseNumber("+15145550100")
	require.NoError(b, err)
	text := phone.Event{ID: "1", Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number}, Text: "Are you open on Sunday?"}
	keyed := text
	keyed.Key = "+15145550100" // or a key of the host; without one it is made of the number
	missed := phone.Event{ID: "1", Type: phone.CallMissed, At: noon, Contact: phone.Party{Number: number}}
	for _, c := range []struct {
		name  string
		event phone.Event
		entry autoreply.Entry
		want  autoreply.Verdict
	}{
		{"ours/text-reply", text, autoreply.Entry{}, autoreply.Reply},
		{"ours/text-deny", text, autoreply.Entry{Sent: noon.Add(-time.Hour)}, autoreply.Skip},
		{"ours/text-deny-with-key", keyed, autoreply.Entry{Sent: noon.Add(-time.Hour)}, autoreply.Skip},
		{"ours/missed-call", missed, autoreply.Entry{}, autoreply.Wait},
	} {
		require.Equal(b, c.want, p.Decide(c.event, autoreply.Facts{Entry: c.entry}, noon).Verdict)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Decide(c.event, autoreply.Facts{Entry: c.entry}, noon)
			}
		})
	}
}

func policy(t testing.TB) *autoreply.Policy {
	t.Helper()
	p, err := autoreply.NewPolicy([]autoreply.Rule{
		{ID: "missed", On: []string{phone.CallMissed}, Text: map[string]string{"en": "Sorry we missed you", "fr": "Désolés de vous avoir manqué"}},
		{ID: "text", On: []string{phone.TextReceived}, Text: map[string]string{"en": "We read you soon", "fr": "On vous lit bientôt"}},
	}, &autoreply.PolicyOptions{PerHour: -1})
	require.NoError(t, err)
	return p
}

func background() context.Context { return context.Background() }
