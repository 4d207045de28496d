package voicemailtest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
	"github.com/afterbeep/afterbeep/voicemail/voicemailtest"
)

// blobs is a blob store with some methods replaced.
type blobs struct {
	*voicemail.Memory
	put  func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error
	open func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error)
	list func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, after string, limit int) ([]string, error)
	del  func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string) error
}

func (b *blobs) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	if b.put != nil {
		return b.put(b.Memory, ctx, tenant, key, r, size)
	}
	return b.Memory.Put(ctx, tenant, key, r, size)
}

func (b *blobs) Open(ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	if b.open != nil {
		return b.open(b.Memory, ctx, tenant, key, from, n)
	}
	return b.Memory.Open(ctx, tenant, key, from, n)
}

func (b *blobs) List(ctx context.Context, tenant phone.TenantID, after string, limit int) ([]string, error) {
	if b.list != nil {
		return b.list(b.Memory, ctx, tenant, after, limit)
	}
	return b.Memory.List(ctx, tenant, after, limit)
}

func (b *blobs) Delete(ctx context.Context, tenant phone.TenantID, key string) error {
	if b.del != nil {
		return b.del(b.Memory, ctx, tenant, key)
	}
	return b.Memory.Delete(ctx, tenant, key)
}

func blobMutants() map[string]*blobs {
	return map[string]*blobs{
		"put overwrites": {put: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
			return errors.Join(m.Delete(ctx, tenant, key), m.Put(ctx, tenant, key, r, size))
		}},
		"put of what is there is an error": {put: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
			if old, err := m.Open(ctx, tenant, key, 0, -1); err == nil {
				return errors.Join(errors.New("exists"), old.Close())
			}
			return m.Put(ctx, tenant, key, r, size)
		}},
		"a torn blob": {put: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, r io.Reader, _ int64) error {
			data, err := io.ReadAll(r)
			return errors.Join(err, m.Put(ctx, tenant, key, bytes.NewReader(data), int64(len(data))))
		}},
		"a blob that is too short is no error": {put: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
			data, err := io.ReadAll(io.LimitReader(r, size))
			if err != nil {
				return err
			}
			return m.Put(ctx, tenant, key, bytes.NewReader(data), int64(len(data)))
		}},
		"blobs of another tenant": {open: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
			for _, tenant := range []phone.TenantID{tenant, "one"} {
				if r, err := m.Open(ctx, tenant, key, from, n); err == nil {
					return r, nil
				}
			}
			return nil, voicemail.ErrNotFound
		}},
		"no blob is an empty blob": {open: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
			r, err := m.Open(ctx, tenant, key, from, n)
			if err != nil {
				return io.NopCloser(strings.NewReader("")), nil
			}
			return r, nil
		}},
		"ranges from the start": {open: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, _, n int64) (io.ReadCloser, error) {
			return m.Open(ctx, tenant, key, 0, n)
		}},
		"ranges to the end": {open: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string, from, _ int64) (io.ReadCloser, error) {
			return m.Open(ctx, tenant, key, from, -1)
		}},
		"a list with its start": {list: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, after string, limit int) ([]string, error) {
			if after == "e" {
				after = "d"
			}
			return m.List(ctx, tenant, after, limit)
		}},
		"a list without a limit": {list: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, after string, _ int) ([]string, error) {
			return m.List(ctx, tenant, after, 1000)
		}},
		"a delete that forgets": {del: func(*voicemail.Memory, context.Context, phone.TenantID, string) error { return nil }},
		"a delete that wants something": {del: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string) error {
			r, err := m.Open(ctx, tenant, key, 0, 0)
			if err != nil {
				return err
			}
			return errors.Join(r.Close(), m.Delete(ctx, tenant, key))
		}},
	}
}

func TestBlobMutantsAreCaught(t *testing.T) {
	for name := range blobMutants() {
		t.Run(name, func(t *testing.T) {
			how := ""
			for _, c := range voicemailtest.BlobChecks {
				mutant := blobMutants()[name]
				mutant.Memory = voicemail.NewMemory()
				if how = caught(t, func(t voicemailtest.TB) { c.Run(t, mutant) }); how != "" {
					break
				}
			}
			assert.NotEmpty(t, how, "no check has caught it")
		})
	}
}
