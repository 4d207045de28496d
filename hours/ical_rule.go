package hours

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// recurrence is the parts of an RRULE that a Rule may be able to say.
type recurrence struct {
	freq, until     string
	interval, count int
	months          []int
	monthDays       []int
	positions       []int
	weekday         time.Weekday
	ordinal         int // of the weekday; 0 is any
	hasDay          bool
	other           string // a part that no Rule has
}

// yearly turns an RRULE into a holiday without a name, or says what would be
// right.
func yearly(text string, first Civil) (Holiday, string) {
	r, ok := parseRecurrence(text)
	switch {
	case !ok:
		return Holiday{}, "an RRULE of KEY=VALUE parts"
	case r.freq != "YEARLY" || r.interval != 1:
		return Holiday{}, "FREQ=YEARLY and no INTERVAL"
	case r.other != "":
		return Holiday{}, "no " + r.other
	}
	on, want := r.rule(first)
	if want != "" {
		return Holiday{}, want
	}
	h := Holiday{On: on.String(), Since: first.Year}
	if date, ok := on.Date(first.Year); ok && date.Compare(first) < 0 {
		h.Since++ // in its first year it was before the first date
	}
	if want := r.bound(&h, on); want != "" {
		return Holiday{}, want
	}
	return h, ""
}

func parseRecurrence(text string) (recurrence, bool) {
	r := recurrence{interval: 1}
	if len(text) > 512 {
		return r, false
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(text, ";"), ";") {
		key, value, ok := strings.Cut(part, "=")
		if !ok || value == "" {
			return r, false
		}
		switch key {
		case "FREQ":
			r.freq = value
		case "UNTIL":
			r.until = value
		case "INTERVAL":
			r.interval, ok = number(value, 1, 1000)
		case "COUNT":
			r.count, ok = number(value, 1, 10000)
		case "BYMONTH":
			r.months, ok = numbers(value, 1, 12)
		case "BYMONTHDAY":
			r.monthDays, ok = numbers(value, -31, 31)
		case "BYSETPOS":
			r.positions, ok = numbers(value, -366, 366)
		case "BYDAY":
			ok = r.byDay(value)
		case "WKST":
		default:
			r.other = clip(label(key))
		}
		if !ok {
			return r, false
		}
	}
	return r, true
}

func (r *recurrence) byDay(value string) bool {
	if strings.Contains(value, ",") {
		r.other = "several BYDAY"
		return true
	}
	if len(value) < 2 {
		return false
	}
	name := value[len(value)-2:]
	day := slices.IndexFunc(weekdayNames[:], func(s string) bool { return strings.EqualFold(s[:2], name) })
	if day < 0 {
		return false
	}
	r.weekday, r.hasDay = time.Weekday(day), true
	if len(value) > 2 {
		n, ok := number(strings.TrimPrefix(value[:len(value)-2], "+"), -53, 53)
		r.ordinal = n
		return ok && n != 0
	}
	return true
}

// rule is the Rule of r. What a part leaves out comes from the first date.
func (r *recurrence) rule(first Civil) (Rule, string) {
	month := first.Month
	switch {
	case len(r.months) == 1:
		month = time.Month(r.months[0])
	case len(r.months) > 1:
		return Rule{}, "one BYMONTH"
	case len(r.monthDays) > 0 || r.hasDay:
		return Rule{}, "a BYMONTH"
	}
	if !r.hasDay {
		day := first.Day
		if len(r.monthDays) > 0 {
			day = r.monthDays[0]
		}
		if len(r.monthDays) > 1 || len(r.positions) > 0 || !Date(2000, month, day).valid() {
			return Rule{}, "one BYMONTHDAY that its month has, and no BYSETPOS"
		}
		return Rule{form: formDate, month: month, day: day}, ""
	}
	if len(r.monthDays) > 0 {
		return r.inWeek(month)
	}
	n := r.ordinal
	if len(r.positions) == 1 && n == 0 {
		n = r.positions[0]
	} else if len(r.positions) > 0 {
		return Rule{}, "one BYSETPOS, or a number at BYDAY"
	}
	if n != -1 && (n < 1 || n > 5) {
		return Rule{}, "BYDAY with a number from 1 to 5, or -1"
	}
	return Rule{form: formNth, n: int8(n), weekday: r.weekday, month: month}, ""
}

// inWeek is a weekday among seven days in a row: BYDAY=MO;BYMONTHDAY=18,...,24.
func (r *recurrence) inWeek(month time.Month) (Rule, string) {
	days := slices.Sorted(slices.Values(r.monthDays))
	row := len(days) == 7 && days[0] > 0 && days[6]-days[0] == 6 && len(slices.Compact(slices.Clone(days))) == 7
	if !row || r.ordinal != 0 || len(r.positions) > 0 || !Date(2001, month, days[6]).valid() {
		return Rule{}, "BYMONTHDAY with seven days in a row, and no number at BYDAY"
	}
	return Rule{form: formFrom, weekday: r.weekday, month: month, day: days[0]}, ""
}

// bound sets the last year, from UNTIL or COUNT.
func (r *recurrence) bound(h *Holiday, on Rule) string {
	if r.until != "" {
		last, ok := parseBasicDate(r.until[:min(len(r.until), len("20060102"))])
		if !ok || r.count > 0 {
			return "UNTIL with a date, or COUNT"
		}
		h.Through = last.Year
		if date, ok := on.Date(last.Year); ok && date.Compare(last) > 0 {
			h.Through--
		}
	}
	left := r.count
	for year := h.Since; left > 0; year++ {
		if year > lastYear {
			h.Through = 0
			return ""
		}
		if _, ok := on.Date(year); ok {
			h.Through = year
			left--
		}
	}
	if h.Since > lastYear || h.Through != 0 && h.Through < h.Since {
		return fmt.Sprintf("a date in the years from %d on", h.Since)
	}
	return ""
}

func number(text string, low, high int) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= low && n <= high
}

func numbers(text string, low, high int) (list []int, ok bool) {
	for part := range strings.SplitSeq(text, ",") {
		n, ok := number(part, low, high)
		if !ok || n == 0 || len(list) == 366 {
			return nil, false
		}
		list = append(list, n)
	}
	return list, true
}
