package pcm_test

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
)

// malformed are files that are refused: what they lack, and where.
var malformed = []struct {
	name   string
	file   []byte
	offset int64
	want   string // in the message
}{
	{"empty", nil, 0, "the end of the file"},
	{"cut off in the RIFF header", []byte("RIFF\x00\x00"), 6, "RIFF header"},
	{"header alone", riff(), 12, `"data"`},
	{"cut off in a chunk header", riff([]byte("fmt ")), 16, `"data"`},
	{"cut off in fmt", riff(sized("fmt ", 16, make([]byte, 7))), 27, `the whole of "fmt "`},
	{"no sound", riff(plain(1, 1, 16)), 36, `"data"`},
	{"no fmt", riff(chunk("LIST", []byte("INFO")), chunk("data", four)), 24, `"fmt " before it`},
	{"data before fmt", riff(chunk("data", four), plain(1, 1, 16)), 12, `"fmt " before it`},
	{"two fmt", riff(plain(1, 1, 16), plain(1, 2, 16), chunk("data", four)), 36, `second "fmt "`},
	{"fmt of 14 bytes", riff(sized("fmt ", 14, make([]byte, 14)), chunk("data", four)), 16, "14 bytes"},
	{"fmt of a gibibyte", riff(sized("fmt ", 1<<30, make([]byte, 40))), 16, "1073741824 bytes"},
	{"LIST of a gibibyte", riff(plain(1, 1, 16), sized("LIST", 1<<30, []byte("INFO"))), 36, "before the sound"},
	{"LIST of four gibibytes", riff(plain(1, 1, 16), sized("LIST", 0xFFFFFFFF, []byte("INFO"))), 36, "before the sound"},
	{"cue of 16 MiB that is not there", riff(plain(1, 1, 16), sized("cue ", 16<<20, make([]byte, 30))), 74, `"data"`},
	{"flood of chunks", riff(plain(1, 1, 16), bytes.Repeat(chunk("smpl", nil), 120_000)), 36 + 1023*8, "1024 chunks"},
	{"no channel", riff(chunk("fmt ", format(1, 0, 8000, 2, 16)), chunk("data", four)), 22, "0 channels"},
	{"65535 channels", riff(chunk("fmt ", format(1, 65535, 8000, 2, 16)), chunk("data", four)), 22, "65535 channels"},
	{"rate 0", riff(chunk("fmt ", format(1, 1, 0, 2, 16)), chunk("data", four)), 24, "rate 0 Hz"},
	{"rate 1", riff(chunk("fmt ", format(1, 1, 1, 2, 16)), chunk("data", four)), 24, "rate 1 Hz"},
	{"rate 4294967295", riff(chunk("fmt ", format(1, 1, math.MaxUint32, 2, 16)), chunk("data", four)), 24, "rate 4294967295 Hz"},
	{"0 bits", riff(chunk("fmt ", format(1, 1, 8000, 0, 0)), chunk("data", four)), 34, "0 bits"},
	{"1 bit", riff(chunk("fmt ", format(1, 1, 8000, 1, 1)), chunk("data", four)), 34, "1 bits"},
	{"12 bits", riff(chunk("fmt ", format(1, 1, 8000, 2, 12)), chunk("data", four)), 34, "12 bits"},
	{"64-bit integers", riff(plain(1, 1, 64), chunk("data", four)), 34, "64 bits"},
	{"16-bit float", riff(plain(3, 1, 16), chunk("data", four)), 34, "16 bits in float"},
	{"16-bit mu-law", riff(plain(7, 1, 16), chunk("data", four)), 34, "16 bits in mu-law"},
	{"block too large", riff(chunk("fmt ", format(1, 1, 8000, 4, 16)), chunk("data", four)), 32, "block of 4 bytes"},
	{"block zero", riff(chunk("fmt ", format(1, 2, 8000, 0, 16)), chunk("data", four)), 32, "block of 0 bytes"},
	{"MS ADPCM", riff(plain(2, 1, 16), chunk("data", four)), 20, "format tag 0x2"},
	{"IMA ADPCM", riff(plain(0x11, 1, 16), chunk("data", four)), 20, "format tag 0x11"},
	{"GSM 6.10", riff(plain(0x31, 1, 16), chunk("data", four)), 20, "format tag 0x31"},
	{"MP3 in WAV", riff(plain(0x55, 1, 16), chunk("data", four)), 20, "format tag 0x55"},
	{"extensible without its extension", riff(plain(0xFFFE, 1, 16), chunk("data", four)), 20, "extensible format of 16 bytes"},
	{"extensible with another GUID", riff(extensible(1, 1, 16, strings.Repeat("x", 14)), chunk("data", four)), 44, "sub-format"},
	{"extensible MP3", riff(extensible(0x55, 1, 16, waveGUID), chunk("data", four)), 44, "format tag 0x55"},
	{"RIFX", []byte("RIFX\x00\x00\x00\x00WAVEfmt "), 0, `"RIFX"`},
	{"RF64", []byte("RF64\xff\xff\xff\xffWAVEds64"), 0, `"RF64"`},
	{"AIFF", []byte("FORM\x00\x00\x00\x00AIFFCOMM"), 0, `"FORM"`},
	{"AVI", []byte("RIFF\x00\x00\x00\x00AVI LIST"), 8, `"AVI "`},
	{"PNG", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 0, `"\x89PNG"`},
	{"HTML", []byte("<!DOCTYPE html><html><body>404"), 0, `"<!DO"`},
	{"MP3", []byte("ID3\x04\x00\x00\x00\x00\x00\x00\x00\x00"), 0, `"ID3\x04"`},
	{"only zeros", make([]byte, 64), 0, `"\x00\x00\x00\x00"`},
}

func TestMalformedWAV(t *testing.T) {
	t.Parallel()
	for _, tt := range malformed {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := pcm.ReadWAV(bytes.NewReader(tt.file), 0)
			require.ErrorIs(t, err, pcm.ErrFormat)
			assert.Zero(t, got)
			var bad *pcm.FormatError
			require.ErrorAs(t, err, &bad)
			assert.Equal(t, tt.offset, bad.Offset)
			assert.Contains(t, err.Error(), tt.want)
		})
	}
}

// What a header claims costs nothing. Not parallel: it counts the allocations of
// the whole process.
func TestMalformedWAVCostsLittle(t *testing.T) {
	liars := map[string][]byte{
		"sound of 2 GiB": riff(plain(1, 1, 16), sized("data", 1<<31-8192, four)),
		"sound of 4 GiB": riff(plain(1, 1, 16), sized("data", 0xFFFFFFFF, four)),
	}
	for _, m := range malformed {
		liars[m.name] = m.file
	}
	for name, file := range liars {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = pcm.ReadWAV(bytes.NewReader(file), 0) // refused or not: only the cost counts
		runtime.ReadMemStats(&after)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(128<<10), name)
	}
}

func FuzzReadWAV(f *testing.F) {
	for _, m := range malformed {
		if len(m.file) < 1<<10 {
			f.Add(m.file)
		}
	}
	f.Add(riff(plain(1, 1, 16), chunk("data", four)))
	f.Add(riff(plain(3, 2, 32), chunk("fact", make([]byte, 4)), sized("data", 0xFFFFFFFF, four)))
	f.Add(riff(extensible(6, 1, 8, waveGUID), sized("data", 3, four[:3])))
	f.Fuzz(func(t *testing.T, file []byte) {
		c, err := pcm.ReadWAV(bytes.NewReader(file), time.Second)
		if err != nil && !errors.Is(err, pcm.ErrFormat) && !errors.Is(err, pcm.ErrTooLong) {
			t.Fatalf("an error of another kind: %v", err)
		}
		if errors.Is(err, pcm.ErrFormat) {
			return
		}
		require.True(t, pcm.ValidRate(c.Rate))
		require.LessOrEqual(t, len(c.Samples), len(file), "more sound than bytes")
		require.LessOrEqual(t, c.Duration(), time.Second)
		var again bytes.Buffer
		require.NoError(t, pcm.WriteWAV(&again, c, pcm.PCM16))
		back, err := pcm.ReadWAV(&again, time.Second)
		require.NoError(t, err)
		require.Equal(t, append([]int16{}, c.Samples...), append([]int16{}, back.Samples...))
	})
}
