package autoreply

import (
	"bytes"
	"time"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/internal/template"
	"github.com/afterbeep/afterbeep/phone"
)

// answer finds the rule and its text, and whether it is time.
func (p *Policy) answer(d *Decision, f *Facts, heard []byte, now time.Time, settled bool) {
	situation := p.situation(&d.Trigger)
	c := p.match(&d.Trigger, &f.Contact, heard, &situation, now)
	if c == nil {
		until := situation.Until
		if !until.After(now) {
			until = time.Time{} // the situation of the call is over already
		}
		d.because(ReasonNoRule, until)
		return
	}
	d.Rule = c.rule.ID
	w := c.wording(p, &f.Contact, &d.Trigger)
	d.Language, d.Text = w.name, p.render(w, &d.Trigger, &f.Contact, situation, now)
	if blank(d.Text) {
		d.Text = ""
		d.because(ReasonEmpty, time.Time{})
		return
	}
	if d.Trigger.Type == phone.TextReceived {
		if echoes(heard, w, d.Text) {
			d.because(ReasonMachine, time.Time{})
			return
		}
	} else if due := d.Trigger.At.Add(p.settle(&d.Trigger)); !settled && now.Before(due) {
		d.Verdict, d.Due = Wait, due
		d.because(ReasonSettling, due)
		return
	}
	if p.o.Quiet != nil && now.Sub(d.Trigger.At) > p.o.QuietAfter {
		if due := p.o.Quiet(d.Trigger, now); due.After(now) {
			if due.Sub(now) > 24*time.Hour {
				d.because(ReasonStale, time.Time{})
				return
			}
			d.Verdict, d.Due = Wait, due
			d.because(ReasonQuiet, due)
			return
		}
	}
	d.Verdict = Reply
}

// echoes reports whether the contact wrote what we would answer, as our own
// text that comes back does.
func echoes(folded []byte, w *wording, text string) bool {
	if w.body.Plain() {
		return string(folded) == w.folded
	}
	var room folding
	return bytes.Equal(folded, appendFold(room[:0], text))
}

// render fills the text in.
func (p *Policy) render(w *wording, e *phone.Event, c *Contact, s hours.Situation, now time.Time) string {
	if w.body.Plain() {
		return w.plain
	}
	v := template.Values{Name: c.Name, Business: p.o.Business, Department: e.Divert.Department, Holiday: s.Label, Now: now.In(p.o.Schedule.Zone())}
	if w.body.Uses(template.Opens) && !p.o.Schedule.At(now).Open() {
		if opens, ok := p.o.Schedule.NextOpen(now); ok {
			v.Opens = opens
		}
	}
	return w.body.Render(w.tag, v)
}
