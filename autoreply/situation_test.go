package autoreply_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

// situations are what a rule can be for, each with what the call flow says.
func situations() map[string]struct {
	rule   func(*autoreply.Rule)
	divert phone.Divert
} {
	at := func(k hours.Kind, s hours.Source, label string) phone.Divert {
		return phone.Divert{Situation: hours.Situation{Kind: k, Source: s, Label: label}}
	}
	return map[string]struct {
		rule   func(*autoreply.Rule)
		divert phone.Divert
	}{
		"open":           {func(r *autoreply.Rule) { r.When = []hours.Kind{hours.KindOpen} }, at(hours.KindOpen, hours.SourceWeek, "")},
		"break":          {func(r *autoreply.Rule) { r.When = []hours.Kind{hours.KindBreak} }, at(hours.KindBreak, hours.SourceWeek, "")},
		"closed":         {func(r *autoreply.Rule) { r.When = []hours.Kind{hours.KindClosed} }, at(hours.KindClosed, hours.SourceWeek, "")},
		"weekend":        {func(r *autoreply.Rule) { r.When = []hours.Kind{hours.KindWeekend} }, at(hours.KindWeekend, hours.SourceWeek, "")},
		"holiday":        {func(r *autoreply.Rule) { r.Holiday = "Noël" }, at(hours.KindHoliday, hours.SourceHoliday, "Noël")},
		"out of office":  {func(r *autoreply.Rule) { r.Sources = []hours.Source{hours.SourceOverride} }, at(hours.KindOpen, hours.SourceOverride, "")},
		"do not disturb": {func(r *autoreply.Rule) { r.Outcomes = []phone.Outcome{phone.DND} }, phone.Divert{Outcome: phone.DND}},
	}
}

// TestTriggersAndSituations holds a rule for each trigger in each situation
// against every event in every situation: it answers its own and no other.
func TestTriggersAndSituations(t *testing.T) {
	t.Parallel()
	triggers := []string{phone.CallMissed, phone.VoicemailLeft, phone.TextReceived}
	for name, s := range situations() {
		for _, on := range triggers {
			r := autoreply.Rule{ID: "it", On: []string{on}, Text: map[string]string{"en": "Acme"}}
			s.rule(&r)
			p, err := autoreply.NewPolicy([]autoreply.Rule{r}, nil)
			require.NoError(t, err)
			for other, o := range situations() {
				for _, kind := range triggers {
					e := phone.Event{ID: "1", Type: kind, At: noon.Add(-time.Minute), Contact: phone.Party{Number: number(t, caller)}, Divert: o.divert}
					d := p.Decide(e, autoreply.Facts{}, noon)
					what := fmt.Sprintf("a rule for %s, %s; %s, %s", on, name, kind, other)
					mine := name == other || name == "open" && (other == "out of office" || other == "do not disturb") // nothing says that it is closed
					if kind == on && mine {
						assert.Equal(t, autoreply.Reply, d.Verdict, what)
					} else {
						assert.Equal(t, autoreply.ReasonNoRule, d.Reason, what)
					}
				}
			}
		}
	}
}

// TestChangesWhileAWorkerDecides edits, disables, deletes and ends the rule
// after the slot was reserved and before the text is marked as being sent.
func TestChangesWhileAWorkerDecides(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*autoreply.Rule) []autoreply.Rule
		want   []string
	}{
		"nothing": {func(r *autoreply.Rule) []autoreply.Rule { return []autoreply.Rule{*r} }, []string{"Old"}},
		"edited": {func(r *autoreply.Rule) []autoreply.Rule {
			r.Text = map[string]string{"en": "New"}
			return []autoreply.Rule{*r}
		}, []string{"New"}},
		"disabled": {func(r *autoreply.Rule) []autoreply.Rule { r.Disabled = true; return []autoreply.Rule{*r} }, []string{}},
		"deleted":  {func(*autoreply.Rule) []autoreply.Rule { return nil }, []string{}},
		"over": {func(r *autoreply.Rule) []autoreply.Rule {
			r.Until, r.Zone = hours.Date(2026, 6, 15), "UTC"
			return []autoreply.Rule{*r}
		}, []string{}},
		"not yet": {func(r *autoreply.Rule) []autoreply.Rule {
			r.From, r.Zone = hours.Date(2026, 6, 16), "UTC"
			return []autoreply.Rule{*r}
		}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule := autoreply.Rule{ID: "it", On: []string{phone.TextReceived}, Text: map[string]string{"en": "Old"}}
			f := open(t, []autoreply.Rule{rule}, nil)
			asked := 0
			e, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) {
				if asked++; asked == 2 { // the re-check of the worker
					row, err := f.ledger.Load(t.Context(), f.policy.Key(f.event(phone.TextReceived, "1")))
					require.NoError(t, err)
					require.Equal(t, autoreply.Reserved, row.State)
					f.rules(c.change(&rule), nil)
				}
				return f.policy, nil
			}, f.ledger, f.sender, &autoreply.Options{Clock: f.clock})
			require.NoError(t, err)
			d, err := e.Handle(t.Context(), f.event(phone.TextReceived, "1"))
			require.NoError(t, err)
			assert.Equal(t, c.want, f.sent())
			if len(c.want) == 0 {
				assert.Equal(t, autoreply.ReasonNoRule, d.Reason)
				f.rules([]autoreply.Rule{{ID: "again", On: []string{phone.TextReceived}, Text: map[string]string{"en": "Again"}}}, nil)
				assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "2")).Verdict, "the slot is free")
			}
		})
	}
}

// TestFrozen changes everything once the text is marked as being sent: it goes
// out as it was, and nothing is sent a second time.
func TestFrozen(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.sender.Next = func(int, autoreply.Text) autoreplytest.Fate {
		f.rules(nil, nil)
		return autoreplytest.Accept
	}
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "1")).Verdict)
	assert.Equal(t, []string{"We read you soon"}, f.sent())
}

func TestPreviewAtAnInstant(t *testing.T) {
	t.Parallel()
	rules := []autoreply.Rule{
		{ID: "open", On: []string{phone.CallMissed}, When: []hours.Kind{hours.KindOpen}, Text: map[string]string{"en": "Open"}},
		{ID: "closed", On: []string{phone.CallMissed}, When: []hours.Kind{hours.KindClosed}, Text: map[string]string{"en": "Back {opens}"}},
	}
	f := open(t, rules, &autoreply.PolicyOptions{Schedule: weekdays(t)})
	who := phone.Event{Type: phone.CallMissed, Contact: phone.Party{Number: number(t, caller)}}
	for at, want := range map[time.Time]string{
		time.Date(2026, 6, 15, 15, 0, 0, 0, time.UTC): "Open",
		time.Date(2026, 6, 15, 23, 0, 0, 0, time.UTC): "Back tomorrow at 9:00",
	} {
		d, err := f.engine.PreviewAt(t.Context(), who, at)
		require.NoError(t, err)
		assert.Equal(t, want, d.Text)
		assert.Equal(t, autoreply.Wait, d.Verdict)
		assert.Equal(t, at.Add(25*time.Second), d.Due)
	}
	f.clock.at = time.Date(2026, 6, 15, 15, 0, 0, 0, time.UTC)
	d, err := f.engine.Preview(t.Context(), who)
	require.NoError(t, err)
	assert.Equal(t, "Open", d.Text)
	f.handle(f.event(phone.CallMissed, "1"))
	sent := f.run(time.Minute)
	require.Len(t, sent, 1)
	d, err = f.engine.PreviewAt(t.Context(), who, f.clock.at.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, autoreply.ReasonCooldown, d.Reason, "the row of now")
	assert.Equal(t, f.clock.at.Add(3*time.Hour), d.Until)
}

// TestSentencesHaveEveryCondition fills one condition after the other. Each
// makes the sentence longer, in words: no value of an enumeration is left as
// it stands in the file, and no two languages say the same.
func TestSentencesHaveEveryCondition(t *testing.T) {
	t.Parallel()
	enums := map[string]func(*autoreply.Rule){}
	for _, k := range []hours.Kind{hours.KindOpen, hours.KindBreak, hours.KindClosed, hours.KindWeekend, hours.KindHoliday} {
		enums["when "+string(k)] = func(r *autoreply.Rule) { r.When = []hours.Kind{k} }
	}
	for _, s := range []hours.Source{hours.SourceOverride, hours.SourceException, hours.SourceHoliday, hours.SourceWeek, hours.SourceAlways} {
		enums["source "+string(s)] = func(r *autoreply.Rule) { r.Sources = []hours.Source{s} }
	}
	for _, o := range []phone.Outcome{phone.NoAnswer, phone.Declined, phone.Busy, phone.Unavailable, phone.DND, phone.Failed, phone.Abandoned} {
		enums["outcome "+string(o)] = func(r *autoreply.Rule) { r.Outcomes = []phone.Outcome{o} }
	}
	for _, n := range []autoreply.NumberType{autoreply.Mobile, autoreply.Landline, autoreply.VoIP, autoreply.TollFree} {
		enums["number "+string(n)] = func(r *autoreply.Rule) { r.If.Numbers = []autoreply.NumberType{n} }
	}
	for _, s := range []autoreply.Standing{autoreply.Known, autoreply.Stranger} {
		enums["contact "+string(s)] = func(r *autoreply.Rule) { r.If.Contact = s }
	}
	names := map[string]func(*autoreply.Rule){
		"Noël":       func(r *autoreply.Rule) { r.Holiday = "Noël" },
		"sales":      func(r *autoreply.Rule) { r.Lines = []phone.LineID{"sales"} },
		"billing":    func(r *autoreply.Rule) { r.If.Departments = []string{"billing"} },
		"vip":        func(r *autoreply.Rule) { r.If.Tags = []string{"vip"} },
		"fr-CA":      func(r *autoreply.Rule) { r.If.Languages = []string{"fr-CA"} },
		"+33":        func(r *autoreply.Rule) { r.If.Prefixes = []string{"+33"} },
		"price":      func(r *autoreply.Rule) { r.If.Keywords = []string{"price"} },
		"2026-07-01": func(r *autoreply.Rule) { r.From = hours.Date(2026, 7, 1) },
		"2026-08-01": func(r *autoreply.Rule) { r.Until = hours.Date(2026, 8, 1) },
	}
	tags := []language.Tag{language.English, language.French, language.Spanish}
	for _, on := range []string{phone.CallMissed, phone.VoicemailLeft, phone.TextReceived} {
		bare := autoreply.Rule{On: []string{on}}
		for name, change := range enums {
			r := bare
			change(&r)
			var seen []string
			for _, tag := range tags {
				s := r.Sentence(tag)
				assert.Greater(t, len(s), len(bare.Sentence(tag)), "%s in %s", name, tag)
				assert.False(t, strings.ContainsAny(s, "“«"), "%s: %s", name, s)
				assert.NotContains(t, seen, s)
				seen = append(seen, s)
			}
		}
		for name, change := range names {
			r := bare
			change(&r)
			for _, tag := range tags {
				assert.Contains(t, r.Sentence(tag), name)
			}
		}
	}
}

// TestBreakerCountsReplies: what is refused when it is due takes nothing out of
// the hour of the line, and the line is that of the event that is answered.
func TestBreakerCountsReplies(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{PerHour: 1})
	missed := f.event(phone.CallMissed, "1")
	f.handle(missed)
	f.handle(f.event(phone.CallPlaced, "back"))
	require.Equal(t, autoreply.ReasonRecent, f.run(time.Minute)[0].Reason)
	other := f.event(phone.TextReceived, "2")
	other.Contact.Number = number(t, "+15145550199")
	assert.Equal(t, autoreply.Reply, f.handle(other).Verdict, "nothing was spent")

	f = open(t, slices.DeleteFunc(basics(), func(r autoreply.Rule) bool { return r.ID == "voicemail" }), &autoreply.PolicyOptions{PerHour: 1})
	for i, line := range []phone.LineID{"a", "b", "c"} {
		e := f.event(phone.CallMissed, "same")
		e.Line, e.At, e.Contact.Number = line, e.At.Add(time.Duration(i)), number(t, fmt.Sprintf("+1514555010%d", i))
		f.handle(e)
	}
	for _, d := range f.run(time.Minute) {
		assert.Equal(t, autoreply.Reply, d.Verdict, "each line has its own hour")
	}
}

// TestLateContactEndsARowOfReplies: whether a colleague's call is reported
// before or after the next reply, the contact was followed up at that instant.
func TestLateContactEndsARowOfReplies(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		f := open(t, basics(), &autoreply.PolicyOptions{Backoff: 5, Recent: time.Minute, PerDay: 100})
		require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "1")).Verdict)
		f.clock.pass(time.Hour)
		touch := f.event(phone.CallPlaced, "t")
		if !late {
			f.handle(touch)
		}
		f.clock.pass(2 * time.Hour)
		require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "2")).Verdict)
		if late {
			f.handle(touch)
		}
		f.clock.pass(3 * time.Hour)
		assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "3")).Verdict, "reported late: %t", late)
	}
}

// TestConsentWhenTheClockIsSetBack: an opt-out holds whatever the clock did; an
// opt-in waits at most a window, and its doubles never undo an opt-out.
func TestConsentWhenTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	say := func(id, text string) {
		e := f.event(phone.TextReceived, id)
		e.Text = text
		require.Equal(t, autoreply.ReasonKeyword, f.handle(e).Reason)
	}
	start := f.event(phone.TextReceived, "1")
	start.Text = "START"
	f.clock.pass(time.Hour)
	f.handle(start)
	f.clock.pass(-2 * time.Hour)
	say("2", "STOP")
	assert.Equal(t, autoreply.ReasonOptedOut, f.handle(f.event(phone.TextReceived, "3")).Reason)

	f.clock.pass(300 * time.Hour)
	say("4", "STOP")
	f.clock.pass(-250 * time.Hour)
	assert.Equal(t, autoreply.ReasonOptedOut, f.handle(f.event(phone.TextReceived, "5")).Reason)
	f.handle(start)
	assert.Equal(t, autoreply.ReasonOptedOut, f.handle(f.event(phone.TextReceived, "6")).Reason, "a double of the old word")
	f.clock.pass(time.Second)
	say("7", "START")
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "8")).Verdict)
}

// TestLineWithoutPolicyForgetsNothing: what happens on a line that has no
// policy, or while the policy can not be had, does not end a longer window.
func TestLineWithoutPolicyForgetsNothing(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{Window: 20 * 24 * time.Hour, Recent: time.Minute})
	broken := false
	e, err := autoreply.New(func(_ context.Context, _ phone.TenantID, line phone.LineID) (*autoreply.Policy, error) {
		switch {
		case broken:
			return nil, errDown
		case line == "private":
			return nil, nil
		}
		return f.policy, nil
	}, f.ledger, f.sender, &autoreply.Options{Clock: f.clock})
	require.NoError(t, err)
	handle := func(ev phone.Event) autoreply.Decision {
		d, err := e.Handle(t.Context(), ev)
		require.NoError(t, err)
		return d
	}
	require.Equal(t, autoreply.Reply, handle(f.event(phone.TextReceived, "1")).Verdict)
	f.clock.pass(time.Hour)
	touch := f.event(phone.CallPlaced, "2")
	touch.Line = "private"
	require.Equal(t, autoreply.Noted, handle(touch).Verdict)
	f.clock.pass(3 * 24 * time.Hour)
	f.ledger.(*autoreply.Memory).Sweep(f.clock.at)
	assert.Equal(t, autoreply.ReasonCooldown, handle(f.event(phone.TextReceived, "3")).Reason)

	f.clock.at = noon.Add(20 * 24 * time.Hour)
	missed := f.event(phone.CallMissed, "5")
	require.Equal(t, autoreply.Wait, handle(missed).Verdict)
	broken = true
	f.clock.pass(time.Minute)
	_, _, err = e.RunDue(t.Context())
	require.ErrorIs(t, err, errDown)
	row, err := f.ledger.Load(t.Context(), f.policy.Key(missed))
	require.NoError(t, err)
	assert.True(t, row.Expires.After(noon.Add(40*24*time.Hour)), row.Expires)
}

// TestLongWindowsAreRemembered: a window that has doubled past a day is kept
// for as long as it lasts.
func TestLongWindowsAreRemembered(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{Window: 24 * time.Hour, Backoff: 3})
	for i, window := range []time.Duration{24 * time.Hour, 48 * time.Hour, 96 * time.Hour, 192 * time.Hour, 192 * time.Hour} {
		require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, fmt.Sprint(i))).Verdict)
		free := f.clock.at.Add(window)
		f.clock.at = free.Add(-1)
		f.ledger.(*autoreply.Memory).Sweep(f.clock.at)
		assert.Equal(t, free, f.handle(f.event(phone.TextReceived, fmt.Sprint("early ", i))).Until)
		f.clock.at = free
	}
	f.clock.pass(2*192*time.Hour + 25*time.Hour)
	require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "anew")).Verdict)
	f.clock.pass(24 * time.Hour)
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "the window is short again")).Verdict)
}
