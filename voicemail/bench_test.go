package voicemail_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

func benchOffice(b *testing.B, s stores, o *voicemail.Options) *voicemail.Service {
	b.Helper()
	service, err := voicemail.New(s, s, s, o)
	require.NoError(b, err)
	require.NoError(b, service.PutBox(b.Context(), phone.Actor{}, voicemail.Box{
		ID: boxID, Settings: voicemail.Settings{MaxLength: 4 * time.Hour},
	}))
	return service
}

// discard is a spool without a disk, so that Write is measured alone.
type discard struct{ *voicemail.Memory }

func (discard) Append(context.Context, voicemail.SpoolID, []byte) error { return nil }

func BenchmarkWrite(b *testing.B) {
	for _, codec := range []pcm.Codec{pcm.PCMU, pcm.PCM16} {
		b.Run(string(codec), func(b *testing.B) {
			b.ReportAllocs()
			s := benchOffice(b, discard{voicemail.NewMemory()}, &voicemail.Options{Limits: voicemail.Limits{Length: 4 * time.Hour, Backlog: 1 << 30}})
			data := codec.Encode(nil, speech(packet).Samples)
			n := 0
			var c *voicemail.Capture
			begin := func() {
				req := asked
				req.Key, req.Codec = fmt.Sprintf("%s/%d", codec, n), codec
				var err error
				c, err = s.Begin(b.Context(), req)
				require.NoError(b, err)
			}
			begin()
			at := time.Duration(0)
			for b.Loop() {
				stop, err := c.Write(voicemail.Frame{At: at, Data: data})
				if err != nil {
					b.Fatal(err)
				}
				at += packet
				if stop != "" { // four hours have passed
					n++
					at = 0
					begin()
				}
			}
		})
	}
}

func BenchmarkCommit(b *testing.B) {
	for name, open := range map[string]func(b *testing.B) stores{
		"memory": func(*testing.B) stores { return voicemail.NewMemory() },
		"dir":    func(b *testing.B) stores { return openDir(b, b.TempDir()) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			s := benchOffice(b, open(b), nil)
			n := 0
			for b.Loop() { // Begin, two seconds of sound, Finish
				n++
				req := asked
				req.Key = key(n)
				c, err := s.Begin(b.Context(), req)
				require.NoError(b, err)
				r, err := c.Record(b.Context(), frames(speech(2*time.Second)))
				require.NoError(b, err)
				require.Equal(b, voicemail.StateSaved, r.State)
			}
		})
	}
}

func BenchmarkApply(b *testing.B) {
	d := openDir(b, b.TempDir())
	b.ReportAllocs()
	n := 0
	for b.Loop() { // one row, one fsync
		n++
		require.NoError(b, d.Apply(b.Context(), voicemail.Batch{Tasks: []voicemail.Task{{ID: key(n), Box: boxID}}}))
	}
}

func BenchmarkReplay(b *testing.B) {
	var all []voicemail.Batch
	for i := range 10_000 {
		m := voicemail.Message{
			Box: boxID, ID: fmt.Sprintf("0198f3c2-7a1b-7c3d-8e4f-%012d", i), Number: i + 1, Seq: i + 1, Revision: 1,
			Folder: voicemail.Inbox, Call: asked.Call, Divert: asked.Divert, Received: time.Unix(int64(i), 0).UTC(),
			Transcript: voicemail.Transcript{State: voicemail.TranscriptDone, Text: "Hello, this is Zoé, please call me back about the order of Tuesday."},
		}
		box := voicemail.Box{ID: boxID, Revision: i + 1, Seq: i + 1}
		row := voicemail.CaptureRow{Request: asked, Revision: i + 1, State: voicemail.StateSaved}
		all = append(all, voicemail.Batch{Boxes: []voicemail.Box{box}, Messages: []voicemail.Message{m}, Captures: []voicemail.CaptureRow{row}})
	}
	data := voicemail.JournalOf(all...)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() { // 10 000 messages
		_, got, err := voicemail.ReadJournal(data)
		require.NoError(b, err)
		require.Len(b, got, 10_000)
	}
}

func BenchmarkRecoverTake(b *testing.B) {
	data := voicemail.Chunk('b', 0, 0, []byte(begin))
	frame := bytes.Repeat([]byte{1}, 320)
	for i := range 9000 { // three minutes
		data = append(data, voicemail.Chunk('f', uint32(i+1), int64(i)*160, frame)...)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, n, err := voicemail.ReadTake(bytes.NewReader(data), 1<<30)
		require.NoError(b, err)
		require.Equal(b, 9000, n)
	}
}
