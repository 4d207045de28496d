package autoreply_test

import (
	"context"
	"fmt"
	"time"

	"github.com/benbjohnson/clock"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// printer is a carrier without idempotency keys that prints what it sends.
type printer struct{}

func (printer) Send(_ context.Context, t autoreply.Text) error {
	fmt.Printf("to %s: %s\n", t.To, t.Body)
	return nil
}

func (printer) KeyLife() time.Duration { return 0 }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func Example() {
	mock := clock.NewMock()
	mock.Set(time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC))
	policy := must(autoreply.NewPolicy([]autoreply.Rule{{
		ID: "missed", On: []string{phone.CallMissed},
		Text: map[string]string{"en": "Sorry we missed you. We call back soon.", "fr": "Désolés ! Nous vous rappelons vite."},
	}}, nil))
	policies := func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return policy, nil }
	engine := must(autoreply.New(policies, autoreply.NewMemory(), printer{}, &autoreply.Options{Clock: mock}))

	ctx := context.Background()
	missed := func(id string) phone.Event {
		return phone.Event{
			ID: id, Type: phone.CallMissed, At: mock.Now(), Call: id,
			Contact: phone.Party{Number: must(phone.ParseNumber("+15145550100"))},
		}
	}
	say := func(d autoreply.Decision) { fmt.Println(d.Verdict, d.Reason, d.Until.Format("15:04:05")) }

	d := must(engine.Handle(ctx, missed("1")))
	say(d)
	mock.Set(d.Due) // the host's scheduler waits
	if _, _, err := engine.RunDue(ctx); err != nil {
		panic(err)
	}
	mock.Add(time.Hour)
	say(must(engine.Handle(ctx, missed("2"))))

	// Output:
	// wait settling 12:00:25
	// to +15145550100: Sorry we missed you. We call back soon.
	// skip cooldown 15:00:25
}

// A host's own test suite: three hours, a restart and a step backwards, in no
// time at all.
func ExampleCooldown() {
	mock := clock.NewMock()
	mock.Set(time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC))
	cooldown := must(autoreply.NewCooldown[string](3*time.Hour, mock))
	ask := func(what string) {
		ticket, ok := cooldown.Reserve("+15145550100")
		if ok {
			cooldown.Commit(ticket) // it happened
			fmt.Println(what, "yes")
			return
		}
		fmt.Println(what, "no, until", ticket.Free.UTC().Format("15:04"))
	}
	ask("the first time:")
	mock.Add(3*time.Hour - time.Nanosecond)
	ask("a moment too early:")
	mock.Add(time.Nanosecond)
	ask("at exactly three hours:")

	restarted := must(autoreply.NewCooldown[string](3*time.Hour, mock))
	for key, last := range cooldown.All() {
		restarted.Restore(key, last)
	}
	cooldown = restarted
	ask("after a restart:")

	mock.Set(mock.Now().Add(-24 * time.Hour))
	ask("the clock is a day behind:")
	mock.Add(3 * time.Hour)
	ask("three hours later:")

	// Output:
	// the first time: yes
	// a moment too early: no, until 15:00
	// at exactly three hours: yes
	// after a restart: no, until 18:00
	// the clock is a day behind: no, until 18:00
	// three hours later: yes
}

func ExamplePolicy_Decide() {
	policy := must(autoreply.NewPolicy([]autoreply.Rule{{
		ID: "text", On: []string{phone.TextReceived}, Text: map[string]string{"en": "We read you soon."},
	}}, nil))
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	event := phone.Event{
		ID: "1", Type: phone.TextReceived, At: now, Text: "Are you open?",
		Contact: phone.Party{Number: must(phone.ParseNumber("+15145550100"))},
	}
	d := policy.Decide(event, autoreply.Facts{}, now)
	fmt.Println(d.Verdict, d.Text)

	// A colleague wrote an hour ago.
	d = policy.Decide(event, autoreply.Facts{Entry: autoreply.Entry{Touched: now.Add(-time.Hour)}}, now)
	fmt.Println(d.Verdict, d.Reason, d.Until.Format("15:04"))

	event.Text = "STOP"
	d = policy.Decide(event, autoreply.Facts{}, now)
	fmt.Println(d.Verdict, d.Reason, d.Event.Type)

	// Output:
	// reply We read you soon.
	// skip recent-contact 14:00
	// skip keyword consent.opt-out
}
