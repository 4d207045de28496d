package autoreply_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// history is the naive model, written from the documentation: it keeps
// everything that was ever reported and scans it from the beginning for each
// question.
type history struct {
	o        autoreply.PolicyOptions
	slow     time.Duration // how long a text is under way; the clock moves with it
	refuses  func(n int) bool
	rows     map[autoreply.Key]*dossier
	lines    map[autoreply.Key]*hour
	order    []string // the triggers of the texts
	requests int
}

// dossier is what was reported of one contact.
type dossier struct {
	sent       []answer
	touched    []time.Time
	word       autoreply.Consent
	pending    []phone.Event
	deferred   time.Time
	voicemails map[string]bool // calls, until a text is sent: then the window says enough
	done       map[string]bool // events whose text was refused, until then
}

type answer struct {
	at       time.Time
	trigger  phone.Event
	followed bool // a person was in touch after it
}

// hour is the breaker of a line.
type hour struct {
	begun time.Time
	n     int
}

// fate is what becomes of an event.
type fate struct {
	verdict autoreply.Verdict
	reason  autoreply.Reason
	until   time.Time
}

func skip(r autoreply.Reason, until time.Time) fate { return fate{autoreply.Skip, r, until} }

func newHistory(o autoreply.PolicyOptions) *history {
	return &history{
		o: o, refuses: func(int) bool { return false },
		rows: map[autoreply.Key]*dossier{}, lines: map[autoreply.Key]*hour{},
	}
}

func (h *history) row(k autoreply.Key) *dossier {
	if h.rows[k] == nil {
		h.rows[k] = &dossier{voicemails: map[string]bool{}, done: map[string]bool{}}
	}
	return h.rows[k]
}

// settle is how long a decision waits for late records.
func (h *history) settle(e phone.Event) time.Duration {
	return map[string]time.Duration{phone.CallMissed: h.o.MissedSettle, phone.VoicemailLeft: h.o.VoicemailSettle}[e.Type]
}

// look bounds what a clock that was set back leaves behind: if something lies
// more than a window ahead, all that lies ahead counts as now, and who waits for
// more than two days waits no more.
func (h *history) look(r *dossier, now time.Time) {
	bound := func(window time.Duration, instants ...*time.Time) {
		if !slices.ContainsFunc(instants, func(at *time.Time) bool { return at.After(now.Add(window)) }) {
			return
		}
		for _, at := range instants {
			*at = earliest(*at, now)
		}
	}
	var sent, touched []*time.Time
	for i := range r.sent {
		sent = append(sent, &r.sent[i].at)
	}
	for i := range r.touched {
		touched = append(touched, &r.touched[i])
	}
	bound(h.o.Window, sent...)
	bound(h.o.Recent, touched...)
	bound(h.o.Window, &r.word.At)
	if len(r.pending) > 0 && h.due(r).After(now.Add(48*time.Hour)) {
		r.pending, r.deferred = nil, time.Time{}
	}
}

// alone is how many replies nobody followed up.
func (r *dossier) alone() int {
	n := 0
	for _, s := range r.sent {
		if !s.followed {
			n++
		}
	}
	return n
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// judge is what the rules say about e at now, in the order of the reasons;
// settled says that late records are in.
func (h *history) judge(r *dossier, e phone.Event, now time.Time, settled bool) fate {
	at := earliest(e.At, now)
	waits := slices.ContainsFunc(r.pending, func(p phone.Event) bool { return p.ID == e.ID })
	age := now.Sub(e.At)
	if waits && r.deferred.After(e.At) {
		age = now.Sub(r.deferred)
	}
	switch {
	case e.Type == phone.TextReceived && slices.Contains([]string{"STOP", "START", "HELP"}, e.Text):
		return skip(autoreply.ReasonKeyword, time.Time{})
	case r.word.Out:
		return skip(autoreply.ReasonOptedOut, time.Time{})
	case e.At.After(now.Add(2 * time.Minute)):
		return skip(autoreply.ReasonFuture, e.At.Add(-2*time.Minute))
	case age > h.o.Stale+h.settle(e):
		return skip(autoreply.ReasonStale, time.Time{})
	case r.done[e.ID]:
		return skip(autoreply.ReasonDuplicate, time.Time{})
	case e.Type == phone.CallMissed && r.voicemails[e.Call]:
		return skip(autoreply.ReasonCovered, time.Time{})
	}
	if f, refused := h.before(r, e, at, now); refused {
		return f
	}
	if due := e.At.Add(h.settle(e)); !settled && e.Type != phone.TextReceived && now.Before(due) {
		return fate{autoreply.Wait, autoreply.ReasonSettling, due}
	}
	if h.o.Quiet != nil && now.Sub(e.At) > h.o.QuietAfter {
		if due := h.o.Quiet(e, now); due.After(now) {
			return fate{autoreply.Wait, autoreply.ReasonQuiet, due}
		}
	}
	return fate{verdict: autoreply.Reply}
}

// before is what was said to the contact already, and by whom.
func (h *history) before(r *dossier, e phone.Event, at, now time.Time) (fate, bool) {
	var last answer
	var heard string
	var day []time.Time
	for _, s := range r.sent {
		last = s
		if s.trigger.Type == phone.TextReceived {
			heard = s.trigger.Text
		}
		if now.Sub(s.at) < 24*time.Hour {
			day = append(day, s.at)
		}
	}
	if len(r.sent) > 0 {
		window := h.o.Window
		for range min(r.alone()-1, h.o.Backoff) {
			window = min(2*window, 31*24*time.Hour)
		}
		switch {
		case at.Before(last.at.Add(h.o.Window)):
			return skip(autoreply.ReasonCooldown, last.at.Add(window)), true
		case at.Before(last.at.Add(window)):
			return skip(autoreply.ReasonBackoff, last.at.Add(window)), true
		}
	}
	var free time.Time
	for _, t := range r.touched {
		free = latest(free, earliest(t, now).Add(h.o.Recent))
	}
	switch {
	case at.Before(free):
		return skip(autoreply.ReasonRecent, free), true
	case len(e.Text) > 20 && e.Text == heard:
		return skip(autoreply.ReasonMachine, time.Time{}), true
	case h.o.PerLife > 0 && r.alone() >= h.o.PerLife:
		return skip(autoreply.ReasonLifetime, time.Time{}), true
	case len(day) >= h.o.PerDay:
		slices.SortFunc(day, time.Time.Compare)
		return skip(autoreply.ReasonBudget, day[len(day)-h.o.PerDay].Add(24*time.Hour)), true
	}
	return fate{}, false
}

// handle is what the engine should answer.
func (h *history) handle(k autoreply.Key, e phone.Event, now time.Time) fate {
	r := h.row(k)
	h.look(r, now)
	if e.Type == phone.CallPlaced {
		at := earliest(e.At, now)
		r.touched = append(r.touched, at)
		for i := range r.sent {
			r.sent[i].followed = r.sent[i].followed || at.After(r.sent[i].at)
		}
		return fate{verdict: autoreply.Noted}
	}
	f := h.judge(r, e, now, false)
	if f.reason == autoreply.ReasonKeyword {
		h.hear(r, autoreply.Consent{At: earliest(e.At, now), Out: e.Text == "STOP"}, e.Text, now)
		return f
	}
	old := []autoreply.Reason{autoreply.ReasonCooldown, autoreply.ReasonBackoff, autoreply.ReasonFuture, autoreply.ReasonStale}
	if e.Type == phone.VoicemailLeft && !slices.Contains(old, f.reason) {
		r.voicemails[e.Call] = true
		r.pending = slices.DeleteFunc(r.pending, func(m phone.Event) bool { return m.Type == phone.CallMissed && m.Call == e.Call })
		if len(r.pending) == 0 {
			r.deferred = time.Time{}
		}
	}
	if f.verdict == autoreply.Skip {
		return f
	}
	if !slices.ContainsFunc(r.pending, func(p phone.Event) bool { return p.ID == e.ID }) {
		r.pending = append(r.pending, e)
	}
	rank := map[string]int{phone.VoicemailLeft: 0, phone.TextReceived: 1, phone.CallMissed: 2}
	slices.SortFunc(r.pending, func(a, b phone.Event) int {
		return cmp.Or(cmp.Compare(rank[a.Type], rank[b.Type]), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	r.pending = r.pending[:min(len(r.pending), autoreply.MaxPending)]
	if f.reason == autoreply.ReasonQuiet {
		r.deferred = latest(r.deferred, f.until)
	}
	if due := h.due(r); due.After(now) {
		if !r.deferred.Before(due) {
			return fate{autoreply.Wait, autoreply.ReasonQuiet, due}
		}
		return fate{autoreply.Wait, autoreply.ReasonSettling, due}
	}
	f, _ = h.decide(k, now)
	return f
}

// hear notes a word: the later one counts, of two at once the opt-out, which
// also counts when the clock was set back.
func (h *history) hear(r *dossier, w autoreply.Consent, text string, now time.Time) {
	if text != "HELP" && (w.At.After(r.word.At) || w.Out && (w.At.Equal(r.word.At) || r.word.At.After(now))) {
		r.word = w
	}
}

// due is when what waits is decided: with the first that settles, and not
// before the morning that one of them waits for.
func (h *history) due(r *dossier) time.Time {
	var due time.Time
	for i, e := range r.pending {
		if at := e.At.Add(h.settle(e)); i == 0 || at.Before(due) {
			due = at
		}
	}
	return latest(due, r.deferred)
}

// decide ends the waiting: the best that may be answered is, or else the first
// reason stands; one that waits for the morning makes all wait.
func (h *history) decide(k autoreply.Key, now time.Time) (out fate, trigger string) {
	r := h.row(k)
	for i, e := range r.pending {
		f := h.judge(r, e, now, true)
		if f.verdict == autoreply.Reply {
			return h.send(r, e, now), e.ID
		}
		if i == 0 || f.verdict == autoreply.Wait && out.verdict != autoreply.Wait {
			out, trigger = f, e.ID
		}
	}
	if out.verdict == autoreply.Wait {
		r.deferred = latest(r.deferred, out.until)
		return out, trigger
	}
	r.pending, r.deferred = nil, time.Time{}
	return out, trigger
}

// send begins a reply, if the line has one left in its hour.
func (h *history) send(r *dossier, e phone.Event, now time.Time) fate {
	pending := r.pending
	r.pending, r.deferred = nil, time.Time{}
	line := autoreply.Key{Tenant: e.Tenant, Line: e.Line}
	if h.lines[line] == nil {
		h.lines[line] = &hour{begun: now}
	}
	l := h.lines[line]
	if now.Sub(l.begun) >= time.Hour || l.begun.After(now.Add(2*time.Minute)) {
		*l = hour{begun: now}
	}
	if h.o.PerHour >= 0 && l.n >= h.o.PerHour {
		return skip(autoreply.ReasonBreaker, l.begun.Add(time.Hour))
	}
	l.n++
	if h.requests++; h.refuses(h.requests - 1) {
		for _, p := range pending {
			r.done[p.ID] = true
		}
		return skip(autoreply.ReasonRejected, time.Time{})
	}
	r.sent = append(r.sent, answer{at: now.Add(h.slow), trigger: e})
	r.voicemails, r.done = map[string]bool{}, map[string]bool{}
	h.order = append(h.order, e.ID)
	return fate{verdict: autoreply.Reply}
}

// told is one decision of a pass.
type told struct {
	fate
	trigger string
}

// run is what RunDue should do.
func (h *history) run(now time.Time) []told {
	var keys []autoreply.Key
	for k, r := range h.rows {
		if len(r.pending) > 0 && !h.due(r).After(now) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b autoreply.Key) int {
		return cmp.Or(h.due(h.rows[a]).Compare(h.due(h.rows[b])), cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Contact, b.Contact))
	})
	var list []told
	for _, k := range keys {
		f, trigger := h.decide(k, now)
		list = append(list, told{f, trigger})
		if f.verdict == autoreply.Reply {
			now = now.Add(h.slow)
		}
	}
	return list
}
