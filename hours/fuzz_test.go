package hours_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

// FuzzParse: no panic, and what is read is written and read the same again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"zone":"Africa/Casablanca","week":{"sunday":["00:00-24:00"],"monday":["00:00-48:00"]},"weekend":[]}`))
	f.Add([]byte(`{"zone":"UTC","holidays":[{"name":"x","on":"easter -2","since":1,"through":9999,"spans":["09:00-09:01"]}]}`))
	f.Add([]byte(`{"zone":"UTC","exceptions":[{"date":"0001-01-01","through":"9999-12-31"}]}`))
	f.Add([]byte(`{"zone":"UTC","week":{"monday":["22:00-06:00"]},"week":[],"a":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := hours.ParseSpec(data)
		if err != nil {
			return
		}
		first, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		again, err := hours.ParseSpec(first)
		if err != nil {
			t.Fatalf("%s: %v", first, err)
		}
		second, err := json.Marshal(again)
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%s, then %s (%v)", first, second, err)
		}
		s, err := hours.New(spec)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 6, 24, 12, 0, 0, 0, time.UTC)
		for range 20 {
			answer := s.At(at)
			if next, ok := s.NextOpen(at); ok && !s.At(next).Open() {
				t.Fatalf("%s is not open", next)
			}
			_ = s.Explain(at, language.French)
			if answer.Until.IsZero() {
				break
			}
			if !answer.Until.After(at) {
				t.Fatalf("at %s until %s", at, answer.Until)
			}
			at = answer.Until
		}
	})
}

// FuzzImportCalendar: no panic, and what is imported is a valid Spec.
func FuzzImportCalendar(f *testing.F) {
	f.Add([]byte(calendarOf("SUMMARY:Victoria|DTSTART;VALUE=DATE:20260518|RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=MO;BYMONTHDAY=18,19,20,21,22,23,24")))
	f.Add([]byte(calendarOf("SUMMARY:A|DTSTART:20261224|DTEND:20270102", "SUMMARY:B|DTSTART:20261226|DURATION:P2W", "DTSTART:20261231T000000Z")))
	f.Add([]byte(calendarOf("SUMMARY:A|DTSTART:00010101|RRULE:FREQ=YEARLY;COUNT=10000;BYMONTH=2;BYMONTHDAY=29")))
	f.Add([]byte(calendarOf("SUMMARY:A\\,\\n|DTSTART:99991231|RRULE:FREQ=YEARLY;UNTIL=99991231;BYDAY=-1FR;BYMONTH=12")))
	f.Add([]byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDT\r\n START:2026\r\n 0518\r\nEND:VEVENT\r\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := hours.ImportCalendar(bytes.NewReader(data), nil)
		if err != nil {
			return
		}
		if _, err := hours.New(hours.Spec{Zone: "UTC", Exceptions: in.Exceptions, Holidays: in.Holidays}); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzParseRule: no panic; a rule is written as it was read, and its date is
// near its year.
func FuzzParseRule(f *testing.F) {
	for _, text := range []string{"06-24", "02-29 -1", "3rd monday of january", "last sunday of february -2", "monday on or before 05-25", "easter +180"} {
		f.Add(text, 2026)
	}
	f.Fuzz(func(t *testing.T, text string, year int) {
		r, err := hours.ParseRule(text)
		if err != nil {
			return
		}
		if r.String() != text {
			t.Fatalf("%q became %q", text, r)
		}
		if date, ok := r.Date(year); ok && (date.Year < year-1 || date.Year > year+1) {
			t.Fatalf("%q in %d: %s", text, year, date)
		}
	})
}
