package greeting

import "errors"

// ErrInvalid is what every [*Error] is: errors.Is(err, ErrInvalid) tells a
// snapshot that has to be edited from one that could not be read.
var ErrInvalid = errors.New("greeting: invalid")

// Code is what is wrong, for a host that explains it in its own language.
type Code string

// The codes of an [Error].
const (
	CodeMissing   Code = "missing"    // a required field is empty
	CodeDuplicate Code = "duplicate"  // the id is taken
	CodeUnknown   Code = "unknown"    // it names something that is not there
	CodeReserved  Code = "reserved"   // it names something that is not for the host
	CodeMalformed Code = "malformed"  // it is not of the right form
	CodeTooLong   Code = "too-long"   // in bytes
	CodeTooMany   Code = "too-many"   // entries of a list
	CodeNoEnd     Code = "no-end"     // an override must end
	CodeEmptySpan Code = "empty-span" // until is not after from
)

// Error is one thing that is wrong with a snapshot or with options. [New]
// returns all of them, joined.
type Error struct {
	Path string // JSON pointer (RFC 6901) into the snapshot, or "options/…"
	Code Code
	Want string // what would be right, in English
}

// Error implements error.
func (e *Error) Error() string {
	if e.Path == "" {
		return "greeting: snapshot: want " + e.Want
	}
	return "greeting: " + e.Path + ": want " + e.Want
}

// Is makes every Error an [ErrInvalid].
func (e *Error) Is(target error) bool { return target == ErrInvalid }

// Errors takes the joined error of [New] apart, in the order of the snapshot.
func Errors(err error) []*Error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all []*Error
		for _, e := range joined.Unwrap() {
			all = append(all, Errors(e)...)
		}
		return all
	}
	if one, ok := errors.AsType[*Error](err); ok {
		return []*Error{one}
	}
	return nil
}
