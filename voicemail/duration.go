package voicemail

import (
	"encoding/json"
	"time"
)

// duration is a time.Duration that JSON shows as "30s".
type duration time.Duration

func (d duration) MarshalText() ([]byte, error) {
	return []byte(time.Duration(d).String()), nil
}

func (d *duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = duration(parsed)
	return err
}

// The embedded type keeps the other fields; the outer ones hide its durations.
type settingsJSON struct {
	*plainSettings
	MaxLength    duration `json:"maxLength,omitzero"`
	MinLength    duration `json:"minLength,omitzero"`
	MinSpeech    duration `json:"minSpeech,omitzero"`
	EndSilence   duration `json:"endSilence,omitzero"`
	StartSilence duration `json:"startSilence,omitzero"`
	NoMedia      duration `json:"noMedia,omitzero"`
	Wait         duration `json:"wait,omitzero"`
	Bin          duration `json:"bin,omitzero"`
}

type plainSettings Settings

// MarshalJSON writes durations as "30s".
func (s Settings) MarshalJSON() ([]byte, error) {
	p := plainSettings(s)
	return json.Marshal(settingsJSON{
		plainSettings: &p,
		MaxLength:     duration(s.MaxLength), MinLength: duration(s.MinLength), MinSpeech: duration(s.MinSpeech),
		EndSilence: duration(s.EndSilence), StartSilence: duration(s.StartSilence), NoMedia: duration(s.NoMedia),
		Wait: duration(s.Wait), Bin: duration(s.Bin),
	})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Settings) UnmarshalJSON(data []byte) error {
	var p plainSettings
	j := settingsJSON{plainSettings: &p}
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*s = Settings(p)
	s.MaxLength, s.MinLength, s.MinSpeech = time.Duration(j.MaxLength), time.Duration(j.MinLength), time.Duration(j.MinSpeech)
	s.EndSilence, s.StartSilence, s.NoMedia = time.Duration(j.EndSilence), time.Duration(j.StartSilence), time.Duration(j.NoMedia)
	s.Wait, s.Bin = time.Duration(j.Wait), time.Duration(j.Bin)
	return nil
}

type messageJSON struct {
	*plainMessage
	Length duration `json:"length"`
	Speech duration `json:"speech,omitzero"`
}

type plainMessage Message

// MarshalJSON writes durations as "30s".
func (m Message) MarshalJSON() ([]byte, error) {
	p := plainMessage(m)
	return json.Marshal(messageJSON{plainMessage: &p, Length: duration(m.Length), Speech: duration(m.Speech)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Message) UnmarshalJSON(data []byte) error {
	var p plainMessage
	j := messageJSON{plainMessage: &p}
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*m = Message(p)
	m.Length, m.Speech = time.Duration(j.Length), time.Duration(j.Speech)
	return nil
}

type receiptJSON struct {
	*plainReceipt
	Length duration `json:"length,omitzero"`
}

type plainReceipt Receipt

// MarshalJSON writes durations as "30s".
func (r Receipt) MarshalJSON() ([]byte, error) {
	p := plainReceipt(r)
	return json.Marshal(receiptJSON{plainReceipt: &p, Length: duration(r.Length)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Receipt) UnmarshalJSON(data []byte) error {
	var p plainReceipt
	j := receiptJSON{plainReceipt: &p}
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*r = Receipt(p)
	r.Length = time.Duration(j.Length)
	return nil
}
