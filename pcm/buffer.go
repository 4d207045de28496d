package pcm

import (
	"fmt"
	"slices"

	"github.com/go-audio/audio"
)

// Buffer returns the clip as a buffer of go-audio/audio, for code that speaks
// that type. The buffer owns its data. SourceBitDepth is set, without which the
// conversions of that package guess the scale.
func (c Clip) Buffer() *audio.IntBuffer {
	data := make([]int, len(c.Samples))
	for i, s := range c.Samples {
		data[i] = int(s)
	}
	return &audio.IntBuffer{
		Format:         &audio.Format{NumChannels: 1, SampleRate: c.Rate},
		Data:           data,
		SourceBitDepth: 16,
	}
}

// FromBuffer makes a clip of a buffer of go-audio/audio. The clip owns its
// samples.
//
// Depths of 16, 24 and 32 bits are scaled to 16; two channels become one as in
// [ReadWAV]. Anything else is [ErrFormat]: in particular no depth at all, which
// would be a guess at the loudness, and 8 bits, which some decoders deliver
// signed and some not.
func FromBuffer(b *audio.IntBuffer) (Clip, error) {
	if b == nil || b.Format == nil {
		return Clip{}, fmt.Errorf("%w: buffer without a format", ErrFormat)
	}
	if err := checkRate(b.Format.SampleRate); err != nil {
		return Clip{}, err
	}
	if n := b.Format.NumChannels; n < 1 || n > 2 {
		return Clip{}, fmt.Errorf("%w: %d channels, want 1 or 2", ErrFormat, n)
	}
	if !slices.Contains([]int{16, 24, 32}, b.SourceBitDepth) {
		return Clip{}, fmt.Errorf("%w: buffer of %d bits, want 16, 24 or 32", ErrFormat, b.SourceBitDepth)
	}
	samples := make([]int16, len(b.Data))
	for i, v := range b.Data {
		samples[i] = narrow(int64(v), b.SourceBitDepth)
	}
	return Clip{Rate: b.Format.SampleRate, Samples: mono(samples, b.Format.NumChannels)}, nil
}

// narrow scales a sample of the given depth to 16 bits, rounding to the nearest
// and clipping what does not fit.
func narrow(v int64, depth int) int16 {
	shift := depth - 16
	if shift > 0 {
		v = (v>>(shift-1) + 1) >> 1
	}
	return int16(min(max(v, -1<<15), 1<<15-1))
}
