package autoreply

import (
	"slices"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

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
