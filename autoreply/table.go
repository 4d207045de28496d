package autoreply

import "math"

// table is a set of settled rows in one piece of memory: open addressing, with
// the rows themselves in the places, so that to read one costs one look into
// cold memory. Above the digits of its number a row keeps how far it stands
// from the place that its hash gives it. Whoever is nearer makes room for who is
// farther, so that all stay near even when seven of eight places are taken, and
// to find that a row is missing is as quick as to find it.
type table struct {
	places []settled
	n      int
	// visited counts the places that changes and walks have looked at: the
	// bound of their work is tested, not timed.
	visited uint64
}

const (
	farStep = 1 << 56 // one place of distance, above the digits
	far     = math.MaxUint64 &^ (farStep - 1)
	farMost = 255 * uint64(farStep)
	// A table grows when 7 of 8 places are taken, to 4 of 5: at most 60 bytes a row.
	fullOf, fullAt = 8, 7
	roomOf, roomAt = 5, 4
)

// home is the place that a hash gives, by bits that do not choose a shard.
func (t *table) home(hash uint64) int {
	return int(hash & math.MaxUint32 * uint64(len(t.places)) >> 32)
}

func (t *table) next(i int) int {
	if i++; i == len(t.places) {
		return 0
	}
	return i
}

// find is the place of the row of k, or -1.
func (t *table) find(at *place, names []named, k *Key) int {
	if t.n == 0 {
		return -1
	}
	i, key := t.home(at.hash), at.number
	for {
		r := &t.places[i]
		if r.number == key && names[r.scope].is(k) {
			return i
		}
		if r.number == 0 || r.number&far < key&far || key&far == farMost {
			return -1
		}
		i, key = t.next(i), key+farStep
	}
}

// add puts a row in that is not there yet.
func (t *table) add(r settled, m *Memory) {
	if fullOf*(t.n+1) > fullAt*len(t.places) {
		t.rebuild(t.n+1, m)
	}
	for more := t.n + 1; !t.insert(&r, m.hashOf(&r)); more *= 2 { // never seen
		r.number &^= far
		t.rebuild(more, m)
	}
	t.n++
}

// insert finds a place for a row. False means that r, another one perhaps, is
// too far from where it belongs.
func (t *table) insert(r *settled, hash uint64) bool {
	for i := t.home(hash); ; i = t.next(i) {
		t.visited++
		there := &t.places[i]
		if there.number == 0 {
			*there = *r
			return true
		}
		if there.number&far < r.number&far {
			*there, *r = *r, *there
		}
		if r.number&far == farMost {
			return false
		}
		r.number += farStep
	}
}

// rebuild moves all rows to new places, with room for n of them.
func (t *table) rebuild(n int, m *Memory) {
	for old := t.places; ; n *= 2 {
		places := append([]settled(nil), make([]settled, n*roomOf/roomAt+1)...)
		t.places = places[:cap(places)] // all of what was allocated
		t.visited += uint64(len(old))
		if t.fill(old, m) {
			return
		}
	}
}

func (t *table) fill(rows []settled, m *Memory) bool {
	for i := range rows {
		if r := rows[i]; r.number != 0 {
			r.number &^= far
			if !t.insert(&r, m.hashOf(&r)) {
				return false
			}
		}
	}
	return true
}

// remove takes a row out; those behind it come a place nearer to theirs.
func (t *table) remove(i int) {
	for {
		t.visited++
		next := t.next(i)
		r := t.places[next]
		if r.number&far == 0 { // nothing, or where it belongs
			break
		}
		r.number -= farStep
		t.places[i] = r
		i = next
	}
	t.places[i] = settled{}
	t.n--
}

// sweep takes all rows out that have gone, and says how many.
func (t *table) sweep(gone func(*settled) bool, m *Memory) (swept int) {
	t.visited += uint64(len(t.places))
	for i := range t.places {
		if r := &t.places[i]; r.number != 0 && gone(r) {
			r.number = 0
			swept++
		}
	}
	t.n -= swept
	switch {
	case t.n == 0:
		t.places = nil
	case swept > 0:
		t.rebuild(t.n, m)
	}
	return swept
}
