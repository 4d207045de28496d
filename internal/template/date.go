package template

import (
	"fmt"
	"time"

	"golang.org/x/text/language"
)

// Day is a date as the language writes it, with the day of the week: "Monday
// 15 June", "Monday, June 15" (United States, Canada), "lundi 15 juin", "lunes
// 15 de junio". The year is left out. Other languages get English.
func Day(tag language.Tag, t time.Time) string {
	switch base, _ := tag.Base(); base.String() {
	case "fr":
		day := fmt.Sprint(t.Day())
		if t.Day() == 1 {
			day = "1er"
		}
		return french[t.Weekday()] + " " + day + " " + mois[t.Month()-1]
	case "es":
		return fmt.Sprintf("%s %d de %s", spanish[t.Weekday()], t.Day(), meses[t.Month()-1])
	}
	if american(tag) {
		return t.Format("Monday, January 2")
	}
	return t.Format("Monday 2 January")
}

// Clock is a time of the day: "9:30", "9:30 AM", "9 h 30", "9:30".
func Clock(tag language.Tag, t time.Time) string {
	switch base, _ := tag.Base(); base.String() {
	case "fr":
		if t.Minute() == 0 {
			return fmt.Sprintf("%d h", t.Hour())
		}
		return fmt.Sprintf("%d h %02d", t.Hour(), t.Minute())
	case "es":
		return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute())
	}
	if american(tag) {
		return t.Format("3:04 PM")
	}
	return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute())
}

// When is a day and a time, close ones by their name: "today at 9:00",
// "demain à 9 h", "el lunes 15 de junio a las 9:00". now is seen from the zone
// of t.
func When(tag language.Tag, t, now time.Time) string {
	days := between(now.In(t.Location()), t)
	clock := Clock(tag, t)
	switch base, _ := tag.Base(); base.String() {
	case "fr":
		return near(days, "aujourd'hui", "demain", "le "+Day(tag, t)) + " à " + clock
	case "es":
		at := " a las "
		if t.Hour() == 1 {
			at = " a la "
		}
		return near(days, "hoy", "mañana", "el "+Day(tag, t)) + at + clock
	}
	return near(days, "today", "tomorrow", "on "+Day(tag, t)) + " at " + clock
}

func near(days int, today, tomorrow, later string) string {
	switch days {
	case 0:
		return today
	case 1:
		return tomorrow
	}
	return later
}

// between is how many midnights lie between a and b, on the wall.
func between(a, b time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(b).Sub(day(a)) / (24 * time.Hour))
}

// american reports whether English of this tag writes the month first and
// counts hours to twelve.
func american(tag language.Tag) bool {
	region, confidence := tag.Region()
	return confidence == language.Exact && (region.String() == "US" || region.String() == "CA")
}

var (
	french  = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	mois    = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	spanish = [...]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
	meses   = [...]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
)
