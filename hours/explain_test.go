package hours_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	spec := hours.Spec{
		Zone: toronto,
		Week: hours.Week{
			time.Monday: spans("09:00-12:00", "13:00-17:30"), time.Tuesday: spans("09:00-17:00"), time.Wednesday: spans("09:00-17:00"),
			time.Thursday: spans("09:00-17:00"), time.Friday: spans("13:05-24:00"), time.Saturday: spans("22:00-30:00"),
		},
		Exceptions: []hours.Exception{
			{Date: civil("2026-12-24"), Label: "Christmas Eve", Spans: spans("09:00-12:00")},
			{Date: civil("2026-06-30"), Kind: hours.KindClosed},
		},
		Holidays: region(t, "CA-QC"),
	}
	s := compile(t, spec)
	at := clock(t, "2026-06-24T12:00:00-04:00")
	byHand := hours.Override{Label: "Storm", From: at, Until: at.Add(2 * time.Hour)}
	late := hours.Override{Open: true, From: at, Until: at.Add(2 * time.Hour)}
	for _, c := range []struct {
		name       string
		s          hours.Schedule
		at         string
		en, fr, es string
	}{
		{
			"a holiday", s, "2026-06-24T12:00:00-04:00",
			"closed: Fête nationale, opens Thursday 25 June at 9:00",
			"fermé : Fête nationale, ouvre le jeudi 25 juin à 9 h",
			"cerrado: Fête nationale, abre el jueves 25 de junio a las 9:00",
		},
		{
			"open", s, "2026-06-23T10:00:00-04:00",
			"open until 17:00", "ouvert jusqu'à 17 h", "abierto hasta las 17:00",
		},
		{
			"a break", s, "2026-06-22T12:30:00-04:00",
			"closed for a break, opens at 13:00", "fermé pour la pause, ouvre à 13 h", "cerrado por pausa, abre a las 13:00",
		},
		{
			"half hours", s, "2026-06-22T17:00:00-04:00",
			"open until 17:30", "ouvert jusqu'à 17 h 30", "abierto hasta las 17:30",
		},
		{
			"closed, later today", s, "2026-06-26T08:00:00-04:00",
			"closed, opens at 13:05", "fermé, ouvre à 13 h 05", "cerrado, abre a las 13:05",
		},
		{
			"until midnight", s, "2026-06-26T20:00:00-04:00",
			"open until midnight", "ouvert jusqu'à minuit", "abierto hasta la medianoche",
		},
		{
			"overnight", s, "2026-06-27T23:00:00-04:00",
			"open until Sunday 28 June at 6:00", "ouvert jusqu'au dimanche 28 juin à 6 h", "abierto hasta el domingo 28 de junio a las 6:00",
		},
		{
			"the weekend", s, "2026-06-28T12:00:00-04:00",
			"closed for the weekend, opens Monday 29 June at 9:00",
			"fermé pour le week-end, ouvre le lundi 29 juin à 9 h",
			"cerrado por fin de semana, abre el lunes 29 de junio a las 9:00",
		},
		{
			"the first of a month, by a closed exception", s, "2026-09-07T12:00:00-04:00",
			"closed: Fête du Travail, opens Tuesday 8 September at 9:00",
			"fermé : Fête du Travail, ouvre le mardi 8 septembre à 9 h",
			"cerrado: Fête du Travail, abre el martes 8 de septiembre a las 9:00",
		},
		{
			"le 1er", s, "2026-09-30T20:00:00-04:00",
			"closed, opens Thursday 1 October at 9:00", "fermé, ouvre le jeudi 1er octobre à 9 h",
			"cerrado, abre el jueves 1 de octubre a las 9:00",
		},
		{
			"a half day", s, "2026-12-24T10:00:00-05:00",
			"open: Christmas Eve, until 12:00", "ouvert : Christmas Eve, jusqu'à 12 h", "abierto: Christmas Eve, hasta las 12:00",
		},
		{
			"by hand", s.With(byHand), "2026-06-24T12:30:00-04:00",
			"closed manually: Storm, opens Thursday 25 June at 9:00",
			"fermé manuellement : Storm, ouvre le jeudi 25 juin à 9 h",
			"cerrado manualmente: Storm, abre el jueves 25 de junio a las 9:00",
		},
		{
			"open by hand", s.With(late), "2026-06-24T12:30:00-04:00",
			"open manually until 14:00", "ouvert manuellement jusqu'à 14 h", "abierto manualmente hasta las 14:00",
		},
		{"always", hours.Schedule{}, "2026-06-24T12:30:00-04:00", "always open", "toujours ouvert", "siempre abierto"},
		{
			"round the clock", compile(t, hours.Spec{Zone: "UTC", Week: hours.EveryDay(span("00:00-24:00"))}), "2026-06-24T12:30:00Z",
			"open", "ouvert", "abierto",
		},
		{
			"never again", compile(t, hours.Spec{Zone: "UTC", Week: hours.Week{time.Monday: nil}}), "2026-06-24T12:30:00Z",
			"closed, with no opening ahead", "fermé, sans réouverture prévue", "cerrado, sin próxima apertura",
		},
		{
			"far ahead", compile(t, hours.Spec{
				Zone: "UTC", Week: hours.Week{time.Monday: nil},
				Exceptions: []hours.Exception{{Date: civil("2027-07-01"), Spans: spans("01:00-02:00")}},
			}), "2026-06-24T12:30:00Z",
			"closed, opens Thursday 1 July 2027 at 1:00", "fermé, ouvre le jeudi 1er juillet 2027 à 1 h",
			"cerrado, abre el jueves 1 de julio de 2027 a la 1:00",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at := clock(t, c.at)
			assert.Equal(t, c.en, c.s.Explain(at, language.English))
			assert.Equal(t, c.fr, c.s.Explain(at, language.French))
			assert.Equal(t, c.es, c.s.Explain(at, language.LatinAmericanSpanish))
			assert.Equal(t, c.en, c.s.Explain(at, language.Japanese), "English for the rest")
		})
	}
	sunday := clock(t, "2026-06-28T12:00:00-04:00")
	assert.Equal(t, "fermé pour la fin de semaine, ouvre le lundi 29 juin à 9 h", s.Explain(sunday, language.CanadianFrench))
}
