package pcm

import (
	"fmt"
	"strings"
	"time"
)

// The keypad of ITU-T Q.23: a key sounds the frequency of its row and that of
// its column.
const dtmfKeys = "123A456B789C*0#D"

var (
	dtmfRows    = [4]float64{697, 770, 852, 941}
	dtmfColumns = [4]float64{1209, 1336, 1477, 1633}
)

// dtmfTime is the default length of a tone and of a pause. Receivers need 40 ms
// of each (Q.24); twice that survives a lossy path.
const dtmfTime = 100 * time.Millisecond

// Levels as telephones send them: the column 2 dB above the row, because a long
// line weakens high frequencies more. In dBm0.
const (
	rowLevel    = -9
	columnLevel = -7
)

// DTMF returns the sound of keys pressed one after the other: each a tone of
// length on and a pause of length off, at -9 and -7 dBm0. Zero or less means
// 100 ms, and the whole is at most [Longest]. A to D may be lower case.
//
// Any other character, or a rate that is not valid, is [ErrFormat].
func DTMF(rate int, keys string, on, off time.Duration) (Clip, error) {
	if err := checkRate(rate); err != nil {
		return Clip{}, err
	}
	if on <= 0 {
		on = dtmfTime
	}
	if off <= 0 {
		off = dtmfTime
	}
	c, pause := Clip{Rate: rate}, Silence(rate, off)
	most := generated(rate, Longest)
	for i, key := range strings.ToUpper(keys) {
		at := strings.IndexRune(dtmfKeys, key)
		if at < 0 {
			return Clip{}, fmt.Errorf("%w: no key %q at byte %d of the keys", ErrFormat, key, i)
		}
		if len(c.Samples) >= most {
			break
		}
		tone := Silence(rate, on)
		render(tone, sine{dtmfRows[at/4], amplitude(rowLevel)}, sine{dtmfColumns[at%4], amplitude(columnLevel)})
		c.Samples = append(append(c.Samples, tone.Samples...), pause.Samples...)
	}
	c.Samples = c.Samples[:min(len(c.Samples), most)]
	return c, nil
}
