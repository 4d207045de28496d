package template_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/internal/template"
)

var montreal = must(time.LoadLocation("America/Toronto"))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 6, day, hour, minute, 0, 0, montreal)
}

func TestRender(t *testing.T) {
	t.Parallel()
	all := template.Values{Name: "Zoé", Business: "Acme", Holiday: "Fête nationale", Department: "support", Opens: at(16, 9, 0), Now: at(15, 18, 0)}
	for text, c := range map[string]struct {
		tag  string
		v    template.Values
		want string
	}{
		"no placeholder":                  {"en", all, "no placeholder"},
		"Hi {name}, {business} here":      {"en", all, "Hi Zoé, Acme here"},
		"Hi {name}, we are closed":        {"en", template.Values{}, "Hi, we are closed"},
		"{name}, we are closed":           {"en", template.Values{}, "we are closed"},
		"Hi {name|there}!":                {"en", template.Values{}, "Hi there!"},
		"Closed for {holiday} today":      {"en", template.Values{}, "Closed for today"},
		"Closed {holiday}":                {"en", template.Values{}, "Closed"},
		"Closed {holiday}.":               {"en", template.Values{}, "Closed."},
		"back {opens}":                    {"en", all, "back tomorrow at 9:00"},
		"Back {opens}":                    {"en-CA", all, "Back tomorrow at 9:00 AM"},
		"de retour {opens}":               {"fr-CA", all, "de retour demain à 9 h"},
		"abrimos {opens}":                 {"es-MX", all, "abrimos mañana a las 9:00"},
		"{{not a placeholder}}":           {"en", all, "{not a placeholder}"},
		"merci d'avoir appelé {business}": {"fr", all, "merci d'avoir appelé Acme"},
		"l'équipe de {business}":          {"fr", all, "l'équipe d'Acme"},
		"L'équipe De {business}":          {"fr", all, "L'équipe D'Acme"},
		"the team de {business}":          {"en", all, "the team de Acme"},
		"{date}":                          {"fr", all, "lundi 15 juin"},
		"ouvert que {department}":         {"fr", template.Values{Department: "Études"}, "ouvert qu'Études"},
		"monde {business}":                {"fr", all, "monde Acme"},
	} {
		tpl, err := template.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, c.want, tpl.Render(language.MustParse(c.tag), c.v), text)
	}
}

func TestElision(t *testing.T) {
	t.Parallel()
	tpl := must(template.Parse("chez l'ami de {business}"))
	for business, want := range map[string]string{
		"Acme": "d'Acme", "Bell": "de Bell", "École": "d'École", "Œuvre": "d'Œuvre", "Hydro-Québec": "d'Hydro-Québec",
		"Hilton": "de Hilton", "Hôtel Nord": "d'Hôtel Nord", "Yves": "d'Yves", "Yamaha": "de Yamaha", "Onze": "de Onze",
		"Oui Café": "de Oui Café", "8e rue": "de 8e rue", "Île": "d'Île",
	} {
		assert.Equal(t, "chez l'ami "+want, tpl.Render(language.CanadianFrench, template.Values{Business: business}))
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 7, 1, 13, 5, 0, 0, montreal)
	now := at(15, 23, 59)
	for tag, want := range map[string]string{
		"en": "on Wednesday 1 July at 13:05", "en-US": "on Wednesday, July 1 at 1:05 PM", "en-GB": "on Wednesday 1 July at 13:05",
		"fr": "le mercredi 1er juillet à 13 h 05", "es": "el miércoles 1 de julio a las 13:05", "de": "on Wednesday 1 July at 13:05",
	} {
		assert.Equal(t, want, template.When(language.MustParse(tag), first, now), tag)
	}
	assert.Equal(t, "hoy a la 1:00", template.When(language.Spanish, at(15, 1, 0), now))
	assert.Equal(t, "tomorrow at 0:00", template.When(language.English, at(16, 0, 0), now))
	assert.Equal(t, "today at 0:00", template.When(language.English, at(16, 0, 0), time.Date(2026, 6, 16, 4, 1, 0, 0, time.UTC)), "now is seen from the zone of the opening")
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for text, offset := range map[string]int{
		"Hi {nmae}": 3, "{": 0, "ab }": 3, "{name": 0, "{{ {name}} }": 9, "{name {business}}": 0, "{}": 0, "é{X}": 2, "{NAME}": 0,
	} {
		_, err := template.Parse(text)
		var wrong *template.Error
		require.ErrorAs(t, err, &wrong, text)
		assert.Equal(t, offset, wrong.Offset, text)
		assert.NotEmpty(t, wrong.Error())
	}
}

func TestHostileValues(t *testing.T) {
	t.Parallel()
	tpl := must(template.Parse("Hi {name}!"))
	assert.Equal(t, "Hi a b!", tpl.Render(language.English, template.Values{Name: "a\r\n\x00\u202eb"}))
	assert.Len(t, tpl.Render(language.English, template.Values{Name: strings.Repeat("x", 1000)}), len("Hi !")+template.MaxValue)
	assert.Equal(t, "Hi {business}!", tpl.Render(language.English, template.Values{Name: "{business}"}), "values are not templates")
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "Hi {name|you}", "{{}}", "{", "}", "{opens}{date} {holiday},", "de {business}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tpl, err := template.Parse(text)
		if err != nil {
			return
		}
		for _, tag := range []language.Tag{language.French, language.English} {
			out := tpl.Render(tag, template.Values{Now: at(15, 0, 0)})
			if len(out) > len(text)*4+100 {
				t.Fatalf("%d bytes became %d", len(text), len(out))
			}
		}
	})
}
