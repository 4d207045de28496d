package hours

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Moves says by how many days a holiday moves when it falls on a day of the
// week: Moves[time.Sunday] is 1 when Sunday's holiday is kept on Monday.
type Moves [7]int8

// ParseObserved reads moves: "sunday +1" (Sunday's holiday is kept on Monday),
// "saturday -1, sunday +1" (the United States), at most six days each. The
// empty text and "none" are no moves. A wrong text gives an error that wraps
// [ErrRule].
func ParseObserved(text string) (Moves, error) {
	m, ok := parseMoves(text)
	if !ok {
		return Moves{}, fmt.Errorf("%w: observed %q: want %s", ErrRule, clip(text), wantMoves)
	}
	return m, nil
}

const wantMoves = `"none", or moves such as "saturday -1, sunday +1"`

func parseMoves(text string) (m Moves, ok bool) {
	if text == "" || text == "none" {
		return m, true
	}
	if len(text) > 7*len("wednesday +1, ") {
		return m, false
	}
	for part := range strings.SplitSeq(text, ", ") {
		name, by, _ := strings.Cut(part, " ")
		day := slices.Index(weekdayNames[:], name)
		n, ok := parseOffset(by, 6)
		if day < 0 || !ok || m[day] != 0 {
			return Moves{}, false
		}
		m[day] = int8(n)
	}
	return m, true
}

// String is the text that [ParseObserved] reads, Monday first; "none" for none.
func (m Moves) String() string {
	var parts []string
	for i := range 7 {
		d := (i + 1) % 7
		if m[d] != 0 {
			parts = append(parts, fmt.Sprintf("%s %+d", weekdayNames[d], m[d]))
		}
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// Date is the date of h in a year, and the day on which it is observed by
// those who do not work on that day of the week: the same when it does not
// move. It is false in a year without it, and when its rule is wrong; [New]
// says what is wrong with it.
func (h Holiday) Date(year int) (date, observed Civil, ok bool) {
	r, want := parseRule(h.On)
	m, fine := parseMoves(h.Observed)
	if want != "" || !fine || year < h.Since || h.Through != 0 && year > h.Through {
		return Civil{}, Civil{}, false
	}
	day, ok := r.days(year)
	if !ok {
		return Civil{}, Civil{}, false
	}
	return civilDay(day), civilDay(day + int(m[weekday(day)])), true
}

// dayName is the English name of a day in lower case, as JSON has it.
func dayName(d time.Weekday) string {
	if d < 0 || d > 6 {
		return ""
	}
	return weekdayNames[d]
}
