package hours

import "time"

// Limits of a [Spec] and of its JSON form. They are checked before memory is
// spent, and are far above what an office needs.
const (
	MaxSpecBytes  = 256 << 10 // of JSON
	MaxSpans      = 48        // of one day
	MaxExceptions = 2000
	MaxHolidays   = 400
	MaxLabelBytes = 200 // of a label, a name or an identifier
)

// Spec is opening hours as people write them: data, which [New] checks and
// compiles. See the package documentation for its JSON form.
type Spec struct {
	// Zone is the IANA name of the zone in which the hours are meant, such as
	// America/Toronto. It is required; UTC is one, Local is not.
	Zone string `json:"zone"`
	// Week has the hours of each day of the week. A day that is absent or has
	// no spans is closed. A Week without any key is no hours at all, and that
	// is always open: a week that is always closed has a key with no spans.
	Week Week `json:"week,omitempty"`
	// Weekend are the days that are called weekend when they have no hours.
	// Nil is Saturday and Sunday; an empty slice is none.
	Weekend Days `json:"weekend,omitzero"`
	// Exceptions replace the hours of single dates, before holidays do. They
	// must not overlap. At most [MaxExceptions].
	Exceptions []Exception `json:"exceptions,omitempty"`
	// Holidays replace the hours of days that come back every year. Several
	// may meet on one day: one without spans is preferred, then one on its own
	// date over one that was moved, then the first. At most [MaxHolidays].
	Holidays []Holiday `json:"holidays,omitempty"`
}

// Week has the spans of each day, in any order, at most [MaxSpans] a day. Its
// JSON form has the English names of the days as keys:
//
//	{"monday": ["09:00-12:00", "13:00-17:00"], "saturday": ["22:00-30:00"]}
//
// No two spans may overlap, and neither may a span and those of the next day.
type Week map[time.Weekday][]Span

// Days are days of the week. The JSON form is ["saturday", "sunday"].
type Days []time.Weekday

// EveryDay is a week whose seven days have the same hours.
func EveryDay(spans ...Span) Week { return weekOf(time.Sunday, time.Saturday, spans) }

// MondayToFriday is a week whose five working days have the same hours.
func MondayToFriday(spans ...Span) Week { return weekOf(time.Monday, time.Friday, spans) }

func weekOf(first, last time.Weekday, spans []Span) Week {
	w := Week{}
	for d := first; d <= last; d++ {
		w[d] = append([]Span(nil), spans...)
	}
	return w
}

// Exception replaces the hours of one date, or of several in a row.
type Exception struct {
	Date Civil `json:"date"` // its Minute must be 0
	// Through is the last date, included. Zero is Date alone.
	Through Civil `json:"through,omitzero"`
	// ID is the host's name for it, by which a flow or a greeting may choose.
	ID    string `json:"id,omitempty"`
	Label string `json:"label,omitempty"` // for people
	// Spans are the hours of these dates; none is closed. A span past
	// midnight reaches into the day after, and what the day before left open
	// past midnight stays open.
	Spans []Span `json:"spans,omitempty"`
	// Kind is what the time before and after the spans is: closed, weekend or
	// holiday. Empty is [KindHoliday]. Between two spans is always a break.
	Kind Kind `json:"kind,omitempty"`
}

// Holiday is a day that comes back every year, as data.
type Holiday struct {
	// ID is a stable name, such as good-friday, by which a flow or a greeting
	// may choose whatever language the label has.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"` // in the local language; the label of the answer
	// English is the name in English. Empty means that Name is.
	English string `json:"english,omitempty"`
	// On is the rule for its date in a year; see [ParseRule].
	On string `json:"on"`
	// Observed says to which day it moves when the day of the week on which it
	// falls has no hours in the week; see [ParseObserved]. Empty is no move.
	// The date itself stays a holiday as well.
	Observed string `json:"observed,omitempty"`
	Since    int    `json:"since,omitempty"`   // the first year; 0 is from ever
	Through  int    `json:"through,omitempty"` // the last year; 0 is for ever
	// Spans are the hours of that day; none is closed.
	Spans []Span `json:"spans,omitempty"`
}
