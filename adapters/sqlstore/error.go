package sqlstore

import (
	"errors"
	"fmt"
)

// The sentinels of this package.
var (
	// ErrTooLarge is answered for a key or a row past the limits, before
	// anything is written. It is final.
	ErrTooLarge = errors.New("sqlstore: too large")
	// ErrOption is answered by [New] for an option that cannot be.
	ErrOption = errors.New("sqlstore: invalid option")
)

// SchemaError says that the tables are not those of this release.
type SchemaError struct {
	Have int // the version of the tables; 0 is none
	Want int // the version that this release knows
}

// Error implements error.
func (e *SchemaError) Error() string {
	if e.Have > e.Want {
		return fmt.Sprintf("sqlstore: the tables have version %d, this release knows %d: upgrade the program", e.Have, e.Want)
	}
	return fmt.Sprintf("sqlstore: the tables have version %d, want %d: call Migrate", e.Have, e.Want)
}

// Retryable tells that waiting does not help.
func (e *SchemaError) Retryable() bool { return false }

// final is an error that another try does not change.
type final struct{ error }

func (f final) Unwrap() error   { return f.error }
func (f final) Retryable() bool { return false }

func tooLarge(what string, have, limit int) error {
	return final{fmt.Errorf("%w: %s of %d bytes, at most %d", ErrTooLarge, what, have, limit)}
}
