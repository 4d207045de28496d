package voicemail_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// clock is a clock that tests move by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, time.June, 24, 18, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// stores is what a service stands on.
type stores interface {
	voicemail.Store
	voicemail.Blobs
	voicemail.Spool
}

// office is a service with a box, over one value that is all three stores.
type office struct {
	*voicemail.Service
	t      *testing.T
	at     *clock
	stores stores
	box    voicemail.BoxID
	mu     sync.Mutex
	events []phone.Event
}

func newOffice(t *testing.T, s stores, set voicemail.Settings, o voicemail.Options) *office {
	t.Helper()
	f := &office{t: t, at: newClock(), stores: s, box: voicemail.BoxID{Tenant: "acme", Mailbox: "sales"}}
	if o.Clock == nil {
		o.Clock = f.at
	}
	o.Observe = func(_ context.Context, e phone.Event) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.events = append(f.events, e)
	}
	var err error
	f.Service, err = voicemail.New(s, s, s, &o)
	require.NoError(t, err)
	require.NoError(t, f.PutBox(t.Context(), phone.Actor{}, voicemail.Box{ID: f.box, Settings: set}))
	return f
}

func (f *office) request(key string) voicemail.Request {
	caller, err := phone.ParseNumber("+15145550100")
	require.NoError(f.t, err)
	return voicemail.Request{
		Key:    key,
		Call:   phone.Call{ID: "call-" + key, Tenant: f.box.Tenant, Caller: phone.Party{Number: caller, Name: "Zoé"}},
		Divert: phone.Divert{Mailbox: f.box.Mailbox, Outcome: phone.NoAnswer},
		Codec:  pcm.PCMU, Rate: 8000,
	}
}

// leave leaves a message of d of speech.
func (f *office) leave(key string, d time.Duration) voicemail.Receipt {
	f.t.Helper()
	c, err := f.Begin(f.t.Context(), f.request(key))
	require.NoError(f.t, err)
	r, err := c.Record(f.t.Context(), frames(speech(d)))
	require.NoError(f.t, err)
	return r
}

func (f *office) list(q voicemail.Query) voicemail.Page {
	f.t.Helper()
	p, err := f.Messages(f.t.Context(), phone.Actor{}, f.box, q)
	require.NoError(f.t, err)
	return p
}

func (f *office) told(kind string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, e := range f.events {
		if e.Type == kind {
			n++
		}
	}
	return n
}

// listen reads the sound of a message.
func (f *office) listen(id string) pcm.Clip {
	f.t.Helper()
	r, err := f.Open(f.t.Context(), phone.Actor{}, f.box, id)
	require.NoError(f.t, err)
	clip, err := pcm.ReadWAV(r, 0)
	require.NoError(f.t, err)
	require.NoError(f.t, r.Close())
	return clip
}

// speech is d of what a meter takes for somebody who speaks: sound with
// pauses. It begins and ends with sound.
func speech(d time.Duration) pcm.Clip {
	c := pcm.Clip{Rate: 8000}
	for left := d; left > 0; left -= 400 * time.Millisecond {
		c = c.Append(pcm.Tone(8000, min(left, 320*time.Millisecond), 440, 480))
		c = c.Append(pcm.Silence(8000, min(max(left-320*time.Millisecond, 0), 80*time.Millisecond)))
	}
	return c
}

func quiet(d time.Duration) pcm.Clip { return pcm.Silence(8000, d) }

// frames are 20 ms each, in mu-law, as RTP brings them.
func frames(clips ...pcm.Clip) iter.Seq[voicemail.Frame] {
	return func(yield func(voicemail.Frame) bool) {
		at := time.Duration(0)
		for _, c := range clips {
			for i := 0; i < len(c.Samples); i += 160 {
				data := pcm.PCMU.Encode(nil, c.Samples[i:min(i+160, len(c.Samples))])
				if !yield(voicemail.Frame{At: at, Data: data}) {
					return
				}
				at += 20 * time.Millisecond
			}
		}
	}
}

// correlation compares two sounds sample by sample: 1 is the same.
func correlation(a, b []int16) float64 {
	if len(a) != len(b) {
		return 0
	}
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

// openDir opens a directory store that is closed with the test.
func openDir(t testing.TB, path string) *voicemail.Dir {
	t.Helper()
	root, err := os.OpenRoot(path)
	require.NoError(t, err)
	d, err := voicemail.OpenDir(root)
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = d.Close() // closed already where the test does it
		_ = root.Close()
	})
	return d
}

// writers counts the spool writers that run on. One that has said that it is
// done may still be on its way out, so they are given a while.
func writers() (n int) {
	buf := make([]byte, 1<<20)
	for range 2000 {
		n = strings.Count(string(buf[:runtime.Stack(buf, true)]), "voicemail.(*Capture).write(")
		if n == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return n
}

func each(t *testing.T, test func(t *testing.T, s stores)) {
	t.Run("memory", func(t *testing.T) { test(t, voicemail.NewMemory()) })
	t.Run("dir", func(t *testing.T) { test(t, openDir(t, t.TempDir())) })
}

func key(i int) string { return fmt.Sprintf("call-%d/record", i) }
