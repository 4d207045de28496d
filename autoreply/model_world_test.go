package autoreply_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// The model check walks through every interleaving of two workers that share
// one row: each look at a row, each compare-and-swap and each send is a step of its own,
// and between any two of them a worker may crash, a lease may run out, and the
// carrier may refuse or fall silent. What a worker does in a step is done by
// the functions of the package itself.

// faults is how often each thing may go wrong in one history.
type faults struct{ crashes, rejects, timeouts int }

// arena is one configuration of the check.
type arena struct {
	policy     *autoreply.Policy
	events     []phone.Event
	deliveries int8 // of each event
	ticks      int8 // how often time passes
	faults     faults
	keyed      bool // the carrier knows idempotency keys
	mutant     string
	start      time.Time
}

// stage is where a worker stands.
type stage byte

const (
	idle     stage = iota
	handing        // has looked at the row, is about to swap
	looking        // owns the slot, is about to decide again
	marking        // is about to swap the mark
	sending        // is about to send
	closing        // knows the outcome, is about to note it
	writing        // is about to swap the outcome
	claiming       // has looked at the row because it is due
)

// labourer is one worker. Rows are never written to, so they are shared.
type labourer struct {
	stage   stage
	event   int8 // index, or -1 for the queue of due rows
	outcome byte // a accepted, r refused, u unknown
	send    bool // after the swap the text is sent
	tokens  int8
	reads   bool             // its own row was no longer the stored one: it has to load
	seen    int              // the revision it looked at
	next    *autoreply.Entry // what it is about to store
	mine    *autoreply.Entry // the slot it owns
}

// world is one state.
type world struct {
	row      *autoreply.Entry
	now      time.Time
	workers  [2]labourer
	faults   faults
	left     [2]int8 // deliveries of each event
	ticks    int8    // left
	texts    int8
	excused  bool   // a worker or an answer was lost after the mark
	refused  bool   // the carrier said no
	accepted string // the key that the carrier has taken

	what string // the step that led here; not part of the identity
	who  int
}

// origin is how a state was reached first. States themselves are forgotten once
// they have been walked from, so that millions fit into memory.
type origin struct {
	before [16]byte
	what   string
	who    int8
}

// story is the shortest history that ends in the state.
func story(known map[[16]byte]origin, id [16]byte) string {
	var steps []string
	for o := known[id]; o.what != ""; o = known[o.before] {
		steps = append(steps, fmt.Sprintf("%d %s", o.who, o.what))
	}
	slices.Reverse(steps)
	return strings.Join(steps, "; ")
}

func appendRow(b []byte, e *autoreply.Entry) []byte {
	if e == nil {
		return append(b, 0xff)
	}
	b = append(b, byte(e.Revision), byte(e.Slot), byte(e.Attempt), byte(len(e.Earlier)), byte(len(e.State)), byte(len(e.Pending)), byte(len(e.Seen)))
	for _, at := range [...]time.Time{e.Due, e.Born, e.Protect, e.Sent} {
		b = binary.LittleEndian.AppendUint32(b, uint32(at.Unix()))
	}
	b = append(append(b, e.Token...), e.State...)
	for i := range e.Pending {
		b = append(b, e.Pending[i].ID...)
	}
	for i := range e.Seen {
		b = append(b, e.Seen[i].Hash[:4]...)
	}
	return b
}

// id is what w is, without how it came about.
func (w *world) id() [16]byte {
	b := make([]byte, 0, 512)
	flags := byte(0)
	if w.excused {
		flags |= 1
	}
	if w.refused {
		flags |= 2
	}
	b = append(appendRow(b, w.row), byte(w.left[0]), byte(w.left[1]), byte(w.ticks), byte(w.texts), flags,
		byte(w.faults.crashes), byte(w.faults.rejects), byte(w.faults.timeouts))
	b = append(binary.LittleEndian.AppendUint32(b, uint32(w.now.Unix())), w.accepted...)
	for i := range w.workers {
		l := &w.workers[i]
		b = append(b, '|', byte(l.stage), byte(l.tokens))
		if l.stage == idle {
			continue
		}
		send := byte(0)
		if l.send {
			send = 1
		}
		if l.reads {
			send |= 2
		}
		b = append(b, byte(l.event), l.outcome, send, byte(l.seen))
		b = appendRow(appendRow(b, l.next), l.mine)
	}
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}

var modelKey = autoreply.Key{Contact: "+15145550100"}

const modelLease, modelTimeout, modelLife = time.Minute, 20 * time.Second, 24 * time.Hour

// check walks the whole space, breadth first, and returns the number of states
// and the shortest histories that end in two texts, or in none without excuse.
func (a *arena) check() (states int, double, lost string) {
	first := &world{row: &autoreply.Entry{}, now: a.start, ticks: a.ticks, faults: a.faults}
	for i := range a.events {
		first.left[i] = a.deliveries
	}
	queue := []*world{first}
	known := map[[16]byte]origin{first.id(): {}}
	for at := 0; at < len(queue); at++ {
		w, id := queue[at], queue[at].id()
		queue[at] = nil
		next := a.steps(w)
		if len(next) == 0 && w.row.Due.IsZero() && w.texts == 0 && !w.excused && !w.refused && lost == "" {
			lost = story(known, id)
		}
		for _, n := range next {
			came := n.id()
			if _, ok := known[came]; ok {
				continue
			}
			known[came] = origin{before: id, what: n.what, who: int8(n.who)}
			if n.texts > 1 {
				return len(known), story(known, came), lost
			}
			queue = append(queue, n)
		}
	}
	return len(known), "", lost
}

// adder makes a state that follows another one.
type adder func(who int, what string, change func(*world, *labourer))

// steps are all states that may follow w.
func (a *arena) steps(w *world) []*world {
	var out []*world
	add := func(who int, what string, change func(*world, *labourer)) {
		n := *w
		n.who, n.what = who, what
		change(&n, &n.workers[who])
		out = append(out, &n)
	}
	for i := range w.workers {
		a.work(w, i, add)
		if l := w.workers[i]; l.stage != idle && w.faults.crashes > 0 {
			add(i, "crashes", func(n *world, l *labourer) {
				n.faults.crashes--
				n.excused = n.excused || !a.keyed && (l.stage == sending || l.stage == closing || l.stage == writing)
				*l = labourer{tokens: l.tokens}
			})
		}
	}
	if due := w.row.Due; due.After(w.now) && w.ticks > 0 {
		add(0, "lets time pass", func(n *world, _ *labourer) {
			n.now = due
			n.ticks--
		})
	}
	return out
}

func (a *arena) terms() (lease, timeout, life time.Duration) {
	if a.keyed {
		return modelLease, modelTimeout, modelLife
	}
	return modelLease, modelTimeout, 0
}

// work adds what worker i may do next.
func (a *arena) work(w *world, i int, add adder) {
	l := &w.workers[i]
	token := string([]byte{'0' + byte(i), '0' + byte(l.tokens)})
	switch l.stage {
	case idle:
		for k := range a.events {
			if w.left[k] > 0 {
				add(i, "handles the "+a.events[k].ID, func(n *world, l *labourer) {
					n.left[k]--
					a.look(n, l, int8(k), token)
				})
			}
		}
		if !w.row.Due.IsZero() && !w.row.Due.After(w.now) {
			add(i, "takes what is due", func(n *world, l *labourer) { a.look(n, l, -1, token) })
		}
	case handing:
		add(i, "swaps", func(n *world, l *labourer) { a.swap(n, l, token) })
	case looking:
		add(i, "looks again", func(n *world, l *labourer) {
			row := l.row(n)
			if row.State != autoreply.Reserved || row.Token != l.mine.Token {
				*l = labourer{tokens: l.tokens}
				return
			}
			step := autoreply.Decided(a.policy, *row, autoreply.Terms(a.terms()), n.now)
			l.stage, l.seen, l.next, l.send = marking, row.Revision, &step.Next, step.Next.State == autoreply.Sending
		})
	case marking:
		add(i, "marks", func(n *world, l *labourer) {
			if n.row.Revision != l.seen && a.mutant != "mark without a comparison" {
				l.stage, l.next, l.send, l.reads = looking, nil, false, true
				return
			}
			n.row = l.next
			if l.send {
				*l = labourer{stage: sending, mine: l.next, tokens: l.tokens}
			} else {
				*l = labourer{tokens: l.tokens}
			}
		})
	case sending:
		a.send(w, i, add)
	case closing:
		add(i, "closes", a.close)
	case writing:
		add(i, "writes", func(n *world, l *labourer) {
			if n.row.Revision != l.seen {
				l.stage, l.next, l.reads = closing, nil, true
				return
			}
			n.row = l.next
			*l = labourer{tokens: l.tokens}
		})
	}
}

// look is the first load of a worker, for an event or for a due row.
func (a *arena) look(n *world, l *labourer, event int8, token string) {
	t := autoreply.Terms(a.terms())
	*l = labourer{stage: handing, event: event, seen: n.row.Revision, tokens: l.tokens}
	if event >= 0 {
		step := autoreply.Accept(a.policy, *n.row, a.events[event], t, token, n.now)
		l.next = &step.Next
		if !step.Changed {
			*l = labourer{tokens: l.tokens}
		}
		return
	}
	next, claim := autoreply.Claim(a.policy, *n.row, t, token, n.now)
	l.next, l.send = &next, claim == "resend"
	switch {
	case claim == "nothing":
		*l = labourer{tokens: l.tokens}
	case a.mutant == "expired send is tried again" && n.row.State == autoreply.Sending:
		next = *n.row
		next.Token, next.Due, next.Revision = token, n.now.Add(modelLease), n.row.Revision+1
		l.send = true
	}
}

// swap stores what the first look led to.
func (a *arena) swap(n *world, l *labourer, token string) {
	if n.row.Revision != l.seen {
		a.look(n, l, l.event, token)
		return
	}
	n.row = l.next
	switch {
	case l.send:
		*l = labourer{stage: sending, mine: l.next, tokens: l.tokens + 1}
	case l.next.Token == token:
		*l = labourer{stage: looking, mine: l.next, tokens: l.tokens + 1}
	default:
		*l = labourer{tokens: l.tokens}
	}
}

// send is the carrier: it accepts, refuses, or is never heard of again. It
// remembers the keys of what it has accepted, and not of what it refused.
func (a *arena) send(w *world, i int, add adder) {
	deliver := func(n *world, l *labourer, outcome byte) {
		key := autoreply.Name(*l.mine, modelKey)
		if a.mutant == "key of the attempt" {
			key = l.mine.Token
		}
		l.stage, l.outcome = closing, outcome
		if a.keyed && n.accepted == key {
			return
		}
		n.accepted = key
		n.texts++
	}
	add(i, "sends", func(n *world, l *labourer) { deliver(n, l, 'a') })
	if w.faults.rejects > 0 && w.accepted == "" {
		add(i, "is refused", func(n *world, l *labourer) {
			n.faults.rejects--
			n.refused = true
			l.stage, l.outcome = closing, 'r'
		})
	}
	if w.faults.timeouts > 0 {
		add(i, "sends and hears nothing", func(n *world, l *labourer) {
			n.faults.timeouts--
			deliver(n, l, 'u')
		})
		add(i, "sends nothing and hears nothing", func(n *world, l *labourer) {
			n.faults.timeouts--
			n.excused = n.excused || !a.keyed
			l.stage, l.outcome = closing, 'u'
		})
	}
}

// row is what the worker begins from: the row that it wrote itself, until that
// is seen to be no longer the stored one.
func (l *labourer) row(n *world) *autoreply.Entry {
	if l.reads {
		return n.row
	}
	return l.mine
}

// close is the look after the send.
func (a *arena) close(n *world, l *labourer) {
	row := l.row(n)
	l.seen, l.stage = row.Revision, writing
	released := a.mutant == "unknown is released" && l.outcome == 'u'
	switch {
	case a.mutant == "late commit ignored" && row.Token != l.mine.Token:
		*l = labourer{tokens: l.tokens}
	case l.outcome == 'a', l.outcome == 'u' && !a.keyed && !released:
		next := autoreply.Commit(a.policy, *row, *l.mine, n.now)
		l.next = &next
	case l.outcome == 'r', released:
		slot := *l.mine
		if a.mutant == "release without token" {
			slot.Token = row.Token
		}
		if a.mutant == "refusal of a second attempt" {
			slot.Attempt = 1
		}
		next, ok := autoreply.Release(a.policy, *row, slot, n.now)
		l.next = &next
		if !ok {
			*l = labourer{tokens: l.tokens}
		}
	default:
		*l = labourer{tokens: l.tokens}
	}
}
