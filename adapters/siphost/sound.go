package siphost

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

const (
	backlog  = 512                    // packets that may wait for a reader: 10 s
	trailing = 100 * time.Millisecond // for what is on its way when a BYE comes
)

// errNoPrompts means that a flow asks for prompts, and the host has none.
var errNoPrompts = errors.New("siphost: no prompts: Options.Prompt is nil")

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
	l.deafen()
	err := l.session.Play(ctx, narrow(clip), l.in.Done(), key)
	l.listen()
	return err
}

// narrow is a clip as G.711 needs it.
func narrow(clip pcm.Clip) []int16 {
	if clip.Rate == sampleRate || len(clip.Samples) == 0 {
		return clip.Samples
	}
	return clip.Resample(sampleRate).Samples
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
