package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// line is a decision as it is written out.
type line struct {
	At      time.Time         `json:"at"`
	Event   string            `json:"event"`
	Type    string            `json:"type"`
	To      string            `json:"to,omitempty"`
	Verdict autoreply.Verdict `json:"verdict"`
	Reason  autoreply.Reason  `json:"reason,omitempty"`
	Until   time.Time         `json:"until,omitzero"`
	Due     time.Time         `json:"due,omitzero"`
	Rule    string            `json:"rule,omitempty"`
	Text    string            `json:"text,omitempty"`
	Consent string            `json:"consent,omitempty"` // the type of an event for the consent list
}

func brief(at time.Time, d autoreply.Decision) line {
	return line{
		At: at.UTC(), Event: d.Trigger.ID, Type: d.Trigger.Type, To: d.Trigger.Contact.Number.String(),
		Verdict: d.Verdict, Reason: d.Reason, Until: d.Until, Due: d.Due, Rule: d.Rule, Text: d.Text, Consent: d.Event.Type,
	}
}

// carrier accepts everything and sends nothing.
type carrier struct{ life time.Duration }

func (carrier) Send(context.Context, autoreply.Text) error { return nil }
func (c carrier) KeyLife() time.Duration                   { return c.life }

// clock is that of the events.
type clock struct{ at time.Time }

func (c *clock) Now() time.Time { return c.at }

// player replays events.
type player struct {
	clock  clock
	ledger autoreply.Ledger
	marked time.Time // the clock that the ledger knows
	engine *autoreply.Engine
	out    *json.Encoder
	next   time.Time // when something is due; zero: nothing
	totals map[string]int
	events int
}

func replay(ctx context.Context, p *autoreply.Policy, l autoreply.Ledger, life time.Duration, stdin io.Reader, stdout, stderr io.Writer) error {
	buffered := bufio.NewWriter(stdout)
	s := &player{ledger: l, out: json.NewEncoder(buffered), totals: map[string]int{}}
	s.out.SetEscapeHTML(false)
	policies := func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil }
	var err error
	if s.engine, err = autoreply.New(policies, l, carrier{life}, &autoreply.Options{Clock: &s.clock}); err != nil {
		return err
	}
	if err = s.wind(ctx); err != nil {
		return err
	}
	err = events(stdin, func(e phone.Event) error { return s.take(ctx, e) })
	if err == nil {
		err = errors.Join(s.pass(ctx, time.Time{}), s.mark(ctx, 0))
	}
	return errors.Join(err, buffered.Flush(), s.summary(stderr))
}

// take lets the time pass until the event, and handles it.
func (s *player) take(ctx context.Context, e phone.Event) error {
	if err := s.pass(ctx, e.At); err != nil {
		return err
	}
	if e.At.After(s.clock.at) {
		s.clock.at = e.At
	}
	if err := s.mark(ctx, lag); err != nil {
		return err
	}
	d, err := s.engine.Handle(ctx, e)
	if err != nil {
		return err
	}
	s.events++
	if d.Verdict == autoreply.Wait && (s.next.IsZero() || d.Due.Before(s.next)) {
		s.next = d.Due
	}
	return s.write(d)
}

// pass decides what is due before the instant until; zero is the end of time.
func (s *player) pass(ctx context.Context, until time.Time) error {
	for !s.next.IsZero() && (until.IsZero() || !s.next.After(until)) {
		if s.next.After(s.clock.at) {
			s.clock.at = s.next
		}
		if err := s.mark(ctx, lag); err != nil {
			return err
		}
		done, next, err := s.engine.RunDue(ctx)
		if err != nil {
			return err
		}
		for _, d := range done {
			if err := s.write(d); err != nil {
				return err
			}
		}
		s.next = next
	}
	return nil
}

func (s *player) write(d autoreply.Decision) error {
	name := string(d.Verdict)
	if d.Verdict == autoreply.Skip {
		name += " " + string(d.Reason)
	}
	s.totals[name]++
	return s.out.Encode(brief(s.clock.at, d))
}

// summary is for people.
func (s *player) summary(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%d events\n", s.events)
	for _, name := range slices.Sorted(maps.Keys(s.totals)) {
		_, again := fmt.Fprintf(w, "%7d %s\n", s.totals[name], name)
		err = errors.Join(err, again)
	}
	return err
}
