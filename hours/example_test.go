package hours_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

func Example() {
	holidays, err := hours.Holidays("CA-QC")
	if err != nil {
		panic(err)
	}
	schedule, err := hours.New(hours.Spec{
		Zone: "America/Toronto",
		Week: hours.MondayToFriday(
			hours.Span{From: 9 * 60, To: 12 * 60},
			hours.Span{From: 13 * 60, To: 17 * 60},
		),
		Holidays: holidays,
	})
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, time.June, 24, 14, 0, 0, 0, schedule.Zone())
	answer := schedule.At(now)
	fmt.Println(answer.Open(), answer.Kind, answer.Label, answer.Until.Format("until 2006-01-02 15:04"))
	fmt.Println(schedule.Explain(now, language.English))
	fmt.Println(schedule.Explain(now, language.CanadianFrench))
	fmt.Println(schedule.Explain(now, language.Spanish))
	// Output:
	// false holiday Fête nationale until 2026-06-25 00:00
	// closed: Fête nationale, opens Thursday 25 June at 9:00
	// fermé : Fête nationale, ouvre le jeudi 25 juin à 9 h
	// cerrado: Fête nationale, abre el jueves 25 de junio a las 9:00
}

// A night that begins on Saturday belongs to Saturday, and when the clocks go
// back it has an hour more.
func ExampleParse() {
	schedule, err := hours.Parse([]byte(`{
		"zone": "America/Toronto",
		"week": {"saturday": ["22:00-30:00"]}
	}`))
	if err != nil {
		panic(err)
	}
	from := time.Date(2026, time.October, 31, 12, 0, 0, 0, schedule.Zone())
	for at, answer := range schedule.Calendar(from, from.AddDate(0, 0, 1)) {
		fmt.Println(at.Format("Mon 15:04 MST"), answer.Kind)
	}
	// Output:
	// Sat 12:00 EDT closed
	// Sat 22:00 EDT open
	// Sun 06:00 EST weekend
}

func ExampleProblem() {
	_, err := hours.ParseSpec([]byte(`{"zone": "Mars/Base", "week": {"monday": ["22:00-06:00"]}, "holiday": []}`))
	fmt.Println(err)
	// Output:
	// hours: /week/monday/0: span: "22:00-06:00": want an end after the beginning; past midnight that is "22:00-30:00"
	// hours: /holiday: unknown-field: "holiday": want one of exceptions, holidays, week, weekend, zone
	// hours: /zone: unknown-zone: "Mars/Base": want the IANA name of a zone, such as America/Toronto; a host without a zone database can import time/tzdata
}

func ExampleSchedule_With() {
	schedule, err := hours.New(hours.Spec{
		Zone: "America/Toronto",
		Week: hours.MondayToFriday(hours.Span{From: 9 * 60, To: 17 * 60}),
	})
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, time.February, 3, 10, 30, 0, 0, schedule.Zone())
	storm := schedule.With(hours.Override{Label: "Snow storm", From: now}) // until the next opening
	fmt.Println(storm.Explain(now, language.English))
	fmt.Println(schedule.Explain(now, language.English))
	// Output:
	// closed manually: Snow storm, opens Wednesday 4 February at 9:00
	// open until 17:00
}

// "We call you back within 4 business hours."
func ExampleSchedule_AddOpen() {
	holidays, err := hours.Holidays("CA-QC")
	if err != nil {
		panic(err)
	}
	schedule, err := hours.New(hours.Spec{
		Zone:     "America/Toronto",
		Week:     hours.MondayToFriday(hours.Span{From: 9 * 60, To: 17 * 60}),
		Holidays: holidays,
	})
	if err != nil {
		panic(err)
	}
	call := time.Date(2026, time.June, 23, 15, 0, 0, 0, schedule.Zone())
	due, ok := schedule.AddOpen(call, 4*time.Hour)
	fmt.Println(due.Format("Monday 2 January 15:04"), ok)
	day, ok := schedule.NextBusinessDay(call)
	fmt.Println(day, ok)
	// Output:
	// Thursday 25 June 11:00 true
	// 2026-06-25 true
}

// In Québec the employer chooses between Good Friday and Easter Monday.
func ExampleHolidays() {
	for _, choose := range [][]string{nil, {"easter-monday"}} {
		list, err := hours.Holidays("CA-QC", choose...)
		if err != nil {
			panic(err)
		}
		for _, h := range list {
			date, observed, _ := h.Date(2029)
			if strings.HasPrefix(h.On, "easter") || observed != date {
				fmt.Println(observed, h.Name)
			}
		}
		fmt.Println()
	}
	// Output:
	// 2029-03-30 Vendredi saint
	// 2029-06-25 Fête nationale
	// 2029-07-02 Fête du Canada
	//
	// 2029-06-25 Fête nationale
	// 2029-07-02 Fête du Canada
	// 2029-04-02 Lundi de Pâques
}

func ExampleImportCalendar() {
	in, err := hours.ImportCalendar(strings.NewReader(`BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:Winter shutdown
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20270102
END:VEVENT
BEGIN:VEVENT
SUMMARY:Victoria Day
DTSTART;VALUE=DATE:20260518
RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=MO;BYMONTHDAY=18,19,20,21,22,23,24
END:VEVENT
BEGIN:VEVENT
SUMMARY:Staff meeting
DTSTART:20260601T090000
END:VEVENT
END:VCALENDAR
`), nil)
	if err != nil {
		panic(err)
	}
	out, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		panic(err)
	}
	fmt.Println(string(out))
	// Output:
	// {
	//   "exceptions": [
	//     {
	//       "date": "2026-12-24",
	//       "through": "2027-01-01",
	//       "label": "Winter shutdown"
	//     }
	//   ],
	//   "holidays": [
	//     {
	//       "name": "Victoria Day",
	//       "on": "monday on or after 05-18",
	//       "since": 2026
	//     }
	//   ],
	//   "lost": [
	//     {
	//       "line": 12,
	//       "summary": "Staff meeting",
	//       "reason": "timed",
	//       "detail": "it begins at 20260601T090000"
	//     }
	//   ]
	// }
}

func ExampleCivil_In() {
	zone, err := time.LoadLocation("America/Havana")
	if err != nil {
		panic(err)
	}
	date := hours.Date(2026, time.March, 8) // its midnight does not exist
	fmt.Println(date.In(zone).Format("2006-01-02 15:04 MST"))
	// Output: 2026-03-08 01:00 CDT
}

func ExampleHoliday_Date() {
	founders := hours.Holiday{Name: "Founders' Day", On: "2nd friday of may", Since: 2020}
	date, _, ok := founders.Date(2026)
	fmt.Println(date, ok)
	// Output: 2026-05-08 true
}

func ExampleLocalize() {
	list, err := hours.Holidays("US")
	if err != nil {
		panic(err)
	}
	for _, h := range hours.Localize(list, language.Spanish)[:3] {
		fmt.Println(h.Name)
	}
	// Output:
	// Año Nuevo
	// Natalicio de Martin Luther King
	// Natalicio de Washington
}
