package greetingtest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/greeting/greetingtest"
	"github.com/afterbeep/afterbeep/phone"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	greetingtest.TestClips(t, func(*testing.T) greeting.Clips { return greeting.NewMemory() })
}

// mutant is a store that works but for what a test replaces in it.
type mutant struct {
	*greeting.Memory
	put    func(m *greeting.Memory, ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error
	open   func(m *greeting.Memory, ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error)
	delete func(m *greeting.Memory, ctx context.Context, tenant phone.TenantID, key string) error
}

func (m mutant) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	if m.put != nil {
		return m.put(m.Memory, ctx, tenant, key, r, size)
	}
	return m.Memory.Put(ctx, tenant, key, r, size)
}

func (m mutant) Open(ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	if m.open != nil {
		return m.open(m.Memory, ctx, tenant, key, from, n)
	}
	return m.Memory.Open(ctx, tenant, key, from, n)
}

func (m mutant) Delete(ctx context.Context, tenant phone.TenantID, key string) error {
	if m.delete != nil {
		return m.delete(m.Memory, ctx, tenant, key)
	}
	return m.Memory.Delete(ctx, tenant, key)
}

func TestMutantsAreCaught(t *testing.T) {
	t.Parallel()
	for name, m := range mutants() {
		open := func() greeting.Clips {
			broken := m
			broken.Memory = greeting.NewMemory()
			return broken
		}
		assert.NotEmpty(t, greetingtest.Complaints(t.Context(), open), name)
	}
	whole := func() greeting.Clips { return mutant{Memory: greeting.NewMemory()} }
	assert.Empty(t, greetingtest.Complaints(t.Context(), whole), "a mutant without a fault")
}

func mutants() map[string]mutant {
	type (
		memory = *greeting.Memory
		ctx    = context.Context
		id     = phone.TenantID
	)
	var kept sync.Map // of the mutant that keeps readers
	return map[string]mutant{
		"the last put wins": {put: func(m memory, c ctx, of id, key string, r io.Reader, size int64) error {
			data, err := io.ReadAll(r)
			if err != nil || int64(len(data)) != size {
				return errors.Join(err, io.ErrUnexpectedEOF)
			}
			return errors.Join(m.Delete(c, of, key), m.Put(c, of, key, bytes.NewReader(data), size))
		}},
		"the second put is an error": {put: func(m memory, c ctx, of id, key string, r io.Reader, size int64) error {
			if f, err := m.Open(c, of, key, 0, 0); err == nil {
				return errors.Join(errors.New("exists"), f.Close())
			}
			return m.Put(c, of, key, r, size)
		}},
		"too few bytes are kept": {put: func(m memory, c ctx, of id, key string, r io.Reader, size int64) error {
			data, err := io.ReadAll(io.LimitReader(r, size+1))
			if err != nil || int64(len(data)) > size {
				return errors.Join(err, io.ErrShortBuffer)
			}
			return m.Put(c, of, key, bytes.NewReader(data), int64(len(data)))
		}},
		"too many bytes are cut": {put: func(m memory, c ctx, of id, key string, r io.Reader, size int64) error {
			return m.Put(c, of, key, io.LimitReader(r, size), size)
		}},
		"what was read before a failure is kept": {put: func(m memory, c ctx, of id, key string, r io.Reader, size int64) error {
			data, err := io.ReadAll(io.LimitReader(r, size+1))
			if err == nil {
				return m.Put(c, of, key, bytes.NewReader(data), size)
			}
			return errors.Join(err, m.Put(c, of, key, bytes.NewReader(data), int64(len(data))))
		}},
		"the reader is read when somebody asks": {
			put: func(m memory, c ctx, of id, key string, r io.Reader, size int64) error {
				if f, ok := r.(*bytes.Reader); ok && f.Size() == size && size == 300 {
					kept.Store(m, f)
					return nil
				}
				return m.Put(c, of, key, r, size)
			},
			open: func(m memory, c ctx, of id, key string, from, n int64) (io.ReadCloser, error) {
				if f, ok := kept.Load(m); ok {
					_, err := f.(*bytes.Reader).Seek(from, io.SeekStart)
					return io.NopCloser(f.(*bytes.Reader)), err
				}
				return m.Open(c, of, key, from, n)
			},
		},
		"one tenant": {
			put: func(m memory, c ctx, _ id, key string, r io.Reader, size int64) error {
				return m.Put(c, "", key, r, size)
			},
			open: func(m memory, c ctx, _ id, key string, from, n int64) (io.ReadCloser, error) {
				return m.Open(c, "", key, from, n)
			},
		},
		"keys of all tenants are deleted": {delete: func(m memory, c ctx, of id, key string) error {
			return errors.Join(m.Delete(c, of, key), m.Delete(c, "", key))
		}},
		"from is ignored": {open: func(m memory, c ctx, of id, key string, _, n int64) (io.ReadCloser, error) {
			return m.Open(c, of, key, 0, n)
		}},
		"n is ignored": {open: func(m memory, c ctx, of id, key string, from, _ int64) (io.ReadCloser, error) {
			return m.Open(c, of, key, from, -1)
		}},
		"a negative n is nothing": {open: func(m memory, c ctx, of id, key string, from, n int64) (io.ReadCloser, error) {
			return m.Open(c, of, key, from, max(n, 0))
		}},
		"n of zero is all": {open: func(m memory, c ctx, of id, key string, from, n int64) (io.ReadCloser, error) {
			if n == 0 {
				n = -1
			}
			return m.Open(c, of, key, from, n)
		}},
		"the end is an error": {open: func(m memory, c ctx, of id, key string, from, n int64) (io.ReadCloser, error) {
			if from == 1000 {
				return nil, io.EOF
			}
			return m.Open(c, of, key, from, n)
		}},
		"an unknown key is empty": {open: func(m memory, c ctx, of id, key string, from, n int64) (io.ReadCloser, error) {
			r, err := m.Open(c, of, key, from, n)
			if err != nil {
				return io.NopCloser(bytes.NewReader(nil)), nil
			}
			return r, nil
		}},
		"closing fails": {open: func(m memory, c ctx, of id, key string, from, n int64) (io.ReadCloser, error) {
			r, err := m.Open(c, of, key, from, n)
			return badCloser{r}, err
		}},
		"a missing key cannot be deleted": {delete: func(m memory, c ctx, of id, key string) error {
			r, err := m.Open(c, of, key, 0, 0)
			if err != nil {
				return err
			}
			return errors.Join(r.Close(), m.Delete(c, of, key))
		}},
		"nothing is deleted": {delete: func(memory, ctx, id, string) error { return nil }},
		"puts are lost":      {put: func(memory, ctx, id, string, io.Reader, int64) error { return nil }},
		"puts cross":         crossing(),
	}
}

type badCloser struct{ io.Reader }

func (badCloser) Close() error { return errors.New("closed badly") }

// crossing looks, and writes when somebody else has written and read.
func crossing() mutant {
	var mu sync.Mutex
	read := make(map[*greeting.Memory]chan struct{})
	signal := func(m *greeting.Memory) chan struct{} {
		mu.Lock()
		defer mu.Unlock()
		if read[m] == nil {
			read[m] = make(chan struct{}, 100)
		}
		return read[m]
	}
	return mutant{
		put: func(m *greeting.Memory, ctx context.Context, of phone.TenantID, key string, r io.Reader, size int64) error {
			if size != 2000 { // the first node of the race
				return m.Put(ctx, of, key, r, size)
			}
			<-signal(m)
			return errors.Join(m.Delete(ctx, of, key), m.Put(ctx, of, key, r, size))
		},
		open: func(m *greeting.Memory, ctx context.Context, of phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
			f, err := m.Open(ctx, of, key, from, n)
			if err == nil {
				select {
				case signal(m) <- struct{}{}:
				default:
				}
			}
			return f, err
		},
	}
}
