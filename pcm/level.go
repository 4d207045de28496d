package pcm

import (
	"math"
	"time"
)

// Floor is the level of digital silence in dBFS, and the lowest level there is,
// as in RFC 6465.
const Floor = -127.0

// Level is how loud a sound is and how much of it is speech.
//
// Levels are in dBFS, from [Floor] to 0. The reference is the largest sample, so
// a sine at full scale has an RMS level of -3.01.
type Level struct {
	Length time.Duration // of the sound
	RMS    float64       // mean power, dBFS
	Peak   float64       // largest sample, dBFS
	Speech time.Duration // sum of the 20 ms frames in which somebody seems to speak
	Lead   time.Duration // before the first of them; Length when there is none
	Quiet  time.Duration // after the last of them; Length when there is none
}

// Level measures the whole clip. It is the zero Level with both levels at
// [Floor] when the clip is empty or its rate not valid. [Meter] says what
// counts as speech.
func (c Clip) Level() Level {
	m, err := NewMeter(c.Rate)
	if err != nil {
		return Level{RMS: Floor, Peak: Floor}
	}
	m.Feed(c.Samples)
	return m.Level()
}

// decibels returns the level of a power; full is the power of level zero.
func decibels(power, full float64) float64 {
	if power <= 0 {
		return Floor
	}
	return max(10*math.Log10(power/full), Floor)
}
