package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/hours"
)

// yearOf is a year of a schedule.
type yearOf struct {
	Year  int         `json:"year"`
	Zone  string      `json:"zone"`
	Title string      `json:"title,omitempty"`
	Hand  string      `json:"override,omitempty"` // what the override of the file does
	Days  []hours.Day `json:"days"`
	hand  byHand      // the same, in parts
	open  [][]bar     // by day of the year, from 0: when it really is open
}

// bar is a stretch of a day, in minutes of the wall clock: open, or shut by
// hand.
type bar struct {
	from, to       int
	manually, shut bool
}

func (p *program) year(text string) error {
	year, err := strconv.Atoi(text)
	if err != nil || year < 1970 || year > 2199 {
		return fmt.Errorf("%q is no year: want 1970 to 2199", text)
	}
	y := p.look(year)
	if p.svg != "" {
		if err := os.WriteFile(p.svg, []byte(y.draw()), 0o644); err != nil {
			return fmt.Errorf("the picture could not be written: %w", err)
		}
	}
	if p.json {
		return p.encode(y)
	}
	if err := p.grid(y); err != nil || p.svg == "" {
		return err
	}
	_, err = fmt.Fprintf(p.out, "\nThe picture is in %s\n", p.svg)
	return err
}

// look asks the schedule for each day of a year, and for each opening.
func (p *program) look(year int) *yearOf {
	zone := p.schedule.Zone()
	y := &yearOf{Year: year, Zone: zone.String(), Title: p.title, hand: p.byHand()}
	if y.hand.what != "" {
		y.Hand = strings.TrimPrefix(y.hand.label+", "+y.hand.what+" "+y.hand.dates, ", ")
	}
	first := hours.Date(year, time.January, 1)
	for d := first; d.Year == year; d = d.AddDays(1) {
		y.Days = append(y.Days, p.schedule.Day(d))
	}
	y.open = make([][]bar, len(y.Days))
	for i, d := range y.Days {
		begin, end := d.Date.In(zone), d.Date.AddDays(1).In(zone)
		for at, s := range p.schedule.Calendar(begin, end) {
			manually := s.Source == hours.SourceOverride
			if !s.Open() && !manually {
				continue
			}
			b := bar{from: minute(at), to: minutesADay, manually: manually, shut: !s.Open()}
			if !s.Until.IsZero() && s.Until.Before(end) {
				b.to = minute(s.Until)
			}
			y.open[i] = append(y.open[i], b)
		}
	}
	return y
}

const minutesADay = 24 * 60

func minute(at time.Time) int { return at.Hour()*60 + at.Minute() }

// mark is how a day differs from an ordinary one.
func mark(d hours.Day) byte {
	switch {
	case d.Source == hours.SourceException || d.Source == hours.SourceHoliday:
		if len(d.Spans) > 0 {
			return '~'
		}
		if d.Kind == hours.KindHoliday {
			return '*'
		}
		return '-'
	}
	return ' '
}

const (
	monthWidth = 7 * 4
	columns    = 3
)

// grid writes twelve months, three in a row, and what is special below.
func (p *program) grid(y *yearOf) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s  %s\n", p.paint.bold(strconv.Itoa(y.Year)), p.paint.dim(y.Title+", "+y.Zone))
	for row := range 12 / columns {
		var blocks [columns][]string
		for i := range columns {
			blocks[i] = p.month(y, time.Month(row*columns+i+1))
		}
		out.WriteByte('\n')
		for line := range blocks[0] {
			for i := range columns {
				out.WriteString(blocks[i][line])
				if i < columns-1 {
					out.WriteString("  ")
				}
			}
			out.WriteByte('\n')
		}
	}
	out.WriteString("\n" + p.paint.dim("* holiday   ~ other hours   - closed by an exception") + "\n")
	p.special(&out, y)
	for line := range strings.Lines(out.String()) {
		if _, err := fmt.Fprintln(p.out, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// month is eight lines, each monthWidth wide: name, days of the week, weeks.
func (p *program) month(y *yearOf, m time.Month) []string {
	lines := []string{
		p.paint.bold(fmt.Sprintf("%-*s", monthWidth, m)),
		p.paint.dim(fmt.Sprintf("%-*s", monthWidth, " Mo  Tu  We  Th  Fr  Sa  Su")),
	}
	var week strings.Builder
	date := hours.Date(y.Year, m, 1)
	week.WriteString(strings.Repeat("    ", column(date)))
	for ; date.Month == m; date = date.AddDays(1) {
		week.WriteString(p.cell(y.Days[dayOfYear(date)]))
		if column(date) == 6 {
			lines = append(lines, week.String())
			week.Reset()
		}
	}
	if n := column(date); n > 0 {
		lines = append(lines, week.String()+strings.Repeat("    ", 7-n))
	}
	for len(lines) < 8 {
		lines = append(lines, strings.Repeat(" ", monthWidth))
	}
	return lines
}

func (p *program) cell(d hours.Day) string {
	text := fmt.Sprintf("%3d", d.Date.Day)
	switch m := mark(d); m {
	case '*':
		return p.paint.code("1;31", text+"*")
	case '~':
		return p.paint.code("1;33", text+"~")
	case '-':
		return p.paint.dim(text + "-")
	}
	if len(d.Spans) == 0 {
		return p.paint.dim(text) + " "
	}
	return text + " "
}

// special lists the days that are not ordinary.
func (p *program) special(out *strings.Builder, y *yearOf) {
	for _, g := range y.groups() {
		open := "closed"
		if len(g.first.Spans) > 0 {
			open = "open " + g.hours()
		}
		dates := g.first.Date.String()
		if g.last.Date != g.first.Date {
			dates += " to " + g.last.Date.String()
		}
		fmt.Fprintf(out, "%c %s %s  %s, %s\n", mark(g.first), g.first.Date.Weekday().String()[:3], dates, g.label(), open)
	}
	if y.Hand != "" {
		fmt.Fprintf(out, "%s\n", p.paint.code("35", "by hand: "+y.Hand))
	}
}

// byHand is what the override of the file does, and when.
type byHand struct{ label, what, dates string }

func (p *program) byHand() byHand {
	o := p.override
	if o == nil {
		return byHand{}
	}
	h := byHand{label: o.Label, what: "closed"}
	if o.Open {
		h.what = "open"
	}
	const layout = "2 Jan 15:04"
	if !o.From.IsZero() {
		h.dates = o.From.In(p.schedule.Zone()).Format(layout) + " "
	}
	h.dates += "–"
	if until := p.schedule.At(o.From).Until; !until.IsZero() {
		h.dates += " " + until.In(p.schedule.Zone()).Format(layout)
	}
	return h
}

func joined(spans []hours.Span) string {
	texts := make([]string, len(spans))
	for i, s := range spans {
		texts[i] = s.String()
	}
	return strings.Join(texts, " and ")
}

// column is 0 for Monday.
func column(d hours.Civil) int { return (int(d.Weekday()) + 6) % 7 }

func dayOfYear(d hours.Civil) int {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).YearDay() - 1
}
