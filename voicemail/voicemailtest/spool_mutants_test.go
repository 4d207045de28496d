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

// spool is a spool with some methods replaced.
type spool struct {
	*voicemail.Memory
	kept   map[voicemail.SpoolID][][]byte
	append func(s *spool, ctx context.Context, id voicemail.SpoolID, data []byte) error
	read   func(s *spool, ctx context.Context, id voicemail.SpoolID) (io.ReadCloser, error)
	remove func(s *spool, ctx context.Context, id voicemail.SpoolID) error
	names  func(s *spool, ctx context.Context) ([]voicemail.SpoolID, error)
}

func (s *spool) Append(ctx context.Context, id voicemail.SpoolID, data []byte) error {
	if s.append != nil {
		return s.append(s, ctx, id, data)
	}
	return s.Memory.Append(ctx, id, data)
}

func (s *spool) Read(ctx context.Context, id voicemail.SpoolID) (io.ReadCloser, error) {
	if s.read != nil {
		return s.read(s, ctx, id)
	}
	return s.Memory.Read(ctx, id)
}

func (s *spool) Remove(ctx context.Context, id voicemail.SpoolID) error {
	if s.remove != nil {
		return s.remove(s, ctx, id)
	}
	return s.Memory.Remove(ctx, id)
}

func (s *spool) Names(ctx context.Context) ([]voicemail.SpoolID, error) {
	if s.names != nil {
		return s.names(s, ctx)
	}
	return s.Memory.Names(ctx)
}

func spoolMutants() map[string]*spool {
	return map[string]*spool{
		"append writes over": {append: func(s *spool, ctx context.Context, id voicemail.SpoolID, data []byte) error {
			return errors.Join(s.Memory.Remove(ctx, id), s.Memory.Append(ctx, id, data))
		}},
		"append keeps the buffer": {
			append: func(s *spool, _ context.Context, id voicemail.SpoolID, data []byte) error {
				if s.kept == nil {
					s.kept = make(map[voicemail.SpoolID][][]byte)
				}
				s.kept[id] = append(s.kept[id], data)
				return nil
			},
			read: func(s *spool, _ context.Context, id voicemail.SpoolID) (io.ReadCloser, error) {
				if s.kept[id] == nil {
					return nil, voicemail.ErrNotFound
				}
				return io.NopCloser(bytes.NewReader(bytes.Join(s.kept[id], nil))), nil
			},
		},
		"a torn read": {read: func(s *spool, ctx context.Context, id voicemail.SpoolID) (io.ReadCloser, error) {
			r, err := s.Memory.Read(ctx, id)
			if err != nil {
				return nil, err
			}
			data, err := io.ReadAll(r)
			return io.NopCloser(bytes.NewReader(data[:len(data)*9/10])), err
		}},
		"no sound is empty sound": {read: func(s *spool, ctx context.Context, id voicemail.SpoolID) (io.ReadCloser, error) {
			r, err := s.Memory.Read(ctx, id)
			if err != nil {
				return io.NopCloser(strings.NewReader("")), nil
			}
			return r, nil
		}},
		"sound of another tenant": {read: func(s *spool, ctx context.Context, id voicemail.SpoolID) (io.ReadCloser, error) {
			for _, tenant := range []phone.TenantID{id.Tenant, "one"} {
				if r, err := s.Memory.Read(ctx, voicemail.SpoolID{Tenant: tenant, Name: id.Name}); err == nil {
					return r, nil
				}
			}
			return nil, voicemail.ErrNotFound
		}},
		"a remove that forgets": {remove: func(*spool, context.Context, voicemail.SpoolID) error { return nil }},
		"a remove of all tenants": {remove: func(s *spool, ctx context.Context, id voicemail.SpoolID) error {
			return errors.Join(s.Memory.Remove(ctx, id), s.Memory.Remove(ctx, voicemail.SpoolID{Tenant: "one", Name: id.Name}))
		}},
		"names without tenants": {names: func(s *spool, ctx context.Context) ([]voicemail.SpoolID, error) {
			ids, err := s.Memory.Names(ctx)
			for i := range ids {
				ids[i].Tenant = ""
			}
			return ids, err
		}},
		"any name will do": {append: func(s *spool, ctx context.Context, id voicemail.SpoolID, data []byte) error {
			if s.Memory.Append(ctx, id, data) != nil {
				id.Name = "x"
			}
			return s.Memory.Append(ctx, id, data)
		}},
		"append loses what is long": {append: func(s *spool, ctx context.Context, id voicemail.SpoolID, data []byte) error {
			return s.Memory.Append(ctx, id, data[:min(len(data), 1500)])
		}},
	}
}

func TestSpoolMutantsAreCaught(t *testing.T) {
	for name := range spoolMutants() {
		t.Run(name, func(t *testing.T) {
			how := ""
			for _, c := range voicemailtest.SpoolChecks {
				mutant := spoolMutants()[name]
				mutant.Memory = voicemail.NewMemory()
				if mutant.append != nil && c.Name() == "many at once" {
					continue // the mutant itself is not made for it
				}
				if how = caught(t, func(t voicemailtest.TB) { c.Run(t, mutant) }); how != "" {
					break
				}
			}
			assert.NotEmpty(t, how, "no check has caught it")
		})
	}
}
