package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/hours"
)

// book is a schedule file: the hours, and what a hand on the switch said. A
// file may also be a plain hours.Spec.
type book struct {
	Name     string          `json:"name"`
	Hours    hours.Spec      `json:"hours"`
	Override *hours.Override `json:"override"`
}

// load makes the schedule that the flags ask for.
func (p *program) load(file, holidays, zone string) error {
	b := book{Name: "Monday to Friday, 9 to 17"}
	b.Hours = hours.Spec{Zone: "America/Toronto", Week: hours.MondayToFriday(hours.Span{From: 9 * 60, To: 17 * 60})}
	if file != "" {
		var err error
		if b, err = readBook(file); err != nil {
			return fmt.Errorf("schedule %s: %w", file, err)
		}
		if zone != "" {
			return errors.New("-zone and -schedule exclude each other: the schedule says its zone")
		}
	} else if zone != "" {
		b.Hours.Zone = zone
	}
	for code := range strings.SplitSeq(holidays, ",") {
		if holidays == "" {
			break
		}
		list, err := calendarOf(strings.TrimSpace(code))
		if err != nil {
			return plain(err)
		}
		b.Hours.Holidays = append(b.Hours.Holidays, list...)
	}
	s, err := hours.New(b.Hours)
	if err != nil {
		return plain(first(err))
	}
	if b.Override != nil {
		if b.Override.From.IsZero() && b.Override.Until.IsZero() {
			return fmt.Errorf("schedule %s: the override needs a from or an until", file)
		}
		s = s.With(*b.Override)
	}
	p.schedule, p.override, p.title = s, b.Override, b.Name
	return nil
}

func readBook(file string) (book, error) {
	f, err := os.Open(file)
	if err != nil {
		return book{}, errors.Unwrap(err) // the name is in the sentence already
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, hours.MaxSpecBytes+1))
	if err != nil {
		return book{}, err
	}
	if len(data) > hours.MaxSpecBytes {
		return book{}, fmt.Errorf("it is longer than %d bytes", hours.MaxSpecBytes)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(data, &top); err != nil {
		return book{}, fmt.Errorf("it is no JSON object: %w", err)
	}
	if _, ok := top["hours"]; !ok {
		spec, err := hours.ParseSpec(data)
		return book{Hours: spec, Name: spec.Zone}, plain(first(err))
	}
	if _, err := hours.ParseSpec(top["hours"]); err != nil {
		return book{}, plain(first(err))
	}
	var b book
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&b); err != nil {
		return book{}, plain(first(err))
	}
	return b, nil
}

// calendarOf reads QC, CA-QC, US or QC+easter-monday.
func calendarOf(code string) ([]hours.Holiday, error) {
	region, choices, _ := strings.Cut(code, "+")
	region = strings.ToUpper(region)
	if !slices.Contains(hours.Regions(), region) && slices.Contains(hours.Regions(), "CA-"+region) {
		region = "CA-" + region
	}
	if choices == "" {
		return hours.Holidays(region)
	}
	return hours.Holidays(region, strings.Split(choices, "+")...)
}

// first is the first of several problems, and how many more there are.
func first(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) < 2 {
		return err
	}
	all := joined.Unwrap()
	return fmt.Errorf("%w (and %d more)", all[0], len(all)-1)
}

// plain is an error without the name of the package: this program has the
// same.
func plain(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.ReplaceAll(err.Error(), "hours: ", ""))
}

// when reads a TIME. A date alone is its beginning, or its end for a TO.
func (p *program) when(text string, end bool) (time.Time, error) {
	if text == "now" {
		return p.now.In(p.schedule.Zone()), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.In(p.schedule.Zone()), nil
	}
	c, err := hours.ParseCivil(strings.Replace(text, " ", "T", 1))
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time: want now, 2026-06-24, 2026-06-24T14:00 or 2026-06-24T14:00:00-04:00", text)
	}
	if end && len(text) == len("2026-06-24") {
		c = c.AddDays(1)
	}
	return c.In(p.schedule.Zone()), nil
}
