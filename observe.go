package afterbeep

import (
	"context"
	"encoding/json"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// The types of events that the desk makes itself; they go to
// [Options.Observe]. Those of the packages below go there too.
const (
	// GreetingChosen: Data is a [Greeted].
	GreetingChosen = "greeting.chosen"
	// RecordingEnded: Data is a [Recorded].
	RecordingEnded = "recording.ended"
)

// Greeted says which greeting a caller hears, and why.
type Greeted struct {
	Greeting string         `json:"greeting"`
	Rule     string         `json:"rule,omitempty"` // empty: built-in
	Class    greeting.Class `json:"class"`
	Match    greeting.Match `json:"match"` // how its language was chosen
}

// Recorded says what became of a recording.
type Recorded struct {
	Outcome phone.Outcome   `json:"outcome"`
	Stop    voicemail.Stop  `json:"stop"`
	State   voicemail.State `json:"state"`
	Why     voicemail.Why   `json:"why,omitempty"`
	Message string          `json:"message,omitempty"`
	Seconds float64         `json:"seconds"`
	Partial bool            `json:"partial,omitempty"`
}

func (d *Desk) observe(ctx context.Context, e phone.Event) {
	if d.o.Observe != nil && e.ID != "" {
		d.o.Observe(ctx, e)
	}
}

// tell observes what happened in a slot of a call.
func (d *Desk) tell(ctx context.Context, call phone.Call, c callflow.Command, kind string, about any) {
	if d.o.Observe == nil {
		return
	}
	data, err := json.Marshal(about)
	if err != nil {
		d.o.Log.Warn("an event without data", "type", kind, "err", err)
	}
	d.observe(ctx, phone.Event{
		V: phone.EventVersion, ID: kind + "/" + c.Key(), Type: kind, At: d.o.Clock.Now(),
		Tenant: call.Tenant, Line: call.Line, Call: call.ID, Contact: call.Caller, Divert: c.Divert,
		Actor: phone.Actor{Kind: phone.System, ID: "desk"}, Data: data,
	})
}

func (d *Desk) greeted(ctx context.Context, call phone.Call, c callflow.Command, pick greeting.Decision) {
	d.tell(ctx, call, c, GreetingChosen, Greeted{pick.Greeting.ID, pick.Rule, pick.Class, pick.Match})
}

func (d *Desk) recorded(ctx context.Context, call phone.Call, c callflow.Command, r voicemail.Receipt) {
	d.tell(ctx, call, c, RecordingEnded, Recorded{
		Outcome: r.Outcome, Stop: r.Stop, State: r.State, Why: r.Why, Message: r.Message,
		Seconds: r.Length.Seconds(), Partial: r.Partial,
	})
}

// wireReplies makes the engine of auto-replies, if the host has any.
func (d *Desk) wireReplies() error {
	if d.s.Policies == nil {
		return nil
	}
	var err error
	d.replies, err = autoreply.New(d.s.Policies, d.s.Ledger, d.s.Sender, &autoreply.Options{
		Clock: d.o.Clock, Contact: d.o.Contact, Log: d.o.Log, Observe: d.observe,
		Limit: max(d.o.Calls, defaultCalls),
	})
	return err
}
