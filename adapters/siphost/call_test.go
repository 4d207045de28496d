package siphost_test

import (
	"context"
	"errors"
	"net"
	"strings"
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

const frameTime = 20 * time.Millisecond

// The caller hangs up in each phase of a call; every phase ends at once and
// says so.
func TestHangupInEachPhase(t *testing.T) {
	t.Parallel()
	long := pcm.Silence(8000, time.Minute)
	for name, phase := range map[string]func(ctx context.Context, leg *siphost.Leg) (callflow.Result, error){
		"play": func(ctx context.Context, leg *siphost.Leg) (callflow.Result, error) {
			return leg.Play(ctx, long, nil)
		},
		"menu": func(ctx context.Context, leg *siphost.Leg) (callflow.Result, error) {
			return leg.Do(ctx, callflow.Command{Action: callflow.Collect{Prompt: "long", Keys: []string{"1"}}})
		},
		"after the menu's prompt": func(ctx context.Context, leg *siphost.Leg) (callflow.Result, error) {
			return leg.Do(ctx, callflow.Command{Action: callflow.Collect{Prompt: "short", Keys: []string{"1"}, First: time.Minute}})
		},
		"record": func(ctx context.Context, leg *siphost.Leg) (callflow.Result, error) {
			for range leg.Frames(ctx) {
			}
			return leg.Do(ctx, callflow.Command{Action: callflow.Play{Prompt: "short"}})
		},
		"ring": func(ctx context.Context, leg *siphost.Leg) (callflow.Result, error) {
			if _, err := leg.Do(ctx, callflow.Command{Action: callflow.Answer{}}); err != nil {
				return callflow.Result{}, err
			}
			return leg.Do(ctx, callflow.Command{Action: callflow.Ring{Targets: []string{"ann"}, For: time.Minute}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ann := handset(t, &softphone.Options{Number: "ann"})
			if name == "ring" {
				callee(t, ann, rings)
			}
			results := make(chan callflow.Result, 1)
			causes := make(chan error, 1)
			office := open(t, &siphost.Options{
				Prompt:   prompts(map[string]pcm.Clip{"long": long, "short": pcm.Silence(8000, 100*time.Millisecond)}),
				Contacts: map[string][]string{"ann": {ann.URI()}},
			}, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
				result, err := phase(ctx, leg)
				results <- result
				causes <- leg.Cause()
				return err
			})
			ctx := soon(t)
			call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
			require.NoError(t, err)
			require.NoError(t, call.Silence(ctx, 400*time.Millisecond))
			require.NoError(t, call.Hangup(ctx))
			result := take(t, results)
			assert.True(t, result.HungUp)
			assert.ErrorIs(t, take(t, causes), siphost.ErrHungUp)
		})
	}
}

func TestKeysByEveryWay(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]func(ctx context.Context, call *softphone.Call) error{
		"events": func(ctx context.Context, call *softphone.Call) error { return call.SendDigits(ctx, "1*0#") },
		"info":   func(ctx context.Context, call *softphone.Call) error { return call.SendInfo(ctx, "1*0#") },
		"sound":  func(ctx context.Context, call *softphone.Call) error { return call.SendInband(ctx, "1*0#") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results := make(chan callflow.Result, 1)
			office := open(t, &siphost.Options{Inband: true, Prompt: prompts(map[string]pcm.Clip{"": {}})},
				func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
					result, err := leg.Do(ctx, callflow.Command{Action: callflow.Collect{Keys: []string{"1*0#"}}})
					results <- result
					return err
				})
			ctx := soon(t)
			call, err := handset(t, nil).Dial(ctx, office.uri("100"), &softphone.DialOptions{NoEvents: name != "events"})
			require.NoError(t, err)
			require.NoError(t, ignoreEnd(press(ctx, call)))
			assert.Equal(t, callflow.Result{Outcome: callflow.Completed, Digits: "1*0#"}, take(t, results))
			require.NoError(t, call.Wait(ctx))
		})
	}
}

func ignoreEnd(err error) error {
	if errors.Is(err, softphone.ErrEnded) {
		return nil
	}
	return err
}

func TestMenuTimers(t *testing.T) {
	t.Parallel()
	results := make(chan callflow.Result, 4)
	office := open(t, &siphost.Options{Prompt: prompts(map[string]pcm.Clip{"": {}, "long": pcm.Silence(8000, time.Second)})},
		func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
			for _, menu := range []callflow.Collect{
				{Keys: []string{"1"}, First: 50 * time.Millisecond},                             // silence
				{Keys: []string{"123"}, First: 5 * time.Second, Between: 50 * time.Millisecond}, // too slow
				{Prompt: "long", Keys: []string{"1"}, NoBargeIn: true, First: 50 * time.Millisecond},
			} {
				result, err := leg.Do(ctx, callflow.Command{Action: menu})
				if err != nil {
					return err
				}
				results <- result
			}
			return nil
		})
	ctx := soon(t)
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	assert.Equal(t, callflow.Result{Outcome: callflow.Timeout}, take(t, results))
	require.NoError(t, call.SendDigits(ctx, "1"))
	assert.Equal(t, callflow.Result{Outcome: callflow.Completed, Digits: "1"}, take(t, results))
	require.NoError(t, call.SendDigits(ctx, "9"))
	assert.Equal(t, callflow.Result{Outcome: callflow.Timeout}, take(t, results), "keys during this prompt do not count")
}

func TestEscapeKeyEndsAClip(t *testing.T) {
	t.Parallel()
	results := make(chan callflow.Result, 1)
	office := open(t, nil, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		result, err := leg.Play(ctx, pcm.Silence(8000, time.Minute), []string{"#", "0"})
		results <- result
		return err
	})
	ctx := soon(t)
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	require.NoError(t, ignoreEnd(call.SendDigits(ctx, "40")))
	assert.Equal(t, callflow.Result{Outcome: "0", Digits: "0"}, take(t, results))
}

func TestKeyEndsARecording(t *testing.T) {
	t.Parallel()
	message := pcmtest.Voice(8000, time.Second, 5)
	keys := make(chan string, 1)
	next := make(chan callflow.Result, 1)
	office := open(t, &siphost.Options{Prompt: prompts(map[string]pcm.Clip{"": {}})},
		func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
			for frame := range leg.Frames(ctx) {
				if frame.Key != "" {
					assert.Empty(t, frame.Data)
					assert.GreaterOrEqual(t, frame.At, time.Second-frameTime)
					keys <- frame.Key
					break
				}
			}
			result, err := leg.Do(ctx, callflow.Command{Action: callflow.Collect{Keys: []string{"#"}, First: 200 * time.Millisecond}})
			next <- result
			return err
		})
	ctx := soon(t)
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	require.NoError(t, call.SendAudio(ctx, message))
	require.NoError(t, ignoreEnd(call.SendDigits(ctx, "#")))
	assert.Equal(t, "#", take(t, keys))
	assert.Empty(t, take(t, next).Digits, "a key ends one thing, not two")
}

func TestNoSoundEndsARecording(t *testing.T) {
	t.Parallel()
	frames, causes := make(chan int, 1), make(chan error, 1)
	office := open(t, &siphost.Options{NoMedia: time.Second}, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		n := 0
		for range leg.Frames(ctx) {
			n++
		}
		frames <- n
		causes <- leg.Cause()
		return nil
	})
	call, err := handset(t, nil).Dial(soon(t), office.uri("100"), nil)
	require.NoError(t, err)
	assert.Zero(t, take(t, frames))
	require.ErrorIs(t, take(t, causes), siphost.ErrNoMedia)
	require.NoError(t, call.Wait(soon(t)))
}

func TestHoldIsNoSilence(t *testing.T) {
	t.Parallel()
	frames := make(chan pcm.Clip, 1)
	office := open(t, &siphost.Options{NoMedia: time.Second}, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		frames <- record(ctx, leg)
		return nil
	})
	ctx := soon(t)
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	require.NoError(t, call.Silence(ctx, 200*time.Millisecond))
	require.NoError(t, call.Hold(ctx, true))
	require.NoError(t, call.Pause(ctx, 2500*time.Millisecond))
	require.NoError(t, call.Hold(ctx, false))
	require.NoError(t, call.SendAudio(ctx, pcm.Tone(8000, 500*time.Millisecond, 1000)))
	require.NoError(t, call.Hangup(ctx))
	clip := take(t, frames)
	assert.Greater(t, clip.Duration(), 3*time.Second, "the hold is a gap in the recording")
	assert.Greater(t, pcmtest.ToneLevel(clip.Slice(clip.Duration()-400*time.Millisecond, clip.Duration()), 1000), -20.0)
}

func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("calls", func(t *testing.T) {
		t.Parallel()
		office := open(t, &siphost.Options{Calls: 1}, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
			_, err := leg.Play(ctx, pcm.Silence(8000, time.Minute), nil)
			return err
		})
		ctx := soon(t)
		first, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
		require.NoError(t, err)
		_, err = handset(t, nil).Dial(ctx, office.uri("100"), nil)
		assert.True(t, softphone.IsRefused(err, 503), "%v", err)
		assert.Equal(t, siphost.Stats{Calls: 1, Accepted: 1, Refused: 1}, office.Stats())
		require.NoError(t, first.Hangup(ctx))
	})
	t.Run("duration", func(t *testing.T) {
		t.Parallel()
		office := open(t, &siphost.Options{Duration: time.Second}, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
			_, err := leg.Play(ctx, pcm.Silence(8000, time.Minute), nil)
			return err
		})
		ctx := soon(t)
		call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
		require.NoError(t, err)
		require.NoError(t, call.Wait(ctx))
	})
	t.Run("hops", func(t *testing.T) {
		t.Parallel()
		// A host that rings itself, which rings itself, ...: it ends.
		calls := make(chan struct{}, 100)
		var self string
		o := &siphost.Options{Addr: freeAddr(t)}
		self = "sip:self@" + o.Addr
		o.Contacts = map[string][]string{"self": {self}}
		office := open(t, o, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
			calls <- struct{}{}
			result, err := leg.Do(ctx, callflow.Command{Action: callflow.Ring{Targets: []string{"self"}, For: 15 * time.Second}})
			if err == nil {
				_, err = leg.Do(ctx, callflow.Command{Action: callflow.Hangup{Outcome: result.Outcome}})
			}
			return err
		})
		_, err := handset(t, nil).Dial(soon(t), office.uri("100"), nil)
		require.Error(t, err)
		assert.LessOrEqual(t, len(calls), 70)
	})
}

// freeAddr is an address that was free a moment ago.
func freeAddr(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	return conn.LocalAddr().String()
}

func TestRefusedDescriptions(t *testing.T) {
	t.Parallel()
	office := open(t, nil, func(context.Context, phone.Call, *siphost.Leg) error { return nil })
	for name, change := range map[string]func(string) string{
		"another codec":   func(s string) string { return strings.ReplaceAll(s, "RTP/AVP 0", "RTP/AVP 18") },
		"not RTP":         func(s string) string { return strings.ReplaceAll(s, "RTP/AVP", "RTP/SAVP") },
		"another machine": func(s string) string { return strings.ReplaceAll(s, "c=IN IP4 127.0.0.1", "c=IN IP4 192.0.2.1") },
		"a name":          func(s string) string { return strings.ReplaceAll(s, "c=IN IP4 127.0.0.1", "c=IN IP4 example.org") },
		"no sound":        func(s string) string { return strings.ReplaceAll(s, "m=audio", "m=video") },
		"nonsense":        func(string) string { return "v=0\r\nnonsense" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := exchange(t, office, invite(office, change(plainOffer)))
			assert.Contains(t, answer, "SIP/2.0 488 ")
		})
	}
}

func TestOtherMethods(t *testing.T) {
	t.Parallel()
	office := open(t, nil, func(context.Context, phone.Call, *siphost.Leg) error { return nil })
	for method, want := range map[string]string{
		"OPTIONS": "SIP/2.0 200 ", "MESSAGE": "SIP/2.0 405 ", "FOO": "SIP/2.0 405 ",
		"BYE": "SIP/2.0 481 ", "CANCEL": "SIP/2.0 481 ", "INFO": "SIP/2.0 481 ", "UPDATE": "SIP/2.0 481 ",
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			answer := exchange(t, office, request(office, method, ""))
			assert.Contains(t, answer, want)
			if want == "SIP/2.0 405 " || method == "OPTIONS" {
				assert.Contains(t, answer, "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REGISTER")
			}
		})
	}
}

func TestGarbageIsCountedAndDropped(t *testing.T) {
	t.Parallel()
	office := open(t, nil, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		_, err := leg.Do(ctx, callflow.Command{Action: callflow.Answer{}})
		return err
	})
	conn, err := net.Dial("udp", office.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	garbage := []string{
		"hello", "\x00\x01\x02", "INVITE sip:x SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n",
		strings.Repeat("A", 60_000), "INVITE sip:a@b SIP/2.0\r\nVia: \r\nFrom: \r\nTo: \r\nCall-ID: \r\nCSeq: \r\n\r\n",
		"INVITE sip:a@b SIP/2.0\r\n" + strings.Repeat("X: y\r\n", 5000) + "\r\n",
	}
	for _, g := range garbage {
		_, err := conn.Write([]byte(g))
		require.NoError(t, err)
	}
	call, err := handset(t, nil).Dial(soon(t), office.uri("100"), nil)
	require.NoError(t, err, "calls go on")
	require.NoError(t, call.Wait(soon(t)))
	assert.Equal(t, int64(len(garbage)), office.Stats().Garbage)
}

// An answer that nobody confirms is repeated, then the call is over.
func TestNoACK(t *testing.T) {
	t.Parallel()
	results := make(chan callflow.Result, 1)
	office := open(t, &siphost.Options{ACK: time.Second}, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		result, err := leg.Do(ctx, callflow.Command{Action: callflow.Answer{}})
		results <- result
		return err
	})
	conn, err := net.Dial("udp", office.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	_, err = conn.Write([]byte(strings.ReplaceAll(invite(office, plainOffer), "LOCAL", conn.LocalAddr().String())))
	require.NoError(t, err)
	answers := 0
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	for buf := make([]byte, 4096); ; {
		n, err := conn.Read(buf)
		require.NoError(t, err)
		if strings.HasPrefix(string(buf[:n]), "SIP/2.0 200 ") {
			answers++
		}
		if strings.HasPrefix(string(buf[:n]), "BYE ") {
			break
		}
	}
	assert.GreaterOrEqual(t, answers, 2)
	assert.Equal(t, callflow.Result{HungUp: true}, take(t, results))
}

// A mailbox may take a moment to open: the first word after the beep is kept.
func TestNoWordIsLostAfterTheBeep(t *testing.T) {
	t.Parallel()
	message := pcmtest.Voice(8000, 2*time.Second, 8)
	recorded := make(chan pcm.Clip, 1)
	office := open(t, nil, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		if _, err := leg.Play(ctx, pcm.Beep(8000), nil); err != nil {
			return err
		}
		select { // a slow disk
		case <-time.After(700 * time.Millisecond):
		case <-ctx.Done():
		}
		recorded <- record(ctx, leg)
		return nil
	})
	ctx := soon(t)
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	require.NoError(t, call.WaitBeep(ctx, 640))
	require.NoError(t, call.SendAudio(ctx, message))
	require.NoError(t, call.Hangup(ctx))
	clip := take(t, recorded)
	_, correlation := pcmtest.Align(message, clip)
	assert.Greater(t, correlation, 0.99)
	assert.GreaterOrEqual(t, clip.Duration(), message.Duration())
}
