package transcript

import (
	"context"

	"github.com/afterbeep/afterbeep/pcm"
)

// Gate asks r only about recordings in which somebody may be speaking: engines
// invent text on silence, and a silent message costs money. A clip without
// speech is answered with the zero [Transcript] and no error.
func Gate(r Recognizer) Recognizer {
	return RecognizerFunc(func(ctx context.Context, c pcm.Clip, h Hints) (Transcript, error) {
		if !speaks(c) {
			return Transcript{}, ctx.Err()
		}
		return r.Recognize(ctx, c, h)
	})
}

// The gate is an energy gate: it looks for windows of 20 ms whose level stands
// out from the quietest tenth of the recording. Measured by root mean square
// over full scale. It must never stop speech, so it lets noise pass.
const (
	window     = 20    // ms
	floorLevel = 0.003 // -50 dBFS: quieter is silence whatever surrounds it
	enough     = 5     // windows: 100 ms, the shortest "oui"
)

func speaks(c pcm.Clip) bool {
	size := c.Rate * window / 1000
	if size <= 0 {
		return len(c.Samples) > 0
	}
	loud := 0
	for from := 0; from+size <= len(c.Samples); from += size {
		var sum float64
		for _, s := range c.Samples[from : from+size] {
			sum += float64(s) * float64(s)
		}
		if sum >= floorLevel*floorLevel*32768*32768*float64(size) {
			if loud++; loud >= enough {
				return true
			}
		}
	}
	return false
}
