package autoreply

import "math/bits"

// table is a set of settled rows: an index with open addressing over rows that
// lie in chunks, so that growing never copies them.
type table struct {
	seed   [2]uint64
	index  []uint32 // position + 1, and above it eight bits of the hash; 0 is free
	chunks []*[chunk]settled
	n      int
}

const (
	chunk    = 256
	tagShift = 24
	maxTable = 1<<tagShift - 2 // rows; a shard has more in its map
	position = 1<<tagShift - 1
)

func (t *table) row(i int) *settled { return &t.chunks[i/chunk][i%chunk] }

func (t *table) hash(number uint64, scope uint32) uint64 {
	hi, lo := bits.Mul64(number^t.seed[0], uint64(scope)^t.seed[1])
	hi, lo = bits.Mul64(hi^lo^t.seed[1], 0x9e3779b97f4a7c15)
	return hi ^ lo
}

// tagged is what stands in the index for a row: most rows that are not the
// right one are told by the tag, without a look at them.
func tagged(hash uint64, row int) uint32 {
	const top = 56
	return uint32(hash>>top)<<tagShift | uint32(row+1)
}

// find is the place in the index and the row, or -1.
func (t *table) find(number uint64, scope uint32) (place, row int) {
	if len(t.index) == 0 {
		return 0, -1
	}
	mask := len(t.index) - 1
	hash := t.hash(number, scope)
	tag := tagged(hash, -1)
	for place = int(hash) & mask; t.index[place] != 0; place = (place + 1) & mask {
		if t.index[place]&^position != tag {
			continue
		}
		row = int(t.index[place]&position) - 1
		if r := t.row(row); r.number == number && r.scope == scope {
			return place, row
		}
	}
	return place, -1
}

// place is where in the index a row stands.
func (t *table) place(row int) int {
	r := t.row(row)
	mask := len(t.index) - 1
	hash := t.hash(r.number, r.scope)
	place := int(hash) & mask
	for want := tagged(hash, row); t.index[place] != want; {
		place = (place + 1) & mask
	}
	return place
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
		t.index[place] = tagged(t.hash(r.number, r.scope), row)
	}
	*t.row(row) = r
}

func (t *table) grow() {
	t.index = make([]uint32, max(16, 2*len(t.index)))
	mask := len(t.index) - 1
	for i := range t.n {
		r := t.row(i)
		hash := t.hash(r.number, r.scope)
		place := int(hash) & mask
		for t.index[place] != 0 {
			place = (place + 1) & mask
		}
		t.index[place] = tagged(hash, i)
	}
}

// remove takes the row of the place out; the last row moves into its hole.
func (t *table) remove(place, row int) {
	last := t.n - 1
	if row != last {
		from := t.place(last)
		t.index[from] = t.index[from]&^position | uint32(row+1)
		*t.row(row) = *t.row(last)
	}
	*t.row(last) = settled{}
	t.n = last
	if t.n%chunk == 0 && len(t.chunks) > t.n/chunk+1 {
		t.chunks = t.chunks[:t.n/chunk+1]
	}
	mask := len(t.index) - 1
	hole := place
	for next := (hole + 1) & mask; t.index[next] != 0; next = (next + 1) & mask {
		r := t.row(int(t.index[next]&position) - 1)
		home := int(t.hash(r.number, r.scope)) & mask
		if (next-home)&mask >= (next-hole)&mask {
			t.index[hole] = t.index[next]
			hole = next
		}
	}
	t.index[hole] = 0
}
