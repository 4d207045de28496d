package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// story tells what happens at the desk, a line for each thing as it happens,
// and keeps a row for each call.
type story struct {
	clock phone.Clock
	zone  *time.Location
	// words are the transcript of a message as it was recognised.
	words func(ctx context.Context, id voicemail.BoxID, message string) string

	mu   sync.Mutex
	out  io.Writer
	rows map[string]*row // by call
	last []string        // calls in order
	// held are the lines of calls that have ended: the desk notes the end of a
	// call before the last edge of its flow is final, people read it after.
	held map[string][]string
	// asked are the calls that wait for a text, by the event that it answers.
	asked map[string]string
}

// maxRows is how many calls are remembered; a desk that stays open forgets.
const maxRows = 1000

// row is one call in the table at the end.
type row struct {
	when, who, branch, greeting, message, reply string
}

func newStory(out io.Writer, clock phone.Clock, zone *time.Location) *story {
	return &story{out: out, clock: clock, zone: zone, rows: map[string]*row{}, held: map[string][]string{}, asked: map[string]string{}}
}

// say prints one line about a call. The texts of callers are shown quoted: they
// are hostile.
func (s *story) say(call, what, format string, args ...any) {
	at := s.clock.Now().In(s.zone).Format("15:04:05")
	line := fmt.Sprintf("   %s  %-12s %s\n", at, what, fmt.Sprintf(format, args...))
	if held, ended := s.held[call]; ended {
		s.held[call] = append(held, line)
		return
	}
	_, _ = io.WriteString(s.out, line) // a closed terminal stops no call
}

// release prints what was held.
func (s *story) release(call string) {
	lines := s.held[call]
	delete(s.held, call)
	for _, line := range lines {
		_, _ = io.WriteString(s.out, line) // a closed terminal stops no call
	}
}

func (s *story) row(call string) *row {
	r := s.rows[call]
	if r == nil {
		if len(s.last) >= maxRows {
			delete(s.rows, s.last[0])
			s.last = s.last[1:]
		}
		r = &row{}
		s.rows[call] = r
		s.last = append(s.last, call)
	}
	return r
}

// head prints a line of its own.
func (s *story) head(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = fmt.Fprintf(s.out, "\n%s\n", text)
}

// trace tells each edge of the flow that a call takes.
func (s *story) trace(c phone.Call, in callflow.Input, t *callflow.Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.row(c.ID)
	if in.Kind == callflow.Start {
		r.when = s.clock.Now().In(s.zone).Format("Mon 2 Jan 15:04")
		r.who = caller(c.Caller)
		s.say("", "call", "%s calls %s", r.who, c.Called.Display(language.English))
	}
	for _, hop := range t.Path {
		text := string(hop.On)
		if hop.Situation.Kind != "" {
			text = situation(hop.Situation, s.zone)
		}
		s.say("", hop.From, "%s", text)
		r.branch = strings.TrimPrefix(r.branch+" > "+hop.From, " > ")
	}
	if t.Over {
		s.release(c.ID)
	}
}

func caller(p phone.Party) string {
	number := p.Number.Display(language.English)
	if p.Name == "" {
		return number
	}
	return strings.Map(printable, p.Name) + " " + number
}

// printable drops what could move the cursor of a terminal.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
		return -1
	}
	return r
}

func situation(s hours.Situation, zone *time.Location) string {
	text := string(s.Kind)
	if s.Label != "" {
		text += " (" + s.Label + ")"
	}
	text += ", says the " + string(s.Source)
	if !s.Until.IsZero() {
		text += ", until " + s.Until.In(zone).Format("Mon 2 Jan 15:04")
	}
	return text
}

// observe tells the rest.
func (s *story) observe(_ context.Context, e phone.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e.Type {
	case afterbeep.GreetingChosen:
		var g afterbeep.Greeted
		if json.Unmarshal(e.Data, &g) == nil {
			s.row(e.Call).greeting = g.Greeting
			s.say(e.Call, "greeting", "%s, because of the class %q; language: %s", g.Greeting, g.Class, g.Match)
		}
	case afterbeep.RecordingEnded:
		var r afterbeep.Recorded
		if json.Unmarshal(e.Data, &r) == nil {
			s.recorded(e.Call, r)
		}
	case phone.CallMissed, phone.CallAnswered:
		s.held[e.Call] = nil
		how := strings.TrimPrefix(e.Type, "call.")
		s.row(e.Call).message = how
		s.say(e.Call, "ended", "%s", how)
	case autoreply.ReplyDenied, autoreply.ReplyWaits:
		s.denied(e)
	}
}

func (s *story) recorded(call string, r afterbeep.Recorded) {
	if r.Message == "" {
		s.say(call, "recorded", "%.1f s, not kept: %s", r.Seconds, r.Why)
		return
	}
	s.row(call).message = fmt.Sprintf("%.1f s", r.Seconds)
	s.say(call, "recorded", "%.1f s, ended by %s, %s as %s", r.Seconds, r.Stop, r.State, r.Message)
}

func (s *story) denied(e phone.Event) {
	var why struct {
		Reason autoreply.Reason `json:"reason"`
		Until  time.Time        `json:"until"`
		Due    time.Time        `json:"due"`
	}
	if json.Unmarshal(e.Data, &why) != nil {
		return
	}
	if e.Type == autoreply.ReplyWaits {
		if len(s.asked) >= maxRows {
			clear(s.asked)
		}
		s.asked[strings.TrimPrefix(e.ID, autoreply.ReplyWaits+"/")] = e.Call
		s.say(e.Call, "reply", "waits until %s: %s", why.Due.In(s.zone).Format("15:04:05"), why.Reason)
		return
	}
	text := "none: " + string(why.Reason)
	if !why.Until.IsZero() {
		text += " until " + why.Until.In(s.zone).Format("15:04:05")
	}
	s.row(e.Call).reply = text
	s.say(e.Call, "reply", "%s", text)
}

// text tells that a text was sent.
func (s *story) text(t autoreply.Text) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if call, ok := s.asked[t.Trigger]; ok {
		s.row(call).reply = "text " + t.Rule
		delete(s.asked, t.Trigger)
	}
	s.say("", "text", "to %s: %s", t.To.Display(language.English), t.Body)
}

// notice tells what the recipients of a mailbox are told.
func (s *story) notice(c *config) voicemail.Notifier {
	return func(ctx context.Context, n voicemail.Notice) error {
		var words string
		if s.words != nil && n.Message.Transcript.Text != "" {
			words = s.words(ctx, n.Box, n.Message.ID)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		switch n.Kind {
		case voicemail.NoticeCreated:
			s.say("", "announced", "message in mailbox %s (%d new), to %s", n.Box.Mailbox, n.Counts.New,
				strings.Join(c.Mailboxes[n.Box.Mailbox].Recipients, ", "))
		case voicemail.NoticeTranscribed:
			s.say("", "transcribed", "%s", n.Message.Transcript.State)
		case voicemail.NoticeFull:
			s.say("", "announced", "mailbox %s is full", n.Box.Mailbox)
		}
		if words != "" {
			s.say("", "recognised", "%q (%s)", words, n.Message.Transcript.Language)
			s.say("", "filtered", "%q", n.Message.Transcript.Text)
		}
		return nil
	}
}

// table prints a row for each call.
func (s *story) table() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(w, "\nWHEN\tWHO\tBRANCH\tGREETING\tMESSAGE\tREPLY")
	for _, call := range s.last {
		r := s.rows[call]
		if err == nil {
			_, err = fmt.Fprintln(w, strings.Join([]string{r.when, r.who, r.branch, r.greeting, r.message, r.reply}, "\t"))
		}
	}
	if err != nil {
		return err
	}
	return w.Flush()
}
