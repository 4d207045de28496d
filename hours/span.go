package hours

import (
	"errors"
	"fmt"
)

// Span is a stretch of opening hours: the minutes From up to, but not
// including, To, counted from the midnight at which its day begins. A To after
// 24:00 reaches into the next day, and the span still belongs to the day on
// which it starts: "22:00-30:00" on Saturday is closed again on Sunday at 6.
//
// Its text form is "09:00-12:30".
type Span struct {
	From int // 0 (00:00) to 1439 (23:59)
	To   int // more than From, at most 2880 (48:00)
}

// ErrSpan is the error of a text that is no span.
var ErrSpan = errors.New("hours: no span")

// ParseSpan reads the text form of a span, strictly: two times with two digits
// each, the first before the second, and the second at most 48:00. A wrong
// text gives an error that wraps [ErrSpan] and says what would be right.
func ParseSpan(text string) (Span, error) {
	s, want := parseSpan(text)
	if want != "" {
		return Span{}, fmt.Errorf("%w: %q: want %s", ErrSpan, clip(text), want)
	}
	return s, nil
}

func parseSpan(text string) (Span, string) {
	if len(text) == len("09:00-12:30") && text[5] == '-' {
		from, ok := parseClock(text[:5])
		to, ok2 := parseClock(text[6:])
		if s := (Span{From: from, To: to}); ok && ok2 {
			return s, s.wrong()
		}
	}
	return Span{}, `two times such as "09:00-12:30"`
}

func parseClock(text string) (int, bool) {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') != (i == 2) || i == 2 && c != ':' {
			return 0, false
		}
	}
	hour := int(text[0]-'0')*10 + int(text[1]-'0')
	minute := int(text[3]-'0')*10 + int(text[4]-'0')
	return hour*60 + minute, minute < 60
}

// wrong says what would be right, and nothing when s is.
func (s Span) wrong() string {
	switch {
	case s.From < 0 || s.From >= minutesADay:
		return "a beginning from 00:00 to 23:59"
	case s.To > 2*minutesADay:
		return "an end of at most 48:00"
	case s.To <= s.From && s.To >= 0:
		next := Span{From: s.From, To: s.To + minutesADay}
		return fmt.Sprintf("an end after the beginning; past midnight that is %q", next.String())
	case s.To <= s.From:
		return "an end after the beginning"
	}
	return ""
}

// String is the text form.
func (s Span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
}

// MarshalText returns the text form.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what [ParseSpan] reads.
func (s *Span) UnmarshalText(text []byte) error {
	parsed, err := ParseSpan(string(text))
	if err == nil {
		*s = parsed
	}
	return err
}
