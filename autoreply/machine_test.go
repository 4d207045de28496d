package autoreply_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

// The world of the machine: names chosen so that they collide when joined.
var (
	tenants  = []phone.TenantID{"a", "ab"}
	lines    = []phone.LineID{"b", ""}
	contacts = []phone.ContactKey{"b+15145550100", "+15145550100"}
	steps    = []time.Duration{
		0, 1, time.Second, 5 * time.Second, 25*time.Second - 1, 25 * time.Second, 25*time.Second + 1,
		6 * time.Minute, 10 * time.Minute, time.Hour, 3*time.Hour - 1, 3 * time.Hour, 3*time.Hour + 1, 6 * time.Hour, 9 * time.Hour, 24 * time.Hour,
	}
	back = []time.Duration{-1, -time.Second, -3 * time.Minute, -time.Hour, -3 * time.Hour, -3*time.Hour - 1, -30 * time.Hour, -300 * time.Hour}
	kind = []string{phone.CallMissed, phone.VoicemailLeft, phone.TextReceived, phone.TextReceived, phone.TextReceived, phone.CallPlaced}
	said = []string{
		"", "", "hello", "hello", "hello", "STOP", "START", "START", "HELP",
		parcel + "1", parcel + "1", parcel + "1", parcel + "2",
	}
	// How old an event is when it is delivered, and how far ahead its clock is.
	ages = []time.Duration{
		1, time.Second, 20 * time.Second, time.Minute, 5 * time.Minute, 5*time.Minute + 1, 10 * time.Minute, 10*time.Minute + 1, 11 * time.Minute, 5 * time.Hour,
		-1, -time.Second, -2 * time.Minute, -2*time.Minute - 1, -time.Hour,
	}
)

const (
	parcel  = "Your parcel arrives between two and four, door " // nobody writes it twice
	parcels = 4                                                 // of them are at the end of said
)

// machine is an engine beside its history.
type machine struct {
	*office
	h       *history
	elapsed time.Duration // that the clock went forward
	long    bool          // past a day, when rows are forgotten
	small   bool          // one contact of one tenant on one line
	old     []phone.Event
}

// draw is an event at random. Calls that share an ID lie within half a day.
func (m *machine) draw(t *rapid.T, n int) phone.Event {
	e := m.event(rapid.SampledFrom(kind).Draw(t, "kind"), fmt.Sprint(n))
	if !m.small {
		e.Tenant = rapid.SampledFrom(tenants).Draw(t, "tenant")
		e.Line = rapid.SampledFrom(lines).Draw(t, "line")
		e.Key = rapid.SampledFrom(contacts).Draw(t, "contact")
	}
	e.Call = fmt.Sprint(rapid.SampledFrom([]string{"1", "2"}).Draw(t, "call"), "/", m.elapsed/(12*time.Hour))
	if rapid.Bool().Draw(t, "late or ahead") {
		e.At = e.At.Add(-rapid.SampledFrom(ages).Draw(t, "age"))
	}
	if e.Type == phone.TextReceived {
		e.Text = rapid.SampledFrom(said[:len(said)-map[bool]int{true: parcels}[m.long]]).Draw(t, "text")
	}
	return e
}

// options draws what a policy may say. Steps back and long runs leave out what
// the row does not keep for so long, or what a clock that is wrong may miscount.
func options(t *rapid.T, stepsBack, long bool) *autoreply.PolicyOptions {
	o := &autoreply.PolicyOptions{
		PerLine: rapid.Bool().Draw(t, "per line"),
		PerDay:  rapid.IntRange(1, 6).Draw(t, "per day"),
		PerHour: rapid.SampledFrom([]int{-1, 1, 2, 600}).Draw(t, "per hour"),
		PerLife: rapid.SampledFrom([]int{0, 0, 1, 2, 4}).Draw(t, "per life"),
		Recent:  rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(t, "recent"),
		Backoff: rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "back-off"),
	}
	if rapid.Bool().Draw(t, "quiet hours") {
		o.Quiet = autoreply.Daytime(9, 20, nil)
	}
	if stepsBack {
		o.PerDay = 100
	}
	if long {
		o.Backoff = 0
	}
	return o
}

// TestEngineIsTheNaiveModel holds each decision of the engine, with its reason
// and its end, against the history: budgets of the contact for a day and for
// life and of the line, windows that double, opt-out words, quiet hours, events
// that are late, doubled, ahead or out of order, refusals of the carrier,
// restarts, and a clock that is set in both directions.
func TestEngineIsTheNaiveModel(t *testing.T) {
	t.Parallel()
	seen := map[autoreply.Reason]int{}
	rapid.Check(t, func(rt *rapid.T) {
		stepsBack := rapid.Bool().Draw(rt, "steps back")
		long := !stepsBack && rapid.Bool().Draw(rt, "long")
		m := &machine{office: open(t, basics(), options(rt, stepsBack, long)), long: long, small: rapid.Bool().Draw(rt, "small")}
		m.h = newHistory(m.policy.Options())
		m.sender.Life = rapid.SampledFrom([]time.Duration{0, 24 * time.Hour}).Draw(rt, "key life")
		m.h.slow = rapid.SampledFrom([]time.Duration{0, time.Second}).Draw(rt, "sending takes")
		m.sender.Delivered = func(autoreply.Text) { m.clock.pass(m.h.slow) }
		refused := rapid.SliceOfN(rapid.SampledFrom([]bool{false, false, false, true}), 0, 6).Draw(rt, "refused")
		m.h.refuses = func(n int) bool { return n < len(refused) && refused[n] }
		m.sender.Next = func(n int, _ autoreply.Text) autoreplytest.Fate {
			if m.h.refuses(n) {
				return autoreplytest.Refuse
			}
			return autoreplytest.Accept
		}
		for n := range rapid.IntRange(40, 100).Draw(rt, "length") {
			m.step(rt, n, stepsBack, seen)
			var order []string
			for _, text := range m.sender.Texts() {
				order = append(order, text.Trigger)
			}
			if !slices.Equal(order, m.h.order) {
				rt.Fatalf("texts %v, the history says %v", order, m.h.order)
			}
		}
	})
	if t.Failed() {
		return
	}
	for _, r := range []autoreply.Reason{
		autoreply.ReasonNone, autoreply.ReasonKeyword, autoreply.ReasonOptedOut, autoreply.ReasonFuture, autoreply.ReasonStale,
		autoreply.ReasonDuplicate, autoreply.ReasonCovered, autoreply.ReasonCooldown, autoreply.ReasonBackoff, autoreply.ReasonRecent,
		autoreply.ReasonMachine, autoreply.ReasonLifetime, autoreply.ReasonBudget, autoreply.ReasonSettling, autoreply.ReasonQuiet,
		autoreply.ReasonBreaker, autoreply.ReasonRejected,
	} {
		if seen[r] == 0 {
			t.Errorf("no history had %q", r)
		}
	}
	t.Log(seen)
}

// step does one thing to both and compares.
func (m *machine) step(rt *rapid.T, n int, stepsBack bool, seen map[autoreply.Reason]int) {
	same := func(what string, d autoreply.Decision, want fate) {
		seen[d.Reason]++
		if d.Verdict != want.verdict || d.Reason != want.reason || !d.Until.Equal(want.until) {
			rt.Fatalf("%s at %s: %s %q until %s, the history says %s %q until %s",
				what, m.clock.at, d.Verdict, d.Reason, d.Until, want.verdict, want.reason, want.until)
		}
	}
	switch action := rapid.IntRange(0, 11).Draw(rt, "action"); {
	case action < 2 || action > 9:
		d := rapid.SampledFrom(steps).Draw(rt, "step")
		if limit := 23 * time.Hour; m.long || m.elapsed+d <= limit {
			m.elapsed += d
			m.clock.pass(d)
		}
		if d >= 6*time.Hour {
			m.due(rt, same) // what nobody ran for a day is forgotten
		}
	case action == 2 && stepsBack:
		m.clock.pass(rapid.SampledFrom(back).Draw(rt, "set back"))
	case action == 3:
		m.due(rt, same)
	case action == 4:
		m.restart()
	default:
		e := m.draw(rt, n)
		if len(m.old) > 0 && rapid.IntRange(0, 3).Draw(rt, "again") == 0 {
			e = rapid.SampledFrom(m.old).Draw(rt, "which")
		}
		m.old = append(m.old, e)
		want := m.h.handle(m.policy.Key(e), e, m.clock.at)
		same(fmt.Sprintf("%s %q of %s", e.ID, e.Text, e.At), m.handle(e), want)
	}
}

// due lets both decide what is due, and compares.
func (m *machine) due(rt *rapid.T, same func(string, autoreply.Decision, fate)) {
	want := m.h.run(m.clock.at)
	got := m.run(0)
	if len(got) != len(want) {
		rt.Fatalf("%d decisions, the history says %d", len(got), len(want))
	}
	for i, d := range got {
		same("due "+d.Trigger.ID, d, want[i].fate)
		if d.Trigger.ID != want[i].trigger {
			rt.Fatalf("%s was decided, the history says %s", d.Trigger.ID, want[i].trigger)
		}
	}
}

// alike reports whether two decisions say the same.
func alike(a, b autoreply.Decision) bool {
	return a.Verdict == b.Verdict && a.Reason == b.Reason && a.Until.Equal(b.Until) && a.Due.Equal(b.Due) && a.Trigger.ID == b.Trigger.ID && a.Text == b.Text
}

// TestSweepChangesNothing lets two engines see the same, one over a ledger that
// is swept now and then: what may be forgotten makes no difference.
func TestSweepChangesNothing(t *testing.T) {
	t.Parallel()
	swept := 0
	rapid.Check(t, func(rt *rapid.T) {
		o := options(rt, false, false)
		a := &machine{office: open(t, basics(), o), small: rapid.Bool().Draw(rt, "small")}
		b := open(t, basics(), o)
		for n := range rapid.IntRange(15, 30).Draw(rt, "length") {
			switch action := rapid.IntRange(0, 9).Draw(rt, "action"); {
			case action < 4:
				d := rapid.SampledFrom(append([]time.Duration{27 * time.Hour, 40 * 24 * time.Hour, 367 * 24 * time.Hour}, steps...)).Draw(rt, "step")
				a.elapsed += d
				a.clock.pass(d)
				b.clock.pass(d)
				if d < time.Hour && n%4 > 0 {
					break
				}
				if x, y := a.run(0), b.run(0); !slices.EqualFunc(x, y, alike) {
					rt.Fatalf("%v, swept %v", x, y)
				}
			case action == 4:
				swept += b.ledger.(*autoreply.Memory).Sweep(b.clock.at)
			default:
				e := a.draw(rt, n)
				if len(a.old) > 0 && rapid.IntRange(0, 3).Draw(rt, "again") == 0 {
					e = rapid.SampledFrom(a.old).Draw(rt, "which")
				}
				a.old = append(a.old, e)
				if x, y := a.handle(e), b.handle(e); !alike(x, y) {
					rt.Fatalf("%v, swept %v", x, y)
				}
			}
		}
	})
	if swept == 0 {
		t.Fatal("nothing was swept")
	}
}
