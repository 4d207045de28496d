package hours

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

const (
	minutesADay = 24 * 60
	secondsADay = 24 * 60 * 60
)

// Civil is a date, and a minute of it, as a calendar and a clock on a wall
// show them. It has no zone and is not an instant: [Civil.In] makes one.
//
// Its text form is 2029-06-25 when Minute is 0, and otherwise
// 2029-06-25T09:30. The zero value is no date; its text is empty.
type Civil struct {
	Year   int
	Month  time.Month
	Day    int
	Minute int // of the day, from 0 at midnight
}

// ErrCivil is the error of a text that is no date.
var ErrCivil = errors.New("hours: no date: want 2029-06-25 or 2029-06-25T09:30")

// Date is the midnight at which a date begins.
func Date(year int, month time.Month, day int) Civil {
	return Civil{Year: year, Month: month, Day: day}
}

// CivilOf is what a wall clock shows at the instant at, in its location.
// Seconds are cut off.
func CivilOf(at time.Time) Civil {
	y, m, d := at.Date()
	return Civil{Year: y, Month: m, Day: d, Minute: at.Hour()*60 + at.Minute()}
}

// ParseCivil reads the text form of a date, strictly. A wrong text gives an
// error that wraps [ErrCivil].
func ParseCivil(text string) (Civil, error) {
	layout := "2006-01-02"
	if len(text) > len(layout) {
		layout = "2006-01-02T15:04"
	}
	t, err := time.Parse(layout, text)
	if err != nil || t.Format(layout) != text || t.Year() == 0 {
		return Civil{}, fmt.Errorf("%w, not %q", ErrCivil, clip(text))
	}
	return CivilOf(t), nil
}

// In is the first instant at which a clock in zone shows c or something
// later. A c that the clock skips (a gap, such as 02:30 when summer time
// begins at 02:00) becomes the first instant after the gap; of a c that the
// clock shows twice, In is the first. A nil zone is UTC.
func (c Civil) In(zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	wall := int64(c.days())*secondsADay + int64(c.Minute)*60
	// No zone was ever 16 hours away from UTC, so that the clock shows
	// something earlier than c here, and the walk is over within two changes.
	for at := wall - 16*3600; ; {
		offset, end := stretch(zone, at)
		if wall-offset < end {
			return time.Unix(max(wall-offset, at), 0).In(zone)
		}
		at = end
	}
}

// Weekday is the day of the week of c.
func (c Civil) Weekday() time.Weekday { return weekday(c.days()) }

// AddDays is c moved by n days, at the same minute.
func (c Civil) AddDays(n int) Civil {
	moved := civilDay(c.days() + n)
	moved.Minute = c.Minute
	return moved
}

// Compare is -1, 0 or 1: whether c is before, at or after other.
func (c Civil) Compare(other Civil) int {
	return cmp.Or(cmp.Compare(c.days(), other.days()), cmp.Compare(c.Minute, other.Minute))
}

// IsZero reports whether c is no date.
func (c Civil) IsZero() bool { return c == Civil{} }

// String is the text form, empty for the zero value.
func (c Civil) String() string {
	switch {
	case c.IsZero():
		return ""
	case c.Minute == 0:
		return fmt.Sprintf("%04d-%02d-%02d", c.Year, int(c.Month), c.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d", c.Year, int(c.Month), c.Day, c.Minute/60, c.Minute%60)
}

// MarshalText returns the text form.
func (c Civil) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what [ParseCivil] reads, and the empty text.
func (c *Civil) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = Civil{}
		return nil
	}
	parsed, err := ParseCivil(string(text))
	if err == nil {
		*c = parsed
	}
	return err
}

// valid reports whether c is a date that exists, in the years 1 to 9999.
func (c Civil) valid() bool {
	return c.Year >= 1 && c.Year <= 9999 && civilDay(c.days()) == Date(c.Year, c.Month, c.Day) &&
		c.Minute >= 0 && c.Minute < minutesADay
}

// days counts the days since 1 January 1970. UTC has no gaps, so time.Date is
// safe in it.
func (c Civil) days() int {
	return int(time.Date(c.Year, c.Month, c.Day, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
}

func civilDay(days int) Civil {
	y, m, d := time.Unix(int64(days)*secondsADay, 0).UTC().Date()
	return Civil{Year: y, Month: m, Day: d}
}

func weekday(days int) time.Weekday {
	return time.Weekday(((days+int(time.Thursday))%7 + 7) % 7)
}

// clip keeps hostile text short in errors.
func clip(text string) string { return text[:min(len(text), 64)] }
