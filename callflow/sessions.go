package callflow

import (
	"context"
	"errors"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The errors of sessions and their stores. Test with [errors.Is].
var (
	// ErrFlow is a session of another flow, or one that does not fit its flow.
	ErrFlow = errors.New("callflow: session of another flow")
	// ErrVersion is a session that a newer release wrote.
	ErrVersion = errors.New("callflow: session of a newer release")
	// ErrCall is a call that no session can hold: without an id, with one of
	// more than [phone.MaxCallID] bytes, or with identifiers that are not
	// UTF-8 or too long together.
	ErrCall = errors.New("callflow: call that no session can hold")
	// ErrInput is an input without an instant or of an unknown kind.
	ErrInput = errors.New("callflow: input without an instant or of an unknown kind")
	// ErrConflict is a Save of a session that was saved meanwhile by another.
	ErrConflict = errors.New("callflow: session changed meanwhile")
	// ErrNotFound is a session or a flow that the store does not have.
	ErrNotFound = errors.New("callflow: not found")
	// ErrTooLarge is a session of more than [MaxSession] bytes.
	ErrTooLarge = errors.New("callflow: session too large")
)

// Sessions keeps the sessions of calls. It is a socket: rows with a revision,
// keyed by tenant and call, and nothing that decides. Every method may be
// called concurrently, from several nodes. An error whose method Retryable()
// bool answers false is final; any other may be tried again. The suite
// callflowtest.TestSessions proves an implementation.
type Sessions interface {
	// Load returns the session as it was saved last; [ErrNotFound] when there
	// is none. The caller owns it.
	Load(ctx context.Context, tenant phone.TenantID, call string) (Session, error)
	// Save stores s, all of it or nothing, if s.Revision is the revision that
	// is stored, zero when nothing is; otherwise it stores nothing and answers
	// [ErrConflict]. The row has s.Revision + 1 then, and so must the
	// caller's: add one after a nil. Save keeps nothing that s points to.
	Save(ctx context.Context, s Session) error
	// Due returns the sessions of all tenants whose Deadline is set and not
	// after at: the earliest first, at most limit. Sessions that are over have
	// no deadline and are never due.
	Due(ctx context.Context, at time.Time, limit int) ([]Session, error)
	// Delete removes a session whatever its revision. Nothing to remove is no
	// error.
	Delete(ctx context.Context, tenant phone.TenantID, call string) error
}
