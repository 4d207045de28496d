package voicemail

import "time"

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
