package autoreply_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

func TestMissedCallIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	d := f.handle(f.event(phone.CallMissed, "1"))
	assert.Equal(t, autoreply.Wait, d.Verdict)
	assert.Equal(t, autoreply.ReasonSettling, d.Reason)
	assert.Equal(t, noon.Add(25*time.Second), d.Due)

	assert.Empty(t, f.run(25*time.Second-time.Nanosecond), "not a moment before")
	done := f.run(time.Nanosecond)
	require.Len(t, done, 1)
	assert.Equal(t, autoreply.Reply, done[0].Verdict)
	assert.Equal(t, []string{"Sorry we missed you"}, f.sent())
	assert.Equal(t, caller, f.sender.Texts()[0].To.String())

	sent := f.clock.at
	f.clock.at = sent.Add(3*time.Hour - time.Nanosecond)
	d = f.handle(f.event(phone.CallMissed, "2"))
	assert.Equal(t, autoreply.ReasonCooldown, d.Reason)
	assert.Equal(t, sent.Add(3*time.Hour), d.Until)
	f.clock.pass(time.Nanosecond)
	assert.Equal(t, autoreply.Wait, f.handle(f.event(phone.CallMissed, "3")).Verdict, "half-open")
	f.run(time.Minute)
	assert.Len(t, f.sent(), 2)
}

func TestVoicemailBeatsMissedCall(t *testing.T) {
	t.Parallel()
	rules := basics()
	for name, c := range map[string]struct {
		rules []autoreply.Rule
		first string
		then  string
		want  []string
	}{
		"missed first":                     {rules, phone.CallMissed, phone.VoicemailLeft, []string{"We got your message"}},
		"voicemail first":                  {rules, phone.VoicemailLeft, phone.CallMissed, []string{"We got your message"}},
		"no rule for voicemail":            {rules[:1], phone.CallMissed, phone.VoicemailLeft, []string{}},
		"no rule for voicemail, reordered": {rules[:1], phone.VoicemailLeft, phone.CallMissed, []string{}},
		"no rule for missed calls":         {rules[1:2], phone.CallMissed, phone.VoicemailLeft, []string{"We got your message"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, c.rules, nil)
			f.handle(f.event(c.first, "1"))
			f.clock.pass(2 * time.Second)
			f.handle(f.event(c.then, "1"))
			f.run(time.Minute)
			f.run(time.Minute)
			assert.Equal(t, c.want, f.sent())
		})
	}
}

func TestRecentContact(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind  string
		actor phone.ActorKind
		at    time.Duration // relative to the missed call
		quiet bool
	}{
		"called back after the trigger": {phone.CallPlaced, phone.Person, 10 * time.Second, true},
		"texted before":                 {phone.TextSent, phone.Person, -time.Hour, true},
		"spoke before":                  {phone.CallAnswered, phone.Person, -time.Minute, true},
		"just inside":                   {phone.CallPlaced, phone.Person, -3*time.Hour + time.Nanosecond, true},
		"just outside":                  {phone.CallPlaced, phone.Person, -3 * time.Hour, false},
		"a campaign":                    {phone.TextSent, phone.Machine, -time.Minute, false},
		"a dialler":                     {phone.CallPlaced, phone.System, 10 * time.Second, false},
		"nobody knows who":              {phone.TextSent, "", -time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, basics(), nil)
			missed := f.event(phone.CallMissed, "1")
			touch := f.event(c.kind, "t")
			touch.At, touch.Actor.Kind = noon.Add(c.at), c.actor
			f.handle(missed)
			f.clock.pass(20 * time.Second)
			f.handle(touch)
			done := f.run(5 * time.Second)
			require.Len(t, done, 1)
			if c.quiet {
				assert.Equal(t, autoreply.ReasonRecent, done[0].Reason)
				assert.Equal(t, touch.At.Add(3*time.Hour), done[0].Until)
				assert.Empty(t, f.sent())
			} else {
				assert.Equal(t, autoreply.Reply, done[0].Verdict)
			}
		})
	}
}

func TestEditWinsUntilSending(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.handle(f.event(phone.CallMissed, "1"))
	rules := basics()
	rules[0].Text = map[string]string{"en": "New text"}
	f.rules(rules, nil)
	f.run(time.Minute)
	assert.Equal(t, []string{"New text"}, f.sent())

	f = open(t, basics(), nil)
	f.handle(f.event(phone.CallMissed, "1"))
	rules[0].Disabled = true
	f.rules(rules, nil)
	done := f.run(time.Minute)
	require.Len(t, done, 1)
	assert.Equal(t, autoreply.ReasonNoRule, done[0].Reason)
	assert.Empty(t, f.sent())
}

func TestFrozenTextIsSentAgain(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.sender.Life = 24 * time.Hour
	f.sender.Next = func(n int, _ autoreply.Text) autoreplytest.Fate {
		if n == 0 {
			return autoreplytest.Mute
		}
		return autoreplytest.Accept
	}
	d, err := f.engine.Handle(t.Context(), f.event(phone.TextReceived, "1"))
	require.ErrorIs(t, err, autoreplytest.ErrSilence)
	assert.Equal(t, autoreply.ReasonUnknown, d.Reason)
	assert.Equal(t, autoreply.Wait, d.Verdict)

	f.rules(nil, nil)
	f.restart()
	done := f.run(time.Minute)
	require.Len(t, done, 1)
	assert.Equal(t, autoreply.Reply, done[0].Verdict)
	assert.Equal(t, []string{"We read you soon"}, f.sent(), "delivered once")
	assert.Equal(t, 2, f.sender.Requests())
	assert.Equal(t, autoreply.ReasonCooldown, f.handle(f.event(phone.TextReceived, "2")).Reason)
}

func TestUnknownWithoutKeysIsConsumed(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.sender.Next = func(int, autoreply.Text) autoreplytest.Fate { return autoreplytest.Lose }
	d, err := f.engine.Handle(t.Context(), f.event(phone.TextReceived, "1"))
	require.ErrorIs(t, err, autoreplytest.ErrSilence)
	assert.Equal(t, autoreply.Skip, d.Verdict)
	assert.Empty(t, f.run(time.Hour))
	assert.Equal(t, 1, f.sender.Requests())
	assert.Equal(t, autoreply.ReasonCooldown, f.handle(f.event(phone.TextReceived, "2")).Reason)
}

func TestRefusalGivesTheSlotBack(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.sender.Next = func(n int, _ autoreply.Text) autoreplytest.Fate {
		if n == 0 {
			return autoreplytest.Refuse
		}
		return autoreplytest.Accept
	}
	first := f.event(phone.TextReceived, "1")
	assert.Equal(t, autoreply.ReasonRejected, f.handle(first).Reason)
	assert.Equal(t, autoreply.ReasonDuplicate, f.handle(first).Reason)
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "2")).Verdict)
	assert.Len(t, f.sent(), 1)
}

func TestLanguageOfTheReply(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		contact string
		divert  language.Tag
		want    string
	}{
		"nothing known":         {"", language.Und, "Sorry we missed you"},
		"key pressed":           {"", language.CanadianFrench, "Désolés de vous avoir manqué"},
		"preference goes first": {"en-CA", language.French, "Sorry we missed you"},
		"no such language":      {"de", language.Und, "Sorry we missed you"},
		"Creole is not French":  {"ht", language.Und, "Sorry we missed you"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, basics(), nil)
			f.contact.Language = c.contact
			e := f.event(phone.CallMissed, "1")
			e.Divert.Language = c.divert
			f.handle(e)
			f.run(time.Minute)
			assert.Equal(t, []string{c.want}, f.sent())
		})
	}
}

func TestWhoIsNotAnswered(t *testing.T) {
	t.Parallel()
	own, err := phone.ParseNumber("+15145559999")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(*phone.Event, *autoreply.Contact)
		want   autoreply.Reason
	}{
		"withheld":     {func(e *phone.Event, _ *autoreply.Contact) { e.Contact = phone.Party{} }, autoreply.ReasonWithheld},
		"short code":   {func(e *phone.Event, _ *autoreply.Contact) { e.Contact.Number = number(t, "72727") }, autoreply.ReasonShort},
		"name":         {func(e *phone.Event, _ *autoreply.Contact) { e.Contact.Number = number(t, "ACME") }, autoreply.ReasonAlpha},
		"own":          {func(e *phone.Event, _ *autoreply.Contact) { e.Contact.Number = own }, autoreply.ReasonOwn},
		"group":        {func(e *phone.Event, _ *autoreply.Contact) { e.Group = true }, autoreply.ReasonGroup},
		"blocked":      {func(_ *phone.Event, c *autoreply.Contact) { c.Blocked = true }, autoreply.ReasonBlocked},
		"opted out":    {func(_ *phone.Event, c *autoreply.Contact) { c.OptedOut = true }, autoreply.ReasonOptedOut},
		"landline":     {func(_ *phone.Event, c *autoreply.Contact) { c.Unreachable = true }, autoreply.ReasonUnreachable},
		"old":          {func(e *phone.Event, _ *autoreply.Contact) { e.At = noon.Add(-11 * time.Minute) }, autoreply.ReasonStale},
		"future":       {func(e *phone.Event, _ *autoreply.Contact) { e.At = noon.Add(3 * time.Minute) }, autoreply.ReasonFuture},
		"no id":        {func(e *phone.Event, _ *autoreply.Contact) { e.ID = "" }, autoreply.ReasonInvalid},
		"not an event": {func(e *phone.Event, _ *autoreply.Contact) { *e = phone.Event{} }, autoreply.ReasonIgnored},
		"unknown":      {func(e *phone.Event, _ *autoreply.Contact) { e.Type = "fax.received" }, autoreply.ReasonIgnored},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, basics(), &autoreply.PolicyOptions{Own: []phone.Number{own}})
			e := f.event(phone.TextReceived, "1")
			c.change(&e, &f.contact)
			d := f.handle(e)
			assert.Equal(t, autoreply.Skip, d.Verdict)
			assert.Equal(t, c.want, d.Reason)
			assert.Empty(t, f.sent())
		})
	}
}

func TestSocketsThatFail(t *testing.T) {
	t.Parallel()
	broken := errors.New("down")
	f := open(t, basics(), nil)
	down := false
	e, err := autoreply.New(
		func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) {
			if down {
				return nil, broken
			}
			return f.policy, nil
		}, f.ledger, f.sender, &autoreply.Options{Clock: f.clock})
	require.NoError(t, err)
	_, err = e.Handle(t.Context(), f.event(phone.CallMissed, "1"))
	require.NoError(t, err)
	down = true
	f.clock.pass(time.Minute)
	done, next, err := e.RunDue(t.Context())
	require.ErrorIs(t, err, broken)
	assert.Empty(t, done)
	assert.Equal(t, f.clock.at.Add(30*time.Second), next, "put off, not tried in a circle")
	down = false
	f.clock.pass(30 * time.Second)
	done, next, err = e.RunDue(t.Context())
	require.NoError(t, err)
	require.Len(t, done, 1)
	assert.Zero(t, next)
	assert.Len(t, f.sent(), 1)
}

func TestPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	d, err := f.engine.Preview(t.Context(), f.event(phone.TextReceived, "1"))
	require.NoError(t, err)
	assert.Equal(t, autoreply.Reply, d.Verdict)
	assert.Equal(t, "We read you soon", d.Text)
	assert.Empty(t, f.sent())
	assert.Zero(t, f.ledger.(*autoreply.Memory).Len())
}

func TestLateContactIsReported(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.handle(f.event(phone.CallMissed, "1"))
	called := f.event(phone.CallPlaced, "2")
	f.run(25 * time.Second)
	assert.Len(t, f.sent(), 1)
	f.clock.pass(time.Second)
	assert.Equal(t, autoreply.Noted, f.handle(called).Verdict)
	var late []string
	for _, e := range f.events {
		if e.Type == autoreply.LateContact {
			late = append(late, e.ID)
		}
	}
	assert.Equal(t, []string{"autoreply.late-contact/call.placed/2"}, late)
}

func TestNoRuleEndsWithTheSituation(t *testing.T) {
	t.Parallel()
	p, err := autoreply.NewPolicy(nil, &autoreply.PolicyOptions{Schedule: weekdays(t)})
	require.NoError(t, err)
	e := phone.Event{ID: "1", Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number(t, caller)}}
	d := p.Decide(e, autoreply.Facts{}, noon)
	assert.Equal(t, autoreply.ReasonNoRule, d.Reason)
	assert.Equal(t, time.Date(2026, 6, 15, 13, 0, 0, 0, time.UTC), d.Until.UTC(), "Toronto opens at 9")
	e.Divert.Situation = hours.Situation{Kind: hours.KindClosed, Until: noon.Add(-time.Second)}
	assert.Zero(t, p.Decide(e, autoreply.Facts{}, noon).Until)
}

func TestNewRefusesNonsense(t *testing.T) {
	t.Parallel()
	policies := func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return nil, nil }
	_, err := autoreply.New(nil, nil, nil, nil)
	assert.Equal(t, []string{"/"}, problemsOf(err))
	_, err = autoreply.New(policies, autoreply.NewMemory(), &autoreplytest.Sender{},
		&autoreply.Options{Lease: 10 * time.Second, Timeout: 6 * time.Second, Batch: -1, Limit: -1})
	assert.Equal(t, []string{"/options/lease", "/options/batch", "/options/limit"}, problemsOf(err))
	e, err := autoreply.New(policies, autoreply.NewMemory(), &autoreplytest.Sender{}, nil)
	require.NoError(t, err)
	d, err := e.Handle(t.Context(), phone.Event{ID: "1", Type: phone.TextReceived, At: time.Now(), Contact: phone.Party{Number: number(t, caller)}})
	require.NoError(t, err)
	assert.Equal(t, autoreply.ReasonNoRule, d.Reason, "a line without a policy answers nothing")
}
