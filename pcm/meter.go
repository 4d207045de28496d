package pcm

import (
	"math"
	"time"
)

// What counts as speech. A frame must be above the gate and stand out of the
// background, which is what the quietest tenth of the frames stays below.
const (
	framesASecond = 50
	gate          = -55.0 // dBFS: the faintest speech worth keeping
	stand         = 8.0   // dB above the background
	humEdge       = 100.0 // Hz: below it lie mains hum and DC, not voices
)

// Meter measures a sound that comes in frames of any length, in constant memory
// and without allocation. It belongs to one goroutine at a time.
//
// Speech is told by energy: a frame of 20 ms counts that is louder than -55 dBFS
// and at least 8 dB louder than the background of the whole sound so far. Steady
// noise, hum, a dial tone or an open line are background, however loud. Clicks
// count for 20 ms each, so ask for a sum: somebody spoke when [Level].Speech is
// 300 ms or more. A tone with pauses (busy, fax) is not told from speech: the
// meter rather keeps a message than loses one.
type Meter struct {
	rate, frame int
	decay       float64 // of the high-pass filter
	in, out     float64 // its last input and output
	power       float64 // of the frame being filled, after the filter
	filled      int     // samples in it
	samples     int
	total       float64 // of the squares of all samples
	peak        float64
	frames      int
	bins        [-Floor + 1]bin // by level in whole dB: bins[0] is Floor
}

// bin counts the frames of one level. The first and the last are kept because
// what is background is only known in the end.
type bin struct{ count, first, last int }

// NewMeter returns a meter for samples at the given rate, [ErrFormat] when that
// is not valid.
func NewMeter(rate int) (*Meter, error) {
	if err := checkRate(rate); err != nil {
		return nil, err
	}
	return &Meter{
		rate: rate, frame: rate / framesASecond,
		decay: math.Exp(-2 * math.Pi * humEdge / float64(rate)),
	}, nil
}

// Feed measures the next samples.
func (m *Meter) Feed(samples []int16) {
	m.samples += len(samples)
	for _, s := range samples {
		v := float64(s)
		m.total += v * v
		m.peak = max(m.peak, math.Abs(v))
		m.out = v - m.in + m.decay*m.out
		m.in = v
		m.power += m.out * m.out
		if m.filled++; m.filled == m.frame {
			m.close()
		}
	}
}

// close counts a full frame.
func (m *Meter) close() {
	b := &m.bins[int(min(decibels(m.power/float64(m.frame), fullScale*fullScale), 0)-Floor)]
	if b.count == 0 {
		b.first = m.frames
	}
	b.count++
	b.last = m.frames
	m.frames++
	m.power, m.filled = 0, 0
}

// Level returns the levels of all that was fed so far. It may be asked at any
// time and changes nothing; a last part frame counts for everything but speech.
func (m *Meter) Level() Level {
	length := samplesToTime(m.samples, m.rate)
	l := Level{Length: length, RMS: Floor, Peak: decibels(m.peak*m.peak, fullScale*fullScale), Lead: length, Quiet: length}
	if m.samples > 0 {
		l.RMS = decibels(m.total/float64(m.samples), fullScale*fullScale)
	}
	count, first, last := 0, m.frames, -1
	for _, b := range m.bins[m.threshold():] {
		if b.count > 0 {
			count += b.count
			first, last = min(first, b.first), max(last, b.last)
		}
	}
	if count > 0 {
		l.Speech = m.time(count)
		l.Lead = m.time(first)
		l.Quiet = length - m.time(last+1)
	}
	return l
}

// threshold is the lowest bin that counts as speech.
func (m *Meter) threshold() int {
	background, below := 0, 0
	for below+m.bins[background].count <= m.frames/10 && background < len(m.bins)-1 {
		below += m.bins[background].count
		background++
	}
	return min(max(background+int(stand), int(gate-Floor)), len(m.bins)-1)
}

func (m *Meter) time(frames int) time.Duration { return samplesToTime(frames*m.frame, m.rate) }
