package redisstore

import (
	"errors"
	"fmt"
)

// The sentinels of this package.
var (
	// ErrTooLarge is answered for a key or a row past the limits, before
	// anything is written. It is final.
	ErrTooLarge = errors.New("redisstore: too large")
	// ErrOption is answered by [New] for an option that cannot be.
	ErrOption = errors.New("redisstore: invalid option")
)

// final is an error that another try does not change.
type final struct{ error }

func (f final) Unwrap() error   { return f.error }
func (f final) Retryable() bool { return false }

func tooLarge(what string, have, limit int) error {
	return final{fmt.Errorf("%w: %s of %d bytes, at most %d", ErrTooLarge, what, have, limit)}
}
