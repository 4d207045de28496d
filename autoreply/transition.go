package autoreply

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterbeep/afterbeep/phone"
)

// This file is the protocol: every change of a row is one of these functions.
// They are pure, they write to no slice of the row that they were given, and
// the model check drives exactly these.

// terms are the promises that the protocol is bound to.
type terms struct {
	lease   time.Duration // how long a worker owns a slot
	timeout time.Duration // how long a send may take
	life    time.Duration // how long the sender's key protects; 0: not at all
}

// believed is the instant t, or now if t lies more than window ahead: then the
// clock was set back, and silence is bounded by two windows instead of by the
// size of the step.
func believed(t, now time.Time, window time.Duration) time.Time {
	if t.After(now) && t.After(now.Add(window)) {
		return now
	}
	return t
}

// current is e, or what is left of it when it may be forgotten: a decision does
// not depend on when a ledger was swept.
func (e Entry) current(now time.Time) Entry {
	if e.Revision == 0 || now.Before(e.Expires) {
		return e
	}
	return Entry{V: e.V, Revision: e.Revision, Slot: e.Slot, Expires: e.Expires}
}

// normal is e as it has to be read at now: bounded against a clock that was
// set back, and with a send whose outcome nobody will ever learn counted as sent.
func (e Entry) normal(p *Policy, t terms, now time.Time) Entry {
	e.Sent = believed(e.Sent, now, p.o.Window)
	e.Touched = believed(e.Touched, now, p.o.Recent)
	e.Consent.At = believed(e.Consent.At, now, p.o.Window)
	for i, at := range e.Earlier {
		if at.After(now.Add(p.o.Window)) {
			e.Earlier = slices.Clone(e.Earlier)
			for j := i; j < len(e.Earlier); j++ {
				e.Earlier[j] = earlier(e.Earlier[j], now)
			}
			break
		}
	}
	if e.State == Waiting && e.Due.After(now.Add(maxWait)) {
		e = e.free()
	}
	if (e.State == Reserved || e.State == Sending) && e.Due.After(now.Add(t.longest())) {
		e.Due = now.Add(t.longest())
	}
	if e.State == Sending && !e.Due.After(now) && !e.retries(p, t, now) {
		return e.sent(e.Due)
	}
	return e
}

// longest is the longest lease that is ever given.
func (t terms) longest() time.Duration { return t.lease << maxBackoff }

const maxBackoff = 3

// maxWait is longer than any reply waits: settling, or a night and a day.
const maxWait = 48 * time.Hour

// retries reports whether a text that may have been sent may be sent again:
// only under the protection of the sender's key, and while it still makes sense.
func (e Entry) retries(p *Policy, t terms, now time.Time) bool {
	if t.life == 0 || now.Add(t.timeout).After(e.Protect) || len(e.Pending) == 0 {
		return false
	}
	return now.Sub(later(e.Pending[0].At, e.Deferred)) <= p.o.Stale+p.settle(&e.Pending[0])
}

// touched notes a contact by a person of the team. Only the latest matters, so
// the order of the reports does not. One that lies between two replies ends the
// row of them there, as far back as the replies of a day are kept.
func (e Entry) touched(at, now time.Time) Entry {
	at = earlier(at, now).UTC().Round(0)
	switch {
	case at.After(e.Sent):
		e.Replies = 0
	case at.After(e.Sent.Add(-24 * time.Hour)):
		since := 1
		for _, sent := range e.Earlier {
			if !at.After(sent) {
				since++
			}
		}
		e.Replies = min(e.Replies, since)
	}
	e.Touched = later(e.Touched, at)
	return e
}

// heard notes an opt-out or opt-in word: the later one counts, of two at the
// same instant the opt-out, and an opt-out also when the clock was set back
// since. What is pending is refused when it is due.
func (e Entry) heard(c Consent, now time.Time) Entry {
	if c.At.After(e.Consent.At) || c.Out && (c.At.Equal(e.Consent.At) || e.Consent.At.After(now)) {
		e.Consent = c
	}
	return e
}

// left notes that the call led to a message: its missed call is nobody's
// trigger any more.
func (e Entry) left(v phone.Event) Entry {
	if v.Call == "" || e.marked("voicemail", v.Call) {
		return e
	}
	e = e.mark("voicemail", v.Call, v.At)
	if e.State == Sending {
		return e
	}
	e.Pending = slices.DeleteFunc(slices.Clone(e.Pending), func(m phone.Event) bool {
		return m.Type == phone.CallMissed && m.Call == v.Call
	})
	if len(e.Pending) == 0 {
		e.Deferred = time.Time{}
	}
	return e
}

// join adds a trigger to those that wait. The best of a set are the same in
// whatever order and however often its members come.
func (e Entry) join(v phone.Event) Entry {
	if e.waits(v.ID) || e.State == Sending {
		return e
	}
	v.Text = clip(v.Text, MaxHeard)
	v.Contact.Name, v.Contact.URI, v.Data, v.At = "", "", nil, v.At.UTC().Round(0)
	v.Actor, v.Divert.Line, v.Divert.Mailbox = phone.Actor{}, "", ""
	e.Pending = append(slices.Clone(e.Pending), v)
	slices.SortFunc(e.Pending, order)
	e.Pending = e.Pending[:min(len(e.Pending), MaxPending)]
	return e
}

// order puts the trigger that answers first.
func order(a, b phone.Event) int {
	if c := rank(b.Type) - rank(a.Type); c != 0 {
		return c
	}
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// due is when the pending triggers are decided: with the first that settles.
func (e Entry) due(settle func(*phone.Event) time.Duration) time.Time {
	var due time.Time
	for i := range e.Pending {
		v := &e.Pending[i]
		if at := v.At.Add(settle(v)); i == 0 || at.Before(due) {
			due = at
		}
	}
	return later(due, e.Deferred)
}

// wait leaves the pending triggers for later, or frees the row without any.
func (e Entry) wait(due time.Time) Entry {
	if len(e.Pending) == 0 {
		return e.free()
	}
	e.State, e.Due, e.Token, e.Text, e.Rule = Waiting, due, "", "", ""
	return e
}

// reserve gives the decision to one worker. A slot that was reserved and never
// sent is taken over, otherwise a new one begins.
func (e Entry) reserve(t terms, token string, now time.Time) Entry {
	if e.Born.IsZero() {
		e.Slot++
		e.Born = now
		e.Attempt = 0
	}
	e.State, e.Token, e.Due = Reserved, token, now.Add(t.lease)
	return e
}

// sending freezes the text. From here on it may be out.
func (e Entry) sending(t terms, d Decision, now time.Time) Entry {
	e.State, e.Rule, e.Text = Sending, d.Rule, d.Text
	e.Pending = first(e.Pending, d.Trigger.ID)
	e.Due, e.Protect = now.Add(t.lease), now.Add(t.life)
	e.Attempt = 1
	return e
}

// again takes over a send whose outcome is unknown: the same slot, the same
// text, a longer lease.
func (e Entry) again(t terms, token string, now time.Time) Entry {
	e.Token, e.Due = token, now.Add(t.lease<<min(e.Attempt, maxBackoff))
	e.Attempt++
	return e
}

// commit says that the text of the slot was accepted at the instant at. It
// holds even if the lease was lost: what is sent is sent.
func (e Entry) commit(slot Entry, at time.Time) Entry {
	if e.State != Free && e.Born.Equal(slot.Born) && e.Slot == slot.Slot {
		return e.sent(at)
	}
	if at.After(e.Sent) {
		e = e.sentAt(at)
	}
	return e
}

// release gives the slot back: nothing was sent. The triggers are done with,
// so that a double of theirs does not try again.
//
// A refusal of a later attempt says nothing of the first one, which may still
// be on its way in a worker that was thought dead: then the slot is consumed.
func (e Entry) release(slot Entry, at time.Time) (Entry, bool) {
	if e.State != Sending || e.Token != slot.Token {
		return e, false
	}
	if slot.Attempt > 1 {
		return e.sent(at), true
	}
	for _, v := range e.Pending {
		e = e.mark("event", v.ID, v.At)
	}
	return e.free(), true
}

// sent closes the slot and begins the window.
func (e Entry) sent(at time.Time) Entry {
	if len(e.Pending) > 0 && e.Pending[0].Type == phone.TextReceived {
		e.Heard = heardHash(e.Pending[0].Text)
	}
	e = e.free().sentAt(later(at, e.Sent))
	e.Seen = nil // the window is younger than all that was seen
	return e
}

func (e Entry) sentAt(at time.Time) Entry {
	e.Replies = min(e.Replies+1, maxLife)
	if !e.Sent.IsZero() {
		e.Earlier = append(slices.Clone(e.Earlier), e.Sent)
	}
	e.Earlier = slices.DeleteFunc(e.Earlier, func(t time.Time) bool { return at.Sub(t) >= 24*time.Hour })
	if len(e.Earlier) == 0 {
		e.Earlier = nil
	}
	e.Sent = at
	return e
}

// free withdraws the slot. Slot keeps counting, the name of a text never recurs.
func (e Entry) free() Entry {
	e.State, e.Token, e.Rule, e.Text, e.Pending, e.Attempt = Free, "", "", "", nil, 0
	e.Born, e.Due, e.Protect, e.Deferred = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return e
}

// next is e as the row that follows before: numbered, with its expiry.
func (e Entry) next(p *Policy, before Entry, now time.Time) Entry {
	e.V, e.Revision = EntryVersion, before.Revision+1
	keep := max(p.o.Window, p.o.Recent, 24*time.Hour) + p.o.Stale + max(p.o.MissedSettle, p.o.VoicemailSettle) + skew
	e.Seen = slices.Clone(e.Seen)
	e.Seen = slices.DeleteFunc(e.Seen, func(m Mark) bool { return now.Sub(m.At) > keep })
	if len(e.Seen) == 0 {
		e.Seen = nil
	}
	last := later(later(e.Sent, e.Touched), later(e.Due, e.Consent.At))
	for _, m := range e.Seen {
		last = later(last, m.At)
	}
	e.Expires = last.Add(keep)
	if p.o.Backoff > 0 {
		e.Expires = later(e.Expires, e.Sent.Add(2*p.window(&e)+keep))
	}
	if p.o.PerLife > 0 && e.Replies > 0 {
		e.Expires = later(e.Expires, e.Sent.Add(lifetime))
	}
	if p.stand {
		e.Expires = later(e.Expires, before.Expires)
	}
	if e.Consent != (Consent{}) {
		e.Expires = later(e.Expires, e.Consent.At.Add(maxWindow))
	}
	return e
}

const maxMarks = 32

// mark remembers that name, of that kind, was decided.
func (e Entry) mark(kind, name string, at time.Time) Entry {
	if name == "" || e.marked(kind, name) {
		return e
	}
	e.Seen = append(slices.Clone(e.Seen), Mark{Hash: hash(kind, name), At: at})
	slices.SortFunc(e.Seen, func(a, b Mark) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(a.Hash, b.Hash)
	})
	e.Seen = e.Seen[:min(len(e.Seen), maxMarks)]
	return e
}

func (e *Entry) marked(kind, name string) bool {
	if len(e.Seen) == 0 || name == "" {
		return false
	}
	h := hash(kind, name)
	return slices.ContainsFunc(e.Seen, func(m Mark) bool { return m.Hash == h })
}

// waits reports whether the event is pending.
func (e *Entry) waits(id string) bool {
	return slices.ContainsFunc(e.Pending, func(v phone.Event) bool { return v.ID == id })
}

// first moves the event with this ID to the front of a fresh slice.
func first(events []phone.Event, id string) []phone.Event {
	out := slices.Clone(events)
	if i := slices.IndexFunc(out, func(v phone.Event) bool { return v.ID == id }); i > 0 {
		chosen := out[i]
		copy(out[1:i+1], out[:i])
		out[0] = chosen
	}
	return out
}

// name is the idempotency key of the slot of k.
func (e Entry) name(k Key) string {
	return hash(string(k.Tenant), string(k.Line), string(k.Contact), strconv.Itoa(e.Slot), strconv.FormatInt(e.Born.UnixNano(), 10))
}

// hash is 128 bits over the parts, each with its length, so that no two lists
// of parts run together.
func hash(parts ...string) string {
	var room [256]byte
	b := room[:0]
	for _, part := range parts {
		b = append(strconv.AppendInt(b, int64(len(part)), 10), ':')
		b = append(b, part...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// heardHash is the hash of a text long enough that a person would not write
// it twice; empty for the others.
func heardHash(text string) string {
	var room folding
	return heardFolded(appendFold(room[:0], text))
}

func heardFolded(folded []byte) string {
	if utf8.RuneCount(folded) < 20 {
		return ""
	}
	return hash("heard", string(folded))[:16]
}

// clip is the beginning of text, at most limit bytes, as valid UTF-8.
func clip(text string, limit int) string {
	return strings.ToValidUTF8(text[:min(len(text), limit)], "")
}
