package autoreply

import (
	"errors"
	"fmt"
)

// The sentinels of this package.
var (
	// ErrRejected is what a [Sender] answers, or wraps, when the text has
	// certainly not been sent and never will be: an invalid number, a refusal
	// by the carrier. The slot is given back.
	ErrRejected = errors.New("autoreply: text rejected")
	// ErrConflict is what [Ledger.Swap] answers, or wraps, when the stored
	// revision is not the one that the new row follows.
	ErrConflict = errors.New("autoreply: changed meanwhile")
	// ErrBusy is answered past [Options.Limit]. Nothing was done; the event
	// may be delivered again.
	ErrBusy = errors.New("autoreply: too many events at once")
	// ErrTenant is what [Policies] answers, or wraps, for a tenant that the host
	// does not have. Its events are refused with [ReasonForeign], nothing is
	// written for them, and what was pending is dropped when it is due.
	ErrTenant = errors.New("autoreply: no such tenant")
	// ErrRow is answered, or wrapped, for data that no ledger wrote, or that a
	// newer release did: by [Entry.UnmarshalBinary], by [Memory.Restore], and by
	// the Load of other ledgers; and by [Entry.AppendBinary] for a row that its
	// code can not say.
	ErrRow = errors.New("autoreply: row not understood")
)

// Problem is one thing that is wrong with a rule or an option. [NewPolicy]
// joins all of them, so that a person repairs a file in one go.
type Problem struct {
	Path   string // a JSON pointer: "/rules/2/text/fr-CA"
	Offset int    // of a text: the byte that is wrong
	Want   string // what would be right
	Err    error  // the cause, or nil
}

// Error implements error.
func (p *Problem) Error() string {
	if p.Err != nil {
		return fmt.Sprintf("autoreply: %s: want %s: %v", p.Path, p.Want, p.Err)
	}
	return fmt.Sprintf("autoreply: %s: want %s", p.Path, p.Want)
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Err }
