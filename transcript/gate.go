package transcript

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

// leastSpeech is how much speech a recording must hold to be worth a
// recogniser: the shortest "oui".
const leastSpeech = 200 * time.Millisecond

// Gate asks r only about recordings in which somebody may be speaking, by
// [pcm.Level]: engines invent text on silence, on tones and on an open line,
// and each of them costs money. A clip without 200 ms of speech is answered
// with the zero [Transcript] and no error. A clip that can not be measured is
// r's to refuse.
func Gate(r Recognizer) Recognizer {
	return RecognizerFunc(func(ctx context.Context, c pcm.Clip, h Hints) (Transcript, error) {
		if pcm.ValidRate(c.Rate) && c.Level().Speech < leastSpeech {
			return Transcript{}, ctx.Err()
		}
		return r.Recognize(ctx, c, h)
	})
}

// Timeout gives r at most limit for each clip; zero or less is no limit. When
// the time is up the error is an [Error] of kind [Retry]; when ctx itself ends,
// its own.
func Timeout(r Recognizer, limit time.Duration) Recognizer {
	if limit <= 0 {
		return r
	}
	return RecognizerFunc(func(ctx context.Context, c pcm.Clip, h Hints) (Transcript, error) {
		inner, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		t, err := r.Recognize(inner, c, h)
		if err != nil && ctx.Err() == nil && inner.Err() != nil {
			var known *Error
			if !errors.As(err, &known) {
				err = &Error{Kind: Retry, Err: err}
			}
		}
		return t, err
	})
}

// Key names what is asked of a recogniser: the sound and the hints that change
// the answer, not who asks. [Once] keeps answers under it. It is 64 hexadecimal
// digits and reveals nothing of the sound.
func Key(c pcm.Clip, h Hints) string {
	hash := sha256.New()
	var buf [8]byte
	number := func(n int) {
		binary.LittleEndian.PutUint64(buf[:], uint64(n))
		_, _ = hash.Write(buf[:]) // a hash never fails
	}
	number(c.Rate)
	number(len(c.Samples))
	block := make([]byte, 0, 4096)
	for _, s := range c.Samples {
		if block = binary.LittleEndian.AppendUint16(block, uint16(s)); len(block) == cap(block) {
			_, _ = hash.Write(block)
			block = block[:0]
		}
	}
	_, _ = hash.Write(block)
	number(len(h.Languages))
	text := func(s string) {
		number(len(s))
		_, _ = hash.Write([]byte(s))
	}
	for _, tag := range h.Languages {
		text(tag.String())
	}
	for _, word := range h.Vocabulary {
		text(word)
	}
	return hex.EncodeToString(hash.Sum(nil))
}
