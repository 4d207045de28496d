package voicemail_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

func wav(t *testing.T, clip pcm.Clip) *bytes.Reader {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, pcm.WriteWAV(&buf, clip, pcm.PCM16))
	return bytes.NewReader(buf.Bytes())
}

func TestARecordingMadeElsewhere(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		f := newOffice(t, s, voicemail.Settings{MaxMessages: 1}, voicemail.Options{})
		require.NoError(t, f.Expect(t.Context(), f.request("k")))
		require.NoError(t, f.Expect(t.Context(), f.request("k")), "a repeated webhook")
		_, err := f.Begin(t.Context(), f.request("other"))
		require.ErrorIs(t, err, voicemail.ErrFull, "its room is set aside")
		_, err = f.Begin(t.Context(), f.request("k"))
		require.ErrorIs(t, err, voicemail.ErrBusy, "somebody else records it")
		said := speech(3 * time.Second).Resample(16000)
		r, err := f.Ingest(t.Context(), f.request("k"), wav(t, said))
		require.NoError(t, err)
		assert.Equal(t, voicemail.StateSaved, r.State)
		assert.Equal(t, 3*time.Second, r.Length)
		again, err := f.Ingest(t.Context(), f.request("k"), iotest.ErrReader(errors.New("not read")))
		require.NoError(t, err)
		assert.Equal(t, r, again)
		p := f.list(voicemail.Query{})
		require.Len(t, p.Messages, 1)
		assert.Equal(t, 16000, p.Messages[0].Rate)
		assert.Greater(t, correlation(said.Samples, f.listen(r.Message).Samples), 0.999)
	})
}

func TestARecordingThatComesLate(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{MaxMessages: 1}, voicemail.Options{})
	require.NoError(t, f.Expect(t.Context(), f.request("late")))
	r := f.workUntil(2 * time.Hour)
	assert.Equal(t, 1, r.Overdue)
	assert.Equal(t, 1, f.told(voicemail.EventOverdue))
	f.leave("quick", 2*time.Second) // takes the room
	_, err := f.Ingest(t.Context(), f.request("late"), wav(t, speech(2*time.Second)))
	require.NoError(t, err)
	_, err = f.Ingest(t.Context(), f.request("never announced"), wav(t, speech(2*time.Second)))
	require.NoError(t, err)
	assert.Len(t, f.list(voicemail.Query{}).Messages, 3, "what was left is kept, quota or not")
	box, err := f.Box(t.Context(), phone.Actor{}, f.box)
	require.NoError(t, err)
	assert.Zero(t, box.Reserved)
}

func TestTheSameRecordingFromTwoNodes(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	nodes := []*voicemail.Service{f.Service, f.node(f.stores, voicemail.Options{})}
	receipts := make([]voicemail.Receipt, 10)
	file := make([]io.Reader, len(receipts))
	for i := range file {
		file[i] = wav(t, speech(2*time.Second))
	}
	var wg sync.WaitGroup
	for i := range receipts {
		wg.Go(func() {
			var err error
			receipts[i], err = nodes[i%2].Ingest(t.Context(), f.request("k"), file[i])
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	for _, r := range receipts {
		assert.Equal(t, receipts[0], r)
	}
	assert.Len(t, f.list(voicemail.Query{}).Messages, 1)
}

func TestAFileThatIsNoRecording(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{Limits: voicemail.Limits{Length: 10 * time.Second}})
	for name, file := range map[string]io.Reader{
		"empty":    strings.NewReader(""),
		"text":     strings.NewReader("<html>expired</html>"),
		"line cut": iotest.ErrReader(errors.New("reset")),
	} {
		_, err := f.Ingest(t.Context(), f.request("k"), file)
		require.ErrorContains(t, err, "voicemail: ingest: ", name)
	}
	r, err := f.Ingest(t.Context(), f.request("k"), wav(t, speech(30*time.Second)))
	require.NoError(t, err, "the host tries again")
	assert.Equal(t, voicemail.StopLength, r.Stop)
	assert.Equal(t, 10*time.Second, r.Length)
	r, err = f.Ingest(t.Context(), f.request("quiet"), wav(t, quiet(5*time.Second)))
	require.NoError(t, err)
	assert.Equal(t, voicemail.WhyNoSpeech, r.Why)
}
