package hours

import (
	"errors"
	"fmt"
)

// ErrSpec is wrapped by every [Problem].
var ErrSpec = errors.New("hours: invalid schedule")

// Problem is one thing that is wrong with a [Spec] or its JSON form. [New] and
// [Parse] report all of them at once, joined: range over the []error of
// Unwrap, or take the first with errors.As.
type Problem struct {
	Code    Code   // for programs
	Pointer string // RFC 6901: /week/monday/0; empty is the whole
	Got     string // what is there, cut to 64 bytes; it is hostile
	Want    string // what would be right, in English
}

// Code is what sort of problem it is.
type Code string

// The codes of problems.
const (
	CodeSyntax   Code = "syntax"         // no JSON, or not what this place needs
	CodeField    Code = "unknown-field"  // a field that does not exist
	CodeTwice    Code = "twice"          // a key, a date or a day that is there already
	CodeRequired Code = "required"       // something is missing
	CodeZone     Code = "unknown-zone"   // the zone database has no such zone
	CodeSpan     Code = "span"           // a span that is not one: from ≥ to, past 48:00
	CodeOverlap  Code = "overlap"        // two spans, or two exceptions, share a time
	CodeValue    Code = "value"          // a value that is not allowed here
	CodeLimit    Code = "limit-exceeded" // more than the documented limit
)

// Error implements error.
func (p *Problem) Error() string {
	where := p.Pointer
	if where == "" {
		where = "the whole"
	}
	if p.Got == "" {
		return fmt.Sprintf("hours: %s: %s: want %s", where, p.Code, p.Want)
	}
	return fmt.Sprintf("hours: %s: %s: %q: want %s", where, p.Code, p.Got, p.Want)
}

// Unwrap returns [ErrSpec].
func (p *Problem) Unwrap() error { return ErrSpec }

// problems gathers what is wrong. It stops at a limit, so that a hostile file
// does not become an endless report.
type problems []error

const maxProblems = 100

func (ps *problems) add(code Code, pointer, got, want string) {
	if len(*ps) < maxProblems {
		*ps = append(*ps, &Problem{Code: code, Pointer: pointer, Got: clip(got), Want: want})
	}
}

func (ps *problems) err() error { return errors.Join(*ps...) }
