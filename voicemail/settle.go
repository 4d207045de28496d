package voicemail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

const (
	wavOverhead = 64 // bytes of a WAV file that are not sound, rounded up
	conflicts   = 1000
	unknowns    = 2 // attempts at a commit whose outcome is unknown
)

// ending is how a recording ended, as the process knows that recorded it.
type ending struct {
	stop    Stop
	key     string
	partial bool
	rest    []byte // chunks that the spool did not take
	chunks  uint32 // how many there are in all; 0: not known
}

// settle makes a message of the sound in the spool of row, or discards it.
// row must be ours; end is nil when the recorder is gone. It is the only path
// from sound to message, for Finish and for Recover, and leaves the spool
// alone unless it succeeds.
func (s *Service) settle(ctx context.Context, row CaptureRow, end *ending) (Receipt, error) {
	t, err := s.readSpool(ctx, row)
	switch {
	case end == nil && err != nil:
		return Receipt{}, err
	case end == nil && t.stop != nil:
		end = &ending{stop: t.stop.Stop, key: t.stop.Key}
	case end == nil:
		end = &ending{stop: StopCrash, partial: true}
	case len(end.rest) > 0:
		if more := t.add(end.rest, s.takeLimit(row)); more != nil || err != nil && t.chunks < end.chunks {
			return Receipt{}, errors.Join(err, more)
		}
	case err != nil:
		return Receipt{}, err
	}
	if t.chunks < end.chunks {
		end.partial = true
	}
	data := t.sound(s.room(row))
	rec := recording{codec: t.begin.Codec, rate: t.begin.Rate, data: data, started: t.begin.Started, end: *end}
	r, err := s.keep(ctx, row, rec)
	if err == nil {
		s.clean(ctx, row)
	}
	return r, err
}

// recording is sound that is complete, and how it came to be.
type recording struct {
	codec   pcm.Codec
	rate    int
	data    []byte
	started time.Time
	end     ending
}

func (s *Service) readSpool(ctx context.Context, row CaptureRow) (take, error) {
	r, err := s.spool.Read(ctx, row.spoolID())
	if err != nil {
		return take{}, err
	}
	t, err := readTake(r, s.takeLimit(row))
	_ = r.Close() // read to the end, or failed already
	if errors.Is(err, errNoTake) {
		return take{begin: beginNote{Codec: row.Request.Codec, Rate: row.Request.Rate}}, nil
	}
	if err == nil && (t.begin.Tenant != row.Request.Call.Tenant || t.begin.Key != row.Request.Key) {
		err = errors.New("voicemail: spool of another capture")
	}
	return t, err
}

// takeLimit is how many bytes of sound a spool may have: Write stores no more
// than twice the room.
func (s *Service) takeLimit(row CaptureRow) int64 {
	return 2 * s.room(row) * int64(row.Request.Codec.Width())
}

// keep decides by samples, seals and commits.
func (s *Service) keep(ctx context.Context, row CaptureRow, rec recording) (Receipt, error) {
	n := int64(len(rec.data) / rec.codec.Width())
	length := span(n, rec.rate)
	speech := heardIn(rec)
	r := Receipt{Stop: rec.end.stop, Key: rec.end.key, Length: length, Partial: rec.end.partial}
	switch {
	case n == 0:
		r.Why = WhyEmpty
	case length < row.Settings.MinLength:
		r.Why = WhyTooShort
	case speech < row.Settings.MinSpeech:
		r.Why = WhyNoSpeech
	}
	if r.Why != "" {
		return s.discard(ctx, row, r)
	}
	m := Message{
		Box: row.Request.Box(), ID: row.Message, Folder: Inbox, Capture: row.Request.Key,
		Call: row.Request.Call, Divert: row.Request.Divert, Received: rec.started.Add(length),
		Codec: rec.codec, Rate: rec.rate, Length: length, Speech: speech, Stop: r.Stop, Partial: r.Partial,
	}
	if err := s.seal(ctx, &m, rec, n); err != nil {
		return Receipt{}, err
	}
	r.Message = m.ID
	return s.commit(ctx, row, m, r)
}

func heardIn(rec recording) time.Duration {
	m := meter(rec.rate)
	var block []int16
	const piece = 32 << 10
	for data := rec.data; len(data) > 0; {
		n := min(len(data), piece)
		block = rec.codec.Decode(block[:0], data[:n])
		m.Feed(block)
		data = data[n:]
	}
	return m.Level().Speech
}

// meter is for rates that were checked: those of a request and of a WAV file.
func meter(rate int) *pcm.Meter {
	m, err := pcm.NewMeter(rate)
	if err != nil {
		return &pcm.Meter{} // hears nothing
	}
	return m
}

// seal stores the recording as a WAV file with true sizes, and reads it back:
// a message is never announced before it can be played. Its key has the sum
// of its bytes in it, so that put-if-absent can not keep a different one.
func (s *Service) seal(ctx context.Context, m *Message, rec recording, n int64) error {
	head, err := pcm.WAVHeader(rec.codec, rec.rate, n)
	if err != nil {
		return fmt.Errorf("voicemail: %w", err)
	}
	parts := [][]byte{head, rec.data, nil}
	if len(rec.data)%2 == 1 {
		parts[2] = []byte{0}
	}
	h := sha256.New()
	m.Bytes = 0
	var readers []io.Reader
	for _, p := range parts {
		_, _ = h.Write(p) // a hash never fails
		m.Bytes += int64(len(p))
		readers = append(readers, bytes.NewReader(p))
	}
	m.SHA256 = hex.EncodeToString(h.Sum(nil))
	m.Blob = m.ID + "." + m.SHA256[:16] + ".wav"
	if err := s.blobs.Put(ctx, m.Box.Tenant, m.Blob, io.MultiReader(readers...), m.Bytes); err != nil {
		return fmt.Errorf("voicemail: seal: %w", err)
	}
	back, err := s.blobs.Open(ctx, m.Box.Tenant, m.Blob, 0, -1)
	if err != nil {
		return fmt.Errorf("voicemail: seal: %w", err)
	}
	h.Reset()
	size, err := io.Copy(h, io.LimitReader(back, m.Bytes+1))
	if err := errors.Join(err, back.Close()); err != nil {
		return fmt.Errorf("voicemail: seal: %w", err)
	}
	if size != m.Bytes || hex.EncodeToString(h.Sum(nil)) != m.SHA256 {
		return fmt.Errorf("voicemail: seal: blob %s is not what was stored", m.Blob)
	}
	return nil
}

// clean removes the sound of a capture that is settled. What stays behind is
// found by Recover.
func (s *Service) clean(ctx context.Context, row CaptureRow) {
	if row.Spool == "" {
		return
	}
	if err := s.spool.Remove(ctx, row.spoolID()); err != nil {
		s.log.WarnContext(ctx, "voicemail: spool not removed", "key", row.Request.Key, "err", err)
	}
}

func outcome(r Receipt) phone.Outcome {
	if r.State == StateSaved {
		return phone.Voicemail
	}
	return Empty
}
