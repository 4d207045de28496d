package pcm

// Two channels become one by their mean, except where the mean would lose what
// was said. A microphone cable with one pole turned gives two channels that
// cancel; a headset recorded in stereo gives one that holds only noise. In both
// cases the louder channel alone is the better sound.
const (
	opposed  = -0.5 // correlation below which channels cancel each other
	lopsided = 100  // ratio of powers (20 dB) from which one channel is unused
)

// mono returns interleaved samples of one or two channels as one channel, in
// the memory of its argument. A last half frame is dropped.
func mono(samples []int16, channels int) []int16 {
	if channels != 2 {
		return samples
	}
	var left, right, cross float64
	for i := 0; i+1 < len(samples); i += 2 {
		l, r := float64(samples[i]), float64(samples[i+1])
		left += l * l
		right += r * r
		cross += l * r
	}
	n := len(samples) / 2
	apart := cross < 0 && cross*cross > opposed*opposed*left*right
	if apart || left > lopsided*right || right > lopsided*left {
		from := 0
		if right > left {
			from = 1
		}
		for i := range n {
			samples[i] = samples[2*i+from]
		}
		return samples[:n]
	}
	for i := range n {
		samples[i] = int16((int(samples[2*i]) + int(samples[2*i+1])) >> 1)
	}
	return samples[:n]
}
