package voicemail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

// Expect says that somebody else records this message, such as the platform
// of a webhook host, and that [Service.Ingest] will bring it. Room is set
// aside as for Begin, with the same errors. A recording that has not come
// after [Limits].Overdue is reported as [EventOverdue] and loses its room; it
// is still welcome later. Expect may be repeated.
func (s *Service) Expect(ctx context.Context, r Request) error {
	_, err := s.expect(ctx, r, false)
	return err
}

// expect returns the row of r, made when needed. late: the message was left,
// so that no quota can refuse it any more.
func (s *Service) expect(ctx context.Context, r Request, late bool) (CaptureRow, error) {
	r, err := r.clean()
	if err != nil {
		return CaptureRow{}, err
	}
	errs := 0
	for range conflicts {
		row, err := s.store.Capture(ctx, r.Call.Tenant, r.Key)
		switch {
		case errors.Is(err, ErrNotFound):
			row, err = s.create(ctx, r, CaptureRow{Request: r}, StateExpected, late)
		case err == nil && row.State == StateReleased && !late:
			row, err = s.create(ctx, r, row, StateExpected, late)
		}
		if err == nil || final(err) {
			return row, err
		}
		if !errors.Is(err, ErrConflict) {
			if errs++; errs >= unknowns {
				return row, err
			}
		}
	}
	return CaptureRow{}, ErrBusy
}

// Ingest takes a recording that was made elsewhere, as a WAV file of at most
// [Limits].Length; what is longer is cut with [StopLength]. It may come late,
// twice, or without Expect, and no quota refuses it: it was left. The message
// has the rate of the file, in the codec of the request.
//
// After an error nothing was taken; the host tries again with the same
// request. A file that is not a WAV file is an error of package pcm. The
// receipt is saved or discarded; a repetition returns the first receipt and
// does not read wav.
func (s *Service) Ingest(ctx context.Context, r Request, wav io.Reader) (Receipt, error) {
	row, err := s.expect(ctx, r, true)
	if err != nil {
		return Receipt{}, err
	}
	if row.State.final() {
		return row.Receipt, nil
	}
	clip, err := pcm.ReadWAV(wav, s.limits.Length)
	end := ending{stop: StopHangup}
	if errors.Is(err, pcm.ErrTooLong) {
		end.stop, err = StopLength, nil
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("voicemail: ingest: %w", err)
	}
	codec := row.Request.Codec
	rec := recording{
		codec: codec, rate: clip.Rate, data: codec.Encode(nil, clip.Samples), end: end,
		started: s.ingestedAt(row, clip.Duration()),
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limits.Commit)
	defer cancel()
	return s.keep(ctx, row, rec)
}

// ingestedAt is when the recording began: where the call tells, within it.
func (s *Service) ingestedAt(row CaptureRow, length time.Duration) time.Time {
	end := row.Request.Call.Ended
	if end.IsZero() {
		end = s.now()
	}
	return end.UTC().Add(-length)
}
