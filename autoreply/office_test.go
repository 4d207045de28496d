package autoreply_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

// tick is a clock that stands still until it is told.
type tick struct{ at time.Time }

func (c *tick) Now() time.Time { return c.at }

func (c *tick) pass(d time.Duration) { c.at = c.at.Add(d) }

var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// office is an engine with everything around it.
type office struct {
	t       testing.TB
	clock   *tick
	policy  *autoreply.Policy
	contact autoreply.Contact
	ledger  autoreply.Ledger
	sender  *autoreplytest.Sender
	engine  *autoreply.Engine
	events  []phone.Event // observed
}

const caller = "+15145550100"

// basics are the rules of a small office.
func basics() []autoreply.Rule {
	return []autoreply.Rule{
		{ID: "missed", On: []string{phone.CallMissed}, Text: map[string]string{"en": "Sorry we missed you", "fr": "Désolés de vous avoir manqué"}},
		{ID: "voicemail", On: []string{phone.VoicemailLeft}, Text: map[string]string{"en": "We got your message", "fr": "Message bien reçu"}},
		{ID: "text", On: []string{phone.TextReceived}, Text: map[string]string{"en": "We read you soon", "fr": "On vous lit bientôt"}},
	}
}

func open(t testing.TB, rules []autoreply.Rule, o *autoreply.PolicyOptions) *office {
	t.Helper()
	f := &office{t: t, clock: &tick{noon}, ledger: autoreply.NewMemoryOf(1000), sender: &autoreplytest.Sender{}}
	f.rules(rules, o)
	f.restart()
	return f
}

// rules changes the policy.
func (f *office) rules(rules []autoreply.Rule, o *autoreply.PolicyOptions) {
	p, err := autoreply.NewPolicy(rules, o)
	require.NoError(f.t, err)
	f.policy = p
}

// restart makes a new engine over the same ledger.
func (f *office) restart() {
	tokens := 0
	e, err := autoreply.New(
		func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return f.policy, nil },
		f.ledger, f.sender,
		&autoreply.Options{
			Clock:   f.clock,
			Contact: func(context.Context, autoreply.Key) (autoreply.Contact, error) { return f.contact, nil },
			Observe: func(_ context.Context, e phone.Event) { f.events = append(f.events, e) },
			NewID: func(at time.Time) string {
				tokens++
				return fmt.Sprintf("%p-%d-%d", f.sender, at.UnixNano(), tokens)
			},
		})
	require.NoError(f.t, err)
	f.engine = e
}

// event is one that happens now.
func (f *office) event(kind, id string) phone.Event {
	return phone.Event{
		V: phone.EventVersion, ID: kind + "/" + id, Type: kind, At: f.clock.at, Call: id,
		Contact: phone.Party{Number: number(f.t, caller)},
	}
}

func (f *office) handle(e phone.Event) autoreply.Decision {
	f.t.Helper()
	d, err := f.engine.Handle(context.Background(), e)
	require.NoError(f.t, err)
	return d
}

// run passes d and lets the engine decide what is due.
func (f *office) run(d time.Duration) []autoreply.Decision {
	f.t.Helper()
	f.clock.pass(d)
	done, _, err := f.engine.RunDue(context.Background())
	require.NoError(f.t, err)
	return done
}

// sent are the bodies of the texts so far.
func (f *office) sent() []string {
	bodies := []string{}
	for _, t := range f.sender.Texts() {
		bodies = append(bodies, t.Body)
	}
	return bodies
}
