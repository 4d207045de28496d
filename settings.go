package afterbeep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/voicemail"
)

const (
	maxLanguages  = 16
	maxRecipients = 64
	maxText       = 320 // bytes of an address
)

// The bounds of durations in [Settings].
const (
	MinMessage = 10 * time.Second
	MaxMessage = 10 * time.Minute
)

// Settings are what can be set for a phone number. The same type serves at
// every level; a zero field is left to the next one (see [Effective]). The host
// puts what is effective where it works: [Settings.Flow] into the flow of the
// line, [Settings.Box] into its mailbox, Languages into the [Line], Recipients
// into its notifiers.
//
// In JSON durations are texts such as "3m0s", and unknown fields are refused.
type Settings struct {
	// Ring is how long phones ring where a step of the flow does not say, 1 s
	// to 5 min; 30 s. See [Settings.Flow].
	Ring time.Duration
	// MaxLength is the longest message in this box, 10 s to 10 min; 180 s.
	MaxLength time.Duration
	// Languages of the callers, the main one first; en. The first is the
	// language of who has neither a preference nor chosen one by a key.
	Languages []language.Tag
	// Transcript is whether messages are transcribed; on.
	Transcript Switch
	// Filter is whether profanity is masked wherever a transcript is shown; on.
	// The words themselves are always kept.
	Filter Switch
	// Recipients are addresses that are told of a new message, in the words of
	// the host's notifiers; none.
	Recipients []string
}

// Switch is a setting that is on, off or left to the next level.
type Switch string

// The positions of a [Switch]. The zero value leaves it to the next level.
const (
	On  Switch = "on"
	Off Switch = "off"
)

func (s Switch) valid() bool { return s == "" || s == On || s == Off }

// Check reports every problem of s, joined, each with its JSON pointer.
func (s Settings) Check() error {
	problems := s.problems("")
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("afterbeep: settings: %w", errors.Join(problems...))
}

// problems are the errors of s, each with its JSON pointer below path.
func (s Settings) problems(path string) (all []error) {
	if s.Ring != 0 && (s.Ring < time.Second || s.Ring > callflow.MaxRing) {
		all = append(all, fmt.Errorf("%s/ring: %s, want 1s to %s", path, s.Ring, callflow.MaxRing))
	}
	if s.MaxLength != 0 && (s.MaxLength < MinMessage || s.MaxLength > MaxMessage) {
		all = append(all, fmt.Errorf("%s/maxLength: %s, want %s to %s", path, s.MaxLength, MinMessage, MaxMessage))
	}
	if len(s.Languages) > maxLanguages {
		all = append(all, fmt.Errorf("%s/languages: %d, at most %d", path, len(s.Languages), maxLanguages))
	}
	for i, tag := range s.Languages {
		if tag == language.Und {
			all = append(all, fmt.Errorf("%s/languages/%d: undefined", path, i))
		}
	}
	if !s.Transcript.valid() {
		all = append(all, fmt.Errorf("%s/transcript: %q, want on or off", path, s.Transcript))
	}
	if !s.Filter.valid() {
		all = append(all, fmt.Errorf("%s/filter: %q, want on or off", path, s.Filter))
	}
	if len(s.Recipients) > maxRecipients {
		all = append(all, fmt.Errorf("%s/recipients: %d, at most %d", path, len(s.Recipients), maxRecipients))
	}
	for i, address := range s.Recipients {
		if address == "" || len(address) > maxText || strings.ContainsAny(address, "\r\n\x00") {
			all = append(all, fmt.Errorf("%s/recipients/%d: want one line of 1 to %d bytes", path, i, maxText))
		}
	}
	return all
}

// settingsJSON is the form of [Settings] on paper.
type settingsJSON struct {
	Ring       paperDuration  `json:"ring,omitzero"`
	MaxLength  paperDuration  `json:"maxLength,omitzero"`
	Languages  []language.Tag `json:"languages,omitzero"`
	Transcript Switch         `json:"transcript,omitempty"`
	Filter     Switch         `json:"filter,omitempty"`
	Recipients []string       `json:"recipients,omitzero"`
}

// paperDuration is a duration that is written as a text: "30s".
type paperDuration time.Duration

// MarshalText implements encoding.TextMarshaler.
func (d paperDuration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *paperDuration) UnmarshalText(text []byte) error {
	length, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q, want a duration such as 3m", text)
	}
	*d = paperDuration(length)
	return nil
}

// MarshalJSON writes durations as texts.
func (s Settings) MarshalJSON() ([]byte, error) {
	return json.Marshal(settingsJSON{
		paperDuration(s.Ring), paperDuration(s.MaxLength), s.Languages, s.Transcript, s.Filter, s.Recipients,
	})
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown field is an error;
// the values are judged by [Settings.Check].
func (s *Settings) UnmarshalJSON(data []byte) error {
	var paper settingsJSON
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&paper); err != nil {
		return fmt.Errorf("afterbeep: settings: %w", err)
	}
	*s = Settings{
		time.Duration(paper.Ring), time.Duration(paper.MaxLength),
		paper.Languages, paper.Transcript, paper.Filter, paper.Recipients,
	}
	return nil
}

// Flow is the flow with the ring time of s in every ring that names none. It
// is for the definition, before it is compiled: what a step says is stronger.
func (s Settings) Flow(d callflow.Definition) callflow.Definition {
	d.Steps = maps.Clone(d.Steps)
	for name, node := range d.Steps {
		if ring, ok := node.Step.(callflow.Ring); ok && ring.For == 0 {
			ring.For = s.Ring
			node.Step = ring
			d.Steps[name] = node
		}
	}
	return d
}

// Box is what s says about a mailbox, for [voicemail.Service.PutBox]. Give it
// the [Effective] settings of mailbox, line and tenant.
func (s Settings) Box() voicemail.Settings {
	box := voicemail.Settings{
		MaxLength: s.MaxLength, NoTranscript: s.Transcript == Off, NoFilter: s.Filter == Off,
	}
	if len(s.Languages) > 0 {
		box.Language = s.Languages[0]
	}
	return box
}
