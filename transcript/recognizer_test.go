package transcript_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// babble is sound with the rhythm of speech: bursts and pauses.
func babble(n int) pcm.Clip {
	clip := pcm.Silence(8000, 200*time.Millisecond)
	for range n {
		clip = clip.Append(pcm.Tone(8000, 120*time.Millisecond, 220, 700), pcm.Silence(8000, 120*time.Millisecond))
	}
	return clip
}

func TestGate(t *testing.T) {
	t.Parallel()
	asked := 0
	r := transcript.Gate(transcript.RecognizerFunc(func(context.Context, pcm.Clip, transcript.Hints) (transcript.Transcript, error) {
		asked++
		return transcript.Plain("hello", language.English), nil
	}))
	for name, clip := range map[string]pcm.Clip{
		"nothing": {Rate: 8000}, "silence": pcm.Silence(8000, 3*time.Second), "dial tone": pcm.Tone(8000, 3*time.Second, 440),
	} {
		got, err := r.Recognize(t.Context(), clip, transcript.Hints{})
		require.NoError(t, err, name)
		assert.True(t, got.Empty(), name)
	}
	assert.Zero(t, asked, "silence is never sent to an engine")
	got, err := r.Recognize(t.Context(), babble(8), transcript.Hints{})
	require.NoError(t, err)
	assert.Equal(t, "hello", got.Text)
	_, err = r.Recognize(t.Context(), pcm.Clip{Rate: 1}, transcript.Hints{})
	require.NoError(t, err)
	assert.Equal(t, 2, asked, "what can not be measured is passed on")
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	stuck := transcript.RecognizerFunc(func(ctx context.Context, _ pcm.Clip, _ transcript.Hints) (transcript.Transcript, error) {
		<-ctx.Done()
		return transcript.Transcript{}, ctx.Err()
	})
	_, err := transcript.Timeout(stuck, time.Millisecond).Recognize(t.Context(), pcm.Clip{}, transcript.Hints{})
	var known *transcript.Error
	require.ErrorAs(t, err, &known)
	assert.Equal(t, transcript.Retry, known.Kind)
	assert.True(t, known.Retryable())
	require.ErrorIs(t, err, context.DeadlineExceeded)

	quick := transcript.RecognizerFunc(func(ctx context.Context, _ pcm.Clip, _ transcript.Hints) (transcript.Transcript, error) {
		return transcript.Transcript{}, ctx.Err()
	})
	_, err = transcript.Timeout(quick, 0).Recognize(t.Context(), pcm.Clip{}, transcript.Hints{})
	require.NoError(t, err, "no limit")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = transcript.Timeout(stuck, time.Hour).Recognize(ctx, pcm.Clip{}, transcript.Hints{})
	assert.Equal(t, context.Canceled, err, "the caller's own end stays what it is")
}

func TestError(t *testing.T) {
	t.Parallel()
	for kind, again := range map[transcript.ErrorKind]bool{
		transcript.Retry: true, transcript.Quota: true, transcript.Unsupported: false, transcript.Permanent: false, "": true,
	} {
		err := fmt.Errorf("engine: %w", &transcript.Error{Kind: kind, Err: errors.ErrUnsupported})
		var r interface{ Retryable() bool }
		require.ErrorAs(t, err, &r)
		assert.Equal(t, again, r.Retryable(), kind)
		require.ErrorIs(t, err, errors.ErrUnsupported)
	}
	assert.Equal(t, "transcript: not recognised (quota)", (&transcript.Error{Kind: transcript.Quota}).Error())
}

func TestKey(t *testing.T) {
	t.Parallel()
	clip := babble(3)
	key := transcript.Key(clip, transcript.Hints{})
	assert.Len(t, key, 64)
	assert.Equal(t, key, transcript.Key(clip, transcript.Hints{Mailbox: "7"}), "who asks does not matter")
	other := babble(3)
	other.Samples[len(other.Samples)-1]++
	assert.NotEqual(t, key, transcript.Key(other, transcript.Hints{}))
	assert.NotEqual(t, key, transcript.Key(pcm.Clip{Rate: 16000, Samples: clip.Samples}, transcript.Hints{}))
	assert.NotEqual(t, key, transcript.Key(clip, transcript.Hints{Languages: []language.Tag{language.French}}))
	assert.NotEqual(t, key, transcript.Key(clip, transcript.Hints{Vocabulary: []string{"Câlin"}}))
	assert.NotEqual(t, transcript.Key(clip, transcript.Hints{Vocabulary: []string{"a", "b"}}),
		transcript.Key(clip, transcript.Hints{Vocabulary: []string{"a\x00b"}}), "no list is another one")
}
