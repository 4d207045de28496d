package pcm

import (
	"math"
	"math/cmplx"
	"time"
)

// hann is the window of a look, one weight a block. It keeps the tones of one
// group, and any hum, out of the filters of the other.
var hann = func() (w [lookBlocks]float64) {
	for i := range w {
		w[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/lookBlocks)
	}
	return w
}()

// A look shows a tone before the tone fills its window, and still shows it when
// the tone has left it in part. On average over levels, phases and tolerances:
const (
	early = 3 * time.Millisecond
	late  = 3 * time.Millisecond
)

// look returns the index of the key that the last 20 ms show, or -1.
func (d *Detector) look() int {
	var weights, squares, total float64
	for i, w := range hann {
		weights += w
		squares += w * w
		e := d.blocks[i]
		total += w * w * (e.square - e.sum*e.sum/float64(d.hop)) // without DC
	}
	total /= squares * float64(d.hop)
	var power, off [8]float64
	for i := range d.tones {
		power[i], off[i] = d.tones[i].look(d.hop, d.rate, weights)
	}
	row, column := loudest(power[:4]), 4+loudest(power[4:])
	low := power[row] / d.kept(off[row])
	high := power[column] / d.kept(off[column])
	least := math.Pow(amplitude(dtmfFloor), 2) / 2
	twist := math.Pow(10, dtmfTwist/10)
	switch {
	case low < least || high < least,
		low > twist*high || high > twist*low,
		math.Abs(off[row]) > dtmfOff*d.tones[row].hz,
		math.Abs(off[column]) > dtmfOff*d.tones[column].hz,
		low+high < dtmfPurity*total:
		return -1
	}
	return 4*row + column - 4
}

// look returns the power of the tone and by how many hertz its frequency is
// off, which follows from the advance of the phase since the look before.
func (t *tone) look(hop, rate int, weights float64) (power, off float64) {
	var sum complex128
	for i, w := range hann {
		sum += complex(w, 0) * t.sums[i] * t.hops[i]
	}
	advance := cmplx.Phase(sum * t.hops[stepBlocks] * cmplx.Conj(t.before))
	t.before = sum
	peak := 2 * cmplx.Abs(sum) / (weights * float64(hop))
	return peak * peak / 2, advance / (2 * math.Pi) * float64(rate) / float64(stepBlocks*hop)
}

// kept is the share of its power that the window leaves to a tone that is some
// hertz off the middle of its filter: the transform of the Hann window. Tones
// too far off to count are not corrected further.
func (d *Detector) kept(off float64) float64 {
	bins := min(math.Abs(off)*float64(lookBlocks*d.hop)/float64(d.rate), 0.95)
	gain := sinc(bins) / (1 - bins*bins)
	return gain * gain
}

func loudest(power []float64) int {
	best := 0
	for i, p := range power {
		if p > power[best] {
			best = i
		}
	}
	return best
}

// hear takes the key of one look and keeps track of what is held.
func (d *Detector) hear(dst []Digit, key int) []Digit {
	if key != d.candidate {
		d.candidate, d.since, d.looks = key, d.looked, 0
	}
	d.looks++
	name := ""
	if key >= 0 {
		name = dtmfKeys[key : key+1]
	}
	switch {
	case name != "" && name == d.current.Key:
		d.last = d.looked
		d.current.Duration = d.time(d.last) - d.current.At - late
	case name != "" && d.looks >= looksToStart:
		dst = d.release(dst)
		d.last = d.looked
		d.current = Digit{Key: name, At: d.time(d.since-lookBlocks) + early}
		d.current.Duration = d.time(d.last) - d.current.At - late
	case d.current.Key != "" && d.looked-d.last >= looksToEnd*stepBlocks:
		dst = d.release(dst)
	}
	return dst
}

func (d *Detector) release(dst []Digit) []Digit {
	if d.current.Key != "" {
		dst = append(dst, d.current)
		d.current = Digit{}
	}
	return dst
}

// time is the instant of the end of a block.
func (d *Detector) time(blocks int) time.Duration {
	return samplesToTime(max(blocks, 0)*d.hop, d.rate)
}
