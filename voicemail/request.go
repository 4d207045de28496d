package voicemail

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// MaxKey is the longest [Request.Key] in bytes.
const MaxKey = 256

const (
	maxCallerName = 256 // bytes; the rest is cut
	maxCallerURI  = 512
)

// Request asks for a capture.
type Request struct {
	// Key is what makes a second request the same capture: call and slot of
	// the flow (callflow's Command.Key), unique in the tenant, 1 to [MaxKey]
	// bytes. It never becomes part of a path.
	Key string `json:"key"`
	// Call is the call; its Tenant is the tenant of the mailbox.
	Call phone.Call `json:"call"`
	// Divert is why the caller is here; its Mailbox is the mailbox.
	Divert phone.Divert `json:"divert"`
	// Codec of the frames; "": [pcm.PCM16].
	Codec pcm.Codec `json:"codec,omitempty"`
	// Rate of the frames in samples a second, [pcm.MinRate] to
	// [pcm.MaxRate]; 0: 8000.
	Rate int `json:"rate,omitempty"`
	// MaxLength is the longest message of this capture, where a step of the
	// flow has a say; 0: that of the box. [Limits].Length is above it. It is
	// kept with the settings of the capture.
	MaxLength time.Duration `json:"-"`
}

// Box is the mailbox that r is for.
func (r Request) Box() BoxID {
	return BoxID{Tenant: r.Call.Tenant, Mailbox: r.Divert.Mailbox}
}

// clean checks r and gives it its defaults. Text of the caller is cut, never
// refused: nobody loses a message because of a long name.
func (r Request) clean() (Request, error) {
	if err := r.Box().check(); err != nil {
		return r, err
	}
	if r.Key == "" || len(r.Key) > MaxKey {
		return r, fmt.Errorf("voicemail: request key: %d bytes, want 1 to %d", len(r.Key), MaxKey)
	}
	if len(r.Call.ID) > phone.MaxCallID {
		return r, fmt.Errorf("voicemail: call id: %d bytes, at most %d", len(r.Call.ID), phone.MaxCallID)
	}
	if !utf8.ValidString(r.Key) || !utf8.ValidString(r.Call.ID) {
		return r, errors.New("voicemail: request key and call id: want UTF-8") // as they are stored
	}
	if r.Codec == "" {
		r.Codec = pcm.PCM16
	}
	if r.Codec.Width() == 0 {
		return r, errors.New("voicemail: codec: want pcm16, pcmu or pcma")
	}
	if r.Rate == 0 {
		r.Rate = 8000
	}
	if !pcm.ValidRate(r.Rate) {
		return r, fmt.Errorf("voicemail: rate %d: want %d to %d", r.Rate, pcm.MinRate, pcm.MaxRate)
	}
	if r.MaxLength < 0 {
		return r, fmt.Errorf("voicemail: longest message: %s, want 0 or more", r.MaxLength)
	}
	r.Call.Caller.Name = cut(r.Call.Caller.Name, maxCallerName)
	r.Call.Caller.URI = cut(r.Call.Caller.URI, maxCallerURI)
	return r, nil
}

// cut is text as valid UTF-8 in at most limit bytes.
func cut(text string, limit int) string {
	if len(text) > limit {
		text = text[:limit]
	}
	text = strings.ToValidUTF8(text, "")
	return text
}

// Follows as [Frame.At] says that a frame begins where the one before ended.
const Follows time.Duration = -1

// Frame is a piece of sound, usually 20 ms.
type Frame struct {
	// At is the media time of the first sample; where it counts from is up to
	// the host. With RTP it is the timestamp divided by the clock rate. A gap
	// becomes silence, a duplicate counts once, and a late frame goes to its
	// place. [Follows] when the host has no media time.
	At time.Duration
	// Data is in the codec of the request. It is copied. A frame without data
	// says that time has passed: silence so far.
	Data []byte
	// Key is a digit that was pressed, "" when none was. Only Record acts on
	// it.
	Key string
}

// Stop is why a recording ended. Each has exactly one.
type Stop string

// The reasons. [StopHangup] is the usual and successful one.
const (
	StopHangup    Stop = "hangup"    // the caller hung up
	StopKey       Stop = "key"       // the caller pressed a key that ends it
	StopLength    Stop = "length"    // the longest message was reached
	StopSilence   Stop = "silence"   // nobody spoke any more
	StopNoMedia   Stop = "no-media"  // no sound arrived any more
	StopCancelled Stop = "cancelled" // the host gave up; what is there is kept
	StopStorage   Stop = "storage"   // the disk was full, broken or too slow
	StopCrash     Stop = "crash"     // the process died; found by Recover
)

// Why is the reason for which a recording was not kept.
type Why string

// The reasons to discard.
const (
	WhyEmpty    Why = "empty"     // no sound at all
	WhyTooShort Why = "too-short" // less than [Settings].MinLength
	WhyNoSpeech Why = "no-speech" // less speech than [Settings].MinSpeech
)

// Receipt says what became of a capture.
type Receipt struct {
	// Outcome is for the flow: phone.Voicemail when a message was kept or is
	// safe and will be, [Empty] when there was nothing to keep, phone.Failed
	// when the sound could not be stored.
	Outcome phone.Outcome `json:"outcome,omitempty"`
	// Message is the id of the message, "" when there is none.
	Message string `json:"message,omitempty"`
	// State is [StateSaved], [StatePending], [StateDiscarded],
	// [StateReleased] or [StateFailed].
	State State `json:"state,omitempty"`
	// Why tells why a recording was discarded.
	Why  Why  `json:"why,omitempty"`
	Stop Stop `json:"stop,omitempty"`
	// Key is the key that ended it, when Stop is [StopKey].
	Key string `json:"key,omitempty"`
	// Length is the media time that was recorded.
	Length time.Duration `json:"-"`
	// Partial says that the end is missing.
	Partial bool `json:"partial,omitempty"`
}

// Empty is the outcome of a recording that was not worth keeping.
const Empty phone.Outcome = "empty"
