package voicemail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/afterbeep/afterbeep/phone"
)

// Service is the voicemail of a phone system. It is safe for concurrent use
// and starts nothing by itself: the host calls Recover at the start and Work
// whenever something is due.
type Service struct {
	store Store
	blobs Blobs
	spool Spool

	clock       phone.Clock
	node        string
	lease, sync time.Duration
	transcriber Transcriber
	transcribed bool
	notifiers   map[string]Notifier
	channels    []string // of notifiers, in order
	prompt      map[string]bool
	authorizer  func(context.Context, phone.Actor, Action, BoxID) error
	log         *slog.Logger
	observe     func(context.Context, phone.Event)
	newID       func(time.Time) string
	limits      Limits

	mu       sync.Mutex
	captures map[liveKey]*slot
}

// liveKey is a capture of this process.
type liveKey struct {
	tenant phone.TenantID
	key    string
}

func (c CaptureRow) liveKey() liveKey {
	return liveKey{c.Request.Call.Tenant, c.Request.Key}
}

func (c CaptureRow) spoolID() SpoolID {
	return SpoolID{Tenant: c.Request.Call.Tenant, Name: c.Spool}
}

// slot is the place of a capture that begins or is under way here.
type slot struct {
	ready   chan struct{} // closed when capture is known
	capture *Capture      // nil: Begin failed
}

// New returns a service over its three sockets. o may be nil. Every wrong
// option is in the error.
func New(s Store, b Blobs, p Spool, o *Options) (*Service, error) {
	if o == nil {
		o = &Options{}
	}
	var errs []error
	if s == nil || b == nil || p == nil {
		errs = append(errs, errors.New("voicemail: store, blobs and spool are required"))
	}
	v := &Service{
		store: s, blobs: b, spool: p,
		clock: o.Clock, node: o.Node, transcriber: o.Transcriber, transcribed: o.Transcribed || o.Transcriber != nil,
		notifiers: maps.Clone(o.Notifiers), prompt: make(map[string]bool), authorizer: o.Authorizer,
		log: o.Log, observe: o.Observe, newID: o.NewID, captures: make(map[liveKey]*slot),
	}
	v.lease = within(&errs, "lease", o.Lease, 15*time.Second, time.Second, 5*time.Minute)
	v.sync = within(&errs, "sync", o.Sync, time.Second, 100*time.Millisecond, time.Minute)
	v.limits = o.Limits.check(&errs)
	v.channels = slices.Sorted(maps.Keys(v.notifiers))
	for _, ch := range v.channels {
		if ch == "" || len(ch) > MaxName {
			errs = append(errs, fmt.Errorf("voicemail: channel %q: want 1 to %d bytes", cut(ch, MaxName), MaxName))
		}
	}
	for _, ch := range o.Prompt {
		if _, ok := v.notifiers[ch]; !ok {
			errs = append(errs, fmt.Errorf("voicemail: prompt channel %q has no notifier", cut(ch, MaxName)))
		}
		v.prompt[ch] = true
	}
	if v.log == nil {
		v.log = slog.New(slog.DiscardHandler)
	}
	if v.newID == nil {
		v.newID = newID
	}
	if v.node == "" {
		v.node = newID(v.now())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return v, nil
}

func (s *Service) now() time.Time {
	if s.clock == nil {
		return time.Now().UTC().Round(0)
	}
	return s.clock.Now().UTC().Round(0)
}

// newID is a UUIDv7 (RFC 9562, section 5.7) of the instant at.
func newID(at time.Time) string {
	id := uuid.UUID{}
	if random, err := uuid.NewRandom(); err == nil { // crypto/rand does not fail
		id = random
	}
	ms := uint64(max(at.UnixMilli(), 0))
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

const maxID = 48 // bytes of a message id

// messageID mints the id of a message that begins at at.
func (s *Service) messageID(at time.Time) (string, error) {
	id := s.newID(at)
	if id == "" || len(id) > maxID || !safe(id) || strings.Contains(id, ".") || !alphanumeric(id[0]) {
		return "", fmt.Errorf("voicemail: new id %q: want 1 to %d of a-z 0-9 _ -", cut(id, maxID), maxID)
	}
	return id, nil
}

// enter finds the capture of key, or takes a slot for it that leave or
// forget gives back. It waits for a Begin of the same key.
func (s *Service) enter(ctx context.Context, key liveKey) (*Capture, *slot, error) {
	for {
		s.mu.Lock()
		sl := s.captures[key]
		if sl == nil {
			defer s.mu.Unlock()
			if len(s.captures) >= s.limits.Captures {
				return nil, nil, fmt.Errorf("%w: %d captures", ErrBusy, len(s.captures))
			}
			sl = &slot{ready: make(chan struct{})}
			s.captures[key] = sl
			return nil, sl, nil
		}
		s.mu.Unlock()
		select {
		case <-sl.ready:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
		if sl.capture != nil {
			return sl.capture, nil, nil
		}
	}
}

// leave settles a slot: with a capture that is under way, or without.
func (s *Service) leave(key liveKey, sl *slot, c *Capture) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c == nil || c.finished {
		delete(s.captures, key)
	}
	sl.capture = c
	close(sl.ready)
}

// forget drops a capture that has finished.
func (s *Service) forget(c *Capture) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sl := s.captures[c.live]; sl != nil && sl.capture == c {
		delete(s.captures, c.live)
	}
}

// running reports whether this process has the capture of key.
func (s *Service) running(key liveKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.captures[key] != nil
}
