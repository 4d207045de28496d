package siphost_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost"
	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
	"github.com/afterbeep/afterbeep/phone"
)

func TestSecondListener(t *testing.T) {
	t.Parallel()
	first, err := siphost.Listen(&siphost.Options{Addr: "127.0.0.1:0"})
	require.NoError(t, err)
	_, err = siphost.Listen(&siphost.Options{Addr: first.Addr().String()})
	require.ErrorIs(t, err, siphost.ErrInUse)
	var taken *siphost.AddrError
	require.ErrorAs(t, err, &taken)
	assert.Equal(t, first.Addr().String(), taken.Addr)
	require.NoError(t, first.Close())
	require.NoError(t, first.Close())
	require.ErrorIs(t, first.Serve(t.Context(), nobody), siphost.ErrClosed)
	again, err := siphost.Listen(&siphost.Options{Addr: taken.Addr})
	require.NoError(t, err)
	require.NoError(t, again.Close())
}

func TestOptions(t *testing.T) {
	t.Parallel()
	_, err := siphost.Listen(&siphost.Options{
		Addr: "localhost", Advertise: "x", MediaFrom: 10, MediaTo: 5, Codecs: []pcm.Codec{pcm.PCM16}, Frames: "mp3",
		Contacts: map[string][]string{"a": {"mailto:x"}}, Calls: -1, Bindings: -1, Duration: -1, NoMedia: 1, ACK: 1,
		Drain: -1, Grace: -1, Ringback: pcm.Clip{Rate: 1, Samples: []int16{0}},
	})
	for _, option := range []string{
		"Addr", "Advertise", "MediaFrom", "Codecs", "Frames", "Contacts", "Calls", "Bindings", "Duration", "NoMedia", "ACK", "Drain", "Grace", "Ringback",
	} {
		assert.ErrorContains(t, err, "siphost: option "+option)
	}
	var problem *siphost.OptionError
	require.ErrorAs(t, err, &problem)
	_, err = siphost.Listen(&siphost.Options{Addr: "0.0.0.0:0"})
	require.ErrorContains(t, err, "option Advertise")
}

func TestMediaPorts(t *testing.T) {
	t.Parallel()
	o := &siphost.Options{MediaFrom: 41000, MediaTo: 41001}
	office := open(t, o, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		_, err := leg.Play(ctx, pcm.Silence(8000, time.Minute), nil)
		return err
	})
	ctx := soon(t)
	first, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	_, err = handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.True(t, softphone.IsRefused(err, 488), "no port is left: %v", err)
	require.NoError(t, first.Hangup(ctx))
}

func TestPartyOfACall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		trusted []netip.Prefix
		headers [][2]string
		want    phone.Party
	}{
		"from": {
			headers: [][2]string{{"P-Asserted-Identity", `"Eve" <sip:+15145550199@x>`}, {"Privacy", "id"}},
			want:    phone.Party{Number: number(t, "+15145550100"), Name: "Ada  Lovelace", URI: "sip:+15145550100@127.0.0.1"},
		},
		"asserted": {
			trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
			headers: [][2]string{{"P-Asserted-Identity", `"Eve, X" <sip:+15145550199@x>, <tel:+15145550199>`}},
			want:    phone.Party{Number: number(t, "+15145550199"), Name: "Eve, X", URI: "sip:+15145550199@x"},
		},
		"asserted, private": {
			trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
			headers: [][2]string{{"P-Asserted-Identity", "<tel:+15145550199>"}, {"Privacy", "critical;id"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := make(chan phone.Call, 1)
			began := time.Date(2026, 6, 24, 12, 0, 0, 0, time.UTC)
			office := open(t, &siphost.Options{Trusted: test.trusted, Clock: fixed(began)}, func(_ context.Context, call phone.Call, leg *siphost.Leg) error {
				assert.Equal(t, call, leg.Call())
				calls <- call
				return nil
			})
			ada := handset(t, &softphone.Options{Number: "+15145550100", Name: `Ada "<>\ Lovelace`})
			_, err := ada.Dial(soon(t), office.uri("+15145550111"), &softphone.DialOptions{Headers: test.headers})
			require.True(t, softphone.IsRefused(err, 480), "%v", err)
			call := take(t, calls)
			assert.Equal(t, test.want, call.Caller)
			assert.Equal(t, number(t, "+15145550111"), call.Called)
			assert.Equal(t, began, call.Began)
			assert.Len(t, call.ID, 32)
		})
	}
}

type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }

func number(t *testing.T, text string) phone.Number {
	t.Helper()
	n, err := phone.ParseNumber(text)
	require.NoError(t, err)
	return n
}

// When the context of Serve ends, callers hear a goodbye, handlers seal what
// they have with a context that is alive, and Serve returns.
func TestServeEnds(t *testing.T) {
	t.Parallel()
	message := pcmtest.Voice(8000, time.Second, 6)
	sealed := make(chan pcm.Clip, 1)
	office := open(t, nil, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		clip := record(ctx, leg)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		sealed <- clip
		return nil
	})
	ctx := soon(t)
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	require.NoError(t, call.SendAudio(ctx, message))
	stopped := make(chan struct{})
	go func() {
		office.stop()
		close(stopped)
	}()
	require.NoError(t, call.Wait(ctx))
	<-stopped
	_, correlation := pcmtest.Align(message, take(t, sealed))
	assert.Greater(t, correlation, 0.99)
}

func TestServeDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	host, err := siphost.Listen(&siphost.Options{Addr: "127.0.0.1:0", Grace: 50 * time.Millisecond})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	release, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- host.Serve(ctx, func(context.Context, phone.Call, *siphost.Leg) error {
			<-release
			return errors.New("stubborn")
		})
	}()
	go func() {
		p, err := softphone.New(ctx, nil)
		if assert.NoError(t, err) {
			_, _ = p.Dial(ctx, "sip:100@"+host.Addr().String(), nil) // refused, or cancelled
			assert.NoError(t, p.Close())
		}
	}()
	for host.Stats().Accepted == 0 {
		runtime.Gosched()
	}
	cancel()
	require.ErrorIs(t, <-done, siphost.ErrDrain)
	close(release)
}

// Forty callers at once, each heard to the last word, and afterwards nothing
// is left of them: no goroutine, no call.
func TestManyCallsLeaveNothing(t *testing.T) {
	const callers = 40
	var mu sync.Mutex
	recordings := make(map[string]pcm.Clip)
	greeting := pcm.Tone(8000, 300*time.Millisecond, 500)
	office := open(t, &siphost.Options{Prompt: prompts(map[string]pcm.Clip{"hello": greeting})},
		func(ctx context.Context, call phone.Call, leg *siphost.Leg) error {
			if _, err := leg.Do(ctx, callflow.Command{Action: callflow.Play{Prompt: "hello"}}); err != nil {
				return err
			}
			clip := record(ctx, leg)
			mu.Lock()
			defer mu.Unlock()
			recordings[call.Caller.Number.String()] = clip
			return nil
		})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	caller := handset(t, nil)
	warm, err := caller.Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	require.NoError(t, warm.Hangup(ctx))
	require.Eventually(t, func() bool { return office.Stats().Calls == 0 }, 10*time.Second, 10*time.Millisecond)
	before := runtime.NumGoroutine()
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			p, err := softphone.New(ctx, &softphone.Options{Number: "+1514555" + pad(2000+i)})
			if !assert.NoError(t, err) {
				return
			}
			call, err := p.Dial(ctx, office.uri("100"), nil)
			if assert.NoError(t, err) {
				assert.NoError(t, call.WaitTone(ctx, 500))
				assert.NoError(t, call.WaitQuiet(ctx, time.Second))
				assert.NoError(t, call.SendAudio(ctx, pcmtest.Voice(8000, 2*time.Second, uint64(i))))
				assert.NoError(t, call.Hangup(ctx))
			}
			assert.NoError(t, p.Close())
		})
	}
	wg.Wait()
	require.Eventually(t, func() bool { return office.Stats().Calls == 0 }, 10*time.Second, 10*time.Millisecond)
	left := 0
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if left = runtime.NumGoroutine(); left <= before {
			break
		}
		<-time.After(20 * time.Millisecond) // in this goroutine: another one would be counted
	}
	require.LessOrEqual(t, left, before, "goroutines left:\n%s", stacks())
	mu.Lock()
	defer mu.Unlock()
	require.Len(t, recordings, callers+1)
	for i := range callers {
		clip := recordings["+1514555"+pad(2000+i)]
		lag, correlation := pcmtest.Align(pcmtest.Voice(8000, 2*time.Second, uint64(i)), clip)
		assert.Greater(t, correlation, 0.99, "caller %d: lag %v in %v", i, lag, clip.Duration())
	}
}

func pad(n int) string { return fmt.Sprintf("%04d", n) }

func stacks() string {
	buf := make([]byte, 1<<16)
	return string(buf[:runtime.Stack(buf, true)])
}
