package greeting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// Clips keeps sounds as WAV files, by their hash. It is a part of
// voicemail.Blobs, so that one value serves both. An implementation is dumb: it
// keeps bytes and decides nothing. It is called concurrently, and the suite
// greetingtest.TestClips proves it.
type Clips interface {
	// Put keeps the size bytes of r under the key unless there are bytes
	// already: then it leaves them as they are, and nil is returned. It keeps
	// all of them or nothing; fewer or more bytes in r than size are an error.
	// The store never keeps r.
	Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error
	// Open reads n bytes from an offset on, fewer at the end; a negative n is
	// all the rest. At the end and behind it there are none. An unknown key is an error, whichever: [Fetch] treats
	// it as it treats an outage. The caller closes the reader.
	Open(ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error)
	// Delete forgets the key. One that is not there is no error.
	Delete(ctx context.Context, tenant phone.TenantID, key string) error
}

// The limits of a clip.
const (
	MinLength    = 500 * time.Millisecond
	MaxLength    = 3 * time.Minute
	MinRate      = 8000
	MaxRate      = 48000
	MaxClipBytes = 18 << 20 // of the WAV file: 3 minutes at 48 kHz, and headers
)

// Errors of [Fetch] and [Store].
var (
	ErrNoClip  = errors.New("greeting: no clip")
	ErrDamaged = errors.New("greeting: clip damaged")
	ErrSilent  = errors.New("greeting: clip is silent")
	ErrLimit   = errors.New("greeting: clip outside the limits")
)

// quiet is the highest sample of what counts as silence: -60 dBFS.
const quiet = 33

// Fetch reads the sound of a greeting and checks it against its hash. It never
// returns silence: where there is no clip, the store fails, or what it has is
// damaged, silent or out of bounds, the built-in greeting in the language of g
// comes together with the error, and the host plays it and logs the other.
// Clips may be nil when only built-in greetings are used. Fetch blocks as long
// as the store does.
func Fetch(ctx context.Context, clips Clips, tenant phone.TenantID, g Greeting) (pcm.Clip, error) {
	if file, ok := builtinFile(g.Clip); ok {
		return readBuiltin(file)
	}
	clip, err := fetch(ctx, clips, tenant, g.Clip)
	if err == nil {
		return clip, nil
	}
	file, _ := builtinFile(Builtin(g.Language).Clip)
	spare, err2 := readBuiltin(file)
	return spare, errors.Join(fmt.Errorf("greeting %q: %w", g.ID, err), err2)
}

func readBuiltin(file string) (pcm.Clip, error) {
	data, err := sounds.ReadFile(file)
	if err != nil {
		return pcm.Clip{}, err
	}
	return pcm.ReadWAV(bytes.NewReader(data), MaxLength)
}

func fetch(ctx context.Context, clips Clips, tenant phone.TenantID, hash string) (clip pcm.Clip, err error) {
	if clips == nil || !isHash(hash) {
		return pcm.Clip{}, ErrNoClip
	}
	r, err := clips.Open(ctx, tenant, hash, 0, MaxClipBytes+1)
	if err != nil {
		return pcm.Clip{}, fmt.Errorf("%w: %w", ErrNoClip, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	sum := sha256.New()
	all := io.TeeReader(io.LimitReader(r, MaxClipBytes+1), sum)
	clip, err = pcm.ReadWAV(all, MaxLength)
	switch {
	case errors.Is(err, pcm.ErrTooLong):
		return pcm.Clip{}, fmt.Errorf("%w: longer than %v", ErrLimit, MaxLength)
	case err != nil:
		return pcm.Clip{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	// The hash is that of the whole file, and not all of it is sound.
	if _, err := io.Copy(io.Discard, all); err != nil {
		return pcm.Clip{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return pcm.Clip{}, fmt.Errorf("%w: the hash is another", ErrDamaged)
	}
	return clip, checkClip(clip)
}

// checkClip refuses what nobody should have to listen to.
func checkClip(c pcm.Clip) error {
	if c.Rate < MinRate || c.Rate > MaxRate {
		return fmt.Errorf("%w: %d Hz, want %d to %d", ErrLimit, c.Rate, MinRate, MaxRate)
	}
	if d := c.Duration(); d < MinLength || d > MaxLength {
		return fmt.Errorf("%w: %v long, want %v to %v", ErrLimit, d, MinLength, MaxLength)
	}
	for _, s := range c.Samples {
		if s > quiet || s < -quiet {
			return nil
		}
	}
	return ErrSilent
}

// Store keeps a sound as a WAV file of 16-bit samples and returns its key, for
// [Greeting.Clip]. The same sound has the same key, however often it is stored.
// A clip that is silent or outside the limits is refused ([ErrSilent],
// [ErrLimit]). Store blocks as long as the store does.
func Store(ctx context.Context, clips Clips, tenant phone.TenantID, c pcm.Clip) (string, error) {
	if err := checkClip(c); err != nil {
		return "", err
	}
	var wav bytes.Buffer
	if err := pcm.WriteWAV(&wav, c, pcm.PCM16); err != nil {
		return "", fmt.Errorf("greeting: store: %w", err)
	}
	sum := sha256.Sum256(wav.Bytes())
	hash := hex.EncodeToString(sum[:])
	if err := clips.Put(ctx, tenant, hash, &wav, int64(wav.Len())); err != nil {
		return "", fmt.Errorf("greeting: store: %w", err)
	}
	return hash, nil
}
