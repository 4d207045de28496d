package voicemail

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Memory is a [Store], a [Blobs] and a [Spool] in memory.
type Memory struct{}

// NewMemory returns an empty one.
func NewMemory() *Memory { return &Memory{} }

func (m *Memory) Apply(ctx context.Context, b Batch) error { return errors.ErrUnsupported }

func (m *Memory) Box(ctx context.Context, id BoxID) (Box, error) { return Box{}, ErrNotFound }

func (m *Memory) Messages(ctx context.Context, id BoxID, q Query) (Page, error) {
	return Page{}, ErrNotFound
}

func (m *Memory) Capture(ctx context.Context, tenant phone.TenantID, key string) (CaptureRow, error) {
	return CaptureRow{}, ErrNotFound
}

func (m *Memory) Due(ctx context.Context, before time.Time, limit int) ([]Task, error) {
	return nil, nil
}

func (m *Memory) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	return errors.ErrUnsupported
}

func (m *Memory) Open(ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	return nil, ErrNotFound
}

func (m *Memory) Delete(ctx context.Context, tenant phone.TenantID, key string) error { return nil }

func (m *Memory) List(ctx context.Context, tenant phone.TenantID, after string, limit int) ([]string, error) {
	return nil, nil
}
func (m *Memory) Append(ctx context.Context, id SpoolID, data []byte) error { return nil }
func (m *Memory) Sync(ctx context.Context, id SpoolID) error                { return nil }
func (m *Memory) Read(ctx context.Context, id SpoolID) (io.ReadCloser, error) {
	return nil, ErrNotFound
}
func (m *Memory) Remove(ctx context.Context, id SpoolID) error      { return nil }
func (m *Memory) Names(ctx context.Context) ([]SpoolID, error) { return nil, nil }
