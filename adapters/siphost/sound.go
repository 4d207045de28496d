package siphost

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

const (
	backlog  = 512                    // packets that may wait for a reader: 10 s
	trailing = 100 * time.Millisecond // for what is on its way when a BYE comes
)

// errNoPrompts means that a flow asks for prompts, and the host has none.
var errNoPrompts = errors.New("siphost: no prompts: Options.Prompt is nil")

// agree reads a description and chooses a codec.
func (h *Host) agree(body []byte) (media.Remote, media.Format, error) {
	remote, err := media.Parse(body)
	if err != nil {
		return media.Remote{}, media.Format{}, err
	}
	to := remote.Addr.Addr()
	if h.cfg.loopback() && !to.IsLoopback() && !to.IsUnspecified() {
		return media.Remote{}, media.Format{}, fmt.Errorf("siphost: sound for %v, which is not on this machine", to)
	}
	format, err := remote.Choose(h.cfg.Codecs)
	return remote, format, err
}

func (h *Host) open() (*media.Session, error) {
	return media.Open(h.cfg.addr.Addr(), media.Ports{From: h.cfg.MediaFrom, To: h.cfg.MediaTo})
}

// peerOf is the address of a peer on the network; invalid when it is not known.
func peerOf(source string) netip.Addr {
	peer, _ := netip.ParseAddrPort(source)
	return peer.Addr()
}

// public is where a session is reached from outside.
func (h *Host) public(s *media.Session) netip.AddrPort {
	return netip.AddrPortFrom(h.cfg.advertise.Unmap(), s.Local().Port())
}

// reoffered answers a new offer inside a call: hold, resume, another place for
// sound. An empty one asks for ours.
func (h *Host) reoffered(s *media.Session, offer []byte) ([]byte, int) {
	version := s.Version()
	if len(offer) == 0 {
		body, err := media.Offer{Local: h.public(s), Codecs: []pcm.Codec{s.Codec()}, Version: version}.Marshal()
		if err != nil {
			return nil, sip.StatusInternalServerError
		}
		return body, sip.StatusOK
	}
	remote, format, err := h.agree(offer)
	if err != nil {
		return nil, sip.StatusNotAcceptableHere
	}
	body, err := remote.Answer(h.public(s), format, version)
	if err != nil {
		return nil, sip.StatusInternalServerError
	}
	s.Start(remote, format)
	return body, sip.StatusOK
}

func (l *Leg) prompt(ctx context.Context, name string, divert phone.Divert) (pcm.Clip, error) {
	if l.host.cfg.Prompt == nil {
		return pcm.Clip{}, errNoPrompts
	}
	clip, err := l.host.cfg.Prompt(ctx, name, divert.Language, l.call)
	if err == nil && len(clip.Samples) > 0 && !pcm.ValidRate(clip.Rate) {
		err = fmt.Errorf("siphost: prompt %q: a rate of %d", name, clip.Rate)
	}
	return clip, err
}

// Play plays a clip to its end, to one of the keys in escape, or to the
// hangup. The outcome is done, or the key, which is in Digits as well. Keys
// that were pressed before count; with no escape they are kept for the next
// menu.
func (l *Leg) Play(ctx context.Context, clip pcm.Clip, escape []string) (callflow.Result, error) {
	if err := l.answer(ctx); err != nil {
		return l.result(err)
	}
	pressed := ""
	var key func(rune) bool
	if len(escape) > 0 {
		key = func(digit rune) bool {
			if slices.Contains(escape, string(digit)) {
				pressed = string(digit)
			}
			return pressed != ""
		}
	}
	if err := l.play(ctx, clip, key); err != nil {
		return callflow.Result{Outcome: phone.Failed}, err
	}
	result := callflow.Result{Outcome: callflow.Completed, HungUp: l.over()}
	if pressed != "" {
		result.Outcome, result.Digits = phone.Outcome(pressed), pressed
	}
	return result, nil
}

// play ends at the end of the call as well.
func (l *Leg) play(ctx context.Context, clip pcm.Clip, key func(rune) bool) error {
	samples := clip.Samples
	if clip.Rate != sampleRate && len(samples) > 0 {
		samples = clip.Resample(sampleRate).Samples
	}
	return l.session.Play(ctx, samples, l.in.Done(), key)
}

// collect plays a prompt and collects one key; see [callflow.Collect].
func (l *Leg) collect(ctx context.Context, c callflow.Collect, divert phone.Divert) (callflow.Result, error) {
	clip, err := l.prompt(ctx, c.Prompt, divert)
	if err != nil {
		return callflow.Result{Outcome: phone.Failed}, err
	}
	if err := l.answer(ctx); err != nil {
		return l.result(err)
	}
	digits := ""
	var key func(rune) bool
	if !c.NoBargeIn {
		key = func(digit rune) bool {
			digits += string(digit)
			return true
		}
	}
	if err := l.play(ctx, clip, key); err != nil {
		return callflow.Result{Outcome: phone.Failed}, err
	}
	if c.NoBargeIn {
		l.session.Forget()
	}
	first, between := c.First, c.Between
	if first <= 0 {
		first = callflow.DefaultFirst
	}
	if between <= 0 {
		between = callflow.DefaultBetween
	}
	if digits != "" {
		first = between
	}
	timer := time.NewTimer(first)
	defer timer.Stop()
	for !c.Enough(digits) {
		select {
		case digit := <-l.session.Digits():
			digits += string(digit)
			timer.Reset(between)
			continue
		case <-timer.C:
		case <-l.in.Done():
		case <-ctx.Done():
			return callflow.Result{Outcome: phone.Failed, Digits: digits}, ctx.Err()
		}
		break
	}
	result := callflow.Result{Outcome: callflow.Completed, Digits: digits, HungUp: l.over()}
	if digits == "" {
		result.Outcome = callflow.Timeout
	}
	return result, nil
}

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

// infoDigit is the key in the body of an INFO, as SIP gateways write it:
// application/dtmf-relay has lines of names and values, application/dtmf the
// key alone. ok is false for another kind of body.
func infoDigit(kind string, body []byte) (digit rune, ok bool) {
	kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
	text := ""
	switch strings.TrimSpace(kind) {
	case "application/dtmf":
		text = string(body)
	case "application/dtmf-relay":
		for line := range strings.Lines(string(body)) {
			if name, value, found := strings.Cut(line, "="); found && strings.EqualFold(strings.TrimSpace(name), "signal") {
				text = value
			}
		}
	default:
		return 0, false
	}
	text = strings.ToUpper(strings.TrimSpace(text))
	switch text { // some write the number of the event
	case "10":
		return '*', true
	case "11":
		return '#', true
	}
	if len(text) == 1 && media.IsDigit(rune(text[0])) {
		return rune(text[0]), true
	}
	return 0, true
}
