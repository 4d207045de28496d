package pcm

import (
	"io"
	"time"

	"github.com/go-audio/audio"
)

// STUB: bodies come.

// Clip is a mono sound in memory.
type Clip struct {
	Rate    int
	Samples []int16
}

func (c Clip) Duration() time.Duration  { return 0 }
func (c Clip) Resample(rate int) Clip   { return c }
func (c Clip) Buffer() *audio.IntBuffer { return nil }

type Codec string

const (
	PCM16 Codec = "pcm16"
	PCMU  Codec = "pcmu"
	PCMA  Codec = "pcma"
)

func (c Codec) Encode(dst []byte, samples []int16) []byte    { return dst }
func (c Codec) Decode(dst []int16, data []byte) []int16      { return dst }
func ReadWAV(r io.Reader, limit time.Duration) (Clip, error) { return Clip{}, nil }
func WriteWAV(w io.Writer, c Clip, as Codec) error           { return nil }
func Tone(rate int, d time.Duration, hz ...float64) Clip     { return Clip{Rate: rate} }
