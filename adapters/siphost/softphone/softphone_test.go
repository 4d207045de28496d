package softphone_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
)

func handset(t *testing.T, o *softphone.Options) *softphone.Phone {
	t.Helper()
	p, err := softphone.New(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	return p
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestTwoPhonesTalk(t *testing.T) {
	t.Parallel()
	ada, bob := handset(t, &softphone.Options{Number: "ada"}), handset(t, &softphone.Options{Number: "bob", Codecs: []pcm.Codec{pcm.PCMA}})
	ctx := soon(t)
	hello := pcmtest.Voice(8000, time.Second, 1)
	talked := make(chan error, 1)
	go func() {
		talked <- bob.Answer(ctx, 50*time.Millisecond, func(ctx context.Context, call *softphone.Call) error {
			if err := call.SendAudio(ctx, pcm.Tone(8000, 300*time.Millisecond, 640)); err != nil {
				return err
			}
			return call.WaitHeard(ctx, time.Second)
		})
	}()
	call, err := ada.Dial(ctx, bob.URI(), nil)
	require.NoError(t, err)
	assert.Equal(t, pcm.PCMA, call.Codec())
	require.NoError(t, call.WaitBeep(ctx, 640))
	assert.ErrorIs(t, call.SendAudio(ctx, hello.Append(pcm.Silence(8000, 5*time.Second))), softphone.ErrEnded)
	require.NoError(t, <-talked)
	require.NoError(t, call.Wait(ctx))
	require.NoError(t, call.Hangup(ctx), "it is over already")
	assert.ErrorIs(t, call.WaitTone(ctx, 640), softphone.ErrEnded)
	assert.InDelta(t, 0.3, call.Heard().Duration().Seconds(), 0.05)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	ada, bob := handset(t, nil), handset(t, nil)
	ctx := soon(t)
	go func() {
		if in, err := bob.Accept(ctx); assert.NoError(t, err) {
			in.Decline(603)
		}
	}()
	_, err := ada.Dial(ctx, bob.URI(), nil)
	require.True(t, softphone.IsRefused(err, 603), "%v", err)
	var refused *softphone.RefusedError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "Refused", refused.Reason)

	_, err = ada.Dial(ctx, "tel:+1", nil)
	require.Error(t, err)
	require.Error(t, ada.Register(ctx, "nonsense", "ada", "", time.Minute))
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err = bob.Accept(short)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, bob.Close())
	_, err = bob.Accept(ctx)
	require.ErrorIs(t, err, softphone.ErrClosed)
	_, err = softphone.New(ctx, &softphone.Options{Addr: ada.Addr().String()})
	require.Error(t, err, "the port is taken")
	_, err = softphone.New(ctx, &softphone.Options{Addr: "x"})
	require.Error(t, err)
}
