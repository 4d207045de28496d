package autoreplytest_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	autoreplytest.TestLedger(t, func(*testing.T) autoreply.Ledger { return autoreply.NewMemory() })
	autoreplytest.TestShared(t, func(*testing.T) (a, b autoreply.Ledger) {
		m := autoreply.NewMemory()
		return m, m
	})
}

// lostUpdate forgets to compare.
type lostUpdate struct{ *autoreply.Memory }

func (l lostUpdate) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	row, err := l.Load(ctx, k)
	if err != nil {
		return err
	}
	if row.Revision != 0 && next.Revision == 1 {
		return autoreply.ErrConflict
	}
	_ = l.Erase(ctx, k)
	next.Revision = 1
	err = l.Memory.Swap(ctx, k, next)
	return err
}

// twoSteps compares and swaps, but not at once.
type twoSteps struct {
	mu   sync.Mutex
	rows map[autoreply.Key]autoreply.Entry
	*autoreply.Memory
}

func (l *twoSteps) Load(_ context.Context, k autoreply.Key) (autoreply.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rows[k], nil
}

func (l *twoSteps) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	row, _ := l.Load(ctx, k)
	if row.Revision != next.Revision-1 {
		return autoreply.ErrConflict
	}
	runtime.Gosched()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows[k] = next
	return nil
}

// staleLoad reads from a copy that is behind.
type staleLoad struct {
	*autoreply.Memory
	mu   sync.Mutex
	copy map[autoreply.Key]autoreply.Entry
}

func (l *staleLoad) Load(ctx context.Context, k autoreply.Key) (autoreply.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	row, err := l.Memory.Load(ctx, k)
	if old, ok := l.copy[k]; ok && old.Revision == row.Revision-1 {
		delete(l.copy, k)
		return old, err
	}
	l.copy[k] = row
	return row, err
}

// joinedKeys makes one string of a key.
type joinedKeys struct {
	*autoreply.Memory
	separator string
}

func (l joinedKeys) key(k autoreply.Key) autoreply.Key {
	return autoreply.Key{Contact: phone.ContactKey(string(k.Tenant) + l.separator + string(k.Line) + l.separator + string(k.Contact))}
}

func (l joinedKeys) Load(ctx context.Context, k autoreply.Key) (autoreply.Entry, error) {
	return l.Memory.Load(ctx, l.key(k))
}

func (l joinedKeys) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	return l.Memory.Swap(ctx, l.key(k), next)
}

func (l joinedKeys) Erase(ctx context.Context, k autoreply.Key) error {
	return l.Memory.Erase(ctx, l.key(k))
}

// forgetful keeps the last thousand rows.
type forgetful struct {
	*autoreply.Memory
	mu    sync.Mutex
	order []autoreply.Key
}

func (l *forgetful) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.Memory.Swap(ctx, k, next)
	if err == nil && next.Revision == 1 {
		l.order = append(l.order, k)
		if len(l.order) > 1000 {
			_ = l.Memory.Erase(ctx, l.order[0])
			l.order = l.order[1:]
		}
	}
	return err
}

// hasty sweeps an hour too early.
type hasty struct{ *autoreply.Memory }

func (l hasty) Sweep(now time.Time) int { return l.Memory.Sweep(now.Add(time.Hour)) }

// skips changes the answer of Due.
type skips struct {
	*autoreply.Memory
	how func([]autoreply.Key) []autoreply.Key
}

func (l skips) Due(ctx context.Context, before time.Time, limit int) ([]autoreply.Key, error) {
	keys, err := l.Memory.Due(ctx, before, limit)
	return l.how(keys), err
}

// exclusive takes "not after" for "before".
type exclusive struct{ *autoreply.Memory }

func (l exclusive) Due(ctx context.Context, before time.Time, limit int) ([]autoreply.Key, error) {
	return l.Memory.Due(ctx, before.Add(-1), limit)
}

// coarse keeps whole microseconds.
type coarse struct{ *autoreply.Memory }

func (l coarse) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	next.Sent = next.Sent.Truncate(time.Microsecond)
	return l.Memory.Swap(ctx, k, next)
}

// erases takes one tenant for another.
type erases struct {
	*autoreply.Memory
	whose func(phone.TenantID) phone.TenantID
}

func (l erases) EraseTenant(ctx context.Context, tenant phone.TenantID) error {
	return errors.Join(l.Memory.EraseTenant(ctx, tenant), l.Memory.EraseTenant(ctx, l.whose(tenant)))
}

// lazy leaves what waits.
type lazy struct{ *autoreply.Memory }

func (l lazy) EraseTenant(ctx context.Context, tenant phone.TenantID) error {
	keys, err := l.Due(ctx, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), 1000)
	waiting := map[autoreply.Key]autoreply.Entry{}
	for _, k := range keys {
		if waiting[k], err = l.Load(ctx, k); err != nil {
			return err
		}
	}
	err = errors.Join(err, l.Memory.EraseTenant(ctx, tenant))
	for k, row := range waiting {
		if k.Tenant == tenant {
			row.Revision = 1
			err = errors.Join(err, l.Swap(ctx, k, row))
		}
	}
	return err
}

// deaf goes on when the context has ended.
type deaf struct{ *autoreply.Memory }

func (l deaf) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	return l.Memory.Swap(context.WithoutCancel(ctx), k, next)
}

func TestMutants(t *testing.T) {
	t.Parallel()
	m := autoreply.NewMemory
	for name, c := range map[string]struct {
		open func() autoreply.Ledger
		want string
	}{
		"lost update":       {func() autoreply.Ledger { return lostUpdate{m()} }, "revisions"},
		"swap in two steps": {func() autoreply.Ledger { return &twoSteps{Memory: m(), rows: map[autoreply.Key]autoreply.Entry{}} }, "due keys"},
		"stale load": {func() autoreply.Ledger {
			return &staleLoad{Memory: m(), copy: map[autoreply.Key]autoreply.Entry{}}
		}, "a load after a swap"},
		"keys run together":  {func() autoreply.Ledger { return joinedKeys{m(), ""} }, "keys"},
		"keys with a slash":  {func() autoreply.Ledger { return joinedKeys{m(), "/"} }, "keys"},
		"keys with a bar":    {func() autoreply.Ledger { return joinedKeys{m(), "|"} }, "keys"},
		"keys with a zero":   {func() autoreply.Ledger { return joinedKeys{m(), "\x00"} }, "keys"},
		"early forgetting":   {func() autoreply.Ledger { return &forgetful{Memory: m()} }, "nothing is forgotten"},
		"hasty sweep":        {func() autoreply.Ledger { return hasty{m()} }, "sweep"},
		"due at is too late": {func() autoreply.Ledger { return exclusive{m()} }, "due keys"},
		"skipped due key": {func() autoreply.Ledger {
			return skips{m(), func(keys []autoreply.Key) []autoreply.Key { return keys[:max(0, len(keys)-1)] }}
		}, "many due keys"},
		"due keys backwards": {func() autoreply.Ledger {
			return skips{m(), func(keys []autoreply.Key) []autoreply.Key { slices.Reverse(keys); return keys }}
		}, "due keys"},
		"erases more":   {func() autoreply.Ledger { return erases{m(), func(phone.TenantID) phone.TenantID { return "" }} }, "erase of a tenant"},
		"erases less":   {func() autoreply.Ledger { return lazy{m()} }, "erase of a tenant"},
		"microseconds":  {func() autoreply.Ledger { return coarse{m()} }, "a row comes back as it was"},
		"ended context": {func() autoreply.Ledger { return deaf{m()} }, "an ended context"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Contains(t, autoreplytest.Failures(t.Context(), c.open), c.want)
		})
	}
}

func TestMutantsInARace(t *testing.T) {
	t.Parallel()
	for range 50 {
		failed := autoreplytest.Failures(t.Context(), func() autoreply.Ledger {
			return &twoSteps{Memory: autoreply.NewMemory(), rows: map[autoreply.Key]autoreply.Entry{}}
		})
		if slices.Contains(failed, "concurrent swaps") || slices.Contains(failed, "concurrent inserts") {
			return
		}
	}
	t.Fatal("nobody noticed that compare and swap are two steps")
}
