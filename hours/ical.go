package hours

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Imported is what a calendar in the iCalendar format (RFC 5545) has for a
// Spec. Exceptions come sorted and without overlaps. All of it is closed: add
// spans for half days.
type Imported struct {
	Exceptions []Exception `json:"exceptions,omitempty"` // events of one date, or of several in a row
	Holidays   []Holiday   `json:"holidays,omitempty"`   // events that come back every year
	Lost       []Loss      `json:"lost,omitempty"`       // what could not be kept
}

// Loss is one thing of a calendar that was not kept, or not wholly.
type Loss struct {
	Line    int        `json:"line,omitempty"`    // of BEGIN:VEVENT, from 1; 0 when several are to blame
	Summary string     `json:"summary,omitempty"` // hostile: the title of the event
	Reason  LossReason `json:"reason"`
	Detail  string     `json:"detail,omitempty"` // in English; parts of it may be hostile
}

// LossReason is why something was not kept.
type LossReason string

// The reasons of a [Loss].
const (
	LossTimed     LossReason = "timed"         // not an all-day event
	LossDate      LossReason = "date"          // no date, or none that exists
	LossCancelled LossReason = "cancelled"     // STATUS:CANCELLED
	LossRule      LossReason = "rule"          // a recurrence that no Rule can say
	LossLong      LossReason = "too-long"      // a recurrence of more than 14 days, or more than a year
	LossInstance  LossReason = "instance"      // RECURRENCE-ID, EXDATE or RDATE: one year of a rule differs
	LossOverlap   LossReason = "overlap"       // cut to, or dropped for, an exception that has these dates
	LossLimit     LossReason = "limit-reached" // more than a Spec may have
)

// ImportOptions are the limits of [ImportCalendar].
type ImportOptions struct {
	MaxBytes  int // of the file; 0 is 1 MiB
	MaxEvents int // 0 is 5000
}

// ErrCalendar is wrapped by the errors of [ImportCalendar].
var ErrCalendar = errors.New("hours: no iCalendar file")

// ImportCalendar reads the all-day events of an iCalendar file: single ones as
// exceptions, those with a yearly RRULE as holidays. Everything else is
// reported as lost. A nil o has the defaults.
//
// The error is one of r; or wraps [ErrCalendar], with the line, when the file
// is no iCalendar, is broken, or passes a limit.
func ImportCalendar(r io.Reader, o *ImportOptions) (Imported, error) {
	limits := ImportOptions{}
	if o != nil {
		limits = *o
	}
	if limits.MaxBytes <= 0 {
		limits.MaxBytes = 1 << 20
	}
	if limits.MaxEvents <= 0 {
		limits.MaxEvents = 5000
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(limits.MaxBytes)+1))
	if err != nil {
		return Imported{}, fmt.Errorf("hours: read a calendar: %w", err)
	}
	if len(data) > limits.MaxBytes {
		return Imported{}, fmt.Errorf("%w: want at most %d bytes", ErrCalendar, limits.MaxBytes)
	}
	events, err := readEvents(string(data), limits.MaxEvents)
	if err != nil {
		return Imported{}, err
	}
	var in Imported
	for _, e := range events {
		in.add(e)
	}
	in.settle()
	return in, nil
}

// event is a VEVENT with the properties that matter here.
type event struct {
	line    int
	values  map[string]string
	summary string
	allDay  bool // DTSTART is a date
}

// property is one unfolded line.
type property struct {
	line        int
	name, value string
}

func readEvents(text string, most int) ([]*event, error) {
	var (
		events []*event
		open   []string // components
		now    *event
	)
	for p := range properties(text) {
		switch {
		case p.name == "BEGIN":
			open = append(open, strings.ToUpper(p.value))
			switch {
			case open[0] != "VCALENDAR" || len(open) > 8:
				return nil, fmt.Errorf("%w: line %d: want BEGIN:VCALENDAR first, and at most 8 components deep", ErrCalendar, p.line)
			case len(open) == 2 && open[1] == "VEVENT":
				if len(events) == most {
					return nil, fmt.Errorf("%w: line %d: want at most %d events", ErrCalendar, p.line, most)
				}
				now = &event{line: p.line, values: map[string]string{}}
				events = append(events, now)
			}
		case len(open) == 0:
			return nil, fmt.Errorf("%w: line %d: want BEGIN:VCALENDAR", ErrCalendar, p.line)
		case p.name == "END":
			if last := open[len(open)-1]; last != strings.ToUpper(p.value) {
				return nil, fmt.Errorf("%w: line %d: want END:%s", ErrCalendar, p.line, clip(last))
			}
			open = open[:len(open)-1]
		case len(open) == 2 && open[1] == "VEVENT":
			now.set(p)
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("%w: want END:%s at its end", ErrCalendar, clip(open[len(open)-1]))
	}
	if len(strings.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%w: it is empty: want BEGIN:VCALENDAR", ErrCalendar)
	}
	return events, nil
}

func (e *event) set(p property) {
	switch p.name {
	case "SUMMARY":
		e.summary = label(p.value)
	case "DTSTART":
		e.allDay = len(p.value) == len("20060102") // whatever VALUE says
		e.values[p.name] = p.value
	case "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS", "RECURRENCE-ID":
		e.values[p.name] = strings.ToUpper(p.value)
	}
}

// properties unfolds the lines of a file: one that begins with a space or a
// tab goes on the one before (RFC 5545, 3.1).
func properties(text string) func(yield func(property) bool) {
	return func(yield func(property) bool) {
		text = strings.TrimPrefix(text, "\uFEFF")
		var whole strings.Builder
		first, line := 0, 0
		flush := func() bool {
			p, ok := parseProperty(whole.String())
			p.line = first
			whole.Reset()
			return !ok || yield(p)
		}
		for raw := range strings.SplitSeq(text, "\n") {
			line++
			raw = strings.TrimSuffix(raw, "\r")
			if raw != "" && (raw[0] == ' ' || raw[0] == '\t') && first > 0 {
				whole.WriteString(raw[1:])
				continue
			}
			if !flush() {
				return
			}
			first = line
			whole.WriteString(raw)
		}
		flush()
	}
}

// parseProperty splits NAME;PARAMS:VALUE. A colon inside quotes belongs to the
// parameters.
func parseProperty(line string) (property, bool) {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ':' && !quoted:
			name, _, _ := strings.Cut(line[:i], ";")
			return property{name: strings.ToUpper(name), value: line[i+1:]}, true
		}
	}
	if strings.TrimSpace(line) == "" {
		return property{}, false
	}
	return property{name: "?"}, true
}

// label makes a TEXT value fit for a label: unescaped, without control
// characters, at most MaxLabelBytes.
func label(value string) string {
	value = strings.NewReplacer(`\\`, `\`, `\,`, `,`, `\;`, `;`, `\n`, " ", `\N`, " ").Replace(value)
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(value, "\uFFFD"))
	value = strings.Join(strings.Fields(value), " ")
	if len(value) > MaxLabelBytes {
		value = strings.ToValidUTF8(value[:MaxLabelBytes], "")
	}
	return value
}

// settle sorts the exceptions and cuts those that overlap an earlier one.
func (in *Imported) settle() {
	slices.SortStableFunc(in.Exceptions, func(a, b Exception) int { return a.Date.Compare(b.Date) })
	kept := in.Exceptions[:0]
	var busy Civil // the last date that is taken
	for _, e := range in.Exceptions {
		last := e.Through
		if last.IsZero() {
			last = e.Date
		}
		if !busy.IsZero() && e.Date.Compare(busy) <= 0 {
			if last.Compare(busy) <= 0 {
				in.lose(0, e.Label, LossOverlap, e.Date.String()+" is taken by "+kept[len(kept)-1].Label)
				continue
			}
			in.lose(0, e.Label, LossOverlap, "begins after "+kept[len(kept)-1].Label)
			if e.Date = busy.AddDays(1); e.Date == last {
				e.Through = Civil{}
			}
		}
		busy = last
		kept = append(kept, e)
	}
	in.Exceptions = kept
}

func (in *Imported) lose(line int, summary string, reason LossReason, detail string) {
	in.Lost = append(in.Lost, Loss{Line: line, Summary: summary, Reason: reason, Detail: detail})
}
