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

// crowd is a ledger with a million contacts who all had a reply at noon, and
// their keys in random order. The texts of the keys lie in that order, too: the
// number of an event was just read from the wire, the row was not.
func crowd(b *testing.B) (*autoreply.Memory, []phone.ContactKey) {
	b.Helper()
	m := autoreply.NewMemory()
	contacts := make([]phone.ContactKey, million)
	for i, n := range rand.New(rand.NewPCG(1, 2)).Perm(million) {
		contacts[i] = phone.ContactKey(fmt.Sprintf("+1514%07d", 2_000_000+n))
	}
	for i := range million {
		e := autoreply.Entry{V: autoreply.EntryVersion, Revision: 1, Slot: 1, Sent: noon, Expires: noon.Add(24 * time.Hour)}
		require.NoError(b, m.Swap(b.Context(), autoreply.Key{Tenant: "t", Contact: phone.ContactKey(fmt.Sprintf("+1514%07d", 2_000_000+i))}, e))
	}
	return m, contacts
}

// decisions are one event and its facts for each kind of decision that a day
// has many of.
func decisions(b *testing.B) map[string]struct {
	e phone.Event
	f autoreply.Facts
} {
	missed := phone.Event{ID: "1", Type: phone.CallMissed, At: noon, Call: "c", Contact: phone.Party{Number: number(b, caller)}, Key: caller}
	text := missed
	text.Type, text.Text = phone.TextReceived, "Are you open on Sunday?"
	long, french, french2, stop := text, text, text, text
	long.Text = "Hello, I called this morning about the boiler in the basement, it is still leaking and the tenant below complains. Could somebody come and look at it before the weekend, please? I am at home from 4 o'clock on. Thank you, Marie"
	french.Text = "Bonjour, êtes-vous ouverts dimanche après-midi ? Merci, à bientôt"
	french2.Contact.Number, french2.Text = number(b, "+33142685300"), french.Text
	stop.Text = "Please STOP texting me"
	last := autoreply.Facts{Entry: autoreply.Entry{V: 1, Revision: 1, Sent: noon.Add(-time.Hour)}}
	before := autoreply.Facts{Entry: autoreply.Entry{V: 1, Revision: 3, Sent: noon.Add(-30 * time.Hour), Heard: "0123456789abcdef", Replies: 1}}
	francophone := autoreply.Facts{Contact: autoreply.Contact{Language: "fr-CA", Name: "Marie"}}
	return map[string]struct {
		e phone.Event
		f autoreply.Facts
	}{
		"missed call, refused":  {missed, last},
		"missed call, waits":    {missed, autoreply.Facts{}},
		"text, refused":         {text, last},
		"long text, refused":    {long, last},
		"text, answered":        {text, autoreply.Facts{}},
		"text, answered again":  {text, before},
		"long text, answered":   {long, before},
		"French text, answered": {french, francophone},
		"text from France":      {french2, autoreply.Facts{}},
		"opt-out word":          {stop, last},
	}
}

func BenchmarkDecide(b *testing.B) {
	p, err := autoreply.NewPolicy(basics(), nil)
	require.NoError(b, err)
	for name, c := range decisions(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Decide(c.e, c.f, noon)
			}
		})
		b.Run(name+"/into", func(b *testing.B) {
			b.ReportAllocs()
			var d autoreply.Decision
			for b.Loop() {
				p.DecideInto(&d, &c.e, &c.f, noon)
			}
		})
	}
}

// BenchmarkDecideTemplate is a reply whose text has placeholders.
func BenchmarkDecideTemplate(b *testing.B) {
	rules := basics()
	rules[2].Text = map[string]string{
		"en": "Hi {name|there}, this is {business}. We got your text and read it today.",
		"fr": "Bonjour {name}, ici {business}. Nous lisons votre message aujourd'hui.",
	}
	p, err := autoreply.NewPolicy(rules, &autoreply.PolicyOptions{Business: "Plomberie Tremblay", Own: []phone.Number{number(b, "+15145550199"), number(b, "+15145550198")}})
	require.NoError(b, err)
	all := decisions(b)
	for _, name := range []string{"text, answered", "French text, answered"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			c := all[name]
			for b.Loop() {
				p.Decide(c.e, c.f, noon)
			}
		})
	}
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
	b.Run("deny/into", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			ctx := context.Background()
			e := phone.Event{ID: "1", Type: phone.CallMissed, At: now, Tenant: "t", Contact: phone.Party{Number: number(b, caller)}}
			var f autoreply.Facts
			var d autoreply.Decision
			for i := int(at.Add(million/2 + 7)); pb.Next(); i++ {
				e.Key = contacts[i%million]
				var err error
				f.Entry, err = m.Load(ctx, p.KeyOf(&e))
				if p.DecideInto(&d, &e, &f, now); err != nil || d.Reason != autoreply.ReasonCooldown {
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
	quiet, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return f.policy, nil }, f.ledger, f.sender, &autoreply.Options{Clock: f.clock})
	require.NoError(b, err)
	for name, key := range map[string]phone.ContactKey{"deny, no observer": "", "deny, no observer, with a key": caller} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			e := e
			e.Key = key
			for b.Loop() {
				if d, _ := quiet.Handle(context.Background(), e); d.Reason != autoreply.ReasonCooldown {
					b.Fatal(d)
				}
			}
		})
	}
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

// BenchmarkHold reports the longest that a lock is held while a million rows
// are swept, the worst of all runs, and what 99 of 100 holds stay below:
// the longest ones contain the turns of the collector and of other programs.
// That the work of a turn is bounded is tested by counting it.
func BenchmarkHold(b *testing.B) {
	turns := map[string]func(*autoreply.Memory) func(int){
		"sweep, none expired": func(m *autoreply.Memory) func(int) { return autoreply.SweepTurn(m, noon) },
		"sweep, all expired":  func(m *autoreply.Memory) func(int) { return autoreply.SweepTurn(m, noon.Add(48*time.Hour)) },
	}
	for name, state := range map[string]autoreply.State{"settled": autoreply.Free, "waiting": autoreply.Waiting} {
		for what, turn := range turns {
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
					took, _ := autoreply.Turns(m, turn(m))
					holds = append(holds, took...)
				}
				slices.Sort(holds)
				b.ReportMetric(holds[len(holds)-1].Seconds()*1e3, "ms-longest-hold")
				b.ReportMetric(holds[len(holds)*99/100].Seconds()*1e3, "ms-p99-hold")
				b.ReportMetric(holds[len(holds)/2].Seconds()*1e3, "ms-median-hold")
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
