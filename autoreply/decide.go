package autoreply

import (
	"bytes"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/internal/template"
	"github.com/afterbeep/afterbeep/phone"
)

// Facts is everything that [Policy.Decide] may look at beside the event.
type Facts struct {
	Entry   Entry   // the row of [Policy.Key]; zero when there is none
	Contact Contact // what the host knows
}

// Contact is what the host knows of the person outside.
type Contact struct {
	Name        string   `json:"name,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	Language    string   `json:"language,omitempty"`    // BCP 47
	Known       bool     `json:"known,omitempty"`       // in the address book
	Blocked     bool     `json:"blocked,omitempty"`     // by a person, as spam, or by a weak caller ID
	OptedOut    bool     `json:"optedOut,omitempty"`    // on the consent list
	Unreachable bool     `json:"unreachable,omitempty"` // a landline, say: takes no texts
	// NumberType is what a lookup of the number says; empty: unknown.
	NumberType NumberType `json:"numberType,omitempty"`
}

// rank orders the triggers: a higher one answers first. 0 is not a trigger.
func rank(event string) int {
	switch event {
	case phone.VoicemailLeft:
		return 3
	case phone.TextReceived:
		return 2
	case phone.CallMissed:
		return 1
	}
	return 0
}

// person reports whether e is a person of the team in touch with the contact.
// A machine is not, whatever it sends; an actor that the host left empty
// counts as a person, because silence is the smaller mistake.
func person(e *phone.Event) bool {
	switch e.Type {
	case phone.CallPlaced, phone.CallAnswered, phone.TextSent:
		return e.Actor.Kind != phone.Machine && e.Actor.Kind != phone.System
	}
	return false
}

// Decide is what happens to e at the instant now. It is pure and total: the
// same arguments give the same decision, and every event gets one. It neither
// waits for nor changes anything; [Engine] acts upon it.
//
// The order of the checks is part of the contract: what the event is, who it
// is from, when it happened, what was said before, which rule answers, and
// last whether it is time.
func (p *Policy) Decide(e phone.Event, f Facts, now time.Time) (d Decision) {
	p.DecideInto(&d, &e, &f, now)
	return d
}

// DecideInto is Decide without its copies: it reads *e and *f, overwrites all
// of *d, and keeps none of the three. e and f must not be part of d. A refusal
// allocates nothing but, where e has no Key, the text of Decision.Key.
func (p *Policy) DecideInto(d *Decision, e *phone.Event, f *Facts, now time.Time) {
	k := p.KeyOf(e)
	p.decideFor(&k, d, e, f, now)
}

// decideFor is DecideInto for an event whose key is known.
func (p *Policy) decideFor(k *Key, d *Decision, e *phone.Event, f *Facts, now time.Time) {
	begin(d, e, k)
	if triggers(e.Type) {
		p.decideTrigger(d, f, now, false)
		return
	}
	d.Reason = ReasonIgnored
	switch {
	case person(e) && !sound(e):
		d.Reason = ReasonInvalid
	case person(e):
		d.Verdict, d.Reason = Noted, ReasonNone
	}
}

// begin makes d a refusal of e. The assignments are one by one, because a
// literal would be built elsewhere and then copied.
func begin(d *Decision, e *phone.Event, k *Key) {
	*d = Decision{}
	d.Verdict, d.Key, d.Trigger = Skip, *k, *e
}

// decide is Decide for a trigger; settled says that late records are in.
func (p *Policy) decide(e *phone.Event, f *Facts, now time.Time, settled bool) (d Decision) {
	k := p.KeyOf(e)
	begin(&d, e, &k)
	p.decideTrigger(&d, f, now, settled)
	return d
}

func (p *Policy) decideTrigger(d *Decision, f *Facts, now time.Time, settled bool) {
	e := &d.Trigger
	var heard []byte // what the contact wrote is folded once for all who look at it
	wrote := e.Type == phone.TextReceived
	if wrote {
		var room folding
		heard = room[:0]
		if len(e.Text) <= maxWorded {
			heard = appendFold(heard, e.Text)
		}
	}
	if p.who(d, heard) || p.said(d, f) || p.when(d, f, now) || p.before(d, f, now) {
		return
	}
	if wrote && len(e.Text) > maxWorded { // not for a refusal
		heard = appendFold(heard, e.Text)
	}
	if wrote && p.machine(d, f, heard) || p.enough(d, f, now) {
		return
	}
	p.answer(d, f, heard, now, settled)
}

// ReasonNone is the reason of a reply.
const ReasonNone Reason = ""

func (d *Decision) because(r Reason, until time.Time) bool {
	d.Reason, d.Until = r, until
	return true
}

// who refuses by the kind of event and of contact.
func (p *Policy) who(d *Decision, heard []byte) bool {
	e := &d.Trigger
	if e.ID == "" || !sound(e) {
		return d.because(ReasonInvalid, time.Time{})
	}
	if gateway(e) {
		return d.because(ReasonGateway, time.Time{})
	}
	switch e.Contact.Number.Kind() {
	case phone.Withheld:
		return d.because(ReasonWithheld, time.Time{})
	case phone.Short:
		return d.because(ReasonShort, time.Time{})
	case phone.Alpha:
		return d.because(ReasonAlpha, time.Time{})
	}
	if len(p.own) > 0 {
		if _, own := p.own[e.Contact.Number]; own {
			return d.because(ReasonOwn, time.Time{})
		}
	}
	number := string(d.Key.Contact) // which is the number, where e has no key
	if e.Key != "" {
		number = e.Contact.Number.String()
	}
	if why := p.origin(number); why != ReasonNone {
		return d.because(why, time.Time{})
	}
	if e.Type == phone.TextReceived && len(e.Text) <= maxWorded {
		if w := findWord(heard, e.Contact.Number, e.At); w != nil {
			d.Event = consent(e, w)
			return d.because(ReasonKeyword, time.Time{})
		}
	}
	if e.Group {
		return d.because(ReasonGroup, time.Time{})
	}
	return false
}

// said refuses by what the contact wrote and by what they asked for.
func (p *Policy) said(d *Decision, f *Facts) bool {
	c := &f.Contact
	switch {
	case c.Blocked:
		return d.because(ReasonBlocked, time.Time{})
	case c.OptedOut, f.Entry.Consent.Out:
		return d.because(ReasonOptedOut, time.Time{})
	case c.Unreachable:
		return d.because(ReasonUnreachable, time.Time{})
	}
	return false
}

// when refuses what is too old or has not happened.
func (p *Policy) when(d *Decision, f *Facts, now time.Time) bool {
	at := d.Trigger.At
	if at.After(now) && at.After(now.Add(skew)) {
		return d.because(ReasonFuture, at.Add(-skew))
	}
	if f.Entry.Deferred.After(at) && f.Entry.waits(d.Trigger.ID) {
		at = f.Entry.Deferred
	}
	if now.After(at.Add(p.o.Stale + p.settle(&d.Trigger))) {
		return d.because(ReasonStale, time.Time{})
	}
	return false
}

// before refuses by what was said to the contact already, and by whom.
func (p *Policy) before(d *Decision, f *Facts, now time.Time) bool {
	e, entry := &d.Trigger, &f.Entry
	at := earlier(e.At, now)
	switch {
	case entry.marked("event", e.ID):
		return d.because(ReasonDuplicate, time.Time{})
	case e.Type == phone.CallMissed && entry.marked("voicemail", e.Call):
		return d.because(ReasonCovered, time.Time{})
	case entry.State == Sending:
		return d.because(ReasonCovered, entry.Due)
	}
	if !entry.Sent.IsZero() {
		sent := believed(entry.Sent, now, p.o.Window)
		window := p.window(entry)
		if free := sent.Add(window); at.Before(free) {
			if window > p.o.Window && !at.Before(sent.Add(p.o.Window)) {
				return d.because(ReasonBackoff, free)
			}
			return d.because(ReasonCooldown, free)
		}
	}
	if !entry.Touched.IsZero() {
		if free := earlier(entry.Touched, now).Add(p.o.Recent); at.Before(free) {
			return d.because(ReasonRecent, free)
		}
	}
	return false
}

// machine refuses what no person wrote, or what was answered last.
func (p *Policy) machine(d *Decision, f *Facts, heard []byte) bool {
	if last := f.Entry.Heard; last != "" && last == heardFolded(heard) || machineMade(heard) {
		return d.because(ReasonMachine, time.Time{})
	}
	return false
}

// enough refuses a contact who had enough replies, in a row or in a day.
func (p *Policy) enough(d *Decision, f *Facts, now time.Time) bool {
	entry := &f.Entry
	if p.o.PerLife > 0 && entry.Replies >= p.o.PerLife {
		return d.because(ReasonLifetime, time.Time{})
	}
	if free, spent := p.spent(entry, now); spent {
		return d.because(ReasonBudget, free)
	}
	return false
}

// window is the least time after the last reply to this contact: it doubles
// with each reply but the first that nobody of the team followed up.
func (p *Policy) window(entry *Entry) time.Duration {
	doubled := min(entry.Replies-1, p.o.Backoff)
	if doubled <= 0 {
		return p.o.Window
	}
	return min(p.o.Window<<doubled, maxWindow)
}

// spent reports whether the contact had enough replies in the last day, and
// when one of them falls out of it.
func (p *Policy) spent(entry *Entry, now time.Time) (time.Time, bool) {
	const day = 24 * time.Hour
	if len(entry.Earlier)+1 < p.o.PerDay || entry.Sent.IsZero() {
		return time.Time{}, false
	}
	sent := append(slices.Clone(entry.Earlier), entry.Sent)
	sent = slices.DeleteFunc(sent, func(t time.Time) bool { return now.Sub(t) >= day })
	if len(sent) < p.o.PerDay {
		return time.Time{}, false
	}
	slices.SortFunc(sent, time.Time.Compare)
	return sent[len(sent)-p.o.PerDay].Add(day), true
}

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

// triggers reports whether events of this type may be answered.
func triggers(kind string) bool { return rank(kind) > 0 }

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

// sound reports whether e is within the limits, has an instant, and can be
// stored as JSON without a change.
func sound(e *phone.Event) bool {
	if !storable(e.ID) || !storable(e.Call) || !storable(string(e.Tenant)) || !storable(string(e.Line)) || !storable(string(e.Key)) {
		return false
	}
	if d := &e.Divert; len(d.Department)+len(d.Situation.Label)+len(d.Situation.Kind)+len(d.Situation.Source)+
		len(d.Outcome)+len(d.Line)+len(d.Mailbox)+len(e.Actor.ID)+len(e.Actor.Kind) > 0 && !soundDivert(e) {
		return false
	}
	if s := e.At.Unix(); s > 0 && s < yearOf8000 {
		return true
	}
	year := e.At.Year()
	return !e.At.IsZero() && year > 0 && year < 9000
}

// soundDivert is sound for what the call flow said.
func soundDivert(e *phone.Event) bool {
	d := &e.Divert
	for _, name := range [...]string{
		d.Department, d.Situation.Label, string(d.Situation.Kind), string(d.Situation.Source), string(d.Outcome),
		string(d.Line), string(d.Mailbox), e.Actor.ID, string(e.Actor.Kind),
	} {
		if len(name) > maxFlow || !utf8.ValidString(name) {
			return false
		}
	}
	return true
}

const yearOf8000 = 190288396800 // in seconds since 1970; no zone is a thousand years away

func storable(id string) bool { return id == "" || len(id) <= maxID && utf8.ValidString(id) }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
