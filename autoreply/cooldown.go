package autoreply

import (
	"fmt"
	"iter"
	"maps"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Cooldown answers one question, in memory: may it happen for this key now?
// After it has happened, not again until window has passed, half-open: at
// exactly window after the last time it may.
//
// Reserve, do it, then Commit, or Release if it did not happen. A ticket that
// is neither is returned to the key after the lease. It stands alone: nothing
// else of this package is needed, and nothing runs by itself. It is safe for
// concurrent use.
//
// When the clock is set back further than window, the last time counts as now:
// silence is bounded by two windows, whatever the size of the step. When it is
// set forward, the gap is shorter by the step; no wall clock can tell.
type Cooldown[K comparable] struct {
	mu     sync.Mutex
	window time.Duration
	lease  time.Duration
	clock  phone.Clock
	keys   map[K]cooling
}

// cooling is what is known of a key. Times are nanoseconds since 1970, where
// mock clocks like to begin.
type cooling struct {
	last, until int64 // the last time, if it happened; the end of the reservation, if it is held
	slot        int
	happened    bool
	held        bool
}

// Ticket is the answer to a question: the permission, or the refusal.
type Ticket[K comparable] struct {
	Key  K
	Slot int       // counts the reservations of the key; a takeover has a new one
	Last time.Time // when it last happened; zero for never
	Free time.Time // of a refusal: when it ends, if nothing else happens
}

// NewCooldown makes a cooldown. The window is 1 ns to 100 years. A nil clock is
// the real one. A reservation lasts a minute, or the window if that is shorter.
func NewCooldown[K comparable](window time.Duration, c phone.Clock) (*Cooldown[K], error) {
	if window <= 0 || window > 100*365*24*time.Hour {
		return nil, fmt.Errorf("autoreply: cooldown: %w", &Problem{Path: "/window", Want: "1 ns to 100 years"})
	}
	if c == nil {
		c = realClock{}
	}
	return &Cooldown[K]{window: window, lease: min(time.Minute, window), clock: c, keys: map[K]cooling{}}, nil
}

// look is the state of key at now, bounded against a clock that was set back.
func (c *Cooldown[K]) look(key K, now int64) cooling {
	k := c.keys[key]
	if k.happened && k.last > now+int64(c.window) {
		k.last = now
		c.keys[key] = k
	}
	if k.held && (now >= k.until || k.until > now+int64(c.lease)) {
		k.held = false
	}
	return k
}

// answer is the ticket of k, and whether it may happen.
func (c *Cooldown[K]) answer(key K, k cooling, now int64) (Ticket[K], bool) {
	t := Ticket[K]{Key: key, Slot: k.slot}
	if k.happened {
		t.Last = time.Unix(0, k.last)
		if free := k.last + int64(c.window); now < free {
			t.Free = time.Unix(0, free)
			return t, false
		}
	}
	if k.held {
		t.Free = time.Unix(0, k.until)
		return t, false
	}
	return t, true
}

// Reserve takes the permission for key, so that nobody else gets it. The
// answer false is a refusal until Ticket.Free.
func (c *Cooldown[K]) Reserve(key K) (Ticket[K], bool) {
	now := c.clock.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.look(key, now)
	t, ok := c.answer(key, k, now)
	if !ok {
		return t, false
	}
	k.slot++
	k.held, k.until = true, now+int64(c.lease)
	c.keys[key] = k
	t.Slot = k.slot
	return t, true
}

// Peek is the answer that Reserve would give, without taking anything.
func (c *Cooldown[K]) Peek(key K) (Ticket[K], bool) {
	now := c.clock.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answer(key, c.look(key, now), now)
}

// Commit says that it happened, now. It counts even when the reservation was
// lost meanwhile: what happened has happened. It answers whether the
// reservation was still the ticket's.
func (c *Cooldown[K]) Commit(t Ticket[K]) bool {
	now := c.clock.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.look(t.Key, now)
	mine := k.held && k.slot == t.Slot
	if mine {
		k.held = false
	}
	if !k.happened || now > k.last {
		k.last = now
	}
	k.happened = true
	k.slot = max(k.slot, t.Slot)
	c.keys[t.Key] = k
	return mine
}

// Release says that it did not happen: the key is free again. It answers
// false, and does nothing, when the reservation is no longer the ticket's.
func (c *Cooldown[K]) Release(t Ticket[K]) bool {
	now := c.clock.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.look(t.Key, now)
	if !k.held || k.slot != t.Slot {
		return false
	}
	k.held = false
	c.keys[t.Key] = k
	return true
}

// Forget removes all that is known of key.
func (c *Cooldown[K]) Forget(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.keys, key)
}

// Reset removes all keys.
func (c *Cooldown[K]) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.keys)
}

// Sweep removes the keys whose window is over and returns how many. Call it
// now and then; nothing else makes the map smaller.
func (c *Cooldown[K]) Sweep() int {
	now := c.clock.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	before := len(c.keys)
	maps.DeleteFunc(c.keys, func(key K, _ cooling) bool {
		_, free := c.answer(key, c.look(key, now), now)
		return free
	})
	return before - len(c.keys)
}

// All are the keys and when it last happened for each: with Restore, a restart.
// It is a copy of the moment; reservations are not part of it.
func (c *Cooldown[K]) All() iter.Seq2[K, time.Time] {
	c.mu.Lock()
	keys := maps.Clone(c.keys)
	c.mu.Unlock()
	return func(yield func(K, time.Time) bool) {
		for key, k := range keys {
			if k.happened && !yield(key, time.Unix(0, k.last)) {
				return
			}
		}
	}
}

// Restore says that it last happened for key at last, unless something later
// is known.
func (c *Cooldown[K]) Restore(key K, last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.keys[key]
	if at := last.UnixNano(); !k.happened || at > k.last {
		k.last = at
	}
	k.happened = true
	c.keys[key] = k
}
