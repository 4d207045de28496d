package main

import (
	"fmt"
	"slices"

	"github.com/afterbeep/afterbeep/hours"
)

// group is special days in a row that are alike.
type group struct{ first, last hours.Day }

// groups are the days of a year that are not ordinary.
func (y *yearOf) groups() (list []group) {
	for _, d := range y.Days {
		if mark(d) == ' ' {
			continue
		}
		if n := len(list) - 1; n >= 0 && alike(list[n].last, d) {
			list[n].last = d
			continue
		}
		list = append(list, group{d, d})
	}
	return list
}

func alike(a, b hours.Day) bool {
	return a.Date.AddDays(1) == b.Date && a.Kind == b.Kind && a.Source == b.Source && a.Label == b.Label && slices.Equal(a.Spans, b.Spans)
}

func (g group) label() string {
	if g.first.Label == "" {
		return "(no name)"
	}
	return g.first.Label
}

func (g group) hours() string {
	if len(g.first.Spans) == 0 {
		return ""
	}
	return joined(g.first.Spans)
}

// dates are for people: 25 June, 2–15 August, 28 December – 3 January.
func (g group) dates() string {
	a, b := g.first.Date, g.last.Date
	switch {
	case a == b:
		return fmt.Sprintf("%d %s", a.Day, a.Month)
	case a.Month == b.Month:
		return fmt.Sprintf("%d–%d %s", a.Day, b.Day, a.Month)
	}
	return fmt.Sprintf("%d %s – %d %s", a.Day, a.Month, b.Day, b.Month)
}
