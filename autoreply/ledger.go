package autoreply

import (
	"context"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Ledger keeps one [Entry] a key and decides nothing. All methods may be
// called concurrently. [Memory] is one; the suite autoreplytest.TestLedger
// proves others. An error other than [ErrConflict] means no reply now: the
// engine reports it, and tries again when the event comes again or is due.
//
// What an implementation must do:
//
//   - Keys are equal only when all three fields are equal, byte for byte. Do
//     not concatenate them without a length or a separator that can not occur.
//   - A Swap that returned nil is seen by every later Load of every process.
//   - An error of Swap that is not [ErrConflict] may mean that the row was
//     written; the engine loads again and compares what [Entry.AppendBinary] says.
//   - Times are exact to the nanosecond, and compared as instants.
//   - A row may be forgotten from Expires on, never before, by a sweep that is
//     told the time. A store that expires by its own clock adds a margin for
//     the difference between the two.
//   - A row is up to [MaxRow] bytes of JSON, and hardly ever a hundredth of it.
//     Its strings are valid UTF-8 and may hold U+0000.
//
// The rest of the row may be stored in one piece: in its code, which
// [Entry.AppendBinary] writes, or as JSON, which is four times as long and can be
// read by people. Revision, Due and Expires are the columns worth having.
type Ledger interface {
	// Load returns the row of k, or the zero Entry when there is none. The
	// slices of the row belong to the caller to read; nobody writes to them.
	Load(ctx context.Context, k Key) (Entry, error)
	// Swap stores next if the stored row has the revision next.Revision-1 (0: no
	// row is there), as one step. Otherwise it changes nothing and answers
	// [ErrConflict]. The ledger keeps next and its slices; the caller no
	// longer writes to them.
	Swap(ctx context.Context, k Key, next Entry) error
	// Due returns at most limit keys whose Due is set and not after before,
	// the earliest first, of all tenants: the only method that crosses them.
	Due(ctx context.Context, before time.Time, limit int) ([]Key, error)
	// Erase removes the row of k. No row is no error.
	Erase(ctx context.Context, k Key) error
	// EraseTenant removes all rows of a tenant, those of lines too. It may do so
	// in steps: after an error some are gone, and it may be called again. A row
	// that is written meanwhile may stay.
	EraseTenant(ctx context.Context, tenant phone.TenantID) error
}
