package voicemail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The directory holds these; tenants, keys and names are escaped, see
// fileName.
//
//	lock                        held while a process has the directory open
//	journal                     all rows, see journal.go
//	blobs/TENANT/ID.SUM.wav     recordings, playable in any player
//	spool/TENANT/ID-EPOCH       sound of captures under way, see take.go
//	tmp/                        files that are not finished; emptied at open
const (
	lockFile = "lock"
	blobDir  = "blobs"
	spoolDir = "spool"
	tmpDir   = "tmp"
)

// ErrLocked says that another process has the directory open.
var ErrLocked = errors.New("voicemail: directory is in use by another process")

// Dir is a [Store], a [Blobs] and a [Spool] in one directory, durable through
// a loss of power, for one process at a time. All rows are in memory as well,
// about a kilobyte each: it serves an office or a small carrier, beyond that
// use a database. It is safe for concurrent use.
type Dir struct {
	root *os.Root
	lock *os.File

	write sync.Mutex // one batch at a time; held while the disk works
	log   *journal
	read  sync.RWMutex // the rows; never held while the disk works
	rows  *tables

	blobs sync.Mutex // between the look and the rename of a Put
	temp  uint64     // guarded by blobs

	spools sync.Mutex
	tracks map[SpoolID]*track // those that this process has written to
}

var (
	_ Store   = (*Dir)(nil)
	_ Blobs   = (*Dir)(nil)
	_ Spool   = (*Dir)(nil)
	_ Orphans = (*Dir)(nil)
)

// OpenDir opens a directory, which belongs to this process until Close. An
// empty one is filled. [ErrLocked] when another process has it. It reads the
// journal, cuts its torn end, and removes what was not finished; captures
// under way are left for [Service.Recover]. The root must stay open.
func OpenDir(root *os.Root) (*Dir, error) {
	lock, err := root.OpenFile(lockFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("voicemail: %w", err)
	}
	d := &Dir{root: root, lock: lock, rows: newTables(), tracks: make(map[SpoolID]*track)}
	if err := lockExclusively(lock); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrLocked, err), lock.Close())
	}
	if err := d.open(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return d, nil
}

func (d *Dir) open() error {
	if err := d.root.RemoveAll(tmpDir); err != nil {
		return fmt.Errorf("voicemail: %w", err)
	}
	for _, dir := range []string{tmpDir, blobDir, spoolDir} {
		if err := makeDir(d.root, dir); err != nil {
			return err
		}
	}
	var err error
	d.log, err = openJournal(d.root, d.rows)
	return err
}

// Close gives the directory back. Nothing may be in use any more.
func (d *Dir) Close() error {
	d.write.Lock()
	defer d.write.Unlock()
	d.spools.Lock()
	defer d.spools.Unlock()
	var errs []error
	for _, t := range d.tracks {
		errs = append(errs, t.close())
	}
	errs = append(errs, d.log.close(), d.lock.Close())
	return errors.Join(errs...)
}

// Apply implements [Store].
func (d *Dir) Apply(ctx context.Context, b Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.write.Lock()
	defer d.write.Unlock()
	next, err := d.rows.next(b) // only Apply changes rows, so reading them needs no lock here
	if err != nil {
		return err
	}
	if err := d.log.append(next); err != nil {
		return err
	}
	d.read.Lock()
	d.rows.put(next)
	d.read.Unlock()
	if d.log.full() {
		_ = d.log.compact(d.rows) // the old journal goes on, or the next append says why not
	}
	return nil
}

// Box implements [Store].
func (d *Dir) Box(_ context.Context, id BoxID) (Box, error) {
	d.read.RLock()
	defer d.read.RUnlock()
	return d.rows.boxRow(id)
}

// Messages implements [Store].
func (d *Dir) Messages(_ context.Context, id BoxID, q Query) (Page, error) {
	d.read.RLock()
	defer d.read.RUnlock()
	return d.rows.page(id, q)
}

// Capture implements [Store].
func (d *Dir) Capture(_ context.Context, tenant phone.TenantID, key string) (CaptureRow, error) {
	d.read.RLock()
	defer d.read.RUnlock()
	return d.rows.captureRow(tenant, key)
}

// Due implements [Store].
func (d *Dir) Due(_ context.Context, before time.Time, limit int) ([]Task, error) {
	d.read.RLock()
	defer d.read.RUnlock()
	return d.rows.dueTasks(before, limit), nil
}

// makeDir makes a directory that survives a loss of power.
func makeDir(root *os.Root, dir string) error {
	err := root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("voicemail: %w", err)
	}
	return syncDir(root, path.Dir(dir))
}

// syncDir makes names in a directory survive a loss of power. Windows has no
// such call and does not need it.
func syncDir(root *os.Root, dir string) (err error) {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := root.Open(dir)
	if err != nil {
		return fmt.Errorf("voicemail: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("voicemail: %w", err)
	}
	return nil
}

func removeFile(root *os.Root, file string) error {
	if err := root.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("voicemail: %w", err)
	}
	return nil
}
