package afterbeep_test

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// caller is a Leg without telephony: it does what a story says.
type caller struct {
	keys     []string      // pressed, one at a menu
	rings    phone.Outcome // how each ring ends; empty: no answer
	says     pcm.Clip      // after the beep
	hangsUp  string        // while this happens: "greeting", "beep", "menu", "ring"
	escapes  string        // a key pressed during the message
	mu       sync.Mutex
	commands []string // what the desk asked of the leg
	played   int      // clips
}

func (l *caller) Do(_ context.Context, c callflow.Command) (callflow.Result, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch a := c.Action.(type) {
	case callflow.Answer:
		l.commands = append(l.commands, "answer")
	case callflow.Ring:
		l.commands = append(l.commands, "ring "+a.Targets[0])
		if l.hangsUp == "ring" {
			return callflow.Result{Outcome: phone.NoAnswer, HungUp: true}, nil
		}
		if l.rings == "" {
			return callflow.Result{Outcome: phone.NoAnswer}, nil
		}
		return callflow.Result{Outcome: l.rings, By: "ana"}, nil
	case callflow.Collect:
		l.commands = append(l.commands, "menu "+a.Prompt)
		if l.hangsUp == "menu" {
			return callflow.Result{HungUp: true}, nil
		}
		if len(l.keys) == 0 {
			return callflow.Result{}, nil
		}
		key := l.keys[0]
		l.keys = l.keys[1:]
		return callflow.Result{Digits: key}, nil
	case callflow.Play:
		l.commands = append(l.commands, "play "+a.Prompt)
		return callflow.Result{Outcome: callflow.Completed}, nil
	case callflow.Hangup:
		l.commands = append(l.commands, "hang up")
	}
	return callflow.Result{}, nil
}

func (l *caller) Play(context.Context, pcm.Clip, []string) (callflow.Result, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.played++
	what := []string{"greeting", "beep"}[(l.played-1)%2]
	l.commands = append(l.commands, what)
	return callflow.Result{Outcome: callflow.Completed, HungUp: l.hangsUp == what}, nil
}

func (l *caller) Format() (pcm.Codec, int) { return pcm.PCM16, 8000 }

func (l *caller) Frames(context.Context) iter.Seq[voicemail.Frame] {
	return func(yield func(voicemail.Frame) bool) {
		at := time.Duration(0)
		for samples := range slices.Chunk(l.says.Samples, 160) {
			if !yield(voicemail.Frame{At: at, Data: pcm.PCM16.Encode(nil, samples)}) {
				return
			}
			at += 20 * time.Millisecond
		}
		if l.escapes != "" {
			yield(voicemail.Frame{At: at, Key: l.escapes})
		}
	}
}

// speech is a sound that counts as somebody speaking: two tones that come and
// go like syllables.
func speech(d time.Duration) pcm.Clip {
	clip := pcm.Clip{Rate: 8000}
	for clip.Duration() < d {
		clip = clip.Append(pcm.Tone(8000, 180*time.Millisecond, 220, 470), pcm.Silence(8000, 60*time.Millisecond))
	}
	return clip.Slice(0, d)
}

// carrier takes every text and forgets it.
type carrier struct{}

func (carrier) Send(context.Context, autoreply.Text) error { return nil }
func (carrier) KeyLife() time.Duration                     { return 0 }

// calls is one call of one caller.
func calls(wall phone.Clock) iter.Seq2[phone.Call, afterbeep.Leg] {
	return func(yield func(phone.Call, afterbeep.Leg) bool) {
		number, err := phone.ParseNumber("+15145550123")
		if err != nil {
			panic(err)
		}
		yield(phone.Call{
			ID: "call-1", Caller: phone.Party{Number: number, Name: "Luc Gagnon"}, Began: wall.Now(),
		}, &caller{says: speech(3 * time.Second)})
	}
}
