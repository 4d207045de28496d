package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/phone"
)

// office is the policy of the day.
const office = `{"perHour":-1,"own":["+15145559999"],"rules":[{"id":"all","on":["call.missed","voicemail.left","text.received"],"text":{"en":"Acme answers"}}]}`

// naive is what should come out: all that ever happened to a contact, scanned
// from the beginning for each event.
type naive struct {
	sent, touched []time.Time
	voicemails    map[string]bool
	pending       []phone.Event
	out           bool      // the last word was an opt-out
	heard         time.Time // of the last word
}

const window = 3 * time.Hour

func settle(e phone.Event) time.Duration {
	return map[string]time.Duration{phone.CallMissed: 25 * time.Second, phone.VoicemailLeft: 5 * time.Second}[e.Type]
}

// stranger is why nobody answers such an event, whoever wrote what before.
func stranger(e phone.Event) string {
	number := e.Contact.Number
	switch {
	case number.Kind() == phone.Withheld:
		return "skip withheld"
	case number.Kind() == phone.Short:
		return "skip short"
	case number.Kind() == phone.Alpha:
		return "skip alpha"
	case number.String() == "+15145559999":
		return "skip own"
	case strings.HasPrefix(number.String(), "+1900"):
		return "skip service-number"
	case slices.Contains([]string{"STOP", "Arrêt svp", "START", "HELP"}, e.Text):
		return "skip keyword"
	case e.Group:
		return "skip group"
	}
	return ""
}

func (n *naive) refused(e phone.Event, now time.Time) string {
	at := e.At
	if at.After(now) {
		at = now
	}
	switch {
	case n.out:
		return "skip opted-out"
	case e.At.After(now.Add(2 * time.Minute)):
		return "skip future"
	case now.Sub(e.At) > 10*time.Minute+settle(e):
		return "skip stale"
	case e.Type == phone.CallMissed && n.voicemails[e.Call]:
		return "skip covered"
	}
	for _, sent := range n.sent {
		if at.Sub(sent) < window {
			return "skip cooldown"
		}
	}
	for _, touched := range n.touched {
		if at.Sub(touched) < window {
			return "skip recent-contact"
		}
	}
	day := slices.DeleteFunc(slices.Clone(n.sent), func(at time.Time) bool { return now.Sub(at) >= 24*time.Hour })
	switch {
	case strings.Contains(e.Text, "automated message"):
		return "skip machine"
	case len(day) >= 6:
		return "skip budget"
	}
	return ""
}

func (n *naive) due() time.Time {
	due := time.Time{}
	for _, e := range n.pending {
		if at := e.At.Add(settle(e)); due.IsZero() || at.Before(due) {
			due = at
		}
	}
	return due
}

func (n *naive) decide(now time.Time) string {
	rank := map[string]int{phone.VoicemailLeft: 0, phone.TextReceived: 1, phone.CallMissed: 2}
	slices.SortStableFunc(n.pending, func(a, b phone.Event) int {
		if c := rank[a.Type] - rank[b.Type]; c != 0 {
			return c
		}
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	pending := n.pending
	n.pending = nil
	for _, e := range pending {
		if n.refused(e, now) == "" {
			n.sent = append(n.sent, now)
			n.voicemails = map[string]bool{}
			return "reply"
		}
	}
	return n.refused(pending[0], now)
}

// take is the outcome of the event at now, and of what was due before it.
func (n *naive) take(e phone.Event, now time.Time, totals map[string]int) {
	n.pass(now, totals)
	at := e.At
	if at.After(now) {
		at = now
	}
	switch e.Type {
	case phone.CallPlaced, phone.CallAnswered:
		n.touched = append(n.touched, at)
		totals["noted"]++
		return
	case phone.CallMissed, phone.VoicemailLeft, phone.TextReceived:
	default:
		totals["skip ignored"]++
		return
	}
	why := stranger(e)
	if why == "" {
		why = n.refused(e, now)
	}
	if word := why == "skip keyword" && e.Text != "HELP"; word && (at.After(n.heard) || at.Equal(n.heard) && e.Text != "START") {
		n.out, n.heard = e.Text != "START", at
	}
	if e.Type == phone.VoicemailLeft && !slices.Contains([]string{"skip cooldown", "skip stale", "skip future"}, why) {
		n.voicemails[e.Call] = true
		n.pending = slices.DeleteFunc(n.pending, func(m phone.Event) bool { return m.Type == phone.CallMissed && m.Call == e.Call })
	}
	switch {
	case why != "":
		totals[why]++
		return
	case !slices.ContainsFunc(n.pending, func(p phone.Event) bool { return p.ID == e.ID }):
		n.pending = append(n.pending, e)
	}
	if n.due().After(now) {
		totals["wait"]++
		return
	}
	totals[n.decide(now)]++
}

func (n *naive) pass(until time.Time, totals map[string]int) {
	if len(n.pending) > 0 && !n.due().After(until) {
		totals[n.decide(n.due())]++
	}
}

// everything is what a mixed day must hold.
var everything = []string{
	"noted", "reply", "wait", "skip alpha", "skip budget", "skip cooldown", "skip covered", "skip future", "skip group", "skip ignored", "skip keyword",
	"skip machine", "skip opted-out", "skip own", "skip recent-contact", "skip service-number", "skip short", "skip stale", "skip withheld",
}

// TestDayOfTenThousandEvents replays a mixed day and holds its totals against
// the naive model, and what the program counted against both.
func TestDayOfTenThousandEvents(t *testing.T) {
	t.Parallel()
	rules := filepath.Join(t.TempDir(), "rules.json")
	require.NoError(t, os.WriteFile(rules, []byte(office), 0o600))
	in, want, bad := day(t, 10_000)
	for _, kind := range everything {
		if kind != "skip budget" { // seven windows are longer than a day
			assert.NotZero(t, want[kind], kind)
		}
	}
	begun := time.Now()
	code, out, errs := runs(t, in, "-rules", rules)
	took := time.Since(begun)
	require.Equal(t, 1, code, "some lines are too far ahead")
	got := count(t, out)
	assert.Equal(t, want, got)
	for name, n := range want {
		if name != "wait" {
			assert.True(t, strings.Contains(errs, fmt.Sprintf("%7d %s\n", n, name)), "the engine counted another number of %q", name)
		}
	}
	assert.Equal(t, bad, strings.Count(errs, "ahead of the clock"))
	t.Logf("%d lines, %v in %s", strings.Count(in, "\n"), got, took)
}

// draw is one event of the day.
func draw(t *testing.T, r *rand.Rand, i int, clock time.Time) phone.Event {
	t.Helper()
	e := phone.Event{
		ID: fmt.Sprint(i), At: clock, Call: fmt.Sprint(i / 4), // a missed call and a voicemail may be one call
		Type: []string{
			phone.CallMissed, phone.CallMissed, phone.CallMissed, phone.TextReceived, phone.TextReceived, phone.TextReceived,
			phone.VoicemailLeft, phone.VoicemailLeft, phone.CallPlaced, phone.CallAnswered, phone.TextSent, "fax.received",
		}[r.IntN(12)],
	}
	number := fmt.Sprintf("+1514555%04d", (i/4*7919)%1500) // four events in a row are of one contact
	switch r.IntN(40) {
	case 0:
		number = []string{"72727", "ACME", "+15145559999", "+19005550100", "", ""}[r.IntN(6)]
	case 1:
		e.At = clock.Add(-time.Duration(r.IntN(3600)) * time.Second) // late, or stale
	case 2, 3:
		e.At = clock.Add(-time.Duration(r.IntN(40)) * time.Second)
	case 4:
		e.At = clock.Add(200 * time.Hour)
	}
	switch e.Type {
	case phone.TextSent:
		e.Actor.Kind = phone.Machine // a campaign
	case phone.TextReceived:
		e.Text = []string{
			"hello", "hello", "are you open?", "are you open?", "see you", "see you", "thanks", "hi", "hi", "hi", "hi", "hi",
			"STOP", "Arrêt svp", "START", "START", "HELP", "This is an automated message",
		}[r.IntN(18)]
		e.Group = r.IntN(30) == 0
	}
	require.NoError(t, e.Contact.Number.UnmarshalText([]byte(number)))
	return e
}

// day is so many mixed events, what should become of them, and how many lines
// are too far ahead.
func day(t *testing.T, n int) (lines string, want map[string]int, bad int) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	var in bytes.Buffer
	want = map[string]int{}
	contacts := map[string]*naive{}
	enc := json.NewEncoder(&in)
	now, day := time.Time{}, june // of the events, and of the world
	for i := range n {
		day = day.Add(time.Duration(r.IntN(17)) * time.Second)
		e := draw(t, r, i, day)
		for range 1 + r.IntN(8)/7 { // one in eight comes twice
			require.NoError(t, enc.Encode(e))
			key := e.Contact.Number.String()
			if contacts[key] == nil {
				contacts[key] = &naive{voicemails: map[string]bool{}}
			}
			switch {
			case i > 0 && e.At.Sub(now) > 168*time.Hour:
				bad++
			case e.At.After(now):
				now = e.At
			}
			contacts[key].take(e, now, want)
		}
	}
	for _, n := range contacts {
		n.pass(now.Add(time.Hour), want)
	}
	return in.String(), want, bad
}

// TestFarAhead: a line that is dated far ahead is reported with its number and
// moves no clock, neither in this run nor, through a stored ledger, in the next.
func TestFarAhead(t *testing.T) {
	t.Parallel()
	rules := filepath.Join(t.TempDir(), "rules.json")
	require.NoError(t, os.WriteFile(rules, []byte(office), 0o600))
	event := func(id, at, number string) string {
		return fmt.Sprintf(`{"id":%q,"type":"text.received","at":%q,"contact":{"number":%q},"text":"hi"}`+"\n", id, at, number)
	}
	for _, ledger := range []string{"memory", "sqlite:" + filepath.Join(t.TempDir(), "x.db")} {
		code, out, errs := runs(t, event("1", "2026-06-15T12:00:00Z", "+15145550101")+"\n"+event("2", "2031-01-01T00:00:00Z", "+15145550102")+
			event("3", "2026-06-15T12:01:00Z", "+15145550103"), "-rules", rules, "-ledger", ledger)
		assert.Equal(t, 1, code)
		assert.Equal(t, map[string]int{"reply": 2, "skip future": 1}, count(t, out))
		assert.Contains(t, errs, "reply: line 3: 2031-01-01T00:00:00Z is more than 168h0m0s ahead of the clock, which stays at 2026-06-15T12:00:00Z\n")
		assert.Contains(t, errs, "3 events, 1 of them too far ahead\n")
		if ledger == "memory" {
			continue
		}
		code, out, errs = runs(t, event("4", "2026-06-15T12:02:00Z", "+15145550104")+event("5", "2026-06-15T12:02:00Z", "+15145550101"), "-rules", rules, "-ledger", ledger)
		assert.Zero(t, code, errs)
		assert.Equal(t, map[string]int{"reply": 1, "skip cooldown": 1}, count(t, out), "the stored clock did not move")
		code, _, errs = runs(t, event("6", "2026-06-15T15:00:00Z", "+15145550105"), "-rules", rules, "-ledger", ledger, "-ahead", "2h")
		assert.Equal(t, 1, code, "the bound counts from the stored clock")
		assert.Contains(t, errs, "line 1: 2026-06-15T15:00:00Z is more than 2h0m0s ahead of the clock, which stays at 2026-06-15T12:02:00Z\n")
		code, out, _ = runs(t, event("7", "2026-06-15T15:00:00Z", "+15145550105"), "-rules", rules, "-ledger", ledger)
		assert.Zero(t, code)
		assert.Equal(t, map[string]int{"reply": 1}, count(t, out))
	}
}
