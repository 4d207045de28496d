package voicemail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"sync"

	"github.com/afterbeep/afterbeep/phone"
)

// track is the open file of a capture under way.
type track struct {
	mu    sync.Mutex
	file  *os.File
	fresh bool // its name is not durable yet
}

func (t *track) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.file == nil {
		return nil
	}
	err := t.file.Close()
	t.file = nil
	return err
}

func spoolFile(id SpoolID) (dir, file string) {
	dir = path.Join(spoolDir, fileName(string(id.Tenant)))
	return dir, path.Join(dir, fileName(id.Name))
}

// Append implements [Spool].
func (d *Dir) Append(ctx context.Context, id SpoolID, data []byte) error {
	if err := id.check(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	d.spools.Lock()
	t := d.tracks[id]
	if t == nil {
		t = &track{}
		d.tracks[id] = t
	}
	d.spools.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.file == nil {
		dir, file := spoolFile(id)
		if err := makeDir(d.root, dir); err != nil {
			return err
		}
		f, err := d.root.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return fmt.Errorf("voicemail: spool: %w", err)
		}
		t.file, t.fresh = f, true
	}
	if _, err := t.file.Write(data); err != nil {
		return fmt.Errorf("voicemail: spool: %w", err)
	}
	return nil
}

// Sync implements [Spool].
func (d *Dir) Sync(_ context.Context, id SpoolID) error {
	d.spools.Lock()
	t := d.tracks[id]
	d.spools.Unlock()
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.file == nil {
		return nil
	}
	if err := t.file.Sync(); err != nil {
		return fmt.Errorf("voicemail: spool: %w", err)
	}
	if t.fresh {
		dir, _ := spoolFile(id)
		if err := syncDir(d.root, dir); err != nil {
			return err
		}
		t.fresh = false
	}
	return nil
}

// Read implements [Spool].
func (d *Dir) Read(_ context.Context, id SpoolID) (io.ReadCloser, error) {
	if err := id.check(); err != nil {
		return nil, ErrNotFound
	}
	_, file := spoolFile(id)
	f, err := d.root.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("voicemail: spool: %w", err)
	}
	return f, nil
}

// Remove implements [Spool].
func (d *Dir) Remove(_ context.Context, id SpoolID) error {
	if err := id.check(); err != nil {
		return nil
	}
	d.spools.Lock()
	t := d.tracks[id]
	delete(d.tracks, id)
	d.spools.Unlock()
	var err error
	if t != nil {
		err = t.close()
	}
	_, file := spoolFile(id)
	return errors.Join(err, removeFile(d.root, file))
}

// Names implements [Spool].
func (d *Dir) Names(context.Context) ([]SpoolID, error) {
	tenants, err := listNames(d.root, spoolDir, "", -1)
	if err != nil {
		return nil, err
	}
	var ids []SpoolID
	for _, tenant := range tenants {
		names, err := listNames(d.root, path.Join(spoolDir, fileName(tenant)), "", -1)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			ids = append(ids, SpoolID{Tenant: phone.TenantID(tenant), Name: name})
		}
	}
	return ids, nil
}

// Orphaned implements [Orphans]: the directory has one process at a time, so
// what was there when it was opened has no writer any more.
func (d *Dir) Orphaned(id SpoolID) bool {
	d.spools.Lock()
	defer d.spools.Unlock()
	return d.tracks[id] == nil
}

// listNames returns the names in a directory that sort after after, in order,
// at most limit unless it is negative. A directory that is not there is empty.
func listNames(root *os.Root, dir, after string, limit int) ([]string, error) {
	f, err := root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("voicemail: %w", err)
	}
	files, err := f.Readdirnames(-1)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("voicemail: %w", err)
	}
	var names []string
	for _, file := range files {
		name, ok := nameOf(file)
		if ok && (name > after || limit < 0) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if limit >= 0 {
		names = names[:min(limit, len(names))]
	}
	return names, nil
}
