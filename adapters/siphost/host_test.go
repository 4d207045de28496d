package siphost_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/adapters/siphost"
	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
	"github.com/afterbeep/afterbeep/phone"
)

// office is a host that serves a handler, and whatever went wrong in it.
type office struct {
	*siphost.Host
	stop func()
	errs chan error
}

func open(t *testing.T, o *siphost.Options, handle siphost.Handler) *office {
	t.Helper()
	if o == nil {
		o = &siphost.Options{}
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if os.Getenv("SIPHOST_TRACE") != "" {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	} else {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	host, err := siphost.Listen(o)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	f := &office{Host: host, errs: make(chan error, 100)}
	done := make(chan error, 1)
	go func() {
		done <- host.Serve(ctx, func(ctx context.Context, call phone.Call, leg *siphost.Leg) error {
			err := handle(ctx, call, leg)
			if err != nil {
				f.errs <- err
			}
			return err
		})
	}()
	f.stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-done)
	})
	t.Cleanup(f.stop)
	return f
}

func (f *office) uri(user string) string { return fmt.Sprintf("sip:%s@%s", user, f.Addr()) }

func handset(t *testing.T, o *softphone.Options) *softphone.Phone {
	t.Helper()
	p, err := softphone.New(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	return p
}

// soon bounds a test, its clean-up included.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// take receives what a test can not go on without.
func take[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-soon(t).Done():
		require.FailNow(t, "nothing came")
	}
	panic("unreachable")
}

func prompts(clips map[string]pcm.Clip) func(context.Context, string, language.Tag, phone.Call) (pcm.Clip, error) {
	return func(_ context.Context, name string, _ language.Tag, _ phone.Call) (pcm.Clip, error) {
		clip, ok := clips[name]
		if !ok {
			return pcm.Clip{}, fmt.Errorf("no prompt %q", name)
		}
		return clip, nil
	}
}

func TestMenuPlayAndRecord(t *testing.T) {
	t.Parallel()
	for _, codec := range []pcm.Codec{pcm.PCMU, pcm.PCMA} {
		t.Run(string(codec), func(t *testing.T) {
			t.Parallel()
			greeting := pcmtest.Voice(8000, 2*time.Second, 1)
			message := pcmtest.Voice(8000, 3*time.Second, 2)
			collected := make(chan callflow.Result, 1)
			recorded := make(chan pcm.Clip, 1)
			office := open(t, &siphost.Options{Prompt: prompts(map[string]pcm.Clip{"welcome": greeting})},
				func(ctx context.Context, call phone.Call, leg *siphost.Leg) error {
					result, err := leg.Do(ctx, callflow.Command{Action: callflow.Collect{
						Prompt: "welcome", Keys: []string{"1", "22"}, First: 3 * time.Second, Between: time.Second,
					}})
					if err != nil {
						return err
					}
					collected <- result
					if _, err := leg.Play(ctx, pcm.Beep(8000), nil); err != nil {
						return err
					}
					recorded <- record(ctx, leg)
					return nil
				})
			caller := handset(t, &softphone.Options{Number: "+15145550100", Name: "Ada", Codecs: []pcm.Codec{codec}})
			ctx := soon(t)
			call, err := caller.Dial(ctx, office.uri("100"), nil)
			require.NoError(t, err)
			require.NoError(t, call.WaitHeard(ctx, 1500*time.Millisecond))
			require.NoError(t, call.SendDigits(ctx, "22"))
			result := take(t, collected)
			assert.Equal(t, "22", result.Digits)
			assert.False(t, result.HungUp)
			require.NoError(t, call.WaitBeep(ctx, 640))
			require.NoError(t, call.SendAudio(ctx, message))
			require.NoError(t, call.Hangup(ctx))
			_, correlation := pcmtest.Align(message, take(t, recorded))
			assert.Greater(t, correlation, 0.99, "what was recorded is what was said")
			heard := call.Heard().Slice(0, 1500*time.Millisecond)
			_, correlation = pcmtest.Align(greeting.Slice(0, time.Second), heard)
			assert.Greater(t, correlation, 0.99, "what was heard is what was played")
		})
	}
}

// record is what a caller says until the end, put together by media time.
func record(ctx context.Context, leg *siphost.Leg) pcm.Clip {
	codec, rate := leg.Format()
	clip := pcm.Clip{Rate: rate}
	for frame := range leg.Frames(ctx) {
		at := int(frame.At * time.Duration(rate) / time.Second)
		for len(clip.Samples) < at {
			clip.Samples = append(clip.Samples, 0)
		}
		clip.Samples = codec.Decode(clip.Samples[:at], frame.Data)
	}
	return clip
}
