package autoreply_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// history is the naive model: it keeps everything that ever happened and scans
// it from the beginning for each question.
type history struct {
	window, recent time.Duration
	slow           time.Duration // how long a text is under way; the clock moves with it
	perDay         int
	sent, touched  map[autoreply.Key][]time.Time
	pending        map[autoreply.Key][]phone.Event
	voicemails     map[autoreply.Key]map[string]bool // calls, until a text is sent: then the window says enough
	order          []string
}

func newHistory(o autoreply.PolicyOptions) *history {
	return &history{
		window: o.Window, recent: o.Recent, perDay: o.PerDay,
		sent: map[autoreply.Key][]time.Time{}, touched: map[autoreply.Key][]time.Time{},
		pending: map[autoreply.Key][]phone.Event{}, voicemails: map[autoreply.Key]map[string]bool{},
	}
}

// refused is why e may not be answered at now, if so.
func (h *history) refused(k autoreply.Key, e phone.Event, now time.Time) autoreply.Reason {
	settle := map[string]time.Duration{phone.CallMissed: 25 * time.Second, phone.VoicemailLeft: 5 * time.Second}[e.Type]
	if now.Sub(e.At) > 10*time.Minute+settle {
		return autoreply.ReasonStale
	}
	if e.Type == phone.CallMissed && h.voicemails[k][e.Call] {
		return autoreply.ReasonCovered
	}
	for _, at := range h.sent[k] {
		if e.At.Sub(at) < h.window {
			return autoreply.ReasonCooldown
		}
	}
	for _, at := range h.touched[k] {
		if e.At.Sub(at) < h.recent {
			return autoreply.ReasonRecent
		}
	}
	n := 0
	for _, at := range h.sent[k] {
		if now.Sub(at) < 24*time.Hour {
			n++
		}
	}
	if n >= h.perDay {
		return autoreply.ReasonBudget
	}
	return autoreply.ReasonNone
}

func settled(e phone.Event) time.Time {
	switch e.Type {
	case phone.CallMissed:
		return e.At.Add(25 * time.Second)
	case phone.VoicemailLeft:
		return e.At.Add(5 * time.Second)
	}
	return e.At
}

// handle is what the engine should answer.
func (h *history) handle(k autoreply.Key, e phone.Event, now time.Time) (autoreply.Verdict, autoreply.Reason) {
	if e.Type == phone.CallPlaced {
		h.touched[k] = append(h.touched[k], e.At)
		return autoreply.Noted, autoreply.ReasonNone
	}
	reason := h.refused(k, e, now)
	if e.Type == phone.VoicemailLeft && reason != autoreply.ReasonCooldown && reason != autoreply.ReasonStale {
		if h.voicemails[k] == nil {
			h.voicemails[k] = map[string]bool{}
		}
		h.voicemails[k][e.Call] = true
		h.pending[k] = slices.DeleteFunc(h.pending[k], func(m phone.Event) bool {
			return m.Type == phone.CallMissed && m.Call == e.Call
		})
	}
	if reason != "" {
		return autoreply.Skip, reason
	}
	if !slices.ContainsFunc(h.pending[k], func(p phone.Event) bool { return p.ID == e.ID }) {
		h.pending[k] = append(h.pending[k], e)
	}
	if h.due(k).After(now) {
		return autoreply.Wait, autoreply.ReasonSettling
	}
	return h.decide(k, now)
}

func (h *history) due(k autoreply.Key) time.Time {
	due := settled(h.pending[k][0])
	for _, e := range h.pending[k] {
		if settled(e).Before(due) {
			due = settled(e)
		}
	}
	return due
}

// decide ends the waiting.
func (h *history) decide(k autoreply.Key, now time.Time) (autoreply.Verdict, autoreply.Reason) {
	rank := map[string]int{phone.VoicemailLeft: 0, phone.TextReceived: 1, phone.CallMissed: 2}
	slices.SortFunc(h.pending[k], func(a, b phone.Event) int {
		return cmp.Or(cmp.Compare(rank[a.Type], rank[b.Type]), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	var why autoreply.Reason
	for i, e := range h.pending[k] {
		reason := h.refused(k, e, now)
		if reason == "" {
			h.sent[k] = append(h.sent[k], now.Add(h.slow)) // accepted, not begun
			h.order = append(h.order, e.ID)
			delete(h.pending, k)
			delete(h.voicemails, k)
			return autoreply.Reply, ""
		}
		if i == 0 {
			why = reason
		}
	}
	delete(h.pending, k)
	return autoreply.Skip, why
}

// run is what RunDue should do.
func (h *history) run(now time.Time) {
	var keys []autoreply.Key
	for k, events := range h.pending {
		if len(events) > 0 && !h.due(k).After(now) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b autoreply.Key) int {
		return cmp.Or(h.due(a).Compare(h.due(b)), cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Contact, b.Contact))
	})
	for _, k := range keys {
		if verdict, _ := h.decide(k, now); verdict == autoreply.Reply {
			now = now.Add(h.slow)
		}
	}
}

// world of the machine: names chosen so that they collide when joined.
var (
	tenants  = []phone.TenantID{"a", "ab"}
	lines    = []phone.LineID{"b", ""}
	contacts = []phone.ContactKey{"b+15145550100", "+15145550100"}
	steps    = []time.Duration{
		0, 1, time.Second, 5 * time.Second, 25*time.Second - 1, 25 * time.Second, 25*time.Second + 1,
		10 * time.Minute, 3*time.Hour - 1, 3 * time.Hour, 3*time.Hour + 1, 9 * time.Hour, 24 * time.Hour,
	}
)

func draw(t *rapid.T, f *office, n int, kinds []string) phone.Event {
	e := f.event(rapid.SampledFrom(kinds).Draw(t, "kind"), fmt.Sprint(n))
	e.Tenant = rapid.SampledFrom(tenants).Draw(t, "tenant")
	e.Line = rapid.SampledFrom(lines).Draw(t, "line")
	e.Key = rapid.SampledFrom(contacts).Draw(t, "contact")
	e.Call = fmt.Sprint(rapid.SampledFrom([]string{"1", "2"}).Draw(t, "call"), "/", e.At.Unix()/(12*3600)) // a call is over after half a day
	e.At = e.At.Add(-rapid.SampledFrom([]time.Duration{0, 0, 1, time.Second, 20 * time.Second, time.Minute, 10 * time.Minute, 11 * time.Minute}).Draw(t, "age"))
	return e
}

func TestEngineIsTheNaiveModel(t *testing.T) {
	t.Parallel()
	kinds := []string{phone.CallMissed, phone.VoicemailLeft, phone.TextReceived, phone.TextReceived, phone.CallPlaced}
	rapid.Check(t, func(rt *rapid.T) {
		o := &autoreply.PolicyOptions{PerLine: rapid.Bool().Draw(rt, "per line"), PerDay: rapid.IntRange(1, 6).Draw(rt, "per day")}
		f := open(t, basics(), o)
		h := newHistory(f.policy.Options())
		f.sender.Life = rapid.SampledFrom([]time.Duration{0, 24 * time.Hour}).Draw(rt, "key life")
		slow := rapid.SampledFrom([]time.Duration{0, time.Second}).Draw(rt, "sending takes")
		h.slow = slow
		f.sender.Delivered = func(autoreply.Text) { f.clock.pass(slow) }
		var old []phone.Event
		for n := range rapid.IntRange(1, 40).Draw(rt, "length") {
			switch rapid.IntRange(0, 5).Draw(rt, "action") {
			case 0:
				f.clock.pass(rapid.SampledFrom(steps).Draw(rt, "step"))
			case 1:
				h.run(f.clock.at)
				f.run(0)
			case 2:
				f.restart()
			default:
				e := draw(rt, f, n, kinds)
				if len(old) > 0 && rapid.IntRange(0, 3).Draw(rt, "again") == 0 {
					e = rapid.SampledFrom(old).Draw(rt, "which")
				}
				old = append(old, e)
				verdict, reason := h.handle(f.policy.Key(e), e, f.clock.at)
				d := f.handle(e)
				if d.Verdict != verdict || d.Reason != reason {
					rt.Fatalf("%s of %s: %s %q, the history says %s %q", e.ID, e.At, d.Verdict, d.Reason, verdict, reason)
				}
			}
			var order []string
			for _, text := range f.sender.Texts() {
				order = append(order, text.Trigger)
			}
			if !slices.Equal(order, h.order) {
				rt.Fatalf("texts %v, the history says %v", order, h.order)
			}
		}
	})
}

// TestClockSteps sets the clock back and forth under the engine. In true time
// no two replies come closer than a window, less what the clock jumped ahead;
// and a contact who keeps writing waits at most a window, and one more for each
// time that the clock is set back: never for the size of the step.
func TestClockSteps(t *testing.T) {
	t.Parallel()
	const window = 3 * time.Hour
	rapid.Check(t, func(rt *rapid.T) {
		f := open(t, basics(), &autoreply.PolicyOptions{PerDay: 100})
		var elapsed, last, ahead, back time.Duration
		replied := false
		for n := range 40 {
			if rapid.IntRange(0, 9).Draw(rt, "clock") == 0 {
				jump := rapid.SampledFrom([]time.Duration{-time.Second, -time.Hour, -window, -window - 1, -30 * time.Hour, -300 * time.Hour, time.Hour, 30 * time.Hour}).Draw(rt, "jump")
				f.clock.pass(jump)
				ahead += max(jump, 0)
				back += min(max(-jump, 0), window)
			}
			d := rapid.SampledFrom([]time.Duration{1, time.Minute, 29 * time.Minute, 30 * time.Minute}).Draw(rt, "step")
			elapsed += d
			f.clock.pass(d)
			if f.handle(f.event(phone.TextReceived, fmt.Sprint(n))).Verdict == autoreply.Reply {
				if gap := elapsed - last; replied && gap+ahead < window {
					rt.Fatalf("two replies within %s", gap)
				}
				replied, last, ahead, back = true, elapsed, 0, 0
			}
			if gap := elapsed - last; replied && gap > window+back+time.Hour {
				rt.Fatalf("silent for %s", gap)
			}
		}
	})
}

// TestOrderDoesNotMatter delivers the same events in two orders, with doubles,
// before they are due. Opt-in words are left out: a trigger that came while the
// contact was opted out stays refused, whatever comes later.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	kinds := []string{phone.CallMissed, phone.VoicemailLeft, phone.CallPlaced, phone.TextSent, phone.TextReceived}
	rapid.Check(t, func(rt *rapid.T) {
		rules := rapid.SampledFrom([][]autoreply.Rule{basics()[:2], basics()[:1], basics()[1:2]}).Draw(rt, "rules")
		f := open(t, rules, nil)
		var events []phone.Event
		for n := range rapid.IntRange(1, 6).Draw(rt, "events") {
			e := f.event(rapid.SampledFrom(kinds).Draw(rt, "kind"), fmt.Sprint(n))
			e.At = noon.Add(-time.Duration(rapid.IntRange(0, 4).Draw(rt, "age")) * time.Second)
			e.Call = rapid.SampledFrom([]string{"1", "2", "3"}).Draw(rt, "call")
			e.Text = rapid.SampledFrom([]string{"", "hello", "STOP", "HELP"}).Draw(rt, "text")
			if e.Type == phone.TextSent {
				e.Actor.Kind = phone.Machine
			}
			events = append(events, e)
		}
		var results []string
		for _, round := range []string{"first", "second"} {
			g := open(t, rules, nil)
			doubled := append(slices.Clone(events), rapid.SliceOfN(rapid.SampledFrom(events), 0, 3).Draw(rt, round+" doubles")...)
			for _, e := range rapid.Permutation(doubled).Draw(rt, round) {
				g.handle(e)
			}
			g.run(time.Minute)
			var out strings.Builder
			for _, text := range g.sender.Texts() {
				out.WriteString(text.Trigger + ": " + text.Body + "; ")
			}
			results = append(results, out.String())
		}
		if results[0] != results[1] {
			rt.Fatalf("%q, and in another order %q", results[0], results[1])
		}
	})
}
