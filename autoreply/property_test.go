package autoreply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

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

// TestDecideBelievesNoFuture: also the pure function, handed a row that a clock
// has left far ahead, is silent for a window and no longer.
func TestDecideBelievesNoFuture(t *testing.T) {
	t.Parallel()
	p, err := autoreply.NewPolicy(basics(), nil)
	require.NoError(t, err)
	e := phone.Event{ID: "1", Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number(t, caller)}}
	for ahead, want := range map[time.Duration]time.Duration{2 * time.Hour: 5 * time.Hour, 3 * time.Hour: 6 * time.Hour, 3*time.Hour + 1: 3 * time.Hour, 9000 * time.Hour: 3 * time.Hour} {
		d := p.Decide(e, autoreply.Facts{Entry: autoreply.Entry{Sent: noon.Add(ahead)}}, noon)
		assert.Equal(t, autoreply.ReasonCooldown, d.Reason)
		assert.Equal(t, noon.Add(want), d.Until)
	}
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
