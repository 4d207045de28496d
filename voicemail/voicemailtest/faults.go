package voicemailtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// ErrFault is the error of a call that was made to fail.
var ErrFault = errors.New("voicemailtest: fault")

// Fault is how a call fails.
type Fault string

// The faults.
const (
	Before Fault = "before" // nothing was done
	After  Fault = "after"  // everything was done, and the caller does not know
	Torn   Fault = "torn"   // half of what a spool or a blob was given; otherwise as Before
)

// Faults stands before the three stores and makes calls fail: the call with
// the number At, counted from 1 over all methods, and the Times calls from
// there on. It is safe for concurrent use.
type Faults struct {
	Store voicemail.Store
	Blobs voicemail.Blobs
	Spool voicemail.Spool

	mu    sync.Mutex
	calls int
	at    int
	times int
	fault Fault
}

// Arm makes the call with the number at fail, and times-1 further ones. The
// count starts anew.
func (f *Faults) Arm(at, times int, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls, f.at, f.times, f.fault = 0, at, times, fault
}

// Calls is how many calls were made since Arm.
func (f *Faults) Calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// now reports how the present call fails; "": it does not.
func (f *Faults) now() Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.at > 0 && f.calls >= f.at && f.calls < f.at+f.times {
		return f.fault
	}
	return ""
}

// do makes one call, or lets it fail.
func (f *Faults) do(call, torn func() error) error {
	switch f.now() {
	case "":
		return call()
	case After:
		_ = call() // nobody will know
	case Torn:
		if torn != nil {
			_ = torn() // nobody will know
		}
	}
	return ErrFault
}

// Apply implements [voicemail.Store].
func (f *Faults) Apply(ctx context.Context, b voicemail.Batch) error {
	return f.do(func() error { return f.Store.Apply(ctx, b) }, nil)
}

// Box implements [voicemail.Store].
func (f *Faults) Box(ctx context.Context, id voicemail.BoxID) (box voicemail.Box, err error) {
	err = f.do(func() error { box, err = f.Store.Box(ctx, id); return err }, nil)
	return box, err
}

// Messages implements [voicemail.Store].
func (f *Faults) Messages(ctx context.Context, id voicemail.BoxID, q voicemail.Query) (p voicemail.Page, err error) {
	err = f.do(func() error { p, err = f.Store.Messages(ctx, id, q); return err }, nil)
	return p, err
}

// Capture implements [voicemail.Store].
func (f *Faults) Capture(ctx context.Context, tenant phone.TenantID, key string) (row voicemail.CaptureRow, err error) {
	err = f.do(func() error { row, err = f.Store.Capture(ctx, tenant, key); return err }, nil)
	return row, err
}

// Due implements [voicemail.Store].
func (f *Faults) Due(ctx context.Context, before time.Time, limit int) (tasks []voicemail.Task, err error) {
	err = f.do(func() error { tasks, err = f.Store.Due(ctx, before, limit); return err }, nil)
	return tasks, err
}

// Put implements [voicemail.Blobs]. A blob is never torn: that is what the
// socket promises.
func (f *Faults) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	return f.do(func() error { return f.Blobs.Put(ctx, tenant, key, r, size) }, nil)
}

// Open implements [voicemail.Blobs]. Torn: the reader fails in the middle.
func (f *Faults) Open(ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	return f.reader(func() (io.ReadCloser, error) { return f.Blobs.Open(ctx, tenant, key, from, n) })
}

// Delete implements [voicemail.Blobs].
func (f *Faults) Delete(ctx context.Context, tenant phone.TenantID, key string) error {
	return f.do(func() error { return f.Blobs.Delete(ctx, tenant, key) }, nil)
}

// List implements [voicemail.Blobs].
func (f *Faults) List(ctx context.Context, tenant phone.TenantID, after string, limit int) (keys []string, err error) {
	err = f.do(func() error { keys, err = f.Blobs.List(ctx, tenant, after, limit); return err }, nil)
	return keys, err
}

// Append implements [voicemail.Spool].
func (f *Faults) Append(ctx context.Context, id voicemail.SpoolID, data []byte) error {
	return f.do(
		func() error { return f.Spool.Append(ctx, id, data) },
		func() error { return f.Spool.Append(ctx, id, data[:len(data)/2]) },
	)
}

// Sync implements [voicemail.Spool].
func (f *Faults) Sync(ctx context.Context, id voicemail.SpoolID) error {
	return f.do(func() error { return f.Spool.Sync(ctx, id) }, nil)
}

// Read implements [voicemail.Spool]. Torn: the reader fails in the middle.
func (f *Faults) Read(ctx context.Context, id voicemail.SpoolID) (io.ReadCloser, error) {
	return f.reader(func() (io.ReadCloser, error) { return f.Spool.Read(ctx, id) })
}

// Remove implements [voicemail.Spool].
func (f *Faults) Remove(ctx context.Context, id voicemail.SpoolID) error {
	return f.do(func() error { return f.Spool.Remove(ctx, id) }, nil)
}

// Names implements [voicemail.Spool].
func (f *Faults) Names(ctx context.Context) (ids []voicemail.SpoolID, err error) {
	err = f.do(func() error { ids, err = f.Spool.Names(ctx); return err }, nil)
	return ids, err
}

func (f *Faults) reader(open func() (io.ReadCloser, error)) (io.ReadCloser, error) {
	fault := f.now()
	if fault == Before || fault == After {
		return nil, ErrFault
	}
	r, err := open()
	if err != nil || fault != Torn {
		return r, err
	}
	data, err := io.ReadAll(r)
	return io.NopCloser(io.MultiReader(bytes.NewReader(data[:len(data)/2]), failing{})), errors.Join(err, r.Close())
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, ErrFault }
