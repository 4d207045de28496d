package hours

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rule says on which date of a year a holiday falls. It is comparable. The
// zero value is not a rule and never has a date.
type Rule struct {
	form    form
	n       int8 // of an ordinal: 1 to 5, or -1 for the last
	weekday time.Weekday
	month   time.Month
	day     int
	offset  int // days, afterwards
}

type form uint8

const (
	formNone   form = iota
	formDate        // 06-24
	formNth         // 3rd monday of january
	formBefore      // monday before 05-25
	formUpTo        // monday on or before 05-24
	formAfter       // saturday after 06-19
	formFrom        // saturday on or after 06-20
	formEaster      // easter
)

// ErrRule is the error of a text that is no rule.
var ErrRule = errors.New("hours: no holiday rule")

const (
	maxRuleBytes = 64
	maxOffset    = 180
)

var (
	weekdayNames = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	monthNames   = [13]string{
		"", "january", "february", "march", "april", "may", "june",
		"july", "august", "september", "october", "november", "december",
	}
	ordinals  = [7]string{"last", "", "1st", "2nd", "3rd", "4th", "5th"} // at n+1
	relations = [8]string{                                               // at their form
		formBefore: "before", formUpTo: "on or before", formAfter: "after", formFrom: "on or after",
	}
)

// ParseRule reads a rule, in lower case with single spaces:
//
//   - "06-24": a date, month first; 02-29 is a holiday in leap years only;
//   - "3rd monday of january", "last monday of may": 1st to 5th, or last;
//   - "monday before 05-25", "monday after 06-20": strictly before or after;
//   - "friday on or before 04-30", "saturday on or after 10-31";
//   - "easter": Easter Sunday of the Gregorian calendar;
//   - and any of these with a number of days, at most 180, behind it:
//     "easter -2", "4th thursday of november +1".
//
// A wrong text gives an error that wraps [ErrRule] and says what would be
// right.
func ParseRule(text string) (Rule, error) {
	r, want := parseRule(text)
	if want != "" {
		return Rule{}, fmt.Errorf("%w: %q: want %s", ErrRule, clip(text), want)
	}
	return r, nil
}

func parseRule(text string) (Rule, string) {
	if len(text) > maxRuleBytes {
		return Rule{}, "at most 64 bytes"
	}
	words := strings.Split(text, " ")
	var offset int
	if last := words[len(words)-1]; len(words) > 1 && (last[:min(len(last), 1)] == "+" || last[:min(len(last), 1)] == "-") {
		var ok bool
		if offset, ok = parseOffset(last, maxOffset); !ok {
			return Rule{}, "an offset from -180 to +180 days, such as +1"
		}
		words = words[:len(words)-1]
	}
	r, want := parseAnchor(words)
	r.offset = offset
	return r, want
}

func parseAnchor(words []string) (Rule, string) {
	const want = `a rule such as "06-24", "3rd monday of january", "monday before 05-25" or "easter -2"`
	if len(words) == 1 {
		if words[0] == "easter" {
			return Rule{form: formEaster}, ""
		}
		return parseDate(formDate, words[0])
	}
	if len(words) == 4 && words[2] == "of" {
		n := slices.Index(ordinals[:], words[0]) - 1
		day := slices.Index(weekdayNames[:], words[1])
		month := slices.Index(monthNames[:], words[3])
		if words[0] == "" || n < -1 || day < 0 || month < 1 {
			return Rule{}, `an ordinal, a weekday and a month, such as "3rd monday of january"`
		}
		return Rule{form: formNth, n: int8(n), weekday: time.Weekday(day), month: time.Month(month)}, ""
	}
	day := slices.Index(weekdayNames[:], words[0])
	relation := slices.Index(relations[formBefore:formEaster], strings.Join(words[1:max(len(words)-1, 1)], " "))
	if day < 0 || relation < 0 {
		return Rule{}, want
	}
	r, wrong := parseDate(formBefore+form(relation), words[len(words)-1])
	r.weekday = time.Weekday(day)
	return r, wrong
}

func parseDate(f form, text string) (Rule, string) {
	t, err := time.Parse("2006-01-02", "2000-"+text) // a leap year
	if err != nil || len(text) != len("01-02") {
		return Rule{}, `a month and a day such as "06-24"`
	}
	return Rule{form: f, month: t.Month(), day: t.Day()}, ""
}

func parseOffset(text string, limit int) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n != 0 && n >= -limit && n <= limit && fmt.Sprintf("%+d", n) == text
}

// String is the text that [ParseRule] reads; empty for the zero value.
func (r Rule) String() string {
	date := fmt.Sprintf("%02d-%02d", int(r.month), r.day)
	text := date
	switch r.form {
	case formNone:
		return ""
	case formNth:
		text = ordinals[r.n+1] + " " + weekdayNames[r.weekday] + " of " + monthNames[r.month]
	case formEaster:
		text = "easter"
	case formBefore, formUpTo, formAfter, formFrom:
		text = weekdayNames[r.weekday] + " " + relations[r.form] + " " + date
	}
	if r.offset != 0 {
		text += fmt.Sprintf(" %+d", r.offset)
	}
	return text
}

// Date is the date of r in a year, and false when it has none there: 29
// February in most years, a fifth Monday in most months, or a year outside of
// 1 to 9999. An offset may lead into the next year or the one before.
func (r Rule) Date(year int) (Civil, bool) {
	days, ok := r.days(year)
	if !ok {
		return Civil{}, false
	}
	return civilDay(days), true
}

func (r Rule) days(year int) (int, bool) {
	if year < 1 || year > 9999 {
		return 0, false
	}
	var day int
	switch r.form {
	case formEaster:
		day = easter(year)
	case formNth:
		first := Date(year, r.month, 1).days()
		if r.n > 0 {
			day = onOrAfter(first, r.weekday) + 7*int(r.n-1)
			if day >= Date(year, r.month+1, 1).days() {
				return 0, false
			}
		} else {
			day = onOrAfter(Date(year, r.month+1, 1).days()-7, r.weekday)
		}
	case formNone:
		return 0, false
	default:
		if r.month == time.February && r.day == 29 && !leap(year) {
			return 0, false
		}
		day = r.near(Date(year, r.month, r.day).days())
	}
	return day + r.offset, true
}

// stays reports whether the date of r in a year always lies in that year.
func (r Rule) stays() bool {
	switch r.form {
	case formDate, formNth:
		return r.offset == 0
	case formEaster: // 22 March to 25 April
		return r.offset >= -80 && r.offset <= 180
	}
	return false
}

// near applies the relation of r to its date.
func (r Rule) near(date int) int {
	switch r.form {
	case formBefore:
		return onOrAfter(date-7, r.weekday)
	case formUpTo:
		return onOrAfter(date-6, r.weekday)
	case formAfter:
		return onOrAfter(date+1, r.weekday)
	case formFrom:
		return onOrAfter(date, r.weekday)
	}
	return date
}

func onOrAfter(day int, w time.Weekday) int {
	return day + (int(w)-int(weekday(day))+7)%7
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// easter is the day of Easter Sunday, by the computus of the Gregorian
// calendar: the Sunday after the ecclesiastical full moon on or after 21 March.
func easter(year int) int {
	century := year / 100
	golden := year % 19
	epact := (century - century/4 - (8*century+13)/25 + 19*golden + 15) % 30
	epact -= epact / 28 * (1 - epact/28*(29/(epact+1))*((21-golden)/11))
	moon := Date(year, time.March, 21).days() + epact
	return onOrAfter(moon+1, time.Sunday)
}
