package siphost

import "github.com/afterbeep/afterbeep/pcm"

// newInband finds keys in the sound of one call.
func newInband() func(pcm.Codec, []byte) []rune {
	detector, err := pcm.NewDetector(sampleRate)
	if err != nil {
		return nil // not at this rate
	}
	var digits []pcm.Digit
	var samples []int16
	return func(codec pcm.Codec, payload []byte) []rune {
		samples = codec.Decode(samples[:0], payload)
		digits = detector.Feed(digits[:0], samples)
		var keys []rune
		for _, d := range digits {
			keys = append(keys, []rune(d.Key)...)
		}
		return keys
	}
}
