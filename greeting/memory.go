package greeting

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"github.com/afterbeep/afterbeep/phone"
)

// Memory is [Clips] in memory: for tests, and for hosts that load their sounds
// at the start. It takes files of up to [MaxClipBytes].
type Memory struct {
	mu    sync.RWMutex
	files map[memoryKey][]byte
}

type memoryKey struct {
	tenant phone.TenantID
	key    string
}

// NewMemory returns a store without clips.
func NewMemory() *Memory {
	return &Memory{files: map[memoryKey][]byte{}}
}

var _ Clips = (*Memory)(nil)

// Put implements [Clips].
func (m *Memory) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if size < 0 || size > MaxClipBytes {
		return fmt.Errorf("%w: %d bytes, want at most %d", ErrLimit, size, MaxClipBytes)
	}
	var b bytes.Buffer
	if n, err := io.Copy(&b, io.LimitReader(r, size+1)); err != nil {
		return fmt.Errorf("greeting: put: %w", err)
	} else if n != size {
		return fmt.Errorf("greeting: put: %w: size is %d", errSize, size)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	k := memoryKey{tenant, key}
	if _, ok := m.files[k]; !ok {
		m.files[k] = b.Bytes()
	}
	return nil
}

var errSize = errors.New("fewer or more bytes than announced")

// Open implements [Clips].
func (m *Memory) Open(ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	data, ok := m.files[memoryKey{tenant, key}]
	if !ok {
		return nil, fmt.Errorf("greeting: clip %q: %w", key, fs.ErrNotExist)
	}
	data = data[min(max(from, 0), int64(len(data))):]
	if n >= 0 {
		data = data[:min(n, int64(len(data)))]
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// Delete implements [Clips].
func (m *Memory) Delete(ctx context.Context, tenant phone.TenantID, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, memoryKey{tenant, key})
	return nil
}
