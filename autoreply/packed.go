package autoreply

import (
	"math"
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

// is reports whether s is that of k.
func (s *scope) is(k *Key) bool { return s.tenant == k.Tenant && s.line == k.Line }

// named is a scope and the hash of it.
type named struct {
	scope
	hash uint64
}

// scopes numbers the scopes and the terms of expiry. It never forgets one;
// their number is that of a host's lines, not of its contacts. Readers take no
// lock.
type scopes struct {
	mu     sync.Mutex
	number map[scope]uint32
	names  atomic.Pointer[[]named] // only ever appended to
	terms  atomic.Int32
	keeps  [64]atomic.Int64
}

// list is all scopes by their number.
func (n *scopes) list() []named {
	if names := n.names.Load(); names != nil {
		return *names
	}
	return nil
}

// take is the number of s, a new one if need be.
func (n *scopes) take(s scope, hash uint64) uint32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	id, ok := n.number[s]
	if !ok {
		if n.number == nil {
			n.number = map[scope]uint32{}
		}
		names := append(n.list(), named{s, hash})
		id = uint32(len(names) - 1)
		n.number[s] = id
		n.names.Store(&names)
	}
	return id
}

// term is the number of a term of expiry; false when there are too many.
func (n *scopes) term(d int64) (uint16, bool) {
	if i, ok := n.known(d); ok {
		return i, true
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if i, ok := n.known(d); ok {
		return i, true
	}
	next := n.terms.Load()
	if int(next) == len(n.keeps) {
		return 0, false
	}
	n.keeps[next].Store(d)
	n.terms.Store(next + 1)
	return uint16(next), true
}

func (n *scopes) known(d int64) (uint16, bool) {
	for i := range n.terms.Load() {
		if n.keeps[i].Load() == d {
			return uint16(i), true
		}
	}
	return 0, false
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
func (n *scopes) pack(k *Key, at *place, e *Entry) (settled, bool) {
	if e.V != EntryVersion || e.State != Free || !e.Due.IsZero() || !e.Born.IsZero() || !e.Protect.IsZero() || !e.Deferred.IsZero() ||
		e.Token != "" || e.Rule != "" || e.Text != "" || e.Attempt != 0 || e.Pending != nil || e.Earlier != nil || e.Seen != nil ||
		e.Consent != (Consent{}) || uint64(e.Revision) > math.MaxUint32 || uint64(e.Slot) > math.MaxUint32 ||
		uint64(e.Replies) > math.MaxUint16>>flagBits {
		return settled{}, false
	}
	r := settled{number: at.number, revision: uint32(e.Revision), slot: uint32(e.Slot), flags: uint16(e.Replies) << flagBits}
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
	expires, fits := nanos(e.Expires)
	if !fits || r.flags&(hasSent|hasTouched) == 0 {
		return settled{}, false
	}
	if r.keep, fits = n.term(expires - r.last()); !fits { // where it overflows, it does so again on the way back
		return settled{}, false
	}
	r.scope = n.take(scope{k.Tenant, k.Line}, at.scope)
	return r, true
}

// last is the later of sent and touched.
func (r *settled) last() int64 {
	if r.flags&hasSent != 0 && (r.flags&hasTouched == 0 || r.sent > r.touched) {
		return r.sent
	}
	return r.touched
}

// expires is the Expires of a row in nanoseconds since 1970.
func (n *scopes) expires(r *settled) int64 { return r.last() + n.keeps[r.keep].Load() }

func heardText(h uint64) string {
	const width = 16
	text := strconv.FormatUint(h, 16)
	return "0000000000000000"[:width-len(text)] + text
}

// unpack writes the row into e, which is zero.
func (n *scopes) unpack(r *settled, e *Entry) {
	e.V, e.Revision, e.Slot, e.Replies = EntryVersion, int(r.revision), int(r.slot), int(r.flags>>flagBits)
	if r.flags&hasSent != 0 {
		e.Sent = time.Unix(0, r.sent).UTC()
	}
	if r.flags&hasTouched != 0 {
		e.Touched = time.Unix(0, r.touched).UTC()
	}
	if r.flags&hasHeard != 0 {
		e.Heard = heardText(r.heard)
	}
	e.Expires = time.Unix(0, n.expires(r)).UTC()
}
