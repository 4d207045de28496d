package voicemail_test

import (
	"context"

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
