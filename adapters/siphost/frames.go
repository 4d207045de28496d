package siphost

import (
	"context"
	"iter"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/voicemail"
)

// fresh is how long what came since the last sound may wait for Frames.
const fresh = 2 * time.Second

// Frames delivers what the caller says from now on, in the codec of
// [Leg.Format]. When a sound ended a moment ago, such as the beep, it begins
// where that ended: no word is lost while a disk is slow to open. Media time counts from the first frame and comes from the RTP
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
		tap := l.heard()
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

// listen keeps what the caller says from now on, for [Leg.Frames].
func (l *Leg) listen() {
	l.deafen()
	l.tap, l.since = l.session.Tap(backlog), time.Now()
}

// deafen forgets it.
func (l *Leg) deafen() {
	if l.tap != nil {
		l.tap.Close()
		l.tap = nil
	}
}

// heard is what has been kept since the last sound, if that was just now.
func (l *Leg) heard() *media.Tap {
	tap := l.tap
	if tap == nil || time.Since(l.since) > fresh {
		l.deafen()
		return l.session.Tap(backlog)
	}
	l.tap = nil
	return tap
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
