package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/phone"
)

var june = time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)

func runs(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &errs, june)
	return code, out.String(), errs.String()
}

// TestAsAUser builds the program and replays the day that comes with it.
func TestAsAUser(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "reply")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	day, err := os.ReadFile("day.jsonl")
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), program, "-rules", "rules.json")
	cmd.Stdin = bytes.NewReader(day)
	answer, err := cmd.Output()
	require.NoError(t, err)
	var story []string
	for text := range strings.Lines(string(answer)) {
		var l line
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		story = append(story, strings.TrimSpace(fmt.Sprintf("%s %s %s", l.Event, l.Verdict, l.Reason)))
	}
	assert.Equal(t, []string{
		"1 wait settling", "1 reply", "2 skip cooldown", "3 wait settling", "4 wait settling", "4 reply",
		"5 wait settling", "6 noted", "5 skip recent-contact", "7 skip keyword", "8 reply", "9 skip short",
	}, story)
}

func TestCommands(t *testing.T) {
	t.Parallel()
	code, out, _ := runs(t, "", "-h")
	assert.Zero(t, code)
	assert.Contains(t, out, "-rules FILE")
	code, out, _ = runs(t, "", "lint", "-rules", "rules.json")
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "ucs-2")
	code, out, _ = runs(t, "", "list", "-lang", "fr", "-rules", "rules.json")
	assert.Zero(t, code)
	assert.Contains(t, out, "Quand un message vocal est laissé.")
	code, out, _ = runs(t, `{"id":"1","type":"text.received","at":"2026-06-15T22:00:00Z","contact":{"number":"+15145550100"}}`, "preview", "-rules", "rules.json")
	assert.Zero(t, code)
	assert.Contains(t, out, "lira votre message demain à 9 h")
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte(`{"rules":[{"id":"a","on":["call.missed"],"text":{"en":"{nmae}"}}]}`), 0o600))
	for name, c := range map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"no rules":    {nil, "", "want -rules"},
		"no file":     {[]string{"-rules", "nowhere.json"}, "", "nowhere.json"},
		"placeholder": {[]string{"-rules", broken}, "", "/rules/0/text/en"},
		"flag":        {[]string{"-x"}, "", "-x"},
		"verb":        {[]string{"play", "-rules", "rules.json"}, "", "want preview"},
		"ledger":      {[]string{"-rules", "rules.json", "-ledger", "paper"}, "", "want memory, sqlite:FILE"},
		"no place":    {[]string{"-rules", "rules.json", "-ledger", "sqlite:"}, "", "want memory, sqlite:FILE"},
		"more memory": {[]string{"-rules", "rules.json", "-ledger", "memory:x"}, "", "want memory, sqlite:FILE"},
		"no folder":   {[]string{"-rules", "rules.json", "-ledger", "sqlite:" + filepath.Join(broken, "x.db")}, "", "-ledger sqlite: "},
		"no server":   {[]string{"-rules", "rules.json", "-ledger", "postgres://127.0.0.1:1/x?sslmode=disable"}, "", "-ledger postgres: "},
		"no address":  {[]string{"-rules", "rules.json", "-ledger", "redis://%zz:secret@"}, "", "-ledger redis: want HOST:PORT"},
		"no redis":    {[]string{"-rules", "rules.json", "-ledger", "redis:127.0.0.1:1"}, "", "-ledger redis: "},
		"prefix":      {[]string{"-rules", "rules.json", "-ledger", "sqlite:" + broken, "-prefix", "a b"}, "", "-ledger sqlite: "},
		"not JSON":    {[]string{"-rules", "rules.json"}, "\n{", "line 2"},
		"number":      {[]string{"-rules", "rules.json"}, `{"contact":{"number":"514 555"}}`, "line 1"},
		"time":        {[]string{"lint", "-rules", "rules.json", "-at", "noon"}, "", "noon"},
		"argument":    {[]string{"-rules", "rules.json", "more"}, "", "more"},
	} {
		code, _, errs := runs(t, c.stdin, c.args...)
		assert.Equal(t, 2, code, name)
		assert.Contains(t, errs, c.want, name)
		assert.NotContains(t, errs, "goroutine", name)
	}
}

// naive is what should come out: all that ever happened to a contact, scanned
// from the beginning for each event.
type naive struct {
	sent, touched []time.Time
	voicemails    map[string]bool
	pending       []phone.Event
}

const window = 3 * time.Hour

func settle(e phone.Event) time.Time {
	switch e.Type {
	case phone.CallMissed:
		return e.At.Add(25 * time.Second)
	case phone.VoicemailLeft:
		return e.At.Add(5 * time.Second)
	}
	return e.At
}

func (n *naive) refused(e phone.Event, now time.Time) string {
	if e.Type == phone.CallMissed && n.voicemails[e.Call] {
		return "skip covered"
	}
	for _, at := range n.sent {
		if e.At.Sub(at) < window {
			return "skip cooldown"
		}
	}
	for _, at := range n.touched {
		if e.At.Sub(at) < window {
			return "skip recent-contact"
		}
	}
	day := slices.DeleteFunc(slices.Clone(n.sent), func(at time.Time) bool { return now.Sub(at) >= 24*time.Hour })
	if len(day) >= 6 {
		return "skip budget"
	}
	return ""
}

func (n *naive) due() time.Time {
	due := time.Time{}
	for _, e := range n.pending {
		if at := settle(e); due.IsZero() || at.Before(due) {
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
		return a.At.Compare(b.At)
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

// take is the outcome of the event, and of what was due before it.
func (n *naive) take(e phone.Event, totals map[string]int) {
	n.pass(e.At, totals)
	if e.Type == phone.CallPlaced {
		n.touched = append(n.touched, e.At)
		totals["noted"]++
		return
	}
	why := n.refused(e, e.At)
	if e.Type == phone.VoicemailLeft && why != "skip cooldown" {
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
	if n.due().After(e.At) {
		totals["wait"]++
		return
	}
	totals[n.decide(e.At)]++
}

func (n *naive) pass(until time.Time, totals map[string]int) {
	if len(n.pending) > 0 && !n.due().After(until) {
		totals[n.decide(n.due())]++
	}
}

// TestDayOfTenThousandEvents replays a mixed day and holds its totals against
// the naive model.
func TestDayOfTenThousandEvents(t *testing.T) {
	t.Parallel()
	rules := filepath.Join(t.TempDir(), "rules.json")
	require.NoError(t, os.WriteFile(rules, []byte(`{"perHour":-1,"rules":[{"id":"all","on":["call.missed","voicemail.left","text.received"],"text":{"en":"Acme answers"}}]}`), 0o600))
	in, want := day(t, 10_000)
	begun := time.Now()
	code, out, errs := runs(t, in, "-rules", rules)
	took := time.Since(begun)
	require.Zero(t, code, errs)
	got := count(t, out)
	assert.Equal(t, want, got)
	t.Logf("%v in %s", got, took)
}

// day is so many mixed events, and what should become of them.
func day(t *testing.T, n int) (lines string, want map[string]int) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	var in bytes.Buffer
	want = map[string]int{}
	contacts := map[string]*naive{}
	enc := json.NewEncoder(&in)
	at := june
	for i := range n {
		at = at.Add(time.Duration(r.IntN(17)) * time.Second)
		number := fmt.Sprintf("+1514555%04d", r.IntN(300))
		e := phone.Event{
			ID: fmt.Sprint(i), At: at, Call: fmt.Sprint(i),
			Type: []string{phone.CallMissed, phone.CallMissed, phone.TextReceived, phone.TextReceived, phone.VoicemailLeft, phone.CallPlaced}[r.IntN(6)],
		}
		require.NoError(t, e.Contact.Number.UnmarshalText([]byte(number)))
		for range 1 + r.IntN(8)/7 { // one in eight comes twice
			require.NoError(t, enc.Encode(e))
			if contacts[number] == nil {
				contacts[number] = &naive{voicemails: map[string]bool{}}
			}
			contacts[number].take(e, want)
		}
	}
	for _, n := range contacts {
		n.pass(at.Add(time.Hour), want)
	}
	return in.String(), want
}

// count is how often each verdict was given, refusals by reason.
func count(t *testing.T, out string) map[string]int {
	t.Helper()
	got := map[string]int{}
	for text := range strings.Lines(out) {
		var l line
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		got[strings.TrimSpace(string(l.Verdict)+" "+map[bool]string{true: string(l.Reason)}[l.Verdict == "skip"])]++
	}
	return got
}
