package voicemail

import "time"

// speechLevel is the root mean square above which 20 ms count as speech:
// 200 of 32768, -44 dBFS. A quiet line lies 10 dB below, a soft voice 10 dB
// above. Asterisk and FreeSWITCH draw the line at about the same place (256
// and 200).
const speechLevel = 200

// ear tells speech from a quiet line, 20 ms at a time.
type ear struct {
	block  int // samples of 20 ms
	n      int
	sum    uint64 // of squares
	speech int64  // samples
	quiet  int64  // samples since the last speech
}

func newEar(rate int) ear { return ear{block: rate / 50} }

func (e *ear) hear(samples []int16) {
	for _, s := range samples {
		e.sum += uint64(int64(s) * int64(s))
		if e.n++; e.n < e.block {
			continue
		}
		if e.sum > speechLevel*speechLevel*uint64(e.block) {
			e.speech += int64(e.block)
			e.quiet = 0
		} else {
			e.quiet += int64(e.block)
		}
		e.n, e.sum = 0, 0
	}
}

// span is the time that n samples take, rounded down to a nanosecond.
func span(n int64, rate int) time.Duration {
	whole, rest := n/int64(rate), n%int64(rate)
	return time.Duration(whole)*time.Second + time.Duration(rest)*time.Second/time.Duration(rate)
}

// samples is the number of samples nearest to d.
func samples(d time.Duration, rate int) int64 {
	whole, rest := int64(d/time.Second), int64(d%time.Second)
	n := rest * int64(rate)
	if n < 0 {
		n -= int64(time.Second / 2)
	} else {
		n += int64(time.Second / 2)
	}
	return whole*int64(rate) + n/int64(time.Second)
}
