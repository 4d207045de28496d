package hours

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Parse reads the JSON form of a Spec, as [ParseSpec] does, and compiles it.
func Parse(data []byte) (Schedule, error) {
	s, err := ParseSpec(data)
	if err != nil {
		return Schedule{}, err
	}
	return New(s)
}

// ParseSpec reads the JSON form of a Spec strictly, and checks it as [New]
// does. An unknown or repeated field is an error, and so is a null. The error
// joins a [*Problem] for each thing that is wrong, up to a hundred.
func ParseSpec(data []byte) (Spec, error) {
	var ps problems
	s, ok := decodeSpec(data, &ps)
	if !ok {
		return Spec{}, ps.err()
	}
	said := map[string]bool{} // what could not be read needs no second problem
	for _, err := range ps {
		if p, ok := errors.AsType[*Problem](err); ok {
			said[p.Pointer] = true
		}
	}
	var more problems
	s.check(&more)
	for _, err := range more {
		if p, ok := errors.AsType[*Problem](err); ok && !said[p.Pointer] && len(ps) < maxProblems {
			ps = append(ps, err)
		}
	}
	if err := ps.err(); err != nil {
		return Spec{}, err
	}
	return s, nil
}

func decodeSpec(data []byte, ps *problems) (s Spec, ok bool) {
	root, p := parseTree(data, MaxSpecBytes)
	if p != nil {
		*ps = append(*ps, p)
		return s, false
	}
	r := specReader{ps}
	r.object(root, map[string]func(*node){
		"zone":       func(n *node) { s.Zone = r.text(n) },
		"week":       func(n *node) { s.Week = r.week(n) },
		"weekend":    func(n *node) { s.Weekend = r.days(n) },
		"exceptions": func(n *node) { s.Exceptions = list(r, n, specReader.exception) },
		"holidays":   func(n *node) { s.Holidays = list(r, n, specReader.holiday) },
	})
	return s, true
}

// specReader turns nodes into parts of a Spec. What it can not read it reports
// and replaces by something that check refuses at the same pointer, so that
// the places of the others stay the same.
type specReader struct{ problems *problems }

func (r specReader) wrong(n *node, want string) {
	r.problems.add(CodeSyntax, n.pointer, n.show(), want)
}

func (r specReader) object(n *node, fields map[string]func(*node)) {
	if n.kind != '{' {
		r.wrong(n, "an object")
		return
	}
	var seen []string
	for i, key := range n.keys {
		read, known := fields[key]
		switch {
		case !known:
			names := make([]string, 0, len(fields))
			for name := range fields {
				names = append(names, name)
			}
			slices.Sort(names)
			r.problems.add(CodeField, n.kids[i].pointer, key, "one of "+strings.Join(names, ", "))
		case slices.Contains(seen, key):
			r.problems.add(CodeTwice, n.kids[i].pointer, key, "each field once")
		default:
			seen = append(seen, key)
			read(n.kids[i])
		}
	}
}

func list[T any](r specReader, n *node, read func(specReader, *node) T) []T {
	if n.kind != '[' {
		r.wrong(n, "an array")
		return nil
	}
	out := make([]T, 0, len(n.kids))
	for _, kid := range n.kids {
		out = append(out, read(r, kid))
	}
	return out
}

func (r specReader) text(n *node) string {
	if n.kind != '"' {
		r.wrong(n, "a string")
		return ""
	}
	return n.text
}

func (r specReader) year(n *node) int {
	year, err := strconv.Atoi(n.text)
	if n.kind != '0' || err != nil {
		r.wrong(n, "a year, as a number")
		return 0
	}
	return year
}

func (r specReader) week(n *node) Week {
	w := Week{}
	fields := map[string]func(*node){}
	for d := time.Sunday; d <= time.Saturday; d++ {
		fields[dayName(d)] = func(n *node) { w[d] = list(r, n, specReader.span) }
	}
	r.object(n, fields)
	return w
}

func (r specReader) days(n *node) Days {
	return list(r, n, func(r specReader, n *node) time.Weekday {
		day := slices.Index(weekdayNames[:], r.text(n))
		if day < 0 && n.kind == '"' {
			r.problems.add(CodeValue, n.pointer, n.text, "a day of the week, monday to sunday")
		}
		return time.Weekday(day)
	})
}

func (r specReader) span(n *node) Span {
	text := r.text(n)
	if n.kind != '"' {
		return Span{From: -1}
	}
	s, want := parseSpan(text)
	if want != "" {
		r.problems.add(CodeSpan, n.pointer, text, want)
		return Span{From: 2 * minutesADay}
	}
	return s
}

func (r specReader) date(n *node) Civil {
	text := r.text(n)
	c, err := ParseCivil(text)
	if n.kind == '"' && (err != nil || c.Minute != 0) {
		r.problems.add(CodeValue, n.pointer, text, "a date such as 2029-06-25")
		return Civil{}
	}
	return c
}

func (r specReader) exception(n *node) (e Exception) {
	r.object(n, map[string]func(*node){
		"date":    func(n *node) { e.Date = r.date(n) },
		"through": func(n *node) { e.Through = r.date(n) },
		"id":      func(n *node) { e.ID = r.text(n) },
		"label":   func(n *node) { e.Label = r.text(n) },
		"spans":   func(n *node) { e.Spans = list(r, n, specReader.span) },
		"kind":    func(n *node) { e.Kind = Kind(r.text(n)) },
	})
	return e
}

func (r specReader) holiday(n *node) (h Holiday) {
	r.object(n, map[string]func(*node){
		"id":       func(n *node) { h.ID = r.text(n) },
		"name":     func(n *node) { h.Name = r.text(n) },
		"english":  func(n *node) { h.English = r.text(n) },
		"on":       func(n *node) { h.On = r.text(n) },
		"observed": func(n *node) { h.Observed = r.text(n) },
		"since":    func(n *node) { h.Since = r.year(n) },
		"through":  func(n *node) { h.Through = r.year(n) },
		"spans":    func(n *node) { h.Spans = list(r, n, specReader.span) },
	})
	return h
}
