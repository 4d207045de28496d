package voicemail

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/afterbeep/afterbeep/phone"
)

// Open returns the sound of a message as a WAV file, which browsers and
// net/http can seek in. Listening changes nothing; the host decides when a
// message is heard. [ErrNotFound]; a recording that is damaged is an error of
// its reader, for that message only. The caller closes it; it belongs to one
// goroutine at a time, and reads under ctx.
func (s *Service) Open(ctx context.Context, a phone.Actor, id BoxID, message string) (io.ReadSeekCloser, error) {
	if err := s.allow(ctx, a, ActionListen, id); err != nil {
		return nil, err
	}
	m, err := s.message(ctx, id, message)
	if err != nil {
		return nil, err
	}
	return &wavFile{ctx: ctx, s: s, m: m}, nil
}

// wavFile reads a recording piece by piece, so that players can seek.
type wavFile struct {
	ctx    context.Context // of Open: a reader has no other way to end
	s      *Service
	m      Message
	at     int64
	reader io.ReadCloser
}

func (w *wavFile) Read(p []byte) (int, error) {
	if w.at >= w.m.Bytes {
		return 0, io.EOF
	}
	if w.reader == nil {
		r, err := w.s.blobs.Open(w.ctx, w.m.Box.Tenant, w.m.Blob, w.at, -1)
		if err != nil {
			return 0, fmt.Errorf("voicemail: recording: %w", err)
		}
		w.reader = r
	}
	n, err := w.reader.Read(p)
	w.at += int64(n)
	if errors.Is(err, io.EOF) && w.at < w.m.Bytes {
		err = fmt.Errorf("voicemail: recording of %d bytes ends at %d: %w", w.m.Bytes, w.at, io.ErrUnexpectedEOF)
	}
	return n, err
}

func (w *wavFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += w.at
	case io.SeekEnd:
		offset += w.m.Bytes
	}
	if offset < 0 {
		return w.at, errors.New("voicemail: recording: seek before its beginning")
	}
	if offset != w.at {
		w.at = offset
		return offset, w.Close()
	}
	return offset, nil
}

func (w *wavFile) Close() error {
	if w.reader == nil {
		return nil
	}
	err := w.reader.Close()
	w.reader = nil
	return err
}
