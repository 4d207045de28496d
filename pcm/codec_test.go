package pcm_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/pcm"
)

var codecs = []pcm.Codec{pcm.PCM16, pcm.PCMU, pcm.PCMA}

func everySample() []int16 {
	all := make([]int16, 0, 1<<16)
	for v := math.MinInt16; v <= math.MaxInt16; v++ {
		all = append(all, int16(v))
	}
	return all
}

func everyByte() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

func TestCodecPoints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		codec   pcm.Codec
		sample  int16
		code    []byte
		decoded int16
	}{
		{"mu-law zero", pcm.PCMU, 0, []byte{0xFF}, 0},
		{"mu-law least", pcm.PCMU, 4, []byte{0xFE}, 8},
		{"mu-law loudest", pcm.PCMU, 32767, []byte{0x80}, 32124},
		{"mu-law loudest below", pcm.PCMU, -32768, []byte{0x00}, -32124},
		{"a-law zero", pcm.PCMA, 0, []byte{0xD5}, 8},
		{"a-law just below zero", pcm.PCMA, -1, []byte{0x55}, -8},
		{"a-law loudest", pcm.PCMA, 32767, []byte{0xAA}, 32256},
		{"a-law loudest below", pcm.PCMA, -32768, []byte{0x2A}, -32256},
		{"a-law second segment", pcm.PCMA, 256, []byte{0xC5}, 264},
		{"linear", pcm.PCM16, -2, []byte{0xFE, 0xFF}, -2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.code, tt.codec.Encode(nil, []int16{tt.sample}))
			assert.Equal(t, []int16{tt.decoded}, tt.codec.Decode(nil, tt.code))
		})
	}
}

// Every sample is at most half a step from what its code decodes to. The step
// of a code is its distance from the other code of its pair, which is always in
// the same segment. What mu-law cannot reach is clipped.
func TestG711WithinHalfAStep(t *testing.T) {
	t.Parallel()
	away := func(a, b int16) int { return max(int(a)-int(b), int(b)-int(a)) }
	for _, codec := range []pcm.Codec{pcm.PCMU, pcm.PCMA} {
		for _, s := range everySample() {
			code := codec.Encode(nil, []int16{s})
			pair := codec.Decode(nil, []byte{code[0], code[0] ^ 1})
			if codec == pcm.PCMU {
				s = min(max(s, -32635), 32635)
			}
			if 2*away(s, pair[0]) > away(pair[0], pair[1]) {
				t.Fatalf("%s of %d gives %d", codec, s, pair[0])
			}
		}
	}
}

func TestG711KeepsItsOwnCodes(t *testing.T) {
	t.Parallel()
	for _, codec := range []pcm.Codec{pcm.PCMU, pcm.PCMA} {
		again := codec.Encode(nil, codec.Decode(nil, everyByte()))
		for b, got := range again {
			want := byte(b)
			if codec == pcm.PCMU && b == 0x7F {
				want = 0xFF // negative zero has no sample of its own
			}
			assert.Equal(t, want, got, "%s code %#x", codec, b)
		}
	}
}

func TestG711IsMonotonous(t *testing.T) {
	t.Parallel()
	samples := everySample()
	for _, codec := range []pcm.Codec{pcm.PCMU, pcm.PCMA} {
		decoded := codec.Decode(nil, codec.Encode(nil, samples))
		for i := 1; i < len(decoded); i++ {
			if decoded[i-1] > decoded[i] {
				t.Fatalf("%s falls at %d", codec, samples[i])
			}
		}
	}
}

func TestCodecAppends(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		codec := rapid.SampledFrom(codecs).Draw(t, "codec")
		head := rapid.SliceOf(rapid.Byte()).Draw(t, "head")
		samples := rapid.SliceOf(rapid.Int16()).Draw(t, "samples")
		alone := codec.Encode(nil, samples)
		require.Len(t, alone, len(samples)*codec.Width())
		whole := codec.Encode(append([]byte(nil), head...), samples)
		require.Equal(t, string(head)+string(alone), string(whole))

		decoded := codec.Decode([]int16{1, 2}, alone)
		require.Equal(t, []int16{1, 2}, decoded[:2])
		require.Len(t, decoded, 2+len(samples))
		if codec == pcm.PCM16 && len(samples) > 0 {
			require.Equal(t, samples, decoded[2:])
		}
	})
}

func TestCodecEdges(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []int16{513}, pcm.PCM16.Decode(nil, []byte{1, 2, 3}), "an odd byte is left out")
	for _, none := range []pcm.Codec{"", "opus", "PCMU"} {
		assert.Zero(t, none.Width())
		assert.Equal(t, []byte{9}, none.Encode([]byte{9}, []int16{1}))
		assert.Equal(t, []int16{9}, none.Decode([]int16{9}, []byte{1, 2}))
	}
}

func TestCodecAllocatesNothingWithRoom(t *testing.T) {
	samples := make([]int16, 160)
	data, back := make([]byte, 0, 320), make([]int16, 0, 160)
	for _, codec := range codecs {
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			data = codec.Encode(data[:0], samples)
			back = codec.Decode(back[:0], data)
		}), codec)
	}
}
