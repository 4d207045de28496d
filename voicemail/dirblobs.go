package voicemail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"

	"github.com/afterbeep/afterbeep/phone"
)

// Put implements [Blobs].
func (d *Dir) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	if err := checkKey(key); err != nil {
		return err
	}
	dir := path.Join(blobDir, fileName(string(tenant)))
	file := path.Join(dir, fileName(key))
	d.blobs.Lock()
	d.temp++
	tmp := path.Join(tmpDir, strconv.FormatUint(d.temp, 36))
	d.blobs.Unlock()
	if err := d.fill(ctx, tmp, r, size); err != nil {
		return errors.Join(err, removeFile(d.root, tmp))
	}
	d.blobs.Lock()
	defer d.blobs.Unlock()
	if _, err := d.root.Stat(file); err == nil {
		return removeFile(d.root, tmp)
	}
	if err := makeDir(d.root, dir); err != nil {
		return errors.Join(err, removeFile(d.root, tmp))
	}
	if err := d.root.Rename(tmp, file); err != nil {
		return errors.Join(fmt.Errorf("voicemail: blob: %w", err), removeFile(d.root, tmp))
	}
	return syncDir(d.root, dir)
}

func (d *Dir) fill(ctx context.Context, file string, r io.Reader, size int64) (err error) {
	f, err := d.root.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("voicemail: blob: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := copyExactly(f, r, size); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.Sync()
}

// Open implements [Blobs].
func (d *Dir) Open(_ context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	f, err := d.root.Open(path.Join(blobDir, fileName(string(tenant)), fileName(key)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("voicemail: blob: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("voicemail: blob: %w", err), f.Close())
	}
	from = min(max(from, 0), info.Size())
	if n < 0 || n > info.Size()-from {
		n = info.Size() - from
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, from, n), f}, nil
}

// Delete implements [Blobs].
func (d *Dir) Delete(_ context.Context, tenant phone.TenantID, key string) error {
	return removeFile(d.root, path.Join(blobDir, fileName(string(tenant)), fileName(key)))
}

// List implements [Blobs].
func (d *Dir) List(_ context.Context, tenant phone.TenantID, after string, limit int) ([]string, error) {
	return listNames(d.root, path.Join(blobDir, fileName(string(tenant))), after, limit)
}
