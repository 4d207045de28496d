package hours

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	maxEventDays  = 366
	maxRepeatDays = 14
)

// add keeps an event, or says why not.
func (in *Imported) add(e *event) {
	lose := func(reason LossReason, detail string) { in.lose(e.line, e.summary, reason, detail) }
	date, ok := parseBasicDate(e.values["DTSTART"])
	switch {
	case e.values["STATUS"] == "CANCELLED":
		lose(LossCancelled, "")
		return
	case e.values["DTSTART"] != "" && !e.allDay:
		lose(LossTimed, "it begins at "+clip(label(e.values["DTSTART"])))
		return
	case !ok:
		lose(LossDate, "DTSTART is missing or no date")
		return
	case e.values["RECURRENCE-ID"] != "":
		lose(LossInstance, "it changes one date of a rule")
		return
	}
	length, ok := e.days(date)
	if !ok || !date.AddDays(length-1).valid() {
		lose(LossLong, fmt.Sprintf("want 1 to %d days", maxEventDays))
		return
	}
	name := e.summary
	if name == "" {
		name = "Holiday"
	}
	if e.values["RRULE"] == "" {
		in.addOnce(e, name, date, length)
	} else {
		in.addYearly(e, name, date, length)
	}
}

func (in *Imported) addOnce(e *event, name string, date Civil, length int) {
	if e.values["RDATE"] != "" {
		in.lose(e.line, name, LossInstance, "RDATE: only its first date is kept")
	}
	if len(in.Exceptions) == MaxExceptions {
		in.lose(e.line, name, LossLimit, fmt.Sprintf("want at most %d exceptions", MaxExceptions))
		return
	}
	x := Exception{Date: date, Label: name}
	if length > 1 {
		x.Through = date.AddDays(length - 1)
	}
	in.Exceptions = append(in.Exceptions, x)
}

func (in *Imported) addYearly(e *event, name string, date Civil, length int) {
	h, want := yearly(e.values["RRULE"], date)
	switch {
	case want != "":
		in.lose(e.line, name, LossRule, want)
		return
	case length > maxRepeatDays:
		in.lose(e.line, name, LossLong, fmt.Sprintf("a holiday that comes back has at most %d days", maxRepeatDays))
		return
	case len(in.Holidays)+length > MaxHolidays:
		in.lose(e.line, name, LossLimit, fmt.Sprintf("want at most %d holidays", MaxHolidays))
		return
	}
	for _, key := range []string{"EXDATE", "RDATE"} {
		if e.values[key] != "" {
			in.lose(e.line, name, LossInstance, key+" is not kept: the rule counts in every year")
		}
	}
	h.Name = name
	for n := range length {
		next := h
		if n > 0 {
			next.On = fmt.Sprintf("%s +%d", h.On, n)
		}
		in.Holidays = append(in.Holidays, next)
	}
}

// days is how long an event is: until DTEND, which is exclusive, for its
// DURATION, or one day.
func (e *event) days(first Civil) (int, bool) {
	if end, ok := parseBasicDate(e.values["DTEND"]); ok {
		n := max(end.days()-first.days(), 1) // some write the same date twice
		return n, n <= maxEventDays
	}
	text, ok := strings.CutPrefix(e.values["DURATION"], "P")
	if !ok {
		return 1, true
	}
	unit := 1
	if weeks, ok := strings.CutSuffix(text, "W"); ok {
		text, unit = weeks, 7
	} else if text, ok = strings.CutSuffix(text, "D"); !ok {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n * unit, err == nil && n > 0 && n <= maxEventDays && n*unit <= maxEventDays
}

func parseBasicDate(text string) (Civil, bool) {
	t, err := time.Parse("20060102", text)
	if err != nil || t.Year() == 0 {
		return Civil{}, false
	}
	return CivilOf(t), true
}
