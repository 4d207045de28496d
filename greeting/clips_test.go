package greeting_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/greeting/greetingtest"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

const tenant phone.TenantID = "tremblay"

func TestStoreAndFetch(t *testing.T) {
	t.Parallel()
	clips := greeting.NewMemory()
	tone := pcm.Tone(16000, 2*time.Second, 440)
	hash, err := greeting.Store(t.Context(), clips, tenant, tone)
	require.NoError(t, err)
	again, err := greeting.Store(t.Context(), clips, tenant, tone)
	require.NoError(t, err)
	assert.Equal(t, hash, again)

	got, err := greeting.Fetch(t.Context(), clips, tenant, greeting.Greeting{ID: "g", Clip: hash})
	require.NoError(t, err)
	assert.Equal(t, tone, got)

	// Another tenant has no part in it.
	_, err = greeting.Fetch(t.Context(), clips, "other", greeting.Greeting{ID: "g", Clip: hash})
	require.ErrorIs(t, err, greeting.ErrNoClip)
}

func TestStoreRefuses(t *testing.T) {
	t.Parallel()
	second := time.Second
	for name, c := range map[string]struct {
		clip pcm.Clip
		want error
	}{
		"nothing":           {pcm.Clip{}, greeting.ErrLimit},
		"a rate of zero":    {pcm.Clip{Samples: make([]int16, 8000)}, greeting.ErrLimit},
		"too low a rate":    {pcm.Clip{Rate: 4000, Samples: make([]int16, 8000)}, greeting.ErrLimit},
		"too high a rate":   {pcm.Tone(96000, second, 440), greeting.ErrLimit},
		"too short":         {pcm.Tone(8000, greeting.MinLength-time.Millisecond, 440), greeting.ErrLimit},
		"too long":          {pcm.Tone(8000, greeting.MaxLength+time.Millisecond, 440), greeting.ErrLimit},
		"silence":           {pcm.Silence(8000, second), greeting.ErrSilent},
		"next to silence":   {pcm.Clip{Rate: 8000, Samples: level(8000, -33)}, greeting.ErrSilent},
		"just loud enough":  {pcm.Clip{Rate: 8000, Samples: level(8000, -34)}, nil},
		"as long as it may": {pcm.Tone(8000, greeting.MaxLength, 440), nil},
	} {
		clips := &spy{Memory: greeting.NewMemory()}
		_, err := greeting.Store(t.Context(), clips, tenant, c.clip)
		require.ErrorIs(t, err, c.want, name)
		assert.Equal(t, c.want == nil, clips.puts == 1, name)
	}
	_, err := greeting.Store(t.Context(), &spy{fail: io.ErrClosedPipe}, tenant, pcm.Tone(8000, second, 440))
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

func level(n int, v int16) []int16 {
	s := make([]int16, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// spy counts puts, fails when told to, and counts open readers.
type spy struct {
	*greeting.Memory
	fail error
	tail error // of reading
	puts int
	open int
}

func (s *spy) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	if s.puts++; s.fail != nil {
		return s.fail
	}
	return s.Memory.Put(ctx, tenant, key, r, size)
}

func (s *spy) Open(ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	if s.fail != nil {
		return nil, s.fail
	}
	r, err := s.Memory.Open(ctx, tenant, key, from, n)
	if err != nil {
		return nil, err
	}
	s.open++
	if s.tail != nil {
		return &counted{io.MultiReader(io.LimitReader(r, 5000), iotest.ErrReader(s.tail)), s}, nil
	}
	return &counted{r, s}, nil
}

type counted struct {
	io.Reader
	of *spy
}

func (c *counted) Close() error { c.of.open--; return nil }

// Whatever goes wrong, the caller hears the built-in greeting of the language.
func TestFetchIsNeverSilent(t *testing.T) {
	t.Parallel()
	outage := errors.New("the store is away")
	wav := func(c pcm.Clip) []byte {
		var b bytes.Buffer
		require.NoError(t, pcm.WriteWAV(&b, c, pcm.PCM16))
		return b.Bytes()
	}
	tone := wav(pcm.Tone(8000, time.Second, 440))
	spare, err := greeting.Fetch(t.Context(), nil, "", greeting.Builtin(language.French))
	require.NoError(t, err)
	// All of it counts for the hash, also what lies behind the sound.
	tail := append(bytes.Clone(tone), make([]byte, 40_000)...)
	_, err = greeting.Fetch(t.Context(), holding(t, tail), tenant, greeting.Greeting{ID: "g", Clip: hashOf(tail)})
	require.NoError(t, err)
	long := wav(pcm.Tone(8000, greeting.MaxLength+time.Second, 440))

	for name, c := range map[string]struct {
		file     []byte
		clip     string // "": the hash of file
		store    spy
		want     error
		cancel   bool
		noSocket bool
	}{
		"no clip":           {clip: "-", want: greeting.ErrNoClip},
		"never stored":      {clip: clip, want: greeting.ErrNoClip},
		"no store":          {noSocket: true, file: tone, want: greeting.ErrNoClip},
		"outage":            {file: tone, store: spy{fail: outage}, want: outage},
		"cut while reading": {file: tone, store: spy{tail: outage}, want: outage},
		"another sound":     {file: tone, clip: clip, want: greeting.ErrDamaged},
		"bytes behind it":   {file: tail, clip: hashOf(tone), want: greeting.ErrDamaged},
		"no WAV":            {file: []byte("<html>"), want: greeting.ErrDamaged},
		"cut short":         {file: tone[:4000], clip: hashOf(tone), want: greeting.ErrDamaged},
		"silence":           {file: wav(pcm.Silence(8000, time.Second)), want: greeting.ErrSilent},
		"no sound at all":   {file: wav(pcm.Clip{Rate: 8000}), want: greeting.ErrLimit},
		"four minutes":      {file: long, want: greeting.ErrLimit},
		"96 kHz":            {file: wav(pcm.Tone(96000, time.Second, 440)), want: greeting.ErrLimit},
		"a cancelled call":  {file: tone, cancel: true, want: context.Canceled},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		c.store.Memory = greeting.NewMemory()
		if c.clip == "" {
			c.clip = hashOf(c.file)
		}
		if c.file != nil {
			require.NoError(t, c.store.Memory.Put(ctx, tenant, c.clip, bytes.NewReader(c.file), int64(len(c.file))))
		}
		var clips greeting.Clips = &c.store
		if c.noSocket {
			clips = nil
		}
		if c.cancel {
			cancel()
		}
		g := greeting.Greeting{ID: "closed-fr", Clip: c.clip, Language: language.CanadianFrench}
		got, err := greeting.Fetch(ctx, clips, tenant, g)
		require.ErrorIs(t, err, c.want, name)
		require.ErrorContains(t, err, "closed-fr", name)
		assert.Equal(t, spare, got, name)
		assert.Zero(t, c.store.open, "%s: readers are closed", name)
	}
}

func holding(t *testing.T, file []byte) greeting.Clips {
	t.Helper()
	m := greeting.NewMemory()
	require.NoError(t, m.Put(t.Context(), tenant, hashOf(file), bytes.NewReader(file), int64(len(file))))
	return m
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// The sounds that ship with the package are what their greetings say: there,
// unchanged, audible, not clipped, and short.
func TestBuiltinSounds(t *testing.T) {
	t.Parallel()
	for _, tag := range []language.Tag{language.English, language.French, language.Spanish} {
		g := greeting.Builtin(tag)
		c, err := greeting.Fetch(t.Context(), nil, "", g)
		require.NoError(t, err, g.ID)
		assert.Equal(t, 8000, c.Rate, g.ID)
		assert.Greater(t, c.Duration(), 2*time.Second, g.ID)
		assert.Less(t, c.Duration(), 5*time.Second, g.ID)
		var peak, energy float64
		for _, s := range c.Samples {
			peak, energy = max(peak, max(float64(s), -float64(s))), energy+float64(s)*float64(s)
		}
		rms := energy / float64(len(c.Samples)) / (1 << 30)
		assert.InDelta(t, 0.01, rms, 0.003, "%s is at -20 dBFS", g.ID)
		assert.Less(t, peak, 30000.0, g.ID)
		assert.Equal(t, tag, g.Language)
	}
}

func TestMemoryLimits(t *testing.T) {
	t.Parallel()
	m := greeting.NewMemory()
	for _, size := range []int64{-1, greeting.MaxClipBytes + 1} {
		require.ErrorIs(t, m.Put(t.Context(), tenant, clip, bytes.NewReader(nil), size), greeting.ErrLimit)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, m.Put(ctx, tenant, clip, bytes.NewReader(nil), 0), context.Canceled)
	require.ErrorIs(t, m.Delete(ctx, tenant, clip), context.Canceled)
}

// The store of the example keeps what it promises.
func TestExampleClips(t *testing.T) {
	t.Parallel()
	greetingtest.TestClips(t, func(t *testing.T) greeting.Clips {
		root, err := os.OpenRoot(t.TempDir())
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, root.Close()) })
		return files{root}
	})
}
