package greeting_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// The classes from the highest down: each rule applies to the same call, and
// taking the winner away uncovers the next.
func TestClassesInTheirOrder(t *testing.T) {
	t.Parallel()
	en := []greeting.Greeting{hello("g", language.English)}
	june := hours.Date(2026, time.July, 1)
	rules := []greeting.Rule{
		{ID: "override", Class: greeting.ClassOverride, Until: june, Zone: montreal},
		{ID: "temporary", Until: june, Zone: montreal},
		{ID: "holiday", When: greeting.When{Holiday: "fete"}},
		{ID: "any-holiday", When: kinds(hours.KindHoliday)},
		{ID: "reason", When: greeting.When{Outcomes: []phone.Outcome{phone.Busy}}},
		{ID: "closed", Class: greeting.ClassClosed},
		{ID: "open", Class: greeting.ClassOpen},
		{ID: "department", When: greeting.When{Department: "sales"}},
		{ID: "mailbox", When: greeting.When{Mailbox: "main"}},
		{ID: "account"},
	}
	for i := range rules {
		rules[i].Greeting = "g"
	}
	q := asked(t, phone.Divert{
		Outcome: phone.Busy, Department: "sales", Mailbox: "main", Language: language.English,
		Situation: hours.Situation{Kind: hours.KindHoliday, ID: "fete", Label: "Fête nationale"},
	})
	for i, r := range rules {
		d := library(t, nil, en, rules[i:]...).Select(q)
		assert.Equal(t, r.ID, d.Rule)
		assert.Equal(t, greeting.Class(r.ID), d.Class)
		assert.Equal(t, greeting.Class(r.ID), r.Weight())
	}
	d := library(t, nil, en).Select(q)
	assert.Equal(t, greeting.ClassBuiltin, d.Class)
	assert.Equal(t, "builtin-en", d.Greeting.ID)
}

func TestWeight(t *testing.T) {
	t.Parallel()
	until := hours.Date(2026, time.July, 1)
	busy := []phone.Outcome{phone.Busy}
	for name, c := range map[string]struct {
		rule greeting.Rule
		want greeting.Class
	}{
		"as it says":              {greeting.Rule{Class: greeting.ClassOpen, When: greeting.When{Holiday: "x"}}, greeting.ClassOpen},
		"closed or holiday":       {greeting.Rule{When: kinds(hours.KindHoliday, hours.KindClosed)}, greeting.ClassClosed},
		"open or closed":          {greeting.Rule{When: kinds(hours.KindClosed, hours.KindOpen)}, greeting.ClassOpen},
		"weekend":                 {greeting.Rule{When: kinds(hours.KindWeekend)}, greeting.ClassClosed},
		"break":                   {greeting.Rule{When: kinds(hours.KindBreak)}, greeting.ClassClosed},
		"busy while open":         {greeting.Rule{When: greeting.When{Kinds: []hours.Kind{hours.KindOpen}, Outcomes: busy}}, greeting.ClassReason},
		"busy on a holiday":       {greeting.Rule{When: greeting.When{Kinds: []hours.Kind{hours.KindHoliday}, Outcomes: busy}}, greeting.ClassAnyHoliday},
		"closed until":            {greeting.Rule{When: kinds(hours.KindClosed), Until: until}, greeting.ClassClosed},
		"department until":        {greeting.Rule{When: greeting.When{Department: "x"}, Until: until}, greeting.ClassTemporary},
		"from, without an end":    {greeting.Rule{From: until}, greeting.ClassAccount},
		"line":                    {greeting.Rule{When: greeting.When{Line: "x"}}, greeting.ClassMailbox},
		"department of a mailbox": {greeting.Rule{When: greeting.When{Mailbox: "x", Department: "x"}}, greeting.ClassDepartment},
	} {
		assert.Equal(t, c.want, c.rule.Weight(), name)
	}
}

// Inside a class: each rule of a list is heard before the next one.
func TestTies(t *testing.T) {
	t.Parallel()
	day := func(d int) hours.Civil { return hours.Date(2026, time.June, d) }
	published := time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)
	account := greeting.ClassAccount
	rules := []greeting.Rule{
		{ID: "two conditions", Greeting: "en", When: greeting.When{Line: "l", Mailbox: "m"}, Class: account},
		{ID: "two conditions, French", Greeting: "fr", When: greeting.When{Line: "l", Mailbox: "m"}, Class: account},
		{ID: "one condition", Greeting: "en", When: greeting.When{Line: "l"}, Class: account},
		{ID: "a day", Greeting: "en", From: day(23), Until: day(24), Zone: montreal, Class: account},
		{ID: "a month", Greeting: "en", From: day(1), Until: day(30), Zone: montreal, Class: account},
		{ID: "first", Greeting: "en", Order: -1, Class: account},
		{ID: "newer", Greeting: "en", Published: published.Add(time.Hour), Class: account},
		{ID: "older", Greeting: "en", Published: published, Class: account},
		{ID: "a", Greeting: "en", Class: account},
		{ID: "b", Greeting: "en", Class: account},
	}
	greetings := []greeting.Greeting{hello("en", language.English), hello("fr", language.French)}
	q := asked(t, phone.Divert{Line: "l", Mailbox: "m", Language: language.English})
	_, others := library(t, nil, greetings, rules...).Explain(q)
	var why []greeting.Why
	for _, c := range others {
		why = append(why, c.Why)
		assert.True(t, c.Why.Applies())
	}
	assert.Equal(t, []greeting.Why{
		greeting.WhyLanguage, greeting.WhyGeneral, greeting.WhyGeneral, greeting.WhyGeneral, greeting.WhyGeneral,
		greeting.WhyGeneral, greeting.WhyGeneral, greeting.WhyGeneral, greeting.WhyGeneral,
	}, why)
	reasons := []greeting.Why{ // why the second yields to the first, from each rule on
		greeting.WhyLanguage, "", greeting.WhyGeneral, greeting.WhyLonger, greeting.WhyLonger,
		greeting.WhyOrder, greeting.WhyPublished, greeting.WhyPublished, greeting.WhyID,
	}
	for i, want := range reasons {
		if want == "" {
			continue
		}
		d, others := library(t, nil, greetings, rules[i:i+2]...).Explain(q)
		assert.Equal(t, rules[i].ID, d.Rule)
		require.Len(t, others, 1)
		assert.Equal(t, want, others[0].Why, rules[i+1].ID)
	}
}

func TestWhyNot(t *testing.T) {
	t.Parallel()
	greetings := []greeting.Greeting{
		hello("g", language.English),
		{ID: "draft", Clip: clip, Draft: true},
		{ID: "mute"},
	}
	noon := hours.Civil{Year: 2026, Month: time.June, Day: 23, Minute: 9*60 + 15}
	for want, r := range map[greeting.Why]greeting.Rule{
		greeting.WhyDraft:      {Greeting: "draft"},
		greeting.WhyNoClip:     {Greeting: "mute"},
		greeting.WhyNotYet:     {From: hours.Civil{Year: 2026, Month: time.June, Day: 23, Minute: 9*60 + 16}, Zone: montreal},
		greeting.WhyOver:       {Until: noon, Zone: montreal},
		greeting.WhyKind:       {When: kinds(hours.KindClosed, hours.KindHoliday)},
		greeting.WhyHoliday:    {When: greeting.When{Holiday: "noel"}},
		greeting.WhyOutcome:    {When: greeting.When{Outcomes: []phone.Outcome{phone.Busy, phone.DND}}},
		greeting.WhyDepartment: {When: greeting.When{Department: "support"}},
		greeting.WhyLine:       {When: greeting.When{Line: "two"}},
		greeting.WhyMailbox:    {When: greeting.When{Mailbox: "two"}},
		greeting.WhyClass:      {},
	} {
		r.ID, r.Class = "loser", greeting.ClassAccount
		if r.Greeting == "" {
			r.Greeting = "g"
		}
		winner := greeting.Rule{ID: "winner", Greeting: "g", When: kinds(hours.KindOpen), From: noon, Zone: montreal}
		l := library(t, nil, greetings, r, winner)
		d, others := l.Explain(asked(t, phone.Divert{
			Situation: situation(hours.KindOpen), Outcome: phone.NoAnswer, Department: "sales", Line: "one", Mailbox: "one",
		}))
		assert.Equal(t, "winner", d.Rule, want)
		assert.Equal(t, []greeting.Candidate{{Rule: "loser", Greeting: r.Greeting, Class: greeting.ClassAccount, Why: want}}, others)
	}
}

// A holiday can be named by its identifier or by its label, and an open half
// day of that name is none.
func TestHolidayByName(t *testing.T) {
	t.Parallel()
	l := library(t, nil, []greeting.Greeting{hello("g", language.English)},
		greeting.Rule{ID: "id", Greeting: "g", When: greeting.When{Holiday: "easter"}},
		greeting.Rule{ID: "label", Greeting: "g", When: greeting.When{Holiday: "Pâques"}})
	easter := hours.Situation{Kind: hours.KindHoliday, ID: "easter", Label: "Pâques"}
	assert.Equal(t, "id", l.Select(asked(t, phone.Divert{Situation: easter})).Rule)
	easter.ID = ""
	assert.Equal(t, "label", l.Select(asked(t, phone.Divert{Situation: easter})).Rule)
	easter.Kind = hours.KindOpen
	assert.Empty(t, l.Select(asked(t, phone.Divert{Situation: easter})).Rule)
}

func TestValidUntil(t *testing.T) {
	t.Parallel()
	when := at(t)
	day := func(d int) hours.Civil { return hours.Date(2026, time.June, d) }
	greetings := []greeting.Greeting{hello("g", language.English), {ID: "draft", Draft: true}}
	for name, c := range map[string]struct {
		rules []greeting.Rule
		until time.Time // of the situation
		want  time.Time
	}{
		"never":                    {},
		"the situation ends":       {until: when.Add(time.Hour), want: when.Add(time.Hour)},
		"a stale situation":        {until: when.Add(-time.Hour)},
		"the winner ends":          {rules: []greeting.Rule{{Until: day(25)}}, want: day(25).In(when.Location())},
		"another begins":           {rules: []greeting.Rule{{}, {From: day(26)}}, want: day(26).In(when.Location())},
		"edges in the past":        {rules: []greeting.Rule{{From: day(1)}, {From: day(2), Until: day(3)}}},
		"another begins elsewhere": {rules: []greeting.Rule{{From: day(26), When: greeting.When{Line: "other"}}}},
		"a draft begins":           {rules: []greeting.Rule{{Greeting: "draft", From: day(26)}}},
		"what comes first": {
			rules: []greeting.Rule{{From: day(26)}, {Until: day(25)}}, until: when.Add(time.Hour), want: when.Add(time.Hour),
		},
	} {
		for i := range c.rules {
			r := &c.rules[i]
			r.ID, r.Zone = string(rune('a'+i)), montreal
			if r.Greeting == "" {
				r.Greeting = "g"
			}
		}
		d := library(t, nil, greetings, c.rules...).Select(asked(t, phone.Divert{Situation: hours.Situation{Until: c.until}}))
		assert.True(t, c.want.Equal(d.ValidUntil), "%s: %v", name, d.ValidUntil)
	}
}

// The hour that the clock skips belongs to nobody, and the one that it shows
// twice begins the first time.
func TestCivilTimeOnClockChanges(t *testing.T) {
	t.Parallel()
	minute := func(m time.Month, d, h, minute int) hours.Civil {
		return hours.Civil{Year: 2026, Month: m, Day: d, Minute: h*60 + minute}
	}
	for name, c := range map[string]struct {
		from hours.Civil
		want string
	}{
		"gap":     {minute(time.March, 8, 2, 30), "2026-03-08T07:00:00Z"},
		"overlap": {minute(time.November, 1, 1, 30), "2026-11-01T05:30:00Z"},
	} {
		l := library(t, nil, []greeting.Greeting{hello("g", language.English)},
			greeting.Rule{ID: "r", Greeting: "g", From: c.from, Zone: montreal})
		first, err := time.Parse(time.RFC3339, c.want)
		require.NoError(t, err)
		assert.Equal(t, "r", l.Select(greeting.Query{At: first}).Rule, name)
		assert.Empty(t, l.Select(greeting.Query{At: first.Add(-1)}).Rule, name)
	}
}

func TestNobodysLibrary(t *testing.T) {
	t.Parallel()
	var none *greeting.Library
	q := asked(t, phone.Divert{Language: language.CanadianFrench})
	for _, l := range []*greeting.Library{none, {}, library(t, nil, nil)} {
		d, others := l.Explain(q)
		assert.Equal(t, "builtin-fr", d.Greeting.ID)
		assert.Equal(t, greeting.MatchParent, d.Match)
		assert.Equal(t, d, l.Select(q))
		assert.Empty(t, others)
	}
}

// What a host does to its snapshot after New changes nothing.
func TestLibraryIsIndependent(t *testing.T) {
	t.Parallel()
	s := greeting.Snapshot{
		Revision:  7,
		Greetings: []greeting.Greeting{hello("g", language.English)},
		Rules: []greeting.Rule{{ID: "r", Greeting: "g", When: greeting.When{
			Kinds: []hours.Kind{hours.KindOpen}, Outcomes: []phone.Outcome{phone.Busy},
		}}},
	}
	l, err := greeting.New(s, nil)
	require.NoError(t, err)
	s.Greetings[0].ID, s.Rules[0].ID = "x", "x"
	s.Rules[0].When.Kinds[0], s.Rules[0].When.Outcomes[0] = hours.KindClosed, phone.DND
	d := l.Select(asked(t, phone.Divert{Situation: situation(hours.KindOpen), Outcome: phone.Busy}))
	assert.Equal(t, "r", d.Rule)
	assert.Equal(t, "g", d.Greeting.ID)
	assert.Equal(t, 7, d.Revision)
}
