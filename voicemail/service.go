package voicemail

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/afterbeep/afterbeep/phone"
)

// Service is the voicemail of a phone system. It is safe for concurrent use
// and starts nothing by itself: the host calls Recover at the start and Work
// whenever something is due.
type Service struct {
	store Store
}

// New returns a service over its three sockets. o may be nil.
func New(s Store, b Blobs, p Spool, o *Options) (*Service, error) {
	return &Service{store: s}, errors.ErrUnsupported
}

// Begin starts a capture, or returns the one that the key began.
func (s *Service) Begin(ctx context.Context, r Request) (*Capture, error) {
	return nil, errors.ErrUnsupported
}

// Release gives back the room of a caller who left before the beep.
func (s *Service) Release(ctx context.Context, r Request) error { return errors.ErrUnsupported }

// Expect announces a recording that is made elsewhere.
func (s *Service) Expect(ctx context.Context, r Request) error { return errors.ErrUnsupported }

// Ingest takes a recording that was made elsewhere.
func (s *Service) Ingest(ctx context.Context, r Request, wav io.Reader) (Receipt, error) {
	return Receipt{}, errors.ErrUnsupported
}

// Recover takes over what processes that died have left.
func (s *Service) Recover(ctx context.Context) (Report, error) {
	return Report{}, errors.ErrUnsupported
}

// Work does one pass over what is due.
func (s *Service) Work(ctx context.Context) (Report, error) {
	return Report{}, errors.ErrUnsupported
}

// PutBox creates a box or changes its settings.
func (s *Service) PutBox(ctx context.Context, a phone.Actor, b Box) error {
	return errors.ErrUnsupported
}

// Box returns a box.
func (s *Service) Box(ctx context.Context, a phone.Actor, id BoxID) (Box, error) {
	return Box{}, errors.ErrUnsupported
}

// Messages lists messages.
func (s *Service) Messages(ctx context.Context, a phone.Actor, id BoxID, q Query) (Page, error) {
	return Page{}, errors.ErrUnsupported
}

// Open returns the sound of a message as a WAV file.
func (s *Service) Open(ctx context.Context, a phone.Actor, id BoxID, message string) (io.ReadSeekCloser, error) {
	return nil, errors.ErrUnsupported
}

// Update changes a message.
func (s *Service) Update(ctx context.Context, a phone.Actor, id BoxID, message string, change func(*Message)) (Message, error) {
	return Message{}, errors.ErrUnsupported
}

// Capture is a recording under way. It belongs to one goroutine at a time.
type Capture struct{}

// Write adds a frame.
func (c *Capture) Write(f Frame) (Stop, error) { return "", errors.ErrUnsupported }

// Finish decides, seals and commits.
func (c *Capture) Finish(ctx context.Context, why Stop) (Receipt, error) {
	return Receipt{}, errors.ErrUnsupported
}

// Record writes each frame, then finishes.
func (c *Capture) Record(ctx context.Context, frames iter.Seq[Frame], keys ...string) (Receipt, error) {
	return Receipt{}, errors.ErrUnsupported
}
