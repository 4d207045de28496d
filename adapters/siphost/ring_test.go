package siphost_test

import (
	"context"
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

// ringing is a host that rings some names and tells how that ended. With a
// menu it answers first.
func ringing(t *testing.T, o *siphost.Options, menu bool, ring callflow.Ring) (*office, chan callflow.Result) {
	t.Helper()
	results := make(chan callflow.Result, 10)
	office := open(t, o, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		if menu {
			if _, err := leg.Do(ctx, callflow.Command{Action: callflow.Answer{}}); err != nil {
				return err
			}
		}
		result, err := leg.Do(ctx, callflow.Command{Action: ring, Wait: true})
		results <- result
		return err
	})
	return office, results
}

// callee is what a phone does with its next call.
func callee(t *testing.T, p *softphone.Phone, act func(ctx context.Context, in *softphone.Incoming) error) *sync.WaitGroup {
	t.Helper()
	var wg sync.WaitGroup
	ctx := soon(t)
	wg.Go(func() {
		in, err := p.Accept(ctx)
		if err == nil {
			err = act(ctx, in)
		}
		assert.NoError(t, err)
	})
	t.Cleanup(wg.Wait)
	return &wg
}

func rings(ctx context.Context, in *softphone.Incoming) error {
	if err := in.Ring(); err != nil {
		return err
	}
	select {
	case <-in.Done():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// moment is what a person takes at least: of two datagrams at once sipgo may
// take either first.
func moment(ctx context.Context) {
	select {
	case <-time.After(100 * time.Millisecond):
	case <-ctx.Done():
	}
}

func declines(code int) func(context.Context, *softphone.Incoming) error {
	return func(ctx context.Context, in *softphone.Incoming) error {
		if err := in.Ring(); err != nil {
			return err
		}
		moment(ctx)
		in.Decline(code)
		return nil
	}
}

func TestRingJoinsTheFirstWhoAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		menu  bool
		codec pcm.Codec // of the one who answers
	}{
		"before the answer":         {false, pcm.PCMU},
		"after a menu, transcoding": {true, pcm.PCMA},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ann := handset(t, &softphone.Options{Number: "ann", Codecs: []pcm.Codec{test.codec}})
			bob, cleo := handset(t, &softphone.Options{Number: "bob"}), handset(t, &softphone.Options{Number: "cleo"})
			question, answer := pcmtest.Voice(8000, 2*time.Second, 3), pcmtest.Voice(8000, 2*time.Second, 4)
			heard := make(chan *softphone.Call, 1)
			a := callee(t, ann, func(ctx context.Context, in *softphone.Incoming) error {
				assert.Contains(t, in.From(), "+15145550100")
				assert.Equal(t, "Ada", in.FromName())
				if err := in.Ring(); err != nil {
					return err
				}
				moment(ctx)
				call, err := in.Answer(ctx)
				if err != nil {
					return err
				}
				heard <- call
				if err := call.WaitHeard(ctx, 2*time.Second); err != nil {
					return err
				}
				if err := call.SendDigits(ctx, "7"); err != nil {
					return err
				}
				if err := call.SendAudio(ctx, answer); err != nil {
					return err
				}
				return call.Hangup(ctx)
			})
			b := callee(t, bob, rings)
			c := callee(t, cleo, declines(486))
			office, results := ringing(t, &siphost.Options{Contacts: map[string][]string{
				"sales": {ann.URI(), bob.URI()}, "cleo": {cleo.URI()},
			}}, test.menu, callflow.Ring{Targets: []string{"sales", "cleo"}, For: 10 * time.Second})

			caller := handset(t, &softphone.Options{Number: "+15145550100", Name: "Ada", Codecs: []pcm.Codec{pcm.PCMU}})
			ctx := soon(t)
			var codes []int
			call, err := caller.Dial(ctx, office.uri("100"), &softphone.DialOptions{Ringing: func(code int) { codes = append(codes, code) }})
			require.NoError(t, err)
			assert.Equal(t, callflow.Result{Outcome: phone.Answered, By: "sales"}, take(t, results))
			if !test.menu {
				assert.Equal(t, []int{180}, codes)
			}
			b.Wait() // cancelled
			c.Wait()
			other := take(t, heard)
			require.NoError(t, call.SendDigits(ctx, "5"))
			require.NoError(t, call.SendAudio(ctx, question))
			require.NoError(t, call.Wait(ctx), "the other end hangs up")
			a.Wait()
			_, correlation := pcmtest.Align(question.Slice(0, 1800*time.Millisecond), other.Heard())
			assert.Greater(t, correlation, 0.98)
			_, correlation = pcmtest.Align(answer, call.Heard())
			assert.Greater(t, correlation, 0.98)
			assert.Equal(t, "5", other.Keys())
			assert.Equal(t, "7", call.Keys())
		})
	}
}

func TestRingOutcomes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		acts []func(context.Context, *softphone.Incoming) error
		want phone.Outcome
	}{
		"nobody registered":         {nil, phone.Unavailable},
		"busy":                      {[]func(context.Context, *softphone.Incoming) error{declines(486)}, phone.Busy},
		"busy everywhere":           {[]func(context.Context, *softphone.Incoming) error{declines(600)}, phone.Busy},
		"declined":                  {[]func(context.Context, *softphone.Incoming) error{declines(603)}, phone.Declined},
		"one declines, one busy":    {[]func(context.Context, *softphone.Incoming) error{declines(603), declines(486)}, phone.Declined},
		"gave up after ringing":     {[]func(context.Context, *softphone.Incoming) error{declines(480)}, phone.NoAnswer},
		"unknown there":             {[]func(context.Context, *softphone.Incoming) error{declines(404)}, phone.Unavailable},
		"broken":                    {[]func(context.Context, *softphone.Incoming) error{declines(500)}, phone.Failed},
		"rings on":                  {[]func(context.Context, *softphone.Incoming) error{rings}, phone.NoAnswer},
		"one rings on, one is busy": {[]func(context.Context, *softphone.Incoming) error{rings, declines(486)}, phone.NoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var uris []string
			for _, act := range test.acts {
				p := handset(t, &softphone.Options{Number: "ann"})
				uris = append(uris, p.URI())
				callee(t, p, act)
			}
			office, results := ringing(t, &siphost.Options{Contacts: map[string][]string{"ann": uris}}, false,
				callflow.Ring{Targets: []string{"ann"}, For: time.Second})
			_, err := handset(t, nil).Dial(soon(t), office.uri("100"), nil)
			require.True(t, softphone.IsRefused(err, 480), "%v", err)
			assert.Equal(t, callflow.Result{Outcome: test.want}, take(t, results))
		})
	}
}

func TestCallerGivesUpWhileRinging(t *testing.T) {
	t.Parallel()
	ann := handset(t, &softphone.Options{Number: "ann"})
	cancelled := callee(t, ann, rings)
	office, results := ringing(t, &siphost.Options{Contacts: map[string][]string{"ann": {ann.URI()}}}, false,
		callflow.Ring{Targets: []string{"ann"}, For: 15 * time.Second})
	ctx, cancel := context.WithCancel(soon(t))
	_, err := handset(t, nil).Dial(ctx, office.uri("100"), &softphone.DialOptions{Ringing: func(int) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, callflow.Result{Outcome: phone.Abandoned, HungUp: true}, take(t, results))
	cancelled.Wait()
}

func TestRingbackAfterTheAnswer(t *testing.T) {
	t.Parallel()
	ann := handset(t, &softphone.Options{Number: "ann"})
	callee(t, ann, rings)
	office, results := ringing(t, &siphost.Options{
		Contacts: map[string][]string{"ann": {ann.URI()}},
		Ringback: pcm.Tone(8000, time.Second, 425),
	}, true,
		callflow.Ring{Targets: []string{"ann"}, For: 2 * time.Second})
	call, err := handset(t, nil).Dial(soon(t), office.uri("100"), nil)
	require.NoError(t, err)
	require.NoError(t, call.WaitTone(soon(t), 425))
	assert.Equal(t, callflow.Result{Outcome: phone.NoAnswer}, take(t, results))
	require.NoError(t, call.Wait(soon(t)), "the host hangs up")
}

// Both answer in the same moment: one is joined, the other is hung up at once.
func TestTwoAnswerAtOnce(t *testing.T) {
	t.Parallel()
	ann, bob := handset(t, &softphone.Options{Number: "ann"}), handset(t, &softphone.Options{Number: "bob"})
	var mu sync.Mutex
	var calls []*softphone.Call
	answers := func(ctx context.Context, in *softphone.Incoming) error {
		call, err := in.Answer(ctx)
		if err != nil {
			return nil // the CANCEL was faster
		}
		mu.Lock()
		calls = append(calls, call)
		mu.Unlock()
		return call.Wait(ctx)
	}
	a, b := callee(t, ann, answers), callee(t, bob, answers)
	office, results := ringing(t, &siphost.Options{Contacts: map[string][]string{"all": {ann.URI(), bob.URI()}}}, false,
		callflow.Ring{Targets: []string{"all"}, For: 5 * time.Second})
	ctx := soon(t)
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	assert.Equal(t, phone.Answered, take(t, results).Outcome)
	require.NoError(t, call.Silence(ctx, 200*time.Millisecond))
	require.NoError(t, call.Hangup(ctx))
	a.Wait()
	b.Wait()
}
