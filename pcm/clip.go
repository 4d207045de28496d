package pcm

import (
	"slices"
	"time"
)

// Sampling rates that the package reads, makes and resamples, in hertz. Below
// the lowest there is no telephone speech; the highest is what studios deliver.
const (
	MinRate = 8000
	MaxRate = 96000
)

// Longest is the length of the longest clip that the package makes: [Tone],
// [Silence] and [DTMF] stop there, and [ReadWAV] accepts no higher limit.
const Longest = time.Hour

// Clip is a mono sound in memory: signed 16-bit samples at a stated rate.
// Greetings and messages are minutes, not hours; a minute at 8 kHz is 960 kB.
//
// A Clip is a value that shares its samples when it is copied. No method
// changes the samples of its receiver, so clips may be used concurrently as
// long as nobody writes to Samples.
type Clip struct {
	Rate    int     // samples a second, MinRate to MaxRate
	Samples []int16 // full scale is -32768 to 32767
}

// ValidRate reports whether the package works at rate: from [MinRate] to
// [MaxRate].
func ValidRate(rate int) bool { return rate >= MinRate && rate <= MaxRate }

// Duration returns how long the clip sounds, exact to the nanosecond and
// rounded down. It is zero when the rate is not positive.
func (c Clip) Duration() time.Duration { return samplesToTime(len(c.Samples), c.Rate) }

// Slice returns the part of the clip from one instant to another, half-open.
// Instants outside the clip are moved to its nearest end; a part of negative
// length is empty. The part shares the samples of c, but appending to it does
// not write into c.
func (c Clip) Slice(from, to time.Duration) Clip {
	first := c.index(from)
	last := max(c.index(to), first)
	return Clip{Rate: c.Rate, Samples: c.Samples[first:last:last]}
}

func (c Clip) index(at time.Duration) int {
	if at >= c.Duration() {
		return len(c.Samples)
	}
	return timeToSamples(max(at, 0), c.Rate)
}

// Append returns c followed by the others, each resampled to the rate of c. The
// samples of the result are its own.
func (c Clip) Append(others ...Clip) Clip {
	joined := slices.Clone(c.Samples)
	for _, other := range others {
		joined = append(joined, other.Resample(c.Rate).Samples...)
	}
	return Clip{Rate: c.Rate, Samples: joined}
}

// Silence returns d of digital silence, at most [Longest]. It is empty when the
// rate is not valid or d is not positive.
func Silence(rate int, d time.Duration) Clip {
	return Clip{Rate: rate, Samples: make([]int16, generated(rate, d))}
}

// generated is how many samples a generator may make for d.
func generated(rate int, d time.Duration) int {
	if !ValidRate(rate) {
		return 0
	}
	return timeToSamples(min(max(d, 0), Longest), rate)
}

// timeToSamples rounds to the nearest, so that it is the inverse of
// samplesToTime. It splits off whole seconds, because the plain product
// overflows after a day.
func timeToSamples(d time.Duration, rate int) int {
	part := int64(d%time.Second) * int64(rate)
	return int(d/time.Second)*rate + int((part+int64(time.Second)/2)/int64(time.Second))
}

func samplesToTime(n, rate int) time.Duration {
	if rate <= 0 {
		return 0
	}
	whole := time.Duration(n/rate) * time.Second
	return whole + time.Duration(n%rate)*time.Second/time.Duration(rate)
}
