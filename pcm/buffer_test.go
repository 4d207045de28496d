package pcm_test

import (
	"testing"

	"github.com/go-audio/audio"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
)

func TestBufferThereAndBack(t *testing.T) {
	t.Parallel()
	c := pcm.Clip{Rate: 16000, Samples: []int16{0, 1, -1, 32767, -32768}}
	b := c.Buffer()
	assert.Equal(t, 16, b.SourceBitDepth)
	assert.Equal(t, &audio.Format{NumChannels: 1, SampleRate: 16000}, b.Format)
	back, err := pcm.FromBuffer(b)
	require.NoError(t, err)
	assert.Equal(t, c, back)
	assert.InDelta(t, -1, b.AsFloat32Buffer().Data[4], 1e-6, "the scale is right for go-audio too")
}

func TestFromBuffer(t *testing.T) {
	t.Parallel()
	mono, stereo := &audio.Format{NumChannels: 1, SampleRate: 8000}, &audio.Format{NumChannels: 2, SampleRate: 8000}
	tests := []struct {
		name string
		give *audio.IntBuffer
		want []int16 // nil: refused
	}{
		{"24 bits, rounded and clipped", &audio.IntBuffer{Format: mono, SourceBitDepth: 24, Data: []int{256, 127, 128, 1<<23 - 1, -1 << 23}}, []int16{1, 0, 1, 32767, -32768}},
		{"32 bits", &audio.IntBuffer{Format: mono, SourceBitDepth: 32, Data: []int{1 << 16, -1 << 31, 1<<31 - 1}}, []int16{1, -32768, 32767}},
		{"beyond its depth", &audio.IntBuffer{Format: mono, SourceBitDepth: 16, Data: []int{40000, -40000}}, []int16{32767, -32768}},
		{"stereo", &audio.IntBuffer{Format: stereo, SourceBitDepth: 16, Data: []int{100, 200, -100, -200}}, []int16{150, -150}},
		{"stereo, half a frame at the end", &audio.IntBuffer{Format: stereo, SourceBitDepth: 16, Data: []int{100, 200, 5}}, []int16{150}},
		{"nil", nil, nil},
		{"no format", &audio.IntBuffer{SourceBitDepth: 16}, nil},
		{"no depth", &audio.IntBuffer{Format: mono, Data: []int{100}}, nil},
		{"8 bits", &audio.IntBuffer{Format: mono, SourceBitDepth: 8}, nil},
		{"six channels", &audio.IntBuffer{Format: &audio.Format{NumChannels: 6, SampleRate: 8000}, SourceBitDepth: 16}, nil},
		{"no channel", &audio.IntBuffer{Format: &audio.Format{SampleRate: 8000}, SourceBitDepth: 16}, nil},
		{"rate", &audio.IntBuffer{Format: &audio.Format{NumChannels: 1, SampleRate: 1}, SourceBitDepth: 16}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := pcm.FromBuffer(tt.give)
			if tt.want == nil {
				require.ErrorIs(t, err, pcm.ErrFormat)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got.Samples)
		})
	}
}
