package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/hours"
)

const (
	dayAndClock = "Mon 2 Jan 2006 15:04 MST"
	maxYears    = 10
)

// segment is one line of a calendar, and the answer of at and next.
type segment struct {
	From time.Time `json:"from,omitzero"`
	At   time.Time `json:"at,omitzero"`
	Open bool      `json:"open"`
	hours.Situation
	Explain string     `json:"explain,omitempty"`
	Next    *time.Time `json:"next,omitempty"` // when it opens next
}

func (p *program) at(text string) error {
	at, err := p.when(text, false)
	if err != nil {
		return err
	}
	s := p.schedule.At(at)
	words := p.schedule.Explain(at, p.tag)
	if p.json {
		out := segment{At: at, Open: s.Open(), Situation: s, Explain: words}
		if next, ok := p.schedule.NextOpen(at); ok {
			out.Next = &next
		}
		return p.encode(out)
	}
	until := "for ever"
	if !s.Until.IsZero() {
		until = "until " + s.Until.Format(dayAndClock)
	}
	_, err = fmt.Fprintf(p.out, "%s\n%s\n%s\n", at.Format(dayAndClock), p.paint.kind(s, words),
		p.paint.dim(fmt.Sprintf("%s by the %s, %s", s.Kind, s.Source, until)))
	return err
}

func (p *program) next(args []string) error {
	at, err := p.when(append(args, "now")[0], false)
	if err != nil {
		return err
	}
	next, ok := p.schedule.NextOpening(at)
	if p.json {
		s := p.schedule.At(at)
		out := segment{At: at, Open: s.Open(), Situation: s, Explain: p.schedule.Explain(at, p.tag)}
		if ok {
			out.Next = &next
		}
		return p.encode(out)
	}
	line := "it does not open again"
	if ok {
		line = "opens next " + next.Format(dayAndClock)
	}
	_, err = fmt.Fprintf(p.out, "%s\n%s\n%s\n", at.Format(dayAndClock),
		p.paint.kind(p.schedule.At(at), p.schedule.Explain(at, p.tag)), line)
	return err
}

func (p *program) calendar(from, to string) error {
	begin, err := p.when(from, false)
	if err != nil {
		return err
	}
	end, err := p.when(to, true)
	if err != nil {
		return err
	}
	if !begin.Before(end) {
		return fmt.Errorf("%s is not before %s", from, to)
	}
	if end.After(begin.AddDate(maxYears, 0, 0)) {
		return fmt.Errorf("%s to %s is too long: want at most %d years", from, to, maxYears)
	}
	list := []segment{}
	for at, s := range p.schedule.Calendar(begin, end) {
		list = append(list, segment{From: at, Open: s.Open(), Situation: s})
	}
	if p.json {
		return p.encode(list)
	}
	for _, s := range list {
		text := string(s.Kind)
		if s.Label != "" {
			text = fmt.Sprintf("%-8s %s", s.Kind, s.Label)
		}
		if _, err := fmt.Fprintf(p.out, "%-25s %s\n", s.From.Format(dayAndClock), p.paint.kind(s.Situation, text)); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) encode(v any) error {
	e := json.NewEncoder(p.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// painter colours text for a terminal, or leaves it alone.
type painter bool

func (p painter) code(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p painter) dim(text string) string  { return p.code("2", text) }
func (p painter) bold(text string) string { return p.code("1", text) }

// kind has the colours of the picture: green is open, red a holiday, violet
// the hand on the switch.
func (p painter) kind(s hours.Situation, text string) string {
	switch {
	case s.Source == hours.SourceOverride:
		return p.code("35", text)
	case s.Open():
		return p.code("32", text)
	case s.Kind == hours.KindHoliday:
		return p.code("31", text)
	case s.Kind == hours.KindBreak:
		return p.code("33", text)
	}
	return p.dim(text)
}
