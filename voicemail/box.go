package voicemail

import (
	"errors"
	"fmt"
	"maps"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/phone"
)

// MaxName is the longest tenant, mailbox or blob key in bytes.
const MaxName = 80

// BoxID names a mailbox. The tenant is part of it, and with it of every key.
type BoxID struct {
	Tenant  phone.TenantID  `json:"tenant,omitempty"`
	Mailbox phone.MailboxID `json:"mailbox"`
}

func (id BoxID) check() error {
	if len(id.Tenant) > MaxName {
		return fmt.Errorf("voicemail: tenant: %d bytes, at most %d", len(id.Tenant), MaxName)
	}
	if id.Mailbox == "" || len(id.Mailbox) > MaxName {
		return fmt.Errorf("voicemail: mailbox: %d bytes, want 1 to %d", len(id.Mailbox), MaxName)
	}
	if !utf8.ValidString(string(id.Tenant)) || !utf8.ValidString(string(id.Mailbox)) {
		return errors.New("voicemail: tenant and mailbox: want UTF-8")
	}
	return nil
}

// Box is a mailbox: its settings, and counters that change in the same batch
// as the messages that they count.
type Box struct {
	ID       BoxID `json:"id"`
	Revision int   `json:"revision"` // 0: not stored yet
	// Seq is the number of the last change in the box. It only grows.
	Seq      int      `json:"seq"`
	Settings Settings `json:"settings,omitzero"`
	Counts   Counts   `json:"counts,omitzero"`
	// Reserved is room that is promised to captures under way: New messages
	// and Bytes. Nothing is reserved in a box without a quota.
	Reserved Counts `json:"reserved,omitzero"`
	// Held says until when the notices of a channel wait, because an earlier
	// one could not be delivered. It keeps notices in their order.
	Held map[string]time.Time `json:"held,omitempty"`
}

func (b Box) clone() Box {
	b.Held = maps.Clone(b.Held)
	return b
}

// Counts are the figures of a box. New and Old together are its messages
// outside the bin; urgent ones are counted a second time (RFC 3842, section
// 5.2, writes them as new/old (new-urgent/old-urgent)).
type Counts struct {
	New       int   `json:"new,omitempty"`       // not heard
	Old       int   `json:"old,omitempty"`       // heard
	NewUrgent int   `json:"newUrgent,omitempty"` // of New
	OldUrgent int   `json:"oldUrgent,omitempty"` // of Old
	Deleted   int   `json:"deleted,omitempty"`   // in the bin
	Bytes     int64 `json:"bytes,omitempty"`     // of the recordings outside the bin
}

// count adds m to c, or takes it away when by is -1.
func (c *Counts) count(m *Message, by int) {
	switch {
	case !m.Deleted.IsZero():
		c.Deleted += by
		return
	case m.Heard.IsZero():
		c.New += by
		if m.Urgent {
			c.NewUrgent += by
		}
	default:
		c.Old += by
		if m.Urgent {
			c.OldUrgent += by
		}
	}
	c.Bytes += int64(by) * m.Bytes
}

// Announce says when a new message is announced.
type Announce string

// The two ways to announce a message.
const (
	// AtOnce announces a message as soon as it can be played. A transcript
	// that follows is a notice of its own. It is the default.
	AtOnce Announce = "at-once"
	// WithTranscript waits until the transcript is final, but not longer than
	// [Settings].Wait.
	WithTranscript Announce = "with-transcript"
)

// Settings are what a box wants. The zero value is a box without a quota and
// with the defaults below. A capture keeps the settings that it began with:
// a change in the middle of a call does not reach it.
type Settings struct {
	// MaxMessages is how many messages fit, over all folders but the bin; 0:
	// any number. A lower value never touches messages that are there.
	MaxMessages int `json:"maxMessages,omitempty"`
	// MaxBytes is how many bytes of recordings fit; 0: any number.
	MaxBytes int64 `json:"maxBytes,omitempty"`
	// MaxLength is the longest message; 0: 180 s. [Limits] has the ceiling.
	MaxLength time.Duration `json:"maxLength,omitzero"`
	// MinLength is the shortest one worth keeping; 0: 1 s; negative: any.
	MinLength time.Duration `json:"minLength,omitzero"`
	// MinSpeech is the least speech in it, as pcm.Meter hears it; 0: 300 ms;
	// negative: none needed.
	MinSpeech time.Duration `json:"minSpeech,omitzero"`
	// EndSilence ends a recording in which nobody speaks any more; 0: 5 s;
	// negative: never.
	EndSilence time.Duration `json:"endSilence,omitzero"`
	// StartSilence ends a recording in which nobody has spoken yet; 0: 10 s;
	// negative: never.
	StartSilence time.Duration `json:"startSilence,omitzero"`
	// NoMedia ends a recording in which no sound arrives; 0: 10 s; negative:
	// never.
	NoMedia time.Duration `json:"noMedia,omitzero"`
	// Announce is [AtOnce] unless it says otherwise.
	Announce Announce `json:"announce,omitempty"`
	// Wait is how long [WithTranscript] waits; 0: 60 s.
	Wait time.Duration `json:"wait,omitzero"`
	// Bin is how long a deleted message can still be restored; 0: 30 days;
	// negative: for ever.
	Bin time.Duration `json:"bin,omitzero"`
	// Language is that of the box, a hint for the transcript.
	Language language.Tag `json:"language,omitzero"`
	// NoTranscript keeps messages of this box from the transcriber.
	NoTranscript bool `json:"noTranscript,omitempty"`
	// NoFilter asks whoever shows a transcript not to mask words. This
	// package does not filter.
	NoFilter bool `json:"noFilter,omitempty"`
}
