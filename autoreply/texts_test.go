package autoreply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

func weekdays(t *testing.T) hours.Schedule {
	t.Helper()
	week := map[time.Weekday][]hours.Span{}
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = []hours.Span{{From: 9 * 60, To: 17 * 60}}
	}
	s, err := hours.New(hours.Spec{Zone: "America/Toronto", Week: week})
	require.NoError(t, err)
	return s
}

func TestMessages(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	seen := map[string]string{}
	var rules []autoreply.Rule
	for _, m := range autoreply.Messages() {
		for tag, text := range m.Text {
			count[tag]++
			assert.Empty(t, seen[tag+text], "the same words twice")
			seen[tag+text] = m.ID
			assert.Contains(t, text, "{business}", m.ID)
			assert.LessOrEqual(t, autoreply.CountSegments(text).Count, 2, m.ID)
			if tag == "en" {
				assert.Equal(t, autoreply.GSM7, autoreply.CountSegments(text).Encoding, m.ID)
			}
			_, word := autoreply.FindWord(text, phone.Number{}, noon)
			assert.False(t, word, m.ID)
		}
		rules = append(rules, autoreply.Rule{ID: m.ID, On: []string{m.On}, When: m.When, Text: m.Text, If: autoreply.Match{Tags: []string{m.ID}}})
	}
	for _, tag := range []string{"en", "fr", "es"} {
		assert.GreaterOrEqual(t, count[tag], 20, tag)
	}
	p, err := autoreply.NewPolicy(rules, &autoreply.PolicyOptions{Business: "Acme", Schedule: weekdays(t)})
	require.NoError(t, err)
	for _, f := range p.Lint(noon) {
		assert.Contains(t, []autoreply.FindingCode{autoreply.FindUCS2, autoreply.FindOverlap}, f.Code, "%+v", f)
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	r := autoreply.Rule{
		On: []string{phone.CallMissed, phone.VoicemailLeft}, When: []hours.Kind{hours.KindClosed, hours.KindWeekend, hours.KindHoliday},
		Lines: []phone.LineID{"sales"}, If: autoreply.Match{Contact: autoreply.Stranger, Tags: []string{"vip"}, Keywords: []string{"price"}},
		Until: hours.Date(2026, 7, 1), Disabled: true,
	}
	assert.Equal(t, "When a call is missed or a voicemail is left, outside opening hours, at the weekend or on holidays, on line “sales”, "+
		"the contact is new, the contact is tagged “vip”, the text contains “price”, before 2026-07-01 (switched off).", r.Sentence(language.English))
	assert.Equal(t, "Quand un appel est manqué ou un message vocal est laissé, hors des heures d'ouverture, la fin de semaine ou les jours fériés, sur la ligne « sales », "+
		"le contact est nouveau, le contact porte l'étiquette « vip », le texte contient « price », avant le 2026-07-01 (désactivée).", r.Sentence(language.CanadianFrench))
	assert.Equal(t, "Cuando se pierde una llamada o se deja un mensaje de voz, fuera del horario, el fin de semana o los días festivos, en la línea «sales», "+
		"el contacto es nuevo, el contacto lleva la etiqueta «vip», el texto contiene «price», antes del 2026-07-01 (desactivada).", r.Sentence(language.LatinAmericanSpanish))
}

func TestStatus(t *testing.T) {
	t.Parallel()
	rule := func(id string, change func(*autoreply.Rule)) autoreply.Rule {
		r := autoreply.Rule{ID: id, On: []string{phone.CallMissed}, Text: map[string]string{"en": "{business}"}, Zone: "UTC"}
		change(&r)
		return r
	}
	p, err := autoreply.NewPolicy([]autoreply.Rule{
		rule("all", func(*autoreply.Rule) {}),
		rule("below", func(r *autoreply.Rule) { r.Priority = -1; r.If.Tags = []string{"vip"} }),
		rule("off", func(r *autoreply.Rule) { r.Disabled = true; r.Priority = 9 }),
		rule("closed", func(r *autoreply.Rule) { r.When = []hours.Kind{hours.KindClosed}; r.Priority = 8 }),
		rule("soon", func(r *autoreply.Rule) { r.From = hours.Date(2026, 7, 1); r.Priority = 7 }),
		rule("gone", func(r *autoreply.Rule) { r.Until = hours.Date(2026, 6, 1); r.Priority = 6 }),
	}, &autoreply.PolicyOptions{Schedule: weekdays(t)})
	require.NoError(t, err)
	at := time.Date(2026, 6, 15, 15, 0, 0, 0, time.UTC) // a Monday, 11:00 in Toronto
	list := p.Status(at)
	brief := []string{}
	for _, s := range list {
		brief = append(brief, strings.TrimSpace(s.Rule+" "+string(s.Why)+" "+s.By))
	}
	assert.Equal(t, []string{"off disabled", "closed situation", "soon not-yet", "gone expired", "all", "below shadowed all"}, brief)
	assert.Equal(t, time.Date(2026, 6, 15, 21, 0, 0, 0, time.UTC), list[1].Until.UTC())
	assert.True(t, list[4].Active)
}

func TestLint(t *testing.T) {
	t.Parallel()
	rule := func(id string, change func(*autoreply.Rule)) autoreply.Rule {
		r := autoreply.Rule{ID: id, On: []string{phone.CallMissed}, Text: map[string]string{"en": "Acme here", "fr": "Ici Acme"}}
		if change != nil {
			change(&r)
		}
		return r
	}
	text := func(s string) func(*autoreply.Rule) {
		return func(r *autoreply.Rule) { r.Text["en"] = s }
	}
	for name, c := range map[string]struct {
		rules []autoreply.Rule
		want  []string
	}{
		"clean":    {[]autoreply.Rule{rule("a", nil)}, nil},
		"shadowed": {[]autoreply.Rule{rule("a", func(r *autoreply.Rule) { r.Priority = 1 }), rule("b", func(r *autoreply.Rule) { r.If.Tags = []string{"x"} })}, []string{"b shadowed"}},
		"overlap": {[]autoreply.Rule{
			rule("a", func(r *autoreply.Rule) { r.If.Tags = []string{"x"} }), rule("b", func(r *autoreply.Rule) { r.If.Contact = autoreply.Known }),
		}, []string{"b overlap"}},
		"no overlap": {[]autoreply.Rule{
			rule("a", func(r *autoreply.Rule) { r.If.Contact = autoreply.Stranger }), rule("b", func(r *autoreply.Rule) { r.If.Contact = autoreply.Known }),
		}, nil},
		"empty":           {[]autoreply.Rule{rule("a", text("{name}"))}, []string{"a/text/en empty", "a/text/en no-business"}},
		"nameless":        {[]autoreply.Rule{rule("a", text("Call you soon"))}, []string{"a/text/en no-business"}},
		"placeholder":     {[]autoreply.Rule{rule("a", text("{business} calls you soon"))}, nil},
		"language":        {[]autoreply.Rule{rule("a", nil), rule("b", func(r *autoreply.Rule) { r.Priority = 1; r.If.Tags = []string{"x"}; delete(r.Text, "fr") })}, []string{"b/text missing-language"}},
		"long":            {[]autoreply.Rule{rule("a", text("Acme "+strings.Repeat("blah ", 80)))}, []string{"a/text/en long"}},
		"UCS-2":           {[]autoreply.Rule{rule("a", text("Acme: fête"))}, []string{"a/text/en ucs-2"}},
		"closed in hours": {[]autoreply.Rule{rule("a", func(r *autoreply.Rule) { r.When = []hours.Kind{hours.KindOpen}; r.Text["en"] = "Acme: we are closed" })}, []string{"a/text/en promise"}},
		"open at night": {[]autoreply.Rule{rule("a", func(r *autoreply.Rule) {
			r.When = []hours.Kind{hours.KindClosed}
			r.Text["fr"] = "Acme : nous sommes ouverts"
		})}, []string{"a/text/fr promise"}},
		"wrong hour":   {[]autoreply.Rule{rule("a", text("Acme opens at 8:30 AM and closes at 5 PM"))}, []string{"a/text/en promise"}},
		"French hour":  {[]autoreply.Rule{rule("a", text("Acme ouvre à 9 h et ferme à 18 h"))}, []string{"a/text/en promise"}},
		"numbers":      {[]autoreply.Rule{rule("a", text("Acme, 12 rue Nord, room 4"))}, nil},
		"always":       {[]autoreply.Rule{rule("a", text("Acme is there 24/7"))}, []string{"a/text/en promise"}},
		"dead keyword": {[]autoreply.Rule{rule("a", func(r *autoreply.Rule) { r.If.Keywords = []string{"price", "stop"} })}, []string{"a/if/keywords/1 dead-keyword"}},
		"expired":      {[]autoreply.Rule{rule("a", func(r *autoreply.Rule) { r.Until, r.Zone = hours.Date(2026, 1, 1), "UTC" })}, []string{"a/until expired"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := autoreply.NewPolicy(c.rules, &autoreply.PolicyOptions{Business: "Acme", Schedule: weekdays(t)})
			require.NoError(t, err)
			var got []string
			for _, f := range p.Lint(noon) {
				got = append(got, f.Rule+f.Path+" "+string(f.Code))
				assert.NotEmpty(t, f.Text)
			}
			assert.Equal(t, c.want, got)
		})
	}
}
