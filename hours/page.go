package hours

import (
	"math"
	"time"
)

// A page holds the answers of 2^24 seconds, about 194 days. Pages are built
// when they are first asked for, and a schedule keeps four, so that its memory
// does not grow however far the questions reach.
const (
	pageShift = 24
	pageSlots = 4
	hintShift = 16 // a hint is 18 hours
)

const never = math.MaxInt64

var (
	firstSecond = time.Date(firstYear, time.January, 2, 0, 0, 0, 0, time.UTC).Unix()
	lastSecond  = time.Date(lastYear, time.December, 30, 0, 0, 0, 0, time.UTC).Unix()
)

type page struct {
	index int64
	start int64
	// at[i] is when the answer marks[i] begins, in seconds after start.
	at    []uint32
	marks []mark
	// hints[h] is the index of the answer at h<<hintShift, so that a search
	// begins among a handful.
	hints [1<<(pageShift-hintShift) + 1]uint16
	next  int64 // the first instant after this page with another answer than its last
	open  int64 // the first open instant after this page
}

func (t *tables) page(second int64) *page {
	index := second >> pageShift
	slot := &t.pages[index&(pageSlots-1)]
	if p := slot.Load(); p != nil && p.index == index {
		return p
	}
	p := t.build(index)
	slot.Store(p) // two at once store equal pages
	return p
}

func (t *tables) build(index int64) *page {
	p := &page{
		index: index, start: index << pageShift, next: never, open: never,
		at: make([]uint32, 0, t.usual), marks: make([]mark, 0, t.usual),
	}
	end := p.start + 1<<pageShift
	horizon := max(int64(Date(horizonYear, time.January, 1).days())*secondsADay, end+10*366*secondsADay)
	t.walk(&cursor{t: t}, p.start, horizon, func(at int64, m mark) bool {
		switch last := len(p.marks) - 1; {
		case last < 0:
			p.add(at, m)
		case at < end:
			if m != p.marks[last] {
				p.add(at, m)
			}
		default:
			if m != p.marks[last] {
				p.next = min(p.next, at)
			}
			if m.open() {
				p.open = min(p.open, at)
			}
		}
		return p.next == never || p.open == never && t.opens && !p.marks[len(p.marks)-1].open()
	})
	i := 0
	for h := range p.hints {
		for i+1 < len(p.at) && p.at[i+1] <= uint32(h)<<hintShift {
			i++
		}
		p.hints[h] = uint16(i)
	}
	return p
}

func (p *page) add(at int64, m mark) {
	p.at = append(p.at, uint32(at-p.start))
	p.marks = append(p.marks, m)
}

// find is the index of the answer at a second of the page.
func (p *page) find(second int64) int {
	offset := uint32(second - p.start)
	hint := offset >> hintShift
	low, high := int(p.hints[hint]), int(p.hints[hint+1])+1
	for high-low > 1 {
		if middle := int(uint(low+high) >> 1); p.at[middle] <= offset {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// begin is the instant at which the answer i begins; i may be one past the
// last.
func (p *page) begin(i int) int64 {
	if i < len(p.at) {
		return p.start + int64(p.at[i])
	}
	return p.next
}
