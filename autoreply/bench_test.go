package autoreply_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

const million = 1_000_000

// crowd is a ledger with a million contacts who all had a reply at noon, in
// random order.
func crowd(b *testing.B) (*autoreply.Memory, []phone.ContactKey) {
	b.Helper()
	m := autoreply.NewMemory()
	contacts := make([]phone.ContactKey, million)
	for i := range contacts {
		contacts[i] = phone.ContactKey(fmt.Sprintf("+1514%07d", 2_000_000+i))
		e := autoreply.Entry{V: autoreply.EntryVersion, Revision: 1, Slot: 1, Sent: noon, Expires: noon.Add(24 * time.Hour)}
		require.NoError(b, m.Swap(b.Context(), autoreply.Key{Tenant: "t", Contact: contacts[i]}, e))
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(million, func(i, j int) { contacts[i], contacts[j] = contacts[j], contacts[i] })
	return m, contacts
}

func BenchmarkDecide(b *testing.B) {
	p, err := autoreply.NewPolicy(basics(), nil)
	require.NoError(b, err)
	e := phone.Event{ID: "1", Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number(b, caller)}, Key: caller, Text: "Are you open on Sunday?"}
	for name, f := range map[string]autoreply.Facts{"reply": {}, "deny": {Entry: autoreply.Entry{Sent: noon.Add(-time.Hour)}}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Decide(e, f, noon)
			}
		})
	}
	e.Type, e.Text = phone.CallMissed, ""
	b.Run("missed call", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.Decide(e, autoreply.Facts{}, noon)
		}
	})
}

// BenchmarkMillion is load and decide, a refusal, of contacts in random order.
func BenchmarkMillion(b *testing.B) {
	m, contacts := crowd(b)
	p, err := autoreply.NewPolicy(basics(), nil)
	require.NoError(b, err)
	now := noon.Add(time.Hour)
	var at atomic.Int64
	b.Run("deny", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			ctx := context.Background()
			e := phone.Event{ID: "1", Type: phone.CallMissed, At: now, Tenant: "t", Contact: phone.Party{Number: number(b, caller)}}
			for i := int(at.Add(million/2 + 7)); pb.Next(); i++ {
				e.Key = contacts[i%million]
				row, err := m.Load(ctx, p.Key(e))
				if err != nil || p.Decide(e, autoreply.Facts{Entry: row}, now).Reason != autoreply.ReasonCooldown {
					panic("not denied")
				}
			}
		})
	})
	b.Run("load", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			ctx := context.Background()
			for i := int(at.Add(million/2 + 7)); pb.Next(); i++ {
				if row, err := m.Load(ctx, autoreply.Key{Tenant: "t", Contact: contacts[i%million]}); err != nil || row.Revision == 0 {
					panic("no row")
				}
			}
		})
	})
}

// BenchmarkHandle is the whole engine.
func BenchmarkHandle(b *testing.B) {
	f := open(b, basics(), &autoreply.PolicyOptions{PerHour: -1})
	f.handle(f.event(phone.TextReceived, "1"))
	e := f.event(phone.TextReceived, "2")
	b.Run("deny", func(b *testing.B) {
		b.ReportAllocs()
		f.events = nil
		for b.Loop() {
			f.handle(e)
			f.events = f.events[:0]
		}
	})
	b.Run("reply", func(b *testing.B) {
		b.ReportAllocs()
		sender := &autoreplytest.Sender{Next: func(int, autoreply.Text) autoreplytest.Fate { return autoreplytest.Accept }}
		engine, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return f.policy, nil }, f.ledger, sender, &autoreply.Options{Clock: f.clock})
		require.NoError(b, err)
		for b.Loop() {
			f.clock.pass(24 * time.Hour)
			e.At = f.clock.at
			if d, err := engine.Handle(context.Background(), e); err != nil || d.Verdict != autoreply.Reply {
				b.Fatal(d, err)
			}
		}
	})
}

// BenchmarkSweep forgets a million rows.
func BenchmarkSweep(b *testing.B) {
	for name, now := range map[string]time.Time{"none": noon, "all": noon.Add(48 * time.Hour)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				m, _ := crowd(b)
				b.StartTimer()
				m.Sweep(now)
			}
		})
	}
}

// BenchmarkSweepHold reports the longest that a lock is held while a million
// rows are swept, the worst of all runs, and what 99 of 100 holds stay below:
// the longest ones contain the turns of the collector and of other programs.
func BenchmarkSweepHold(b *testing.B) {
	for name, state := range map[string]autoreply.State{"settled": autoreply.Free, "waiting": autoreply.Waiting} {
		for what, now := range map[string]time.Time{"none": noon, "all": noon.Add(48 * time.Hour)} {
			b.Run(name+"/"+what, func(b *testing.B) {
				var holds []time.Duration
				for b.Loop() {
					b.StopTimer()
					m := autoreply.NewMemory()
					for i := range million {
						e := row(1)
						e.State = state
						require.NoError(b, m.Swap(b.Context(), autoreply.Key{Contact: phone.ContactKey(fmt.Sprintf("+1514%07d", 2_000_000+i))}, e))
					}
					runtime.GC()
					b.StartTimer()
					holds = append(holds, autoreply.SweepHolds(m, now)...)
				}
				slices.Sort(holds)
				b.ReportMetric(holds[len(holds)-1].Seconds()*1e3, "ms-longest-hold")
				b.ReportMetric(holds[len(holds)*99/100].Seconds()*1e3, "ms-p99-hold")
			})
		}
	}
}

func BenchmarkCooldown(b *testing.B) {
	c, err := autoreply.NewCooldown[string](time.Hour, &tick{noon})
	require.NoError(b, err)
	tk, _ := c.Reserve("a")
	c.Commit(tk)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := c.Reserve("a"); ok {
			b.Fatal("allowed")
		}
	}
}

// TestBytesPerRow measures what settled rows take: a million of them when
// AFTERBEEP_SOAK is set.
func TestBytesPerRow(t *testing.T) {
	rows := 200_000
	if os.Getenv("AFTERBEEP_SOAK") != "" {
		rows = million
	}
	var before, after runtime.MemStats
	keys := make([]autoreply.Key, rows)
	for i := range keys {
		keys[i] = autoreply.Key{Tenant: "t", Contact: phone.ContactKey(fmt.Sprintf("+1514%07d", 2_000_000+i))}
	}
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := autoreply.NewMemory()
	for _, k := range keys {
		require.NoError(t, m.Swap(t.Context(), k, row(1)))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	per := float64(after.HeapAlloc-before.HeapAlloc) / float64(rows)
	t.Logf("%.1f bytes a row", per)
	require.LessOrEqual(t, per, 64.0)
	runtime.KeepAlive(m)
	runtime.KeepAlive(keys)
}

// TestDenialAllocatesNothing: reading a settled row and refusing is free of
// garbage.
func TestDenialAllocatesNothing(t *testing.T) {
	m := autoreply.NewMemory()
	p, err := autoreply.NewPolicy(basics(), nil)
	require.NoError(t, err)
	e := phone.Event{ID: "1", Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number(t, caller)}, Key: caller, Text: "Are you open?"}
	require.NoError(t, m.Swap(t.Context(), p.Key(e), autoreply.Entry{V: 1, Revision: 1, Sent: noon, Expires: noon.Add(time.Hour)}))
	ctx := context.Background()
	allocs := testing.AllocsPerRun(100, func() {
		row, _ := m.Load(ctx, p.Key(e))
		if p.Decide(e, autoreply.Facts{Entry: row}, noon).Reason != autoreply.ReasonCooldown {
			panic("not denied")
		}
	})
	require.Zero(t, allocs)
}
