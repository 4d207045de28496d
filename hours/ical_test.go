package hours_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/hours"
)

// calendarOf is a calendar of events, each of them lines joined by "|".
func calendarOf(events ...string) string {
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"}
	for _, e := range events {
		lines = append(lines, "BEGIN:VEVENT")
		lines = append(lines, strings.Split(e, "|")...)
		lines = append(lines, "END:VEVENT")
	}
	return strings.Join(append(lines, "END:VCALENDAR", ""), "\r\n")
}

func imported(t testing.TB, text string) hours.Imported {
	t.Helper()
	in, err := hours.ImportCalendar(strings.NewReader(text), nil)
	require.NoError(t, err)
	_, err = hours.New(hours.Spec{Zone: "UTC", Exceptions: in.Exceptions, Holidays: in.Holidays})
	require.NoError(t, err, "what was imported is a valid Spec")
	return in
}

func TestImportRules(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]hours.Holiday{ // of an event on Monday 18 May 2026
		"FREQ=YEARLY":                                                    {On: "05-18", Since: 2026},
		"FREQ=YEARLY;INTERVAL=1;WKST=MO":                                 {On: "05-18", Since: 2026},
		"FREQ=YEARLY;BYMONTH=6":                                          {On: "06-18", Since: 2026},
		"FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=24":                            {On: "06-24", Since: 2026},
		"FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1":                             {On: "01-01", Since: 2027},
		"FREQ=YEARLY;BYMONTH=9;BYDAY=1MO":                                {On: "1st monday of september", Since: 2026},
		"FREQ=YEARLY;BYMONTH=9;BYDAY=+1MO":                               {On: "1st monday of september", Since: 2026},
		"FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO":                               {On: "last monday of may", Since: 2026},
		"FREQ=YEARLY;BYMONTH=9;BYDAY=MO;BYSETPOS=1":                      {On: "1st monday of september", Since: 2026},
		"FREQ=YEARLY;BYMONTH=5;BYDAY=MO;BYMONTHDAY=18,19,20,21,22,23,24": {On: "monday on or after 05-18", Since: 2026},
		"FREQ=YEARLY;UNTIL=20300517":                                     {On: "05-18", Since: 2026, Through: 2029},
		"FREQ=YEARLY;UNTIL=20300518T000000Z":                             {On: "05-18", Since: 2026, Through: 2030},
		"FREQ=YEARLY;COUNT=3":                                            {On: "05-18", Since: 2026, Through: 2028},
		"FREQ=YEARLY;COUNT=2;BYMONTH=2;BYMONTHDAY=29":                    {On: "02-29", Since: 2026, Through: 2032},
		"freq=yearly;bymonth=9;byday=1mo":                                {On: "1st monday of september", Since: 2026},
	} {
		in := imported(t, calendarOf("SUMMARY:Day|DTSTART;VALUE=DATE:20260518|RRULE:"+rule))
		want.Name = "Day"
		assert.Equal(t, []hours.Holiday{want}, in.Holidays, rule)
		assert.Empty(t, in.Lost, rule)
		assert.Empty(t, in.Exceptions, rule)
	}
	for _, rule := range []string{
		"FREQ=WEEKLY", "FREQ=YEARLY;INTERVAL=2", "FREQ=YEARLY;BYMONTH=5,6", "FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYMONTHDAY=5",
		"FREQ=YEARLY;BYYEARDAY=100", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYMONTH=5;BYDAY=MO", "FREQ=YEARLY;BYMONTH=5;BYDAY=6MO",
		"FREQ=YEARLY;BYMONTH=5;BYDAY=MO,TU", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1,2", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=-1",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;COUNT=0", "FREQ=YEARLY;COUNT=2;UNTIL=20300101", "FREQ=YEARLY;UNTIL=2030",
		"FREQ=YEARLY;UNTIL=20250101", "FREQ=YEARLY;X", "FREQ=YEARLY;BYDAY=M", "FREQ=YEARLY;BYDAY=XX", "FREQ=YEARLY;BYMONTH=13",
		"FREQ=YEARLY;BYMONTH=5;BYDAY=1MO;BYSETPOS=1", "FREQ=YEARLY;BYMONTH=2;BYDAY=MO;BYMONTHDAY=23,24,25,26,27,28,29",
		"FREQ=YEARLY;BYMONTH=5;BYDAY=1MO;BYMONTHDAY=1,2,3,4,5,6,7", ";", "FREQ=YEARLY;COUNT=x",
	} {
		in := imported(t, calendarOf("SUMMARY:Day|DTSTART;VALUE=DATE:20260518|RRULE:"+rule))
		assert.Empty(t, in.Holidays, rule)
		if assert.Len(t, in.Lost, 1, rule) {
			assert.Equal(t, hours.LossRule, in.Lost[0].Reason, rule)
			assert.NotEmpty(t, in.Lost[0].Detail, rule)
		}
	}
}

func TestImportEvents(t *testing.T) {
	t.Parallel()
	one := func(date, through, label string) hours.Exception {
		e := hours.Exception{Date: civil(date), Label: label}
		if through != "" {
			e.Through = civil(through)
		}
		return e
	}
	for name, c := range map[string]struct {
		event string
		want  []hours.Exception
		lost  hours.LossReason
	}{
		"one day":        {"SUMMARY:A|DTSTART;VALUE=DATE:20260518|DTEND;VALUE=DATE:20260519", []hours.Exception{one("2026-05-18", "", "A")}, ""},
		"without VALUE":  {"SUMMARY:A|DTSTART:20260518", []hours.Exception{one("2026-05-18", "", "A")}, ""},
		"the same end":   {"SUMMARY:A|DTSTART:20260518|DTEND:20260518", []hours.Exception{one("2026-05-18", "", "A")}, ""},
		"several days":   {"SUMMARY:A|DTSTART:20260518|DTEND:20260521", []hours.Exception{one("2026-05-18", "2026-05-20", "A")}, ""},
		"a duration":     {"SUMMARY:A|DTSTART:20260518|DURATION:P3D", []hours.Exception{one("2026-05-18", "2026-05-20", "A")}, ""},
		"weeks":          {"SUMMARY:A|DTSTART:20260518|DURATION:P1W", []hours.Exception{one("2026-05-18", "2026-05-24", "A")}, ""},
		"no summary":     {"DTSTART:20260518", []hours.Exception{one("2026-05-18", "", "Holiday")}, ""},
		"escapes":        {`SUMMARY;LANGUAGE="fr:CA":Noël\, puis\; \\ \nfin|DTSTART:20260518`, []hours.Exception{one("2026-05-18", "", `Noël, puis; \ fin`)}, ""},
		"folded":         {"SUMMARY:Christ| mas| Day|DTSTART;VALUE=DATE:2026|\t0518", []hours.Exception{one("2026-05-18", "", "ChristmasDay")}, ""},
		"long name":      {"SUMMARY:" + strings.Repeat("é", 150) + "|DTSTART:20260518", []hours.Exception{one("2026-05-18", "", strings.Repeat("é", 100))}, ""},
		"an alarm":       {"SUMMARY:A|BEGIN:VALARM|SUMMARY:B|DTSTART:20270101|END:VALARM|DTSTART:20260518", []hours.Exception{one("2026-05-18", "", "A")}, ""},
		"with times":     {"SUMMARY:A|DTSTART:20260518T090000Z", nil, hours.LossTimed},
		"no date":        {"SUMMARY:A", nil, hours.LossDate},
		"no such date":   {"SUMMARY:A|DTSTART:20260532", nil, hours.LossDate},
		"cancelled":      {"SUMMARY:A|DTSTART:20260518|STATUS:cancelled", nil, hours.LossCancelled},
		"an instance":    {"SUMMARY:A|DTSTART:20260518|RECURRENCE-ID:20260517", nil, hours.LossInstance},
		"more dates":     {"SUMMARY:A|DTSTART:20260518|RDATE:20260618", []hours.Exception{one("2026-05-18", "", "A")}, hours.LossInstance},
		"two years":      {"SUMMARY:A|DTSTART:20260518|DTEND:20280518", nil, hours.LossLong},
		"a strange end":  {"SUMMARY:A|DTSTART:20260518|DURATION:PT1H", nil, hours.LossLong},
		"an endless end": {"SUMMARY:A|DTSTART:20260518|DURATION:P99999999999999999999D", nil, hours.LossLong},
		"past the years": {"SUMMARY:A|DTSTART:99991231|DURATION:P2D", nil, hours.LossLong},
		"a month a year": {"SUMMARY:A|DTSTART:20260501|DTEND:20260601|RRULE:FREQ=YEARLY", nil, hours.LossLong},
	} {
		in := imported(t, calendarOf(c.event))
		assert.Equal(t, len(c.want), len(in.Exceptions), name)
		if c.want != nil {
			assert.Equal(t, c.want, in.Exceptions, name)
		}
		assert.Empty(t, in.Holidays, name)
		if c.lost == "" {
			assert.Empty(t, in.Lost, name)
		} else if assert.Len(t, in.Lost, 1, name) {
			assert.Equal(t, c.lost, in.Lost[0].Reason, name)
			assert.Equal(t, 4, in.Lost[0].Line, name)
		}
	}
}

func TestImportRepeatsSeveralDays(t *testing.T) {
	t.Parallel()
	in := imported(t, calendarOf("SUMMARY:Shutdown|DTSTART:20261224|DTEND:20261227|RRULE:FREQ=YEARLY|EXDATE:20281224"))
	require.Len(t, in.Holidays, 3)
	assert.Equal(t, "12-24", in.Holidays[0].On)
	assert.Equal(t, "12-24 +2", in.Holidays[2].On)
	require.Len(t, in.Lost, 1)
	assert.Equal(t, hours.LossInstance, in.Lost[0].Reason)
}

func TestImportCutsOverlaps(t *testing.T) {
	t.Parallel()
	in := imported(t, calendarOf(
		"SUMMARY:Late|DTSTART:20261226|DTEND:20270103", "SUMMARY:Early|DTSTART:20261224|DTEND:20261228",
		"SUMMARY:Inside|DTSTART:20261225", "SUMMARY:Tail|DTSTART:20270102|DTEND:20270104",
	))
	require.Len(t, in.Exceptions, 3)
	assert.Equal(t, []string{"Early 2026-12-24 2026-12-27", "Late 2026-12-28 2027-01-02", "Tail 2027-01-03 "}, []string{
		in.Exceptions[0].Label + " " + in.Exceptions[0].Date.String() + " " + in.Exceptions[0].Through.String(),
		in.Exceptions[1].Label + " " + in.Exceptions[1].Date.String() + " " + in.Exceptions[1].Through.String(),
		in.Exceptions[2].Label + " " + in.Exceptions[2].Date.String() + " " + in.Exceptions[2].Through.String(),
	})
	require.Len(t, in.Lost, 3)
	for i, name := range []string{"Inside", "Late", "Tail"} {
		assert.Equal(t, hours.LossOverlap, in.Lost[i].Reason)
		assert.Equal(t, name, in.Lost[i].Summary)
	}
}

func TestImportLimits(t *testing.T) {
	t.Parallel()
	many := make([]string, 2500)
	for i := range many {
		many[i] = "SUMMARY:A|DTSTART:" + strings.ReplaceAll(hours.Date(2020, 1, 1).AddDays(i).String(), "-", "")
	}
	in := imported(t, calendarOf(many...))
	assert.Len(t, in.Exceptions, hours.MaxExceptions)
	assert.Len(t, in.Lost, 500)
	assert.Equal(t, hours.LossLimit, in.Lost[0].Reason)
	yearly := strings.Repeat(calendarOf("SUMMARY:A|DTSTART:20260518|RRULE:FREQ=YEARLY"), 401)
	in = imported(t, yearly)
	assert.Len(t, in.Holidays, hours.MaxHolidays)
	assert.Equal(t, hours.LossLimit, in.Lost[0].Reason)

	_, err := hours.ImportCalendar(strings.NewReader(calendarOf(many...)), &hours.ImportOptions{MaxEvents: 10})
	require.ErrorIs(t, err, hours.ErrCalendar)
	assert.ErrorContains(t, err, "10 events")
	_, err = hours.ImportCalendar(strings.NewReader(calendarOf()), &hours.ImportOptions{MaxBytes: 10})
	require.ErrorIs(t, err, hours.ErrCalendar)
	assert.ErrorContains(t, err, "10 bytes")
	_, err = hours.ImportCalendar(strings.NewReader(strings.Repeat("BEGIN:VCALENDAR\n", 10)), nil)
	assert.ErrorIs(t, err, hours.ErrCalendar)
}

func TestImportErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                "empty",
		" \r\n":           "empty",
		"<html>":          "line 1",
		"BEGIN:VEVENT":    "line 1",
		"BEGIN:VCALENDAR": "END:VCALENDAR",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR":        "line 3: want END:VEVENT",
		"BEGIN:VCALENDAR\nEND:VCALENDAR\nSUMMARY:x":           "line 3",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nX:\nEND:": "line 5",
	} {
		_, err := hours.ImportCalendar(strings.NewReader(text), nil)
		require.ErrorIs(t, err, hours.ErrCalendar, text)
		assert.ErrorContains(t, err, want, text)
	}
	broken := errors.New("broken")
	_, err := hours.ImportCalendar(iotest.ErrReader(broken), nil)
	assert.ErrorIs(t, err, broken)
	in, err := hours.ImportCalendar(strings.NewReader("\uFEFF"+calendarOf("SUMMARY:A|DTSTART:20260518")), nil)
	require.NoError(t, err)
	assert.Len(t, in.Exceptions, 1)
}
