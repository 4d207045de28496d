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
	ahead  time.Duration
	stderr io.Writer
	events int
	bad    int // lines that were too far ahead
}

// terms are what the flags promise.
type terms struct{ keys, ahead time.Duration }

// replay answers how many lines were too far ahead.
func replay(ctx context.Context, p *autoreply.Policy, l autoreply.Ledger, t terms, stdin io.Reader, stdout, stderr io.Writer) (bad int, err error) {
	buffered := bufio.NewWriter(stdout)
	s := &player{ledger: l, out: json.NewEncoder(buffered), ahead: t.ahead, stderr: stderr}
	s.out.SetEscapeHTML(false)
	policies := func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil }
	if s.engine, err = autoreply.New(policies, l, carrier{t.keys}, &autoreply.Options{Clock: &s.clock}); err != nil {
		return 0, err
	}
	if err = s.wind(ctx); err != nil {
		return 0, err
	}
	err = events(stdin, func(n int, e phone.Event) error { return s.take(ctx, n, e) })
	if err == nil {
		err = errors.Join(s.pass(ctx, time.Time{}), s.mark(ctx, 0))
	}
	return s.bad, errors.Join(err, buffered.Flush(), s.summary())
}

// take lets the time pass until the event of line n, and handles it.
func (s *player) take(ctx context.Context, n int, e phone.Event) error {
	if lead := e.At.Sub(s.clock.at); lead > s.ahead && !s.clock.at.IsZero() {
		s.bad++
		_, err := fmt.Fprintf(s.stderr, "reply: line %d: %s is more than %s ahead of the clock, which stays at %s\n",
			n, e.At.Format(time.RFC3339), s.ahead, s.clock.at.Format(time.RFC3339))
		if err != nil {
			return err
		}
	} else {
		if err := s.pass(ctx, e.At); err != nil {
			return err
		}
		if e.At.After(s.clock.at) {
			s.clock.at = e.At
		}
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
	return s.out.Encode(brief(s.clock.at, d))
}

// summary is for people: what the engine counted.
func (s *player) summary() error {
	_, err := fmt.Fprintf(s.stderr, "%d events, %d of them too far ahead\n", s.events, s.bad)
	c := s.engine.Counts()
	for _, total := range []struct {
		name string
		n    int64
	}{{"noted", c.Noted}, {"reply", c.Replies}, {"errors", c.Errors}, {"late contact", c.Late}} {
		if total.n > 0 {
			_, again := fmt.Fprintf(s.stderr, "%7d %s\n", total.n, total.name)
			err = errors.Join(err, again)
		}
	}
	for _, group := range []struct {
		name string
		by   map[autoreply.Reason]int64
	}{{"skip", c.Skips}, {"wait", c.Waits}} {
		for _, reason := range slices.Sorted(maps.Keys(group.by)) {
			_, again := fmt.Fprintf(s.stderr, "%7d %s %s\n", group.by[reason], group.name, reason)
			err = errors.Join(err, again)
		}
	}
	return err
}
