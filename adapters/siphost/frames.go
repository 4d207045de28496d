package siphost

import (
	"context"
	"iter"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/voicemail"
)

// Frames delivers what the caller says from now on, in the codec of
// [Leg.Format]. Media time counts from the first frame and comes from the RTP
// timestamps: what was lost, and what was never sent, is a gap. A key is a
// frame of its own; keys that were pressed before are dropped.
//
// The sequence ends when the call is over, when ctx is done, and when nothing
// came for [Options].NoMedia; [Leg.Cause] tells which. It may be ranged over
// once.
func (l *Leg) Frames(ctx context.Context) iter.Seq[voicemail.Frame] {
	return func(yield func(voicemail.Frame) bool) {
		if l.answer(ctx) != nil {
			return
		}
		tap := l.session.Tap(backlog)
		defer tap.Close()
		l.session.Forget()
		defer l.session.Forget()
		r := recording{codec: l.host.cfg.Frames, base: -1}
		quiet := time.NewTimer(l.host.cfg.NoMedia)
		defer quiet.Stop()
		for {
			select {
			case p := <-tap.C:
				quiet.Reset(l.host.cfg.NoMedia)
				if frame, ok := r.frame(p); ok && !yield(frame) {
					return
				}
			case <-quiet.C:
				if !l.session.Held() {
					l.leave(ErrNoMedia)
					return
				}
				quiet.Reset(l.host.cfg.NoMedia)
			case <-l.in.Done():
				l.rest(tap, &r, yield)
				return
			case <-ctx.Done():
				return
			}
		}
	}
}

// rest delivers what was said before the hangup and is still on its way.
func (l *Leg) rest(tap *media.Tap, r *recording, yield func(voicemail.Frame) bool) {
	limit := time.NewTimer(trailing)
	defer limit.Stop()
	for {
		select {
		case p := <-tap.C:
			if frame, ok := r.frame(p); ok && !yield(frame) {
				return
			}
		case <-limit.C:
			return
		}
	}
}

// recording turns packets into frames.
type recording struct {
	codec pcm.Codec
	base  time.Duration // media time of the first packet; -1: none yet
}

func (r *recording) frame(p media.Packet) (voicemail.Frame, bool) {
	if len(p.Payload) == 0 && p.Digit == 0 {
		return voicemail.Frame{}, false
	}
	if r.base < 0 {
		r.base = p.At
	}
	frame := voicemail.Frame{At: max(p.At-r.base, 0)}
	if p.Digit != 0 {
		frame.Key = string(p.Digit)
		return frame, true
	}
	frame.Data = media.Transcode(p.Payload, p.Codec, r.codec)
	return frame, true
}
