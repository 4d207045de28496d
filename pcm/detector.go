package pcm

import (
	"math"
	"math/cmplx"
	"time"
)

// A Detector measures in blocks of 2.5 ms. Eight of them under a Hann window
// are one look of 20 ms; there is a look every 5 ms.
const (
	blocksASecond = 400
	lookBlocks    = 8
	stepBlocks    = 2
)

// What a look must show to be a key. The figures to operate at are those of
// ITU-T Q.24; each limit here lies between them and the figures to refuse.
const (
	dtmfFloor  = -33.0 // dBm0 of each tone: -25 operates, -55 does not
	dtmfTwist  = 11.0  // dB between the tones: 8 operates, whichever is the louder
	dtmfOff    = 0.025 // of the frequency: 1.5 % operates, 3.5 % does not
	dtmfPurity = 0.80  // of all power is in the two tones; speech spreads its own
)

// How many looks make a key, and how many without it end one. A look sees a
// tone a little before it fills the window and a little after, so the counts
// are not the plain quotients: 40 ms of tone always suffice and 20 ms never do;
// a gap of 10 ms is bridged and one of 40 ms never is (Q.24).
const (
	looksToStart = 5
	looksToEnd   = 7
)

// Digit is a key that was heard.
type Digit struct {
	Key      string        // "0" to "9", "*", "#", "A" to "D"
	At       time.Duration // when it began, from the first sample fed; within 10 ms
	Duration time.Duration // how long it sounded; within 10 ms
}

// Detector hears DTMF keys in the voice band, for hosts that do not get them as
// events (RFC 4733, SIP INFO). It works at every valid rate, on frames of any
// length, and does not allocate while it listens. It belongs to one goroutine at
// a time.
//
// It measures the frequency of both tones by the advance of their phases, which
// is what keeps speech and music from being keys: a voice seldom holds two pitches
// within 2.5 % for 40 ms and nothing else beside them.
type Detector struct {
	hop    int // samples of a block
	rate   int
	tones  [8]tone // rows, then columns
	blocks [lookBlocks]energy
	now    energy // the block being filled
	filled int    // samples in it
	looked int    // blocks so far

	current   Digit // the key that sounds; no Key when none does
	last      int   // the look (in blocks) that showed it last
	candidate int   // index of the key of the latest look, or -1
	since     int   // the first of the looks in a row that showed it
	looks     int   // how many
}

// energy is what one block has beside its tones.
type energy struct{ square, sum float64 }

// tone is one of the eight filters.
type tone struct {
	hz, coef float64
	turn     complex128             // e^-iω, one sample
	hops     [lookBlocks]complex128 // e^-iωn at the start of each block
	s1, s2   float64                // state of the Goertzel recurrence
	sums     [lookBlocks]complex128 // of the last blocks, oldest first
	before   complex128             // the look before this one
}

// NewDetector returns a detector for samples at the given rate, [ErrFormat]
// when that is not valid.
func NewDetector(rate int) (*Detector, error) {
	if err := checkRate(rate); err != nil {
		return nil, err
	}
	d := new(Detector)
	d.reset(rate)
	return d, nil
}

func (d *Detector) reset(rate int) {
	*d = Detector{hop: rate / blocksASecond, rate: rate, candidate: -1}
	for i := range d.tones {
		t := &d.tones[i]
		if t.hz = dtmfColumns[i%4]; i < 4 {
			t.hz = dtmfRows[i]
		}
		w := 2 * math.Pi * t.hz / float64(rate)
		t.coef, t.turn = 2*math.Cos(w), cmplx.Rect(1, -w)
		for b := range t.hops {
			t.hops[b] = cmplx.Rect(1, -w*float64(d.hop*b))
		}
	}
}

// Feed listens to the next samples, appends the keys that were released in them
// to dst and returns the longer slice. A key counts once, however long it is
// held; [Detector.Down] tells of it before it is released.
func (d *Detector) Feed(dst []Digit, samples []int16) []Digit {
	for len(samples) > 0 {
		n := min(d.hop-d.filled, len(samples))
		d.now.add(samples[:n])
		for i := range 4 {
			addPair(&d.tones[i], &d.tones[4+i], samples[:n])
		}
		samples = samples[n:]
		if d.filled += n; d.filled == d.hop {
			dst = d.block(dst)
		}
	}
	return dst
}

// Down returns the key that sounds now, with its duration so far; false when
// none does. It is known about 40 ms after its beginning: soon enough to stop a
// prompt.
func (d *Detector) Down() (Digit, bool) {
	return d.current, d.current.Key != ""
}

// Flush ends the sound: it appends the key that still sounds, if any, and makes
// the detector ready for another sound that begins at zero.
func (d *Detector) Flush(dst []Digit) []Digit {
	if d.current.Key != "" {
		dst = append(dst, d.current)
	}
	d.reset(d.rate)
	return dst
}

func (e *energy) add(samples []int16) {
	for _, s := range samples {
		v := float64(s)
		e.square += v * v
		e.sum += v
	}
}

// addPair runs two filters at once: each waits for its own last result, so one
// alone would leave the processor idle.
func addPair(t, u *tone, samples []int16) {
	t1, t2, tc := t.s1, t.s2, t.coef
	u1, u2, uc := u.s1, u.s2, u.coef
	for _, s := range samples {
		v := float64(s)
		t1, t2 = v-t2+tc*t1, t1
		u1, u2 = v-u2+uc*u1, u1
	}
	t.s1, t.s2, u.s1, u.s2 = t1, t2, u1, u2
}

// block closes a block, and looks after every second one.
func (d *Detector) block(dst []Digit) []Digit {
	copy(d.blocks[:], d.blocks[1:])
	d.blocks[lookBlocks-1] = d.now
	d.now, d.filled = energy{}, 0
	for i := range d.tones {
		t := &d.tones[i]
		copy(t.sums[:], t.sums[1:])
		t.sums[lookBlocks-1] = complex(t.s1, 0) - t.turn*complex(t.s2, 0)
		t.s1, t.s2 = 0, 0
	}
	if d.looked++; d.looked%stepBlocks != 0 {
		return dst
	}
	return d.hear(dst, d.look())
}
