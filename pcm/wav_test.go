package pcm_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
)

func TestWriteAndReadWAV(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		codec := rapid.SampledFrom(codecs).Draw(t, "codec")
		c := pcm.Clip{
			Rate:    rapid.IntRange(pcm.MinRate, pcm.MaxRate).Draw(t, "rate"),
			Samples: rapid.SliceOfN(rapid.Int16(), 0, 20000).Draw(t, "samples"),
		}
		var file bytes.Buffer
		require.NoError(t, pcm.WriteWAV(&file, c, codec))
		require.Zero(t, file.Len()%2, "a RIFF file has an even length")
		require.EqualValues(t, file.Len()-8, binary.LittleEndian.Uint32(file.Bytes()[4:]), "the RIFF size is true")

		got, err := pcm.ReadWAV(&file, 0)
		require.NoError(t, err)
		require.Equal(t, c.Rate, got.Rate)
		require.Equal(t, codec.Decode([]int16{}, codec.Encode(nil, c.Samples)), append([]int16{}, got.Samples...))
	})
}

func TestWAVEncodings(t *testing.T) {
	t.Parallel()
	le := binary.LittleEndian
	f32 := func(vs ...float32) (b []byte) {
		for _, v := range vs {
			b = le.AppendUint32(b, math.Float32bits(v))
		}
		return b
	}
	f64 := func(vs ...float64) (b []byte) {
		for _, v := range vs {
			b = le.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	nan, inf := math.NaN(), math.Inf(1)
	tests := []struct {
		name string
		fmt  []byte
		data []byte
		want []int16
	}{
		{"8 bits are unsigned", plain(1, 1, 8), []byte{0x80, 0, 0xFF, 0x81}, []int16{0, -32768, 32512, 256}},
		{"16 bits", plain(1, 1, 16), four, []int16{0, 256, -256, 32512}},
		{"24 bits", plain(1, 1, 24), []byte{0, 1, 0, 0x80, 0, 0, 0xFF, 0xFF, 0x7F, 0, 0, 0x80, 0xFF, 0xFF, 0xFF}, []int16{1, 1, 32767, -32768, 0}},
		{"32 bits", plain(1, 1, 32), []byte{0, 0, 1, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0x80}, []int16{1, 32767, -32768}},
		{"float", plain(3, 1, 32), f32(0, 0.5, -1, 1, 7, float32(nan), float32(inf), -float32(inf)), []int16{0, 16384, -32768, 32767, 32767, 0, 32767, -32768}},
		{"double", plain(3, 1, 64), f64(0, -0.25, 1e300, nan, -inf), []int16{0, -8192, 32767, 0, -32768}},
		{"mu-law", plain(7, 1, 8), []byte{0xFF, 0x80, 0x00}, []int16{0, 32124, -32124}},
		{"A-law", plain(6, 1, 8), []byte{0xD5, 0xAA, 0x2A}, []int16{8, 32256, -32256}},
		{"extensible", extensible(1, 1, 16, waveGUID), four, []int16{0, 256, -256, 32512}},
		{"extensible float", extensible(3, 1, 32, waveGUID), f32(0.5), []int16{16384}},
		{"extensible mu-law", extensible(7, 1, 8, waveGUID), []byte{0x80}, []int16{32124}},
		{"18-byte format", chunk("fmt ", append(format(1, 1, 8000, 2, 16), 0, 0)), four, []int16{0, 256, -256, 32512}},
		{"big format", chunk("fmt ", append(format(1, 1, 8000, 2, 16), make([]byte, 85)...)), four, []int16{0, 256, -256, 32512}},
		{"stereo", plain(1, 2, 16), []byte{100, 0, 200, 0, 10, 0, 20, 0}, []int16{150, 15}},
		{"stereo with half a frame behind", plain(1, 2, 16), []byte{100, 0, 200, 0, 10, 0}, []int16{150}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := riff(chunk("JUNK", make([]byte, 5)), tt.fmt, chunk("data", tt.data), chunk("LIST", []byte("INFO")))
			got, err := pcm.ReadWAV(bytes.NewReader(file), time.Second)
			require.NoError(t, err)
			assert.Equal(t, pcm.Clip{Rate: 8000, Samples: tt.want}, got)

			slow, err := pcm.ReadWAV(iotest.OneByteReader(bytes.NewReader(file)), time.Second)
			require.NoError(t, err)
			assert.Equal(t, got, slow, "the same, byte by byte")
		})
	}
}

// A recorder that cannot go back, or did not come to it, leaves a placeholder.
// What follows is the sound then; where the size is true, what follows is not.
func TestWAVSizes(t *testing.T) {
	t.Parallel()
	list := chunk("LIST", []byte("INFOxy"))
	tests := []struct {
		name      string
		file      []byte
		want      int   // samples
		frames    int64 // declared
		truncated bool
	}{
		{"true", riff(plain(1, 1, 16), chunk("data", four), list), 4, 4, false},
		{"ffmpeg to a pipe", riffed(0xFFFFFFFF, plain(1, 1, 16), sized("data", 0xFFFFFFFF, four)), 4, -1, false},
		{"espeak-ng and sox to a pipe", riffed(0x7ffff024, plain(1, 1, 16), sized("data", 0x7ffff000, four)), 4, -1, false},
		{"sox to a pipe, 24 bits", riffed(0x7fffefff+36, plain(1, 1, 24), sized("data", 0x7fffefff, four[:6])), 2, -1, false},
		{"go-audio after a crash", riffed(42, plain(1, 1, 16), sized("data", 42, bytes.Repeat(four, 100))), 400, -1, false},
		{"zeros after a crash", riffed(0, plain(1, 1, 16), sized("data", 0, four)), 4, -1, false},
		{"36 and 0 after a crash", riffed(36, plain(1, 1, 16), sized("data", 0, four)), 4, -1, false},
		{"empty in earnest", riff(plain(1, 1, 16), chunk("data", nil), list), 0, 0, false},
		{"empty and alone", riff(plain(1, 1, 16), chunk("data", nil)), 0, -1, false},
		{"42 bytes in earnest", riff(plain(1, 1, 16), chunk("data", make([]byte, 42)), list), 21, 21, false},
		{"cut off", riff(plain(1, 1, 16), sized("data", 8000, four)), 4, 4000, true},
		{"cut off inside a sample", riff(plain(1, 1, 16), sized("data", 8000, four[:7])), 3, 4000, true},
		{"cut off before the first sample", riff(plain(1, 1, 16), sized("data", 8000, nil)), 0, 4000, true},
		{"odd, 8 bits", riff(plain(7, 1, 8), chunk("data", []byte{1, 2, 3}), list), 3, 3, false},
		{"odd, 16 bits", riff(plain(1, 1, 16), chunk("data", four[:5]), list), 2, 2, false},
		{"odd and no pad byte at the end", riff(plain(7, 1, 8), sized("data", 3, []byte{1, 2, 3})), 3, 3, false},
		{"RIFF size too small", riffed(4, plain(1, 1, 16), chunk("data", four)), 4, 4, false},
		{"RIFF size too large", riffed(1<<30, plain(1, 1, 16), chunk("data", four), list), 4, 4, false},
		{"two data chunks", riff(plain(1, 1, 16), chunk("data", four), chunk("data", four)), 4, 4, false},
		{"a data chunk inside a LIST", riff(plain(1, 1, 16), chunk("LIST", chunk("data", make([]byte, 30))), chunk("data", four)), 4, 4, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := pcm.ReadWAV(bytes.NewReader(tt.file), 0)
			require.NoError(t, err)
			assert.Len(t, got.Samples, tt.want)

			w, err := pcm.OpenWAV(bytes.NewReader(tt.file))
			require.NoError(t, err)
			assert.Equal(t, tt.frames, w.Format().Frames)
			for n := 1; err == nil; {
				n, err = w.Read(make([]int16, 3))
				require.False(t, n == 0 && err == nil, "Read must get on")
			}
			require.Equal(t, io.EOF, err)
			assert.Equal(t, tt.truncated, w.Truncated())
		})
	}
}

func TestReadWAVLimit(t *testing.T) {
	t.Parallel()
	second := riff(plain(1, 1, 16), chunk("data", make([]byte, 16000)))
	for _, limit := range []time.Duration{time.Second, 2 * time.Second, 0, -1, math.MaxInt64} {
		got, err := pcm.ReadWAV(bytes.NewReader(second), limit)
		require.NoError(t, err, limit)
		assert.Equal(t, time.Second, got.Duration())
	}
	got, err := pcm.ReadWAV(bytes.NewReader(second), 999*time.Millisecond)
	require.ErrorIs(t, err, pcm.ErrTooLong)
	assert.Equal(t, 999*time.Millisecond, got.Duration(), "the beginning is kept")

	forever := io.MultiReader(bytes.NewReader(riff(plain(7, 1, 8), sized("data", 0xFFFFFFFF, nil))), zeros{})
	got, err = pcm.ReadWAV(forever, math.MaxInt64)
	require.ErrorIs(t, err, pcm.ErrTooLong, "there is always a limit")
	assert.Equal(t, pcm.Longest, got.Duration())

	endless := io.MultiReader(bytes.NewReader(riff(plain(1, 2, 16), sized("data", 0xFFFFFFFF, nil))), zeros{})
	got, err = pcm.ReadWAV(endless, 3*time.Second)
	require.ErrorIs(t, err, pcm.ErrTooLong)
	assert.Equal(t, 3*time.Second, got.Duration())
}

// zeros is a reader without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// stuck is a reader that never gets on and never fails.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestReadWAVFromBadReaders(t *testing.T) {
	t.Parallel()
	file := riff(plain(1, 1, 16), chunk("data", make([]byte, 64000)))
	broken := errors.New("the disk is gone")
	t.Run("fails in the header", func(t *testing.T) {
		t.Parallel()
		_, err := pcm.ReadWAV(io.MultiReader(bytes.NewReader(file[:20]), iotest.ErrReader(broken)), 0)
		require.ErrorIs(t, err, broken)
		assert.NotErrorIs(t, err, pcm.ErrFormat)
	})
	t.Run("fails in the sound", func(t *testing.T) {
		t.Parallel()
		got, err := pcm.ReadWAV(io.MultiReader(bytes.NewReader(file[:8044]), iotest.ErrReader(broken)), 0)
		require.ErrorIs(t, err, broken)
		assert.Len(t, got.Samples, 4000, "what was read before is kept")
	})
	t.Run("never gets on", func(t *testing.T) {
		t.Parallel()
		_, err := pcm.ReadWAV(io.MultiReader(bytes.NewReader(file[:100]), stuck{}), 0)
		require.ErrorIs(t, err, io.ErrNoProgress)
	})
	t.Run("ends together with the last bytes", func(t *testing.T) {
		t.Parallel()
		got, err := pcm.ReadWAV(iotest.DataErrReader(bytes.NewReader(file)), 0)
		require.NoError(t, err)
		assert.Len(t, got.Samples, 32000)
	})
}

func TestStereoBecomesOneChannel(t *testing.T) {
	t.Parallel()
	voice, noise := pcmtest.Voice(8000, 2*time.Second, 1), pcmtest.Voice(8000, 2*time.Second, 2)
	faint := func(s int16) int16 { return s / 20 }
	tests := []struct {
		name        string
		left, right func(i int) int16
		want        func(i int) int16
	}{
		{"the same on both", at(voice), at(voice), at(voice)},
		{"opposed in phase", at(voice), func(i int) int16 { return -voice.Samples[i] }, at(voice)},
		{"opposed, the right one louder", func(i int) int16 { return -voice.Samples[i] / 2 }, at(voice), at(voice)},
		{"only left", at(voice), func(int) int16 { return 0 }, at(voice)},
		{"only right, noise on the left", func(i int) int16 { return faint(noise.Samples[i]) }, at(voice), at(voice)},
		{"two people", at(voice), at(noise), func(i int) int16 { return int16((int(voice.Samples[i]) + int(noise.Samples[i])) >> 1) }},
		{"silence", func(int) int16 { return 0 }, func(int) int16 { return 0 }, func(int) int16 { return 0 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var both, want []int16
			for i := range voice.Samples {
				both = append(both, tt.left(i), tt.right(i))
				want = append(want, tt.want(i))
			}
			file := riff(plain(1, 2, 16), chunk("data", pcm.PCM16.Encode(nil, both)))
			got, err := pcm.ReadWAV(bytes.NewReader(file), 0)
			require.NoError(t, err)
			assert.Equal(t, want, got.Samples)
		})
	}
}

func at(c pcm.Clip) func(int) int16 { return func(i int) int16 { return c.Samples[i] } }

func TestWriteWAVRefuses(t *testing.T) {
	t.Parallel()
	fine := pcm.Clip{Rate: 8000, Samples: []int16{1}}
	require.ErrorIs(t, pcm.WriteWAV(io.Discard, fine, "opus"), pcm.ErrFormat)
	require.ErrorIs(t, pcm.WriteWAV(io.Discard, pcm.Clip{Rate: 1}, pcm.PCM16), pcm.ErrFormat)
	_, err := pcm.WAVHeader(pcm.PCM16, 8000, 1<<31)
	require.ErrorIs(t, err, pcm.ErrFormat)
	_, err = pcm.WAVHeader(pcm.PCMU, 8000, -1)
	require.ErrorIs(t, err, pcm.ErrFormat)
	_, err = pcm.WAVHeader(pcm.PCMU, 8000, math.MaxInt64)
	require.ErrorIs(t, err, pcm.ErrFormat)
	full := errors.New("the disk is full")
	require.ErrorIs(t, pcm.WriteWAV(failing{full}, fine, pcm.PCM16), full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// A spool in G.711 becomes a file by a header before it and a pad byte behind.
func TestWAVHeaderBeforeEncodedSamples(t *testing.T) {
	t.Parallel()
	spool := []byte{0xFF, 0x80, 0x00}
	head, err := pcm.WAVHeader(pcm.PCMU, 8000, 3)
	require.NoError(t, err)
	var same bytes.Buffer
	require.NoError(t, pcm.WriteWAV(&same, pcm.Clip{Rate: 8000, Samples: pcm.PCMU.Decode(nil, spool)}, pcm.PCMU))
	assert.Equal(t, same.Bytes(), append(append(head, spool...), 0))
}
