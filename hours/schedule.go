package hours

import (
	"iter"
	"time"

	"golang.org/x/text/language"
)

// STUB: types are final in shape, bodies come.

type Spec struct {
	Zone       string                  `json:"zone"`
	Week       map[time.Weekday][]Span `json:"week,omitempty"`
	Weekend    []time.Weekday          `json:"weekend,omitempty"`
	Exceptions []Exception             `json:"exceptions,omitempty"`
	Holidays   []Holiday               `json:"holidays,omitempty"`
}
type Span struct{ From, To int }
type Exception struct {
	Date  Civil
	Label string
	Spans []Span
	Kind  Kind
}
type Holiday struct {
	ID, Name, English, On, Observed string
	Since                           int
}
type Override struct {
	Open  bool
	Label string
	Until time.Time
}
type Civil struct {
	Year        int
	Month       time.Month
	Day, Minute int
}

func (c Civil) In(zone *time.Location) time.Time { return time.Time{} }

func New(s Spec) (Schedule, error)              { return Schedule{}, nil }
func Holidays(region string) ([]Holiday, error) { return nil, nil }

type Schedule struct {
	tables   *struct{}
	override Override
}

func (s Schedule) With(o Override) Schedule                                    { return s }
func (s Schedule) At(t time.Time) Situation                                    { return Situation{Kind: KindOpen, Source: SourceAlways} }
func (s Schedule) NextOpen(t time.Time) (time.Time, bool)                      { return t, true }
func (s Schedule) AddOpen(t time.Time, d time.Duration) (time.Time, bool)      { return t, true }
func (s Schedule) Calendar(from, to time.Time) iter.Seq2[time.Time, Situation] { return nil }
func (s Schedule) Explain(t time.Time, tag language.Tag) string                { return "" }
