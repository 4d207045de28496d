package hours

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Explain says what the time is at an instant, in one line for people:
//
//	open until 17:00
//	closed: Fête nationale, opens Thursday 25 June at 9:00
//	fermé : Fête nationale, ouvre le jeudi 25 juin à 9 h
//	cerrado: Fête nationale, abre el jueves 25 de junio a las 9:00
//
// Times and dates are those of the zone of s. The languages are English,
// French and Spanish; any other tag gets English. Spaces are plain ones,
// because such a line may become a text message. Labels stand as they were
// written: escape the line for every output that needs it.
func (s Schedule) Explain(at time.Time, tag language.Tag) string {
	e := explainer{words: wordsOf(tag), now: at.In(s.Zone())}
	answer := s.At(at)
	if !answer.Open() {
		next, ok := s.NextOpen(at)
		return e.closed(answer, next.In(s.Zone()), ok)
	}
	end, ok := s.closes(at)
	return e.open(answer, end.In(s.Zone()), ok)
}

// words are what a language needs. In the patterns, %s is a time, or a date
// and a time.
type words struct {
	always, open, closed       string
	manually                   string // behind open and closed
	pause, weekend             string // instead of closed
	colon                      string
	opens, opensOn, noOpening  string
	until, untilOn, untilNight string
	year                       string // behind the date
	date                       func(time.Time) string
	clock                      func(time.Time) string
}

type explainer struct {
	words words
	now   time.Time
}

func (e explainer) closed(answer Situation, next time.Time, ok bool) string {
	w := e.words
	text := w.closed
	switch {
	case answer.Source == SourceOverride:
		text += " " + w.manually
	case answer.Kind == KindBreak:
		text = w.pause
	case answer.Kind == KindWeekend:
		text = w.weekend
	}
	if answer.Label != "" {
		text += w.colon + answer.Label
	}
	switch {
	case !ok:
		return text + ", " + w.noOpening
	case sameDay(e.now, next):
		return text + ", " + fmt.Sprintf(w.opens, w.clock(next))
	}
	return text + ", " + fmt.Sprintf(w.opensOn, e.date(next), w.clock(next))
}

func (e explainer) open(answer Situation, end time.Time, ok bool) string {
	w := e.words
	if !ok && answer.Source == SourceAlways {
		return w.always
	}
	text, join := w.open, " "
	if answer.Source == SourceOverride {
		text += " " + w.manually
	}
	if answer.Label != "" {
		text += w.colon + answer.Label
		join = ", "
	}
	switch midnight := end.Hour()+end.Minute() == 0; {
	case !ok:
		return text
	case midnight && sameDay(e.now, end.Add(-time.Second)):
		return text + join + w.untilNight
	case sameDay(e.now, end):
		return text + join + fmt.Sprintf(w.until, w.clock(end))
	}
	return text + join + fmt.Sprintf(w.untilOn, e.date(end), w.clock(end))
}

// date leaves out the year when it is plain which one is meant.
func (e explainer) date(t time.Time) string {
	text := e.words.date(t)
	if t.Sub(e.now) > 180*24*time.Hour {
		text += fmt.Sprintf(e.words.year, t.Year())
	}
	return text
}

func sameDay(a, b time.Time) bool {
	y, m, d := a.Date()
	y2, m2, d2 := b.Date()
	return y == y2 && m == m2 && d == d2
}

func wordsOf(tag language.Tag) words {
	base, _ := tag.Base()
	region, _ := tag.Region()
	switch base.String() {
	case "fr":
		w := french()
		if region.String() == "CA" {
			w.weekend = "fermé pour la fin de semaine"
		}
		return w
	case "es":
		return spanish()
	}
	return english()
}

func english() words {
	return words{
		always: "always open", open: "open", closed: "closed", manually: "manually",
		pause: "closed for a break", weekend: "closed for the weekend", colon: ": ",
		opens: "opens at %s", opensOn: "opens %s at %s", noOpening: "with no opening ahead",
		until: "until %s", untilOn: "until %s at %s", untilNight: "until midnight", year: " %d",
		date:  func(t time.Time) string { return t.Format("Monday 2 January") },
		clock: func(t time.Time) string { return strings.TrimPrefix(t.Format("15:04"), "0") },
	}
}

func french() words {
	days := [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	months := [13]string{
		"", "janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre",
	}
	return words{
		always: "toujours ouvert", open: "ouvert", closed: "fermé", manually: "manuellement",
		pause: "fermé pour la pause", weekend: "fermé pour le week-end", colon: " : ",
		opens: "ouvre à %s", opensOn: "ouvre le %s à %s", noOpening: "sans réouverture prévue",
		until: "jusqu'à %s", untilOn: "jusqu'au %s à %s", untilNight: "jusqu'à minuit", year: " %d",
		date: func(t time.Time) string {
			day := fmt.Sprint(t.Day())
			if t.Day() == 1 {
				day = "1er"
			}
			return days[t.Weekday()] + " " + day + " " + months[t.Month()]
		},
		clock: func(t time.Time) string {
			if t.Minute() == 0 {
				return fmt.Sprintf("%d h", t.Hour())
			}
			return fmt.Sprintf("%d h %02d", t.Hour(), t.Minute())
		},
	}
}

func spanish() words {
	days := [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
	months := [13]string{
		"", "enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
	}
	return words{
		always: "siempre abierto", open: "abierto", closed: "cerrado", manually: "manualmente",
		pause: "cerrado por pausa", weekend: "cerrado por fin de semana", colon: ": ",
		opens: "abre a %s", opensOn: "abre el %s a %s", noOpening: "sin próxima apertura",
		until: "hasta %s", untilOn: "hasta el %s a %s", untilNight: "hasta la medianoche", year: " de %d",
		date: func(t time.Time) string {
			return fmt.Sprintf("%s %d de %s", days[t.Weekday()], t.Day(), months[t.Month()])
		},
		clock: func(t time.Time) string {
			article := "las"
			if t.Hour() == 1 {
				article = "la"
			}
			return fmt.Sprintf("%s %d:%02d", article, t.Hour(), t.Minute())
		},
	}
}
