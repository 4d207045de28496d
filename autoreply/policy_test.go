package autoreply_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// problemsOf are the paths of the problems of an error.
func problemsOf(err error) []string {
	var paths []string
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			var p *autoreply.Problem
			if errors.As(one, &p) {
				paths = append(paths, p.Path)
			}
		}
	}
	return paths
}

func TestPolicyProblems(t *testing.T) {
	t.Parallel()
	good := func(change func(*autoreply.Rule)) []autoreply.Rule {
		r := autoreply.Rule{ID: "a", On: []string{phone.CallMissed}, Text: map[string]string{"en": "hi"}}
		change(&r)
		return []autoreply.Rule{r}
	}
	for name, c := range map[string]struct {
		rules   []autoreply.Rule
		options autoreply.PolicyOptions
		want    []string
	}{
		"no id":         {good(func(r *autoreply.Rule) { r.ID = "" }), autoreply.PolicyOptions{}, []string{"/rules/0/id"}},
		"same id":       {append(good(func(*autoreply.Rule) {}), good(func(*autoreply.Rule) {})...), autoreply.PolicyOptions{}, []string{"/rules/1/id"}},
		"no trigger":    {good(func(r *autoreply.Rule) { r.On = nil }), autoreply.PolicyOptions{}, []string{"/rules/0/on"}},
		"not a trigger": {good(func(r *autoreply.Rule) { r.On = []string{phone.TextSent} }), autoreply.PolicyOptions{}, []string{"/rules/0/on/0"}},
		"no such kind":  {good(func(r *autoreply.Rule) { r.When = []hours.Kind{"shut"} }), autoreply.PolicyOptions{}, []string{"/rules/0/when/0"}},
		"no text":       {good(func(r *autoreply.Rule) { r.Text = nil }), autoreply.PolicyOptions{}, []string{"/rules/0/text"}},
		"no such tag":   {good(func(r *autoreply.Rule) { r.Text = map[string]string{"fr_X!": "x"} }), autoreply.PolicyOptions{}, []string{"/rules/0/text/fr_X!"}},
		"placeholder":   {good(func(r *autoreply.Rule) { r.Text["en"] = "Hi {nmae}" }), autoreply.PolicyOptions{}, []string{"/rules/0/text/en"}},
		"huge text":     {good(func(r *autoreply.Rule) { r.Text["en"] = strings.Repeat("x", 1601) }), autoreply.PolicyOptions{}, []string{"/rules/0/text/en"}},
		"no zone":       {good(func(r *autoreply.Rule) { r.From = hours.Date(2026, 1, 1) }), autoreply.PolicyOptions{}, []string{"/rules/0/zone"}},
		"unknown zone":  {good(func(r *autoreply.Rule) { r.From = hours.Date(2026, 1, 1); r.Zone = "Mars/Base" }), autoreply.PolicyOptions{}, []string{"/rules/0/zone"}},
		"backwards": {good(func(r *autoreply.Rule) {
			r.From = hours.Date(2026, 1, 2)
			r.Until = hours.Date(2026, 1, 2)
			r.Zone = "UTC"
		}), autoreply.PolicyOptions{}, []string{"/rules/0/until"}},
		"keyword":         {good(func(r *autoreply.Rule) { r.If.Keywords = []string{"!?"} }), autoreply.PolicyOptions{}, []string{"/rules/0/if/keywords/0"}},
		"standing":        {good(func(r *autoreply.Rule) { r.If.Contact = "friend" }), autoreply.PolicyOptions{}, []string{"/rules/0/if/contact"}},
		"number type":     {good(func(r *autoreply.Rule) { r.If.Numbers = []autoreply.NumberType{"mobile", "fax"} }), autoreply.PolicyOptions{}, []string{"/rules/0/if/numbers/1"}},
		"source":          {good(func(r *autoreply.Rule) { r.Sources = []hours.Source{"overide"} }), autoreply.PolicyOptions{}, []string{"/rules/0/sources/0"}},
		"zone of nothing": {good(func(r *autoreply.Rule) { r.Zone = "Mars/Base" }), autoreply.PolicyOptions{}, []string{"/rules/0/zone"}},
		"huge list":       {good(func(r *autoreply.Rule) { r.If.Tags = make([]string, 201) }), autoreply.PolicyOptions{}, []string{"/rules/0/if/tags"}},
		"no UTF-8":        {good(func(r *autoreply.Rule) { r.Text["en"] = "\xff" }), autoreply.PolicyOptions{}, []string{"/rules/0/text/en"}},
		"prefix":          {good(func(r *autoreply.Rule) { r.If.Prefixes = []string{"1"} }), autoreply.PolicyOptions{}, []string{"/rules/0/if/prefixes/0"}},
		"language":        {good(func(r *autoreply.Rule) { r.If.Languages = []string{"?"} }), autoreply.PolicyOptions{}, []string{"/rules/0/if/languages/0"}},
		"priority":        {good(func(r *autoreply.Rule) { r.Priority = 1e6 }), autoreply.PolicyOptions{}, []string{"/rules/0/priority"}},
		"negative window": {nil, autoreply.PolicyOptions{Window: -1}, []string{"/options/window"}},
		"negative times": {
			nil,
			autoreply.PolicyOptions{Recent: -1, Stale: -time.Hour, MissedSettle: -1, VoicemailSettle: -1, QuietAfter: -1},
			[]string{"/options/recent", "/options/stale", "/options/missedSettle", "/options/voicemailSettle", "/options/quietAfter"},
		},
		"negative counts": {
			nil,
			autoreply.PolicyOptions{PerHour: -2, PerDay: -1, PerLife: 1001, Backoff: 11},
			[]string{"/options/perDay", "/options/perLife", "/options/backoff", "/options/perHour"},
		},
		"stale > window": {nil, autoreply.PolicyOptions{Window: time.Hour, Stale: 2 * time.Hour}, []string{"/options/stale"}},
		"own withheld":   {nil, autoreply.PolicyOptions{Own: make([]phone.Number, 1)}, []string{"/options/own/0"}},
		"several": {
			[]autoreply.Rule{{}, {ID: "b", On: []string{"x"}, Text: map[string]string{"en": "}"}}},
			autoreply.PolicyOptions{PerDay: -1},
			[]string{"/options/perDay", "/rules/0/id", "/rules/0/on", "/rules/0/text", "/rules/1/on/0", "/rules/1/text/en"},
		},
		"too many": {make([]autoreply.Rule, autoreply.MaxRules+1), autoreply.PolicyOptions{}, []string{"/rules"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := autoreply.NewPolicy(c.rules, &c.options)
			require.Error(t, err)
			assert.Equal(t, c.want, problemsOf(err), "%v", err)
		})
	}
}

func TestPlaceholderPosition(t *testing.T) {
	t.Parallel()
	_, err := autoreply.NewPolicy([]autoreply.Rule{{ID: "a", On: []string{phone.CallMissed}, Text: map[string]string{"en": "Hi {nmae}"}}}, nil)
	var p *autoreply.Problem
	require.ErrorAs(t, err, &p)
	assert.Equal(t, 3, p.Offset)
	assert.Contains(t, p.Want, "{name}")
}

func TestClamps(t *testing.T) {
	t.Parallel()
	p, err := autoreply.NewPolicy(nil, nil)
	require.NoError(t, err)
	o := p.Options()
	assert.Equal(t, 3*time.Hour, o.Window)
	assert.Equal(t, 3*time.Hour, o.Recent)
	assert.Equal(t, 10*time.Minute, o.Stale)
	assert.Equal(t, 25*time.Second, o.MissedSettle)
	assert.Equal(t, 5*time.Second, o.VoicemailSettle)
	p, err = autoreply.NewPolicy(nil, &autoreply.PolicyOptions{Window: 1, Recent: 10000 * time.Hour})
	require.NoError(t, err)
	assert.Equal(t, 5*time.Minute, p.Options().Window)
	assert.Equal(t, 31*24*time.Hour, p.Options().Recent)
	const ages = 1 << 62
	p, err = autoreply.NewPolicy(nil, &autoreply.PolicyOptions{
		Window: ages, Recent: ages, Stale: ages, MissedSettle: ages, VoicemailSettle: ages, QuietAfter: ages, PerHour: ages, PerDay: ages,
	})
	require.NoError(t, err)
	o = p.Options()
	assert.Equal(t, []time.Duration{31 * 24 * time.Hour, 31 * 24 * time.Hour, 24 * time.Hour, 5 * time.Minute, 5 * time.Minute, 24 * time.Hour},
		[]time.Duration{o.Window, o.Recent, o.Stale, o.MissedSettle, o.VoicemailSettle, o.QuietAfter}, "absurd durations are cut")
	assert.Equal(t, []int{1_000_000, 100}, []int{o.PerHour, o.PerDay})
}

func TestWhichRuleAnswers(t *testing.T) {
	t.Parallel()
	rule := func(id string, change func(*autoreply.Rule)) autoreply.Rule {
		r := autoreply.Rule{ID: id, On: []string{phone.TextReceived, phone.CallMissed}, Text: map[string]string{"en": id}}
		if change != nil {
			change(&r)
		}
		return r
	}
	known := rule("known", func(r *autoreply.Rule) { r.If.Contact = autoreply.Known })
	stranger := rule("new", func(r *autoreply.Rule) { r.If.Contact = autoreply.Stranger })
	vip := rule("vip", func(r *autoreply.Rule) { r.If.Tags = []string{"vip", "press"}; r.Priority = 5 })
	price := rule("price", func(r *autoreply.Rule) { r.If.Keywords = []string{"price", "prix", "how much"} })
	holiday := rule("holiday", func(r *autoreply.Rule) { r.When = []hours.Kind{hours.KindHoliday}; r.Holiday = "Fête nationale" })
	away := rule("away", func(r *autoreply.Rule) {
		r.Sources = []hours.Source{hours.SourceOverride}
		r.When = []hours.Kind{hours.KindClosed}
	})
	dnd := rule("dnd", func(r *autoreply.Rule) { r.Outcomes = []phone.Outcome{phone.DND} })
	french := rule("french", func(r *autoreply.Rule) { r.If.Languages = []string{"fr"} })
	france := rule("france", func(r *autoreply.Rule) { r.If.Prefixes = []string{"+33"} })
	mobile := rule("mobile", func(r *autoreply.Rule) { r.If.Numbers = []autoreply.NumberType{autoreply.Mobile, autoreply.VoIP} })
	free := rule("free", func(r *autoreply.Rule) { r.If.Numbers = []autoreply.NumberType{autoreply.TollFree} })
	line := rule("line", func(r *autoreply.Rule) { r.Lines = []phone.LineID{"sales"} })
	summer := rule("summer", func(r *autoreply.Rule) {
		r.From, r.Until, r.Zone = hours.Date(2026, 6, 15), hours.Date(2026, 6, 16), "America/Toronto"
	})
	any := rule("any", nil)
	for name, c := range map[string]struct {
		rules  []autoreply.Rule
		change func(*phone.Event, *autoreply.Contact)
		want   string
	}{
		"any":              {[]autoreply.Rule{any}, func(*phone.Event, *autoreply.Contact) {}, "any"},
		"new":              {[]autoreply.Rule{any, known, stranger}, func(*phone.Event, *autoreply.Contact) {}, "new"},
		"known":            {[]autoreply.Rule{any, known, stranger}, func(_ *phone.Event, c *autoreply.Contact) { c.Known = true }, "known"},
		"tag and priority": {[]autoreply.Rule{known, vip}, func(_ *phone.Event, c *autoreply.Contact) { c.Known, c.Tags = true, []string{"press"} }, "vip"},
		"keyword":          {[]autoreply.Rule{any, price}, func(e *phone.Event, _ *autoreply.Contact) { e.Text = "What PRICE, please?" }, "price"},
		"words":            {[]autoreply.Rule{any, price}, func(e *phone.Event, _ *autoreply.Contact) { e.Text = "how\tmuch?" }, "price"},
		"part of a word":   {[]autoreply.Rule{any, price}, func(e *phone.Event, _ *autoreply.Contact) { e.Text = "priceless" }, "any"},
		"a call has no keyword": {[]autoreply.Rule{price}, func(e *phone.Event, _ *autoreply.Contact) {
			e.Type, e.Text, e.At = phone.CallMissed, "price", noon.Add(-time.Minute)
		}, ""},
		"holiday": {[]autoreply.Rule{any, holiday}, func(e *phone.Event, _ *autoreply.Contact) {
			e.Divert.Situation = hours.Situation{Kind: hours.KindHoliday, Source: hours.SourceHoliday, Label: "Fête nationale"}
		}, "holiday"},
		"another holiday": {[]autoreply.Rule{any, holiday}, func(e *phone.Event, _ *autoreply.Contact) {
			e.Divert.Situation = hours.Situation{Kind: hours.KindHoliday, Label: "Noël"}
		}, "any"},
		"out of office": {[]autoreply.Rule{any, away}, func(e *phone.Event, _ *autoreply.Contact) {
			e.Divert.Situation = hours.Situation{Kind: hours.KindClosed, Source: hours.SourceOverride}
		}, "away"},
		"do not disturb": {[]autoreply.Rule{any, dnd}, func(e *phone.Event, _ *autoreply.Contact) { e.Divert.Outcome = phone.DND }, "dnd"},
		"language":       {[]autoreply.Rule{any, french}, func(_ *phone.Event, c *autoreply.Contact) { c.Language = "fr-CA" }, "french"},
		"not Creole":     {[]autoreply.Rule{any, french}, func(_ *phone.Event, c *autoreply.Contact) { c.Language = "ht" }, "any"},
		"prefix":         {[]autoreply.Rule{any, france}, func(e *phone.Event, _ *autoreply.Contact) { e.Contact.Number = number(t, "+33142685300") }, "france"},
		"number type":    {[]autoreply.Rule{any, mobile, free}, func(_ *phone.Event, c *autoreply.Contact) { c.NumberType = autoreply.VoIP }, "mobile"},
		"unknown type":   {[]autoreply.Rule{any, mobile, free}, func(*phone.Event, *autoreply.Contact) {}, "any"},
		"another type":   {[]autoreply.Rule{any, mobile, free}, func(_ *phone.Event, c *autoreply.Contact) { c.NumberType = autoreply.Landline }, "any"},
		"toll-free":      {[]autoreply.Rule{any, mobile, free}, func(e *phone.Event, _ *autoreply.Contact) { e.Contact.Number = number(t, "+18005550100") }, "free"},
		"line":           {[]autoreply.Rule{any, line}, func(e *phone.Event, _ *autoreply.Contact) { e.Line = "sales" }, "line"},
		"other line":     {[]autoreply.Rule{line}, func(e *phone.Event, _ *autoreply.Contact) { e.Line = "support" }, ""},
		"season":         {[]autoreply.Rule{summer}, func(*phone.Event, *autoreply.Contact) {}, "summer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := autoreply.NewPolicy(c.rules, nil)
			require.NoError(t, err)
			e := phone.Event{ID: "1", Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number(t, caller)}}
			var who autoreply.Contact
			c.change(&e, &who)
			d := p.Decide(e, autoreply.Facts{Contact: who}, noon)
			assert.Equal(t, c.want, d.Rule)
			if c.want == "" {
				assert.Equal(t, autoreply.ReasonNoRule, d.Reason)
			}
		})
	}
}

func TestRuleLifeIsHalfOpen(t *testing.T) {
	t.Parallel()
	p, err := autoreply.NewPolicy([]autoreply.Rule{{
		ID: "a", On: []string{phone.TextReceived}, Text: map[string]string{"en": "x"},
		From: hours.Date(2026, 6, 15), Until: hours.Date(2026, 6, 16), Zone: "America/Toronto",
	}}, nil)
	require.NoError(t, err)
	toronto, err := time.LoadLocation("America/Toronto")
	require.NoError(t, err)
	for at, want := range map[time.Time]autoreply.Verdict{
		time.Date(2026, 6, 14, 23, 59, 59, 999, toronto): autoreply.Skip,
		time.Date(2026, 6, 15, 0, 0, 0, 0, toronto):      autoreply.Reply,
		time.Date(2026, 6, 15, 23, 59, 59, 0, toronto):   autoreply.Reply,
		time.Date(2026, 6, 16, 0, 0, 0, 0, toronto):      autoreply.Skip,
	} {
		e := phone.Event{ID: "1", Type: phone.TextReceived, At: at, Contact: phone.Party{Number: number(t, caller)}}
		assert.Equal(t, want, p.Decide(e, autoreply.Facts{}, at).Verdict, at)
	}
}

func TestRenderedText(t *testing.T) {
	t.Parallel()
	schedule, err := hours.New(hours.Spec{Zone: "America/Toronto", Week: map[time.Weekday][]hours.Span{
		time.Tuesday: {{From: 9 * 60, To: 17 * 60}},
	}})
	require.NoError(t, err)
	p, err := autoreply.NewPolicy([]autoreply.Rule{
		{ID: "a", On: []string{phone.TextReceived}, Text: map[string]string{
			"en": "Hi {name|there}, {business} is back {opens}.",
			"fr": "Bonjour {name}, l'équipe de {business} revient {opens}.",
		}},
		{ID: "empty", On: []string{phone.TextReceived}, Priority: 1, If: autoreply.Match{Tags: []string{"x"}}, Text: map[string]string{"en": " {name} "}},
	}, &autoreply.PolicyOptions{Schedule: schedule, Business: "Acme"})
	require.NoError(t, err)
	at := time.Date(2026, 6, 15, 22, 0, 0, 0, time.UTC)
	e := phone.Event{ID: "1", Type: phone.TextReceived, At: at, Contact: phone.Party{Number: number(t, caller), Name: "Hostile"}}
	text := func(c autoreply.Contact) string { return p.Decide(e, autoreply.Facts{Contact: c}, at).Text }
	assert.Equal(t, "Hi there, Acme is back tomorrow at 9:00.", text(autoreply.Contact{}))
	assert.Equal(t, "Bonjour Zoé, l'équipe d'Acme revient demain à 9 h.", text(autoreply.Contact{Name: "Zoé", Language: "fr-CA"}))
	d := p.Decide(e, autoreply.Facts{Contact: autoreply.Contact{Tags: []string{"x"}}}, at)
	assert.Equal(t, autoreply.ReasonEmpty, d.Reason)
	assert.Equal(t, autoreply.Skip, d.Verdict)
}
