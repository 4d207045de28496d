package voicemail

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The errors that callers can act upon.
var (
	// ErrFull: the mailbox has no room. It comes before the greeting.
	ErrFull = errors.New("voicemail: mailbox full")
	// ErrNotFound: there is no such thing, or the actor may not know of it.
	ErrNotFound = errors.New("voicemail: not found")
	// ErrConflict: a row was changed meanwhile. Load it again.
	ErrConflict = errors.New("voicemail: changed meanwhile")
	// ErrBusy: another node records this capture, or this one has too many.
	ErrBusy = errors.New("voicemail: busy")
	// ErrFenced: another node has taken this capture over.
	ErrFenced = errors.New("voicemail: taken over by another node")
	// ErrStorage: the sound could not be stored.
	ErrStorage = errors.New("voicemail: sound not stored")
)

// Store keeps rows and decides nothing. All methods may be called
// concurrently; what they return belongs to the caller, and what they are
// given is not kept. The conformance suite is voicemailtest.TestStore.
type Store interface {
	// Apply writes all rows of b or none. Each row must still have its
	// Revision (0: must not be there) and is stored with the next one; a row
	// that is Gone or Done is removed instead. ErrConflict when one does not
	// match, or is in b twice. After nil the rows survive a crash of the
	// process, and of the power if the store is durable.
	Apply(ctx context.Context, b Batch) error
	// Box returns a box. ErrNotFound.
	Box(ctx context.Context, id BoxID) (Box, error)
	// Messages returns the messages of a box that match q (see [Query.Match]),
	// newest Number first, or by ascending Seq when q.Since is set, at most
	// q.Size() of them, from one snapshot of the box. Next resumes after the
	// last one, also when messages arrive meanwhile. ErrNotFound when there
	// is no such box.
	Messages(ctx context.Context, id BoxID, q Query) (Page, error)
	// Capture returns a capture. ErrNotFound.
	Capture(ctx context.Context, tenant phone.TenantID, key string) (CaptureRow, error)
	// Due returns tasks of all tenants whose Due is not after before, ordered
	// by Due, Seq and ID, at most limit of them. It is the only method across
	// tenants.
	Due(ctx context.Context, before time.Time, limit int) ([]Task, error)
}

// Blobs keeps finished recordings, which never change. It is a superset of
// the Clips socket of package greeting. The conformance suite is
// voicemailtest.TestBlobs.
type Blobs interface {
	// Put stores exactly size bytes of r under key, whole or not at all. A
	// key that is there already stays as it is, and that is no error.
	Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error
	// Open reads n bytes beginning at from, fewer where the blob ends; n < 0:
	// all the rest. ErrNotFound. The caller closes the reader.
	Open(ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error)
	// Delete removes a blob; one that is not there is no error.
	Delete(ctx context.Context, tenant phone.TenantID, key string) error
	// List returns at most limit keys of the tenant that sort after after, in
	// order.
	List(ctx context.Context, tenant phone.TenantID, after string, limit int) ([]string, error)
}

// SpoolID names the sound of a capture under way.
type SpoolID struct {
	Tenant phone.TenantID `json:"tenant,omitempty"`
	Name   string         `json:"name"` // letters of the set a-z 0-9 . _ -, at most [MaxName]
}

// Spool is append-only storage for sound that is being recorded, near the
// node that records. The conformance suite is voicemailtest.TestSpool.
type Spool interface {
	// Append adds data at the end, and creates what is not there. After nil
	// the data survives a crash of the process. After an error the end may be
	// torn, and nothing more is appended.
	Append(ctx context.Context, id SpoolID, data []byte) error
	// Sync returns when everything appended survives a loss of power, as far
	// as the spool can do that.
	Sync(ctx context.Context, id SpoolID) error
	// Read returns what was appended so far. ErrNotFound. The caller closes
	// the reader.
	Read(ctx context.Context, id SpoolID) (io.ReadCloser, error)
	// Remove deletes; one that is not there is no error.
	Remove(ctx context.Context, id SpoolID) error
	// Names returns what this node can read, of all tenants.
	Names(ctx context.Context) ([]SpoolID, error)
}

// Orphans is what a [Spool] offers beside its methods when it can tell that
// the process that wrote is gone for certain, such as [Dir], which only one
// process can open. Recover does not wait for the lease then.
type Orphans interface {
	// Orphaned reports that nobody can append to id any more.
	Orphaned(id SpoolID) bool
}
