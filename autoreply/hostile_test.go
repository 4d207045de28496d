package autoreply_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// TestHostileEvents: each is refused as invalid, counted, and leaves nothing.
func TestHostileEvents(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 513)
	for name, change := range map[string]func(*phone.Event){
		"no ID":              func(e *phone.Event) { e.ID = "" },
		"long ID":            func(e *phone.Event) { e.ID = long },
		"long call":          func(e *phone.Event) { e.Call = long },
		"long tenant":        func(e *phone.Event) { e.Tenant = phone.TenantID(long) },
		"long line":          func(e *phone.Event) { e.Line = phone.LineID(long) },
		"long key":           func(e *phone.Event) { e.Key = phone.ContactKey(long) },
		"no UTF-8":           func(e *phone.Event) { e.ID = "\xff" },
		"tenant of no UTF-8": func(e *phone.Event) { e.Tenant = "\xff" },
		"no instant":         func(e *phone.Event) { e.At = time.Time{} },
		"year 9000":          func(e *phone.Event) { e.At = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"year -1":            func(e *phone.Event) { e.At = time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC) },
		"long department":    func(e *phone.Event) { e.Divert.Department = long },
		"long holiday":       func(e *phone.Event) { e.Divert.Situation.Label = long },
		"long outcome":       func(e *phone.Event) { e.Divert.Outcome = phone.Outcome(long) },
		"long kind":          func(e *phone.Event) { e.Divert.Situation.Kind = hours.Kind(long) },
		"broken department":  func(e *phone.Event) { e.Divert.Department = "\xff" },
		"long actor":         func(e *phone.Event) { e.Actor.ID = long },
	} {
		for _, kind := range []string{phone.TextReceived, phone.CallMissed, phone.VoicemailLeft, phone.CallPlaced} {
			if kind == phone.CallPlaced && name == "no ID" {
				continue // a colleague's call needs none
			}
			f := open(t, basics(), nil)
			e := f.event(kind, "1")
			change(&e)
			d := f.handle(e)
			assert.Equal(t, autoreply.Skip, d.Verdict, name)
			assert.Equal(t, autoreply.ReasonInvalid, d.Reason, name)
			assert.Zero(t, f.ledger.(*autoreply.Memory).Len(), name)
			assert.EqualValues(t, 1, f.engine.Counts().Skips[autoreply.ReasonInvalid], name)
			assert.Empty(t, f.sent(), name)
		}
	}
}

// TestHugeTexts: of a text of 10 MB the beginning is looked at and kept, and a
// row full of the worst stays within its limit.
func TestHugeTexts(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{Quiet: autoreply.Daytime(13, 14, nil), QuietAfter: 1})
	f.contact.Name = strings.Repeat("N", 1<<20)
	wide := strings.Repeat("<", 512)
	var key autoreply.Key
	for i := range 2 * autoreply.MaxPending {
		e := f.event(phone.TextReceived, "")
		e.At = noon.Add(-time.Minute)
		e.Key, e.Tenant, e.Line, e.Call = phone.ContactKey(wide), phone.TenantID(wide), phone.LineID(wide), wide
		e.ID = wide[:510] + fmt.Sprintf("%02d", i)
		e.Contact.Name, e.Contact.URI = strings.Repeat("n", 1<<20), "sip:"+strings.Repeat("u", 1<<20)
		e.Data = json.RawMessage(`"` + strings.Repeat("d", 1<<20) + `"`)
		e.Text = strings.Repeat("<", 10<<20)
		e.Divert = phone.Divert{
			Outcome: phone.Outcome(wide[:128]), Department: wide[:128], Line: phone.LineID(wide[:128]), Mailbox: phone.MailboxID(wide[:128]),
			Situation: hours.Situation{Kind: hours.Kind(wide[:128]), Source: hours.Source(wide[:128]), Label: wide[:128]},
		}
		e.Actor = phone.Actor{Kind: phone.ActorKind(wide[:128]), ID: wide[:128]}
		key = f.policy.Key(e)
		require.Equal(t, autoreply.ReasonQuiet, f.handle(e).Reason)
	}
	row, err := f.ledger.Load(t.Context(), key)
	require.NoError(t, err)
	assert.Len(t, row.Pending, autoreply.MaxPending)
	stored, err := json.Marshal(row)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(stored), autoreply.MaxRow)
	assert.Greater(t, len(stored), autoreply.MaxRow/2, "the limit is not far off")
	done := f.run(time.Hour)
	require.Len(t, done, 1)
	assert.Equal(t, autoreply.Reply, done[0].Verdict)
	assert.Equal(t, []string{"We read you soon"}, f.sent())
}

// TestFromTheFuture: nothing is sent and nothing kept for an event that has not
// happened, the decision says when it will have, and then it is answered.
func TestFromTheFuture(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{phone.TextReceived, phone.CallMissed, phone.VoicemailLeft} {
		f := open(t, basics(), nil)
		e := f.event(kind, "1")
		e.At = noon.Add(1000 * time.Hour)
		d := f.handle(e)
		assert.Equal(t, autoreply.ReasonFuture, d.Reason)
		assert.Equal(t, e.At.Add(-2*time.Minute), d.Until)
		assert.Zero(t, f.ledger.(*autoreply.Memory).Len())
		assert.EqualValues(t, 1, f.engine.Counts().Skips[autoreply.ReasonFuture])
		f.clock.at = d.Until.Add(-1)
		assert.Equal(t, autoreply.ReasonFuture, f.handle(e).Reason)
		f.clock.at = d.Until
		assert.Equal(t, autoreply.Wait, f.handle(e).Verdict, "two minutes between two clocks are nothing")
		assert.Empty(t, f.sent())
		f.run(3 * time.Minute)
		assert.Len(t, f.sent(), 1)
	}
	f := open(t, basics(), nil)
	touch := f.event(phone.CallPlaced, "1")
	touch.At = noon.Add(1000 * time.Hour)
	assert.Equal(t, autoreply.Noted, f.handle(touch).Verdict)
	d := f.handle(f.event(phone.TextReceived, "2"))
	assert.Equal(t, autoreply.ReasonRecent, d.Reason)
	assert.Equal(t, noon.Add(3*time.Hour), d.Until, "a contact from the future counts as now")
}
