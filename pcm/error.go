package pcm

import (
	"errors"
	"fmt"
)

var (
	// ErrFormat is wrapped by every refusal of a sound, a rate or a codec that
	// the package does not handle. For a file it comes as a [*FormatError].
	ErrFormat = errors.New("pcm: unsupported format")

	// ErrTooLong says that a sound is longer than the limit of its reader.
	ErrTooLong = errors.New("pcm: sound longer than the limit")
)

// FormatError says where a file stops being one that the package can read. It
// wraps [ErrFormat].
type FormatError struct {
	Offset int64  // bytes from the start of the file to what is wrong
	Got    string // what is there; text from the file is quoted
	Want   string // what could be there
}

// Error names the place, what is there and what could be there.
func (e *FormatError) Error() string {
	return fmt.Sprintf("pcm: at byte %d: got %s, want %s", e.Offset, e.Got, e.Want)
}

// Unwrap returns [ErrFormat].
func (e *FormatError) Unwrap() error { return ErrFormat }

// checkRate is the refusal of a rate, nil for a valid one.
func checkRate(rate int) error {
	if ValidRate(rate) {
		return nil
	}
	return fmt.Errorf("%w: rate %d Hz, want %d to %d", ErrFormat, rate, MinRate, MaxRate)
}
