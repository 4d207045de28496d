package transcript_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// paid is a recogniser that takes a minute, counts its calls, and fails as it
// is told.
type paid struct {
	calls atomic.Int64
	fail  atomic.Pointer[transcript.Error]
}

func (p *paid) Recognize(ctx context.Context, _ pcm.Clip, _ transcript.Hints) (transcript.Transcript, error) {
	n := p.calls.Add(1)
	select {
	case <-time.After(time.Minute):
	case <-ctx.Done():
		return transcript.Transcript{}, ctx.Err()
	}
	if err := p.fail.Load(); err != nil {
		return transcript.Transcript{}, err
	}
	return transcript.Plain(fmt.Sprint("answer ", n), language.English), nil
}

func TestOncePaysOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		engine := &paid{}
		r := transcript.Once(engine, transcript.NewMemoryAnswers(2))
		ask := func(clip pcm.Clip, h transcript.Hints) string {
			got, err := r.Recognize(t.Context(), clip, h)
			assert.NoError(t, err)
			return got.Text
		}
		for range 8 { // at once
			go func() { assert.Equal(t, "answer 1", ask(babble(3), transcript.Hints{})) }()
		}
		time.Sleep(2 * time.Minute)
		assert.Equal(t, "answer 1", ask(babble(3), transcript.Hints{Tenant: "t", Mailbox: "m"}), "and later, whoever asks")
		assert.Equal(t, "answer 2", ask(babble(4), transcript.Hints{}))
		assert.Equal(t, "answer 3", ask(babble(3), transcript.Hints{Languages: []language.Tag{language.French}}))
		assert.Equal(t, "answer 4", ask(babble(3), transcript.Hints{}), "the oldest was forgotten")
		assert.Equal(t, int64(4), engine.calls.Load())

		engine.fail.Store(&transcript.Error{Kind: transcript.Quota})
		for range 2 {
			_, err := r.Recognize(t.Context(), babble(5), transcript.Hints{})
			var known *transcript.Error
			require.ErrorAs(t, err, &known)
			assert.Equal(t, transcript.Quota, known.Kind)
		}
		assert.Equal(t, int64(6), engine.calls.Load(), "errors are not kept")
	})
}

// Who asked first may leave: the others do not leave with them.
func TestOnceAfterTheFirstLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		engine := &paid{}
		r := transcript.Once(engine, transcript.NewMemoryAnswers(2))
		first, leave := context.WithCancel(t.Context())
		go func() {
			_, err := r.Recognize(first, babble(3), transcript.Hints{})
			assert.ErrorIs(t, err, context.Canceled)
		}()
		synctest.Wait()
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go func() {
			got, err := r.Recognize(t.Context(), babble(3), transcript.Hints{})
			assert.NoError(t, err)
			assert.Equal(t, "answer 2", got.Text)
		}()
		_, err := r.Recognize(impatient, babble(3), transcript.Hints{})
		var known *transcript.Error
		require.ErrorAs(t, err, &known)
		assert.Equal(t, transcript.Retry, known.Kind)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		leave()
		time.Sleep(2 * time.Minute)
		assert.Equal(t, int64(2), engine.calls.Load())
	})
}

// faulty is a store of which a half is down.
type faulty struct {
	*transcript.MemoryAnswers
	read, write error
}

func (f faulty) Answer(ctx context.Context, key string) (transcript.Transcript, bool, error) {
	t, ok, _ := f.MemoryAnswers.Answer(ctx, key)
	return t, ok, f.read
}

func (f faulty) Keep(context.Context, string, transcript.Transcript) error { return f.write }

func TestOnceWithoutItsStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("disk full")
		engine := &paid{}
		_, err := transcript.Once(engine, faulty{transcript.NewMemoryAnswers(1), down, nil}).Recognize(t.Context(), babble(3), transcript.Hints{})
		var known *transcript.Error
		require.ErrorAs(t, err, &known)
		assert.Equal(t, transcript.Retry, known.Kind)
		require.ErrorIs(t, err, down)
		assert.Zero(t, engine.calls.Load(), "nobody pays for what may be there")
		got, err := transcript.Once(engine, faulty{transcript.NewMemoryAnswers(1), nil, down}).Recognize(t.Context(), babble(3), transcript.Hints{})
		require.NoError(t, err)
		assert.Equal(t, "answer 1", got.Text, "what is paid for is not thrown away")
	})
}
