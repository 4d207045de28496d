package autoreply

import (
	"math"
	"math/bits"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// settled is a row of a contact with an E.164 number for whom nothing is
// pending: 48 bytes without a pointer, so that a million of them cost the
// garbage collector nothing.
type settled struct {
	number        uint64 // the digits
	sent, touched int64  // nanoseconds since 1970
	heard         uint64
	scope         uint32 // of [scopes]
	revision      uint32
	slot          uint32
	keep          uint16 // of [scopes]: from the later of sent and touched to Expires
	flags         uint16 // and the replies, above them
}

const (
	hasSent = 1 << iota
	hasTouched
	hasHeard
	flagBits = iota
)

// scope is what a row shares with many others.
type scope struct {
	tenant phone.TenantID
	line   phone.LineID
}

// scopes numbers the scopes and the terms of expiry. It never forgets one;
// their number is that of a host's lines, not of its contacts.
type scopes struct {
	mu     sync.RWMutex
	number map[scope]uint32
	names  []scope
	terms  atomic.Int32
	keeps  [64]atomic.Int64
}

// find is the number of s.
func (n *scopes) find(s scope) (uint32, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	id, ok := n.number[s]
	return id, ok
}

// take is the number of s, a new one if need be.
func (n *scopes) take(s scope) uint32 {
	if id, ok := n.find(s); ok {
		return id
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	id, ok := n.number[s]
	if !ok {
		id = uint32(len(n.names))
		n.names = append(n.names, s)
		n.number[s] = id
	}
	return id
}

// term is the number of a term of expiry; false when there are too many.
func (n *scopes) term(d time.Duration) (uint16, bool) {
	for i := range n.terms.Load() {
		if n.keep(uint16(i)) == d {
			return uint16(i), true
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	next := n.terms.Load()
	if int(next) == len(n.keeps) {
		return 0, false
	}
	n.keeps[next].Store(int64(d))
	n.terms.Store(next + 1)
	return uint16(next), true
}

func (n *scopes) keep(i uint16) time.Duration { return time.Duration(n.keeps[i].Load()) }

func (n *scopes) name(id uint32) scope {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.names[id]
}

// digits is the number of a contact key that is an E.164 number.
func digits(k phone.ContactKey) (uint64, bool) {
	if len(k) < 2 || len(k) > 16 || k[0] != '+' || k[1] == '0' {
		return 0, false
	}
	var n uint64
	for i := 1; i < len(k); i++ {
		c := k[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + uint64(c)
	}
	return n, true
}

func contactOf(number uint64) phone.ContactKey {
	return phone.ContactKey("+" + strconv.FormatUint(number, 10))
}

// nanos is t as nanoseconds, if nothing is lost that way.
func nanos(t time.Time) (int64, bool) {
	n := t.UnixNano()
	return n, t.Location() == time.UTC && n != math.MinInt64 && t == time.Unix(0, n).UTC()
}

// pack makes a settled row of e, if it is one, exactly.
func (n *scopes) pack(s scope, number uint64, e *Entry) (settled, bool) {
	if e.V != EntryVersion || e.State != Free || !e.Due.IsZero() || !e.Born.IsZero() || !e.Protect.IsZero() || !e.Deferred.IsZero() ||
		e.Token != "" || e.Rule != "" || e.Text != "" || e.Attempt != 0 || e.Pending != nil || e.Earlier != nil || e.Seen != nil ||
		e.Consent != (Consent{}) || uint64(e.Revision) > math.MaxUint32 || uint64(e.Slot) > math.MaxUint32 ||
		uint64(e.Replies) > math.MaxUint16>>flagBits {
		return settled{}, false
	}
	r := settled{number: number, revision: uint32(e.Revision), slot: uint32(e.Slot), flags: uint16(e.Replies) << flagBits}
	var fits bool
	if !e.Sent.IsZero() {
		if r.sent, fits = nanos(e.Sent); !fits {
			return settled{}, false
		}
		r.flags |= hasSent
	}
	if !e.Touched.IsZero() {
		if r.touched, fits = nanos(e.Touched); !fits {
			return settled{}, false
		}
		r.flags |= hasTouched
	}
	if e.Heard != "" {
		h, err := strconv.ParseUint(e.Heard, 16, 64)
		if err != nil || heardText(h) != e.Heard {
			return settled{}, false
		}
		r.heard, r.flags = h, r.flags|hasHeard
	}
	if _, fits = nanos(e.Expires); !fits || r.flags&(hasSent|hasTouched) == 0 {
		return settled{}, false
	}
	if r.keep, fits = n.term(e.Expires.Sub(later(e.Sent, e.Touched))); !fits {
		return settled{}, false
	}
	r.scope = n.take(s)
	return r, true
}

func heardText(h uint64) string {
	const width = 16
	text := strconv.FormatUint(h, 16)
	return "0000000000000000"[:width-len(text)] + text
}

// unpack is the row again.
func (n *scopes) unpack(r *settled) Entry {
	e := Entry{V: EntryVersion, Revision: int(r.revision), Slot: int(r.slot), Replies: int(r.flags >> flagBits)}
	if r.flags&hasSent != 0 {
		e.Sent = time.Unix(0, r.sent).UTC()
	}
	if r.flags&hasTouched != 0 {
		e.Touched = time.Unix(0, r.touched).UTC()
	}
	if r.flags&hasHeard != 0 {
		e.Heard = heardText(r.heard)
	}
	e.Expires = later(e.Sent, e.Touched).Add(n.keep(r.keep))
	return e
}

// table is a set of settled rows: an index with open addressing over rows that
// lie in chunks, so that growing never copies them.
type table struct {
	seed   [2]uint64
	index  []uint32 // position + 1; 0 is free
	chunks []*[chunk]settled
	n      int
}

const chunk = 256

func (t *table) row(i int) *settled { return &t.chunks[i/chunk][i%chunk] }

func (t *table) hash(number uint64, scope uint32) uint64 {
	hi, lo := bits.Mul64(number^t.seed[0], uint64(scope)^t.seed[1])
	hi, lo = bits.Mul64(hi^lo^t.seed[1], 0x9e3779b97f4a7c15)
	return hi ^ lo
}

// find is the place in the index and the row, or -1.
func (t *table) find(number uint64, scope uint32) (place, row int) {
	if len(t.index) == 0 {
		return 0, -1
	}
	mask := len(t.index) - 1
	for place = int(t.hash(number, scope)) & mask; t.index[place] != 0; place = (place + 1) & mask {
		row = int(t.index[place]) - 1
		if r := t.row(row); r.number == number && r.scope == scope {
			return place, row
		}
	}
	return place, -1
}

// put adds or replaces a row.
func (t *table) put(r settled) {
	if 4*(t.n+1) > 3*len(t.index) {
		t.grow()
	}
	place, row := t.find(r.number, r.scope)
	if row < 0 {
		row = t.n
		if row/chunk == len(t.chunks) {
			t.chunks = append(t.chunks, new([chunk]settled))
		}
		t.n++
		t.index[place] = uint32(row + 1)
	}
	*t.row(row) = r
}

func (t *table) grow() {
	t.index = make([]uint32, max(16, 2*len(t.index)))
	mask := len(t.index) - 1
	for i := range t.n {
		r := t.row(i)
		place := int(t.hash(r.number, r.scope)) & mask
		for t.index[place] != 0 {
			place = (place + 1) & mask
		}
		t.index[place] = uint32(i + 1)
	}
}

// remove takes the row of the place out; the last row moves into its hole.
func (t *table) remove(place, row int) {
	last := t.n - 1
	if row != last {
		moved := t.row(last)
		from, _ := t.find(moved.number, moved.scope)
		t.index[from] = uint32(row + 1)
		*t.row(row) = *moved
	}
	*t.row(last) = settled{}
	t.n = last
	if t.n%chunk == 0 && len(t.chunks) > t.n/chunk+1 {
		t.chunks = t.chunks[:t.n/chunk+1]
	}
	mask := len(t.index) - 1
	hole := place
	for next := (hole + 1) & mask; t.index[next] != 0; next = (next + 1) & mask {
		r := t.row(int(t.index[next]) - 1)
		home := int(t.hash(r.number, r.scope)) & mask
		if (next-home)&mask >= (next-hole)&mask {
			t.index[hole] = t.index[next]
			hole = next
		}
	}
	t.index[hole] = 0
}
