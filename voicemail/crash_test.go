package voicemail_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// The test binary is also the process that dies: with these in its
// environment it takes calls in a directory until it is killed, by itself at
// the call to a store with a number, or by its parent.
const (
	envChild = "AFTERBEEP_VOICEMAIL_CHILD" // the directory
	envCall  = "AFTERBEEP_VOICEMAIL_CALL"  // "17 before": die before or after the 17th call
	envRun   = "AFTERBEEP_VOICEMAIL_RUN"   // part of the keys
	envSoak  = "AFTERBEEP_SOAK"            // how long the storm lasts, such as 10m
)

const ahead = 15 // frames that the child may be ahead of its spool

func TestMain(m *testing.M) {
	if os.Getenv(envChild) != "" {
		takeCalls()
		return
	}
	os.Exit(m.Run())
}

// takeCalls is the child. It says what it does on its standard output, which
// survives it.
func takeCalls() {
	root, err := os.OpenRoot(os.Getenv(envChild))
	check(err)
	d, err := voicemail.OpenDir(root)
	check(err)
	number, when, one := strings.Cut(os.Getenv(envCall), " ")
	deadly := &deadly{Dir: d, when: when}
	deadly.at, _ = strconv.ParseInt(number, 10, 64)
	s, err := voicemail.New(deadly, deadly, deadly, &voicemail.Options{
		Notifiers: map[string]voicemail.Notifier{"mail": func(_ context.Context, n voicemail.Notice) error {
			say("told %s %s", n.Message.Capture, n.ID)
			return nil
		}},
	})
	check(err)
	ctx := context.Background()
	if one {
		deadly.armed.Store(true)
		takeCall(ctx, s, deadly, os.Getenv(envRun)+"/0", 100)
		_, err := s.Work(ctx)
		check(err)
		return
	}
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			for n := 0; ; n++ {
				takeCall(ctx, s, deadly, fmt.Sprintf("%s/%d/%d", os.Getenv(envRun), i, n), 75+rand.IntN(100))
				_, err := s.Work(ctx)
				check(err)
			}
		})
	}
	wg.Wait()
}

func takeCall(ctx context.Context, s *voicemail.Service, d *deadly, key string, n int) {
	c, err := s.Begin(ctx, crashRequest(key))
	check(err)
	i := 0
	taken := d.track(c.Key())
	for f := range frames(speech(time.Duration(n) * 20 * time.Millisecond)) {
		_, err := c.Write(f)
		check(err)
		i++
		say("wrote %s %d", key, i)
		for ; i-int(taken.Load()) >= ahead; time.Sleep(50 * time.Microsecond) {
			// A caller speaks in real time and is never far ahead of the disk.
		}
	}
	r, err := c.Finish(ctx, voicemail.StopHangup)
	check(err)
	say("left %s %s", key, r.State)
}

func check(err error) {
	if err != nil {
		say("failed %q", err)
		os.Exit(3)
	}
}

func say(format string, args ...any) { _, _ = fmt.Printf(format+"\n", args...) }

func crashRequest(key string) voicemail.Request {
	return voicemail.Request{
		Key: key, Call: phone.Call{ID: key, Tenant: "acme"}, Divert: phone.Divert{Mailbox: "sales"}, Codec: pcm.PCMU, Rate: 8000,
	}
}

// deadly is a directory that kills the process at a call to it.
type deadly struct {
	*voicemail.Dir
	armed  atomic.Bool
	calls  atomic.Int64
	at     int64
	when   string
	tracks sync.Map // of the spool writers: how many frames they have written
}

func (d *deadly) call(do func() error) error {
	n := int64(0)
	if d.armed.Load() {
		n = d.calls.Add(1)
	}
	if n == d.at && d.when == "before" {
		die()
	}
	err := do()
	if n == d.at && d.when == "after" {
		die()
	}
	return err
}

func die() {
	p, err := os.FindProcess(os.Getpid())
	check(err)
	check(p.Kill())
	select {} // it comes at once
}

// track counts the frames of a capture that are in the spool.
func (d *deadly) track(key string) *atomic.Int64 {
	n, _ := d.tracks.LoadOrStore(key, new(atomic.Int64))
	return n.(*atomic.Int64)
}

func (d *deadly) Append(ctx context.Context, id voicemail.SpoolID, data []byte) error {
	err := d.call(func() error { return d.Dir.Append(ctx, id, data) })
	key := voicemail.SpoolKey(d.Dir, id)
	d.track(key).Add(int64(voicemail.CountFrames(data)))
	return err
}

func (d *deadly) Sync(ctx context.Context, id voicemail.SpoolID) error {
	return d.call(func() error { return d.Dir.Sync(ctx, id) })
}

func (d *deadly) Read(ctx context.Context, id voicemail.SpoolID) (r io.ReadCloser, err error) {
	err = d.call(func() error { r, err = d.Dir.Read(ctx, id); return err })
	return r, err
}

func (d *deadly) Remove(ctx context.Context, id voicemail.SpoolID) error {
	return d.call(func() error { return d.Dir.Remove(ctx, id) })
}

func (d *deadly) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	return d.call(func() error { return d.Dir.Put(ctx, tenant, key, r, size) })
}

func (d *deadly) Apply(ctx context.Context, b voicemail.Batch) error {
	return d.call(func() error { return d.Dir.Apply(ctx, b) })
}

// heard is what a child has said.
type heard struct {
	wrote map[string]int
	left  map[string]string
	told  map[string]string
	fail  string
}

func hear(t *testing.T, r io.Reader) heard {
	h := heard{wrote: map[string]int{}, left: map[string]string{}, told: map[string]string{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		verb, rest, _ := strings.Cut(lines.Text(), " ")
		key, value, _ := strings.Cut(rest, " ")
		switch verb {
		case "wrote":
			n, err := strconv.Atoi(value)
			if err == nil { // the last line may be torn
				h.wrote[key] = max(h.wrote[key], n)
			}
		case "left":
			h.left[key] = value
		case "told":
			h.told[key] = value
		case "failed":
			h.fail = rest
		}
	}
	return h
}

// child starts the process that dies.
func child(t *testing.T, dir, run, call string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), envChild+"="+dir, envRun+"="+run, envCall+"="+call)
	cmd.Stderr = os.Stderr
	return cmd
}

// crashBox makes the directory with the box that the child wants.
func crashBox(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.Mkdir(dir, 0o700))
	inspect(t, dir, func(s *voicemail.Service, _ *voicemail.Dir) {
		require.NoError(t, s.PutBox(t.Context(), phone.Actor{}, voicemail.Box{
			ID: crashRequest("").Box(), Settings: voicemail.Settings{MaxMessages: 1 << 30},
		}))
	})
	return dir
}

func inspect(t *testing.T, dir string, look func(s *voicemail.Service, d *voicemail.Dir)) {
	t.Helper()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, root.Close()) }()
	d, err := voicemail.OpenDir(root)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.Close()) }()
	s, err := voicemail.New(d, d, d, nil)
	require.NoError(t, err)
	look(s, d)
}

// afterwards is what must hold after a death, whenever it came.
func afterwards(t *testing.T, dir string, h heard) {
	t.Helper()
	require.Empty(t, h.fail, "the child has failed by itself")
	inspect(t, dir, func(s *voicemail.Service, d *voicemail.Dir) {
		_, err := s.Recover(t.Context())
		require.NoError(t, err)
		found := map[string]voicemail.Message{}
		q := voicemail.Query{}
		for {
			p, err := s.Messages(t.Context(), phone.Actor{}, crashRequest("").Box(), q)
			require.NoError(t, err)
			for _, m := range p.Messages {
				require.NotContains(t, found, m.Capture, "two messages of one capture")
				found[m.Capture] = m
			}
			if q.After = p.Next; q.After == "" {
				require.Equal(t, len(found), p.Counts.New)
				break
			}
		}
		for key, n := range h.wrote {
			m, ok := found[key]
			if h.left[key] != "" {
				require.True(t, ok, "%s: it was %s, and is lost", key, h.left[key])
				require.False(t, m.Partial)
				require.Equal(t, voicemail.StopHangup, m.Stop)
			}
			if n < 50+ahead+12 { // too short for certain to be kept
				continue
			}
			require.True(t, ok, "%s: %d frames, and lost", key, n)
			lost := n - int(m.Length/(20*time.Millisecond))
			require.LessOrEqual(t, lost, ahead+1, "%s: sound is missing", key)
			if lost > 0 {
				require.True(t, m.Partial, "%s: %d frames are missing", key, lost)
				require.Equal(t, voicemail.StopCrash, m.Stop)
			}
		}
		for key := range h.told {
			require.Contains(t, found, key, "told of a message that is not there")
		}
		for key, m := range found {
			if _, ok := h.wrote[key]; !ok {
				continue // of a run before
			}
			r, err := s.Open(t.Context(), phone.Actor{}, m.Box, m.ID)
			require.NoError(t, err)
			clip, err := pcm.ReadWAV(r, 0)
			require.NoError(t, errors.Join(err, r.Close()))
			require.Greater(t, correlation(speech(m.Length).Samples, clip.Samples), 0.95, key)
		}
		names, err := d.Names(t.Context())
		require.NoError(t, err)
		for _, id := range names { // Work removes those without any sound
			require.Empty(t, voicemail.SpoolKey(d, id), "residue in the spool")
		}
		box, err := s.Box(t.Context(), phone.Actor{}, crashRequest("").Box())
		require.NoError(t, err)
		held := 0
		tasks, err := d.Due(t.Context(), time.Now().Add(time.Hour*24*400), 1<<30)
		require.NoError(t, err)
		for _, task := range tasks {
			row, err := d.Capture(t.Context(), task.Box.Tenant, task.Capture)
			if task.Kind == voicemail.TaskCapture && err == nil && row.State == voicemail.StateHeld {
				held++ // died before the first sound; its room comes back in time
			}
		}
		require.Equal(t, held, box.Reserved.New)
	})
}

// The process dies before and after every single call to the disk.
func TestDeathAtEveryStep(t *testing.T) {
	dir := crashBox(t)
	for _, when := range []string{"before", "after"} {
		steps := 0
		for ; steps < 100; steps++ {
			cmd := child(t, dir, fmt.Sprintf("%s-%d", when, steps+1), fmt.Sprintf("%d %s", steps+1, when))
			out, err := cmd.Output()
			afterwards(t, dir, hear(t, strings.NewReader(string(out))))
			if err == nil {
				break // it has survived its last step
			}
		}
		assert.Greater(t, steps, 12, "%s: it hardly died", when)
		assert.Less(t, steps, 100)
	}
}

// The process dies at any moment, in the middle of several calls, again and
// again in one directory.
func TestStormOfDeaths(t *testing.T) {
	soak, err := time.ParseDuration(os.Getenv(envSoak))
	if err != nil {
		soak = 2 * time.Second
	}
	dir := crashBox(t)
	deaths := 0
	for end := time.Now().Add(soak); time.Now().Before(end); deaths++ {
		cmd := child(t, dir, strconv.Itoa(deaths), "")
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		timer := time.AfterFunc(time.Duration(50+rand.IntN(500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		h := hear(t, out)
		timer.Stop()
		_ = cmd.Wait() // killed
		afterwards(t, dir, h)
	}
	t.Logf("%d deaths", deaths)
	assert.NotZero(t, deaths)
}
