package voicemail_test

import (
	"context"
	"errors"
	"io"
	"sync/atomic"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// stuck is a spool that waits until it is freed.
type stuck struct {
	*voicemail.Memory
	free chan struct{}
}

func (s *stuck) Append(ctx context.Context, id voicemail.SpoolID, data []byte) error {
	select {
	case <-s.free:
		return s.Memory.Append(ctx, id, data)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// gated is a store that can be shut. Its spool goes on.
type gated struct {
	stores
	shut atomic.Bool
}

var errShut = errors.New("down for maintenance")

func (g *gated) Apply(ctx context.Context, b voicemail.Batch) error {
	if g.shut.Load() {
		return errShut
	}
	return g.stores.Apply(ctx, b)
}

func (g *gated) Put(ctx context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	if g.shut.Load() {
		return errShut
	}
	return g.stores.Put(ctx, tenant, key, r, size)
}
