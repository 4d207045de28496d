package hours

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// UnmarshalJSON reads the JSON form as strictly as [ParseSpec], but leaves the
// check of the values to [New].
func (s *Spec) UnmarshalJSON(data []byte) error {
	if string(bytes.TrimSpace(data)) == "null" {
		return nil
	}
	var ps problems
	decoded, _ := decodeSpec(data, &ps)
	if err := ps.err(); err != nil {
		return err
	}
	*s = decoded
	return nil
}

// UnmarshalJSON reads the JSON form of a week, strictly.
func (w *Week) UnmarshalJSON(data []byte) error {
	return unmarshalPart(data, w, specReader.week)
}

// UnmarshalJSON reads the names of days, strictly.
func (d *Days) UnmarshalJSON(data []byte) error {
	return unmarshalPart(data, d, specReader.days)
}

func unmarshalPart[T any](data []byte, to *T, read func(specReader, *node) T) error {
	root, p := parseTree(data, MaxSpecBytes)
	if p != nil {
		return p
	}
	if root.kind == 'n' {
		return nil
	}
	var ps problems
	part := read(specReader{&ps}, root)
	if err := ps.err(); err != nil {
		return err
	}
	*to = part
	return nil
}

// MarshalJSON writes the days by name, Monday first.
func (w Week) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i := range 7 {
		d := time.Weekday((i + 1) % 7)
		spans, ok := w[d]
		if !ok {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(strconv.AppendQuote(out, dayName(d)), ':', '[')
		for j, s := range spans {
			if j > 0 {
				out = append(out, ',')
			}
			out = strconv.AppendQuote(out, s.String())
		}
		out = append(out, ']')
	}
	return append(out, '}'), nil
}

// MarshalJSON writes the days by name. A day that is none is an error.
func (d Days) MarshalJSON() ([]byte, error) {
	names := make([]string, 0, len(d))
	for _, day := range d {
		if dayName(day) == "" {
			return nil, fmt.Errorf("%w: no day of the week: %d", ErrSpec, day)
		}
		names = append(names, strconv.Quote(dayName(day)))
	}
	return []byte("[" + strings.Join(names, ",") + "]"), nil
}
