package autoreplytest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// nothingForgotten writes rows of every state and finds them all again.
func nothingForgotten(ctx context.Context, a, b autoreply.Ledger) error {
	const n = 2000
	key := func(i int) autoreply.Key {
		return autoreply.Key{Tenant: "t", Contact: phone.ContactKey(fmt.Sprintf("+1514555%04d", i))}
	}
	for i := range n {
		row := plain(1)
		if i%3 == 0 {
			row = due(1, start)
		}
		row.Slot = i
		if err := a.Swap(ctx, key(i), row); err != nil {
			return err
		}
	}
	for i := range n {
		row, err := b.Load(ctx, key(i))
		if err != nil || row.Revision != 1 || row.Slot != i {
			return fmt.Errorf("row %d of %d is %+v: %w", i, n, row, err)
		}
	}
	return nil
}

// sweep is for ledgers that have one: rows go at Expires, not before.
func sweep(ctx context.Context, a, b autoreply.Ledger) error {
	var run func(now time.Time) error
	switch s := a.(type) {
	case interface{ Sweep(now time.Time) int }:
		run = func(now time.Time) error { s.Sweep(now); return nil }
	case interface {
		Sweep(ctx context.Context, now time.Time) (int, error)
	}:
		run = func(now time.Time) error { _, err := s.Sweep(ctx, now); return err }
	default:
		return nil
	}
	k, other := autoreply.Key{Contact: "+15145550100"}, autoreply.Key{Contact: "+15145550101"}
	row := plain(1)
	row.Expires = far.Add(time.Hour)
	if err := errors.Join(a.Swap(ctx, k, row), a.Swap(ctx, other, plain(1)), run(far.Add(-1))); err != nil {
		return err
	}
	kept, err := b.Load(ctx, other)
	if err = errors.Join(err, equal(kept, plain(1)), run(far)); err != nil {
		return err
	}
	kept, err = b.Load(ctx, k)
	if err = errors.Join(err, equal(kept, row)); err != nil {
		return err
	}
	gone, err := b.Load(ctx, other)
	return errors.Join(err, equal(gone, autoreply.Entry{}))
}

// concurrentSwaps lets workers count together: a lost update is a number that
// is missing in the end.
func concurrentSwaps(ctx context.Context, a, b autoreply.Ledger) error {
	const workers, each = 8, 25
	k := autoreply.Key{Tenant: "t", Contact: "+15145550100"}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	failed := make(chan error, workers)
	for w := range workers {
		l := a
		if w%2 == 1 {
			l = b
		}
		wg.Go(func() { failed <- count(ctx, l, k, each) })
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			return err
		}
	}
	row, err := b.Load(ctx, k)
	if err == nil && (row.Slot != workers*each || row.Revision != workers*each) {
		err = fmt.Errorf("%d updates, of which %d are left, revision %d", workers*each, row.Slot, row.Revision)
	}
	return err
}

// count adds one to the row, n times.
func count(ctx context.Context, l autoreply.Ledger, k autoreply.Key, n int) error {
	for done := 0; done < n; {
		row, err := l.Load(ctx, k)
		if err != nil {
			return err
		}
		next := plain(row.Revision + 1)
		next.Slot = row.Slot + 1
		switch err := l.Swap(ctx, k, next); {
		case err == nil:
			done++
		case !errors.Is(err, autoreply.ErrConflict):
			return err
		}
	}
	return nil
}

// concurrentInserts lets workers race for the first row of each key.
func concurrentInserts(ctx context.Context, a, b autoreply.Ledger) error {
	const workers, keys = 8, 40
	var won [keys]atomic.Int32
	var wg sync.WaitGroup
	failed := make(chan error, workers*keys)
	for w := range workers {
		l := a
		if w%2 == 1 {
			l = b
		}
		wg.Go(func() {
			for i := range keys {
				switch err := l.Swap(ctx, autoreply.Key{Contact: phone.ContactKey(fmt.Sprint(i))}, plain(1)); {
				case err == nil:
					won[i].Add(1)
				case !errors.Is(err, autoreply.ErrConflict):
					failed <- err
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	if err := <-failed; err != nil {
		return err
	}
	for i := range won {
		if n := won[i].Load(); n != 1 {
			return fmt.Errorf("key %d has %d first rows", i, n)
		}
	}
	return nil
}

// loadAfterSwap: what a swap has said is what the next load says.
func loadAfterSwap(ctx context.Context, a, b autoreply.Ledger) error {
	k := autoreply.Key{Tenant: "t", Contact: "+15145550100"}
	for i := range 100 {
		if err := a.Swap(ctx, k, plain(i+1)); err != nil {
			return err
		}
		for _, l := range []autoreply.Ledger{b, a} {
			row, err := l.Load(ctx, k)
			if err != nil || row.Revision != i+1 {
				return fmt.Errorf("revision %d was stored, %d is read: %w", i+1, row.Revision, err)
			}
		}
	}
	return nil
}

func endedContext(ctx context.Context, a, b autoreply.Ledger) error {
	ended, cancel := context.WithCancel(ctx)
	cancel()
	k := autoreply.Key{Contact: "c"}
	_, loaded := a.Load(ended, k)
	swapped := a.Swap(ended, k, plain(1))
	_, asked := a.Due(ended, far, 1)
	if loaded == nil || swapped == nil || asked == nil || errors.Is(swapped, autoreply.ErrConflict) {
		return fmt.Errorf("answers although the context has ended: load %v, swap %v, due %v", loaded, swapped, asked)
	}
	row, err := b.Load(ctx, k)
	return errors.Join(err, equal(row, autoreply.Entry{}))
}

// still is a clock that the story moves.
type still struct{ at time.Time }

func (c *still) Now() time.Time { return c.at }

// story runs two engines over the ledger through one contact's day.
func story(ctx context.Context, a, b autoreply.Ledger) error {
	policy, err := autoreply.NewPolicy([]autoreply.Rule{{
		ID: "missed", On: []string{phone.CallMissed}, Text: map[string]string{"en": "Sorry we missed you"},
	}}, nil)
	if err != nil {
		return err
	}
	policies := func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return policy, nil }
	clock, sender := &still{start}, &Sender{}
	one, err := autoreply.New(policies, a, sender, &autoreply.Options{Clock: clock})
	if err != nil {
		return err
	}
	two, err := autoreply.New(policies, b, sender, &autoreply.Options{Clock: clock})
	if err != nil {
		return err
	}
	number, err := phone.ParseNumber("+15145550100")
	if err != nil {
		return err
	}
	missed := func(id string) phone.Event {
		return phone.Event{ID: id, Type: phone.CallMissed, At: clock.at, Call: id, Tenant: "t", Contact: phone.Party{Number: number}}
	}
	first := missed("1")
	expect := func(d autoreply.Decision, err error, want autoreply.Verdict, why autoreply.Reason) error {
		if err == nil && (d.Verdict != want || d.Reason != why) {
			err = fmt.Errorf("decision is %s %q, want %s %q", d.Verdict, d.Reason, want, why)
		}
		return err
	}
	d, err := one.Handle(ctx, first)
	if err := expect(d, err, autoreply.Wait, autoreply.ReasonSettling); err != nil {
		return err
	}
	d, err = two.Handle(ctx, first)
	if err := expect(d, err, autoreply.Wait, autoreply.ReasonSettling); err != nil {
		return err
	}
	clock.at = d.Due
	for _, e := range []*autoreply.Engine{two, one} {
		if _, next, err := e.RunDue(ctx); err != nil || !next.IsZero() {
			return fmt.Errorf("next due %s: %w", next, err)
		}
	}
	if n := len(sender.Texts()); n != 1 {
		return fmt.Errorf("%d texts, want one", n)
	}
	d, err = one.Handle(ctx, missed("2"))
	if err := expect(d, err, autoreply.Skip, autoreply.ReasonCooldown); err != nil {
		return err
	}
	clock.at = d.Until
	d, err = two.Handle(ctx, missed("3"))
	return expect(d, err, autoreply.Wait, autoreply.ReasonSettling)
}
