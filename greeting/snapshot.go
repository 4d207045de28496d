package greeting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/afterbeep/afterbeep/phone"
)

// SnapshotVersion is the version of the JSON form of a [Snapshot] that this
// release writes. It reads this one.
const SnapshotVersion = 1

// The limits of the texts in a snapshot, in bytes, and of its lists. How many
// greetings and rules there may be is in [Options].
const (
	MaxID       = 128
	MaxName     = 256
	MaxScript   = 8192
	MaxOutcomes = 32
	MaxSnapshot = 8 << 20 // of the JSON form
)

// Snapshot is all greetings and rules of one tenant at one revision: plain
// data, as a host stores it.
type Snapshot struct {
	// V is the version of the form. Zero is taken for [SnapshotVersion].
	V        int            `json:"v,omitempty"`
	Tenant   phone.TenantID `json:"tenant,omitempty"`
	Revision int            `json:"revision,omitempty"`
	// Greetings and Rules may stand in any order: it never decides anything.
	Greetings []Greeting `json:"greetings,omitempty"`
	Rules     []Rule     `json:"rules,omitempty"`
}

// ParseSnapshot reads the JSON form of a snapshot, at most [MaxSnapshot] bytes
// and strictly: an unknown field or anything behind the value is an error. What
// the fields say is checked by [New].
func ParseSnapshot(data []byte) (Snapshot, error) {
	if len(data) > MaxSnapshot {
		return Snapshot{}, &Error{Code: CodeTooLong, Want: fmt.Sprintf("at most %d bytes", MaxSnapshot)}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var s Snapshot
	if err := d.Decode(&s); err != nil {
		return Snapshot{}, fmt.Errorf("greeting: snapshot: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Snapshot{}, &Error{Code: CodeMalformed, Want: "nothing behind the snapshot"}
	}
	return s, nil
}
