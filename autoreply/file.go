package autoreply

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// MaxFile is the size of the largest file that [Parse] reads, in bytes.
const MaxFile = 4 << 20

// File is a policy as people write it down: strict JSON, durations as "3h".
// Absent fields have the defaults of [PolicyOptions].
type File struct {
	Business        string         `json:"business,omitempty"`
	Language        string         `json:"language,omitempty"`
	Schedule        *hours.Spec    `json:"schedule,omitempty"`
	Own             []phone.Number `json:"own,omitempty"`
	PerLine         bool           `json:"perLine,omitempty"`
	Window          Span           `json:"window,omitzero"`
	Recent          Span           `json:"recent,omitzero"`
	Stale           Span           `json:"stale,omitzero"`
	MissedSettle    Span           `json:"missedSettle,omitzero"`
	VoicemailSettle Span           `json:"voicemailSettle,omitzero"`
	PerDay          int            `json:"perDay,omitempty"`
	PerHour         int            `json:"perHour,omitempty"`
	PerLife         int            `json:"perLife,omitempty"`
	Backoff         int            `json:"backoff,omitempty"`
	RefuseTollFree  bool           `json:"refuseTollFree,omitempty"`
	Rules           []Rule         `json:"rules"`
}

// Span is a duration that is written "25s" or "3h".
type Span time.Duration

// MarshalText returns the form of [time.Duration.String].
func (s Span) MarshalText() ([]byte, error) { return []byte(time.Duration(s).String()), nil }

// UnmarshalText reads what [time.ParseDuration] reads.
func (s *Span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("want a duration such as 25s or 3h: %w", err)
	}
	*s = Span(d)
	return nil
}

// Parse reads a [File] and compiles it. A field that does not exist is an
// error. Where the JSON itself is wrong, the error is a [*Problem] with the
// Offset of the byte at which reading ended, and the Path of the field where
// there is one; what it says is checked by [NewPolicy].
func Parse(data []byte) (*Policy, error) {
	if len(data) > MaxFile {
		return nil, &Problem{Path: "/", Want: fmt.Sprintf("at most %d bytes", MaxFile)}
	}
	var f File
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, &Problem{Path: "/" + misfit(data), Offset: int(dec.InputOffset()), Want: "a policy as JSON", Err: err}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, &Problem{Path: "/", Offset: int(dec.InputOffset()), Want: "nothing after the policy"}
	}
	return f.Policy()
}

// misfit is the path, without its slash, of the first field that does not fit
// into a [File]. The decoder of encoding/json does not say it.
func misfit(data []byte) string {
	name, field := stray[File](data)
	if name != "rules" {
		return name
	}
	var rules []json.RawMessage
	if json.Unmarshal(field, &rules) != nil {
		return name
	}
	for i, data := range rules {
		var r Rule
		if strictly(data, &r) == nil {
			continue
		}
		if within, _ := stray[Rule](data); within != "" {
			return fmt.Sprintf("rules/%d/%s", i, within)
		}
		return fmt.Sprintf("rules/%d", i)
	}
	return name
}

// stray is the first field, by name, of the object that does not fit into a T.
func stray[T any](object []byte) (name string, field json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(object, &fields) != nil {
		return "", nil
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		alone, err := json.Marshal(map[string]json.RawMessage{name: fields[name]})
		if err != nil || strictly(alone, new(T)) != nil {
			return strings.NewReplacer("~", "~0", "/", "~1").Replace(name), fields[name]
		}
	}
	return "", nil
}

// strictly decodes data into v, without fields that do not exist.
func strictly(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(v)
}

// Policy compiles the file.
func (f File) Policy() (*Policy, error) {
	var problems problems
	o := PolicyOptions{
		Business: f.Business, Own: f.Own, PerLine: f.PerLine,
		Window: time.Duration(f.Window), Recent: time.Duration(f.Recent), Stale: time.Duration(f.Stale),
		MissedSettle: time.Duration(f.MissedSettle), VoicemailSettle: time.Duration(f.VoicemailSettle),
		PerDay: f.PerDay, PerHour: f.PerHour, PerLife: f.PerLife, Backoff: f.Backoff, RefuseTollFree: f.RefuseTollFree,
	}
	var err error
	if f.Language != "" {
		if o.Language, err = language.Parse(f.Language); err != nil {
			problems.add("/language", "a BCP 47 tag", err)
		}
	}
	if f.Schedule != nil {
		if o.Schedule, err = hours.New(*f.Schedule); err != nil {
			problems.add("/schedule", "opening hours", err)
		}
	}
	p, err := NewPolicy(f.Rules, &o)
	if err = errors.Join(problems.err(), err); err != nil {
		return nil, err
	}
	return p, nil
}
