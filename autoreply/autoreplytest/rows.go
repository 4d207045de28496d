package autoreplytest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

var (
	start = time.Date(2026, 6, 15, 12, 0, 0, 123456789, time.UTC)
	far   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// plain is a row with a revision and nothing much else.
func plain(revision int) autoreply.Entry {
	return autoreply.Entry{V: autoreply.EntryVersion, Revision: revision, Slot: revision, Sent: start, Expires: far}
}

func due(revision int, at time.Time) autoreply.Entry {
	e := plain(revision)
	e.State, e.Due = autoreply.Waiting, at
	return e
}

// full is a row with everything in it, at its largest.
func full() autoreply.Entry {
	number, _ := phone.ParseNumber("+15145550100")
	e := autoreply.Entry{
		V: autoreply.EntryVersion, Revision: 1, Due: start.Add(1), Expires: far, State: autoreply.Sending,
		Slot: 7, Born: start.Add(2), Token: "token", Attempt: 2, Protect: start.Add(3), Rule: "règle", Text: "Désolés…\n\x00'\"\\ 🛎",
		Deferred: start.Add(4), Sent: start.Add(5), Replies: 3, Earlier: []time.Time{start.Add(6), start.Add(7)},
		Touched: start.Add(8), Heard: "0123456789abcdef", Consent: autoreply.Consent{At: start.Add(9), Out: true},
	}
	for i := range autoreply.MaxPending {
		e.Pending = append(e.Pending, phone.Event{
			V: phone.EventVersion, ID: fmt.Sprint("event ", i), Type: phone.TextReceived, At: start.Add(time.Duration(i)),
			Tenant: "t", Line: "l", Call: "c", Contact: phone.Party{Number: number}, Text: strings.Repeat("é", autoreply.MaxHeard/2),
		})
	}
	for i := range 32 {
		e.Seen = append(e.Seen, autoreply.Mark{Hash: fmt.Sprintf("%032d", i), At: start.Add(time.Duration(i))})
	}
	return e
}

// equal compares two rows as they read, times as instants.
func equal(got, want autoreply.Entry) error {
	a, err := json.Marshal(normal(got))
	if err != nil {
		return err
	}
	b, err := json.Marshal(normal(want))
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("row is %s, want %s", a, b)
	}
	return nil
}

func normal(e autoreply.Entry) autoreply.Entry {
	for _, at := range []*time.Time{&e.Due, &e.Expires, &e.Born, &e.Protect, &e.Deferred, &e.Sent, &e.Touched, &e.Consent.At} {
		*at = at.UTC()
	}
	return e
}

func noRow(ctx context.Context, a, b autoreply.Ledger) error {
	row, err := b.Load(ctx, autoreply.Key{Contact: "nobody"})
	if err != nil {
		return err
	}
	return errors.Join(equal(row, autoreply.Entry{}), a.Erase(ctx, autoreply.Key{Contact: "nobody"}))
}

func roundTrip(ctx context.Context, a, b autoreply.Ledger) error {
	for i, want := range []autoreply.Entry{full(), plain(1), {Revision: 1}} {
		k := autoreply.Key{Tenant: "t", Contact: phone.ContactKey(fmt.Sprint(i))}
		if err := a.Swap(ctx, k, want); err != nil {
			return err
		}
		got, err := b.Load(ctx, k)
		if err = errors.Join(err, equal(got, want)); err != nil {
			return err
		}
	}
	return nil
}

// swaps expects of each swap in turn whether it holds.
func swaps(ctx context.Context, l autoreply.Ledger, k autoreply.Key, holds bool, next autoreply.Entry) error {
	err := l.Swap(ctx, k, next)
	switch {
	case holds && err != nil:
		return fmt.Errorf("swap to revision %d: %w", next.Revision, err)
	case !holds && !errors.Is(err, autoreply.ErrConflict):
		return fmt.Errorf("swap to revision %d: want ErrConflict, got %v", next.Revision, err)
	}
	return nil
}

func revisions(ctx context.Context, a, b autoreply.Ledger) error {
	k := autoreply.Key{Tenant: "t", Contact: "c"}
	return errors.Join(
		swaps(ctx, a, k, false, plain(2)), // no row: only 1 may follow
		swaps(ctx, b, k, true, plain(1)),
		swaps(ctx, a, k, false, plain(1)),
		swaps(ctx, b, k, false, plain(3)),
		swaps(ctx, a, k, true, plain(2)),
		swaps(ctx, b, k, true, plain(3)),
		swaps(ctx, a, k, false, plain(2)),
	)
}

func refusedSwap(ctx context.Context, a, b autoreply.Ledger) error {
	k := autoreply.Key{Tenant: "t", Contact: "c"}
	err := errors.Join(
		swaps(ctx, a, k, true, plain(1)),
		swaps(ctx, a, k, false, due(1, start)),
		swaps(ctx, b, k, false, due(5, start)),
	)
	row, loadErr := b.Load(ctx, k)
	keys, dueErr := a.Due(ctx, far, 10)
	if len(keys) > 0 {
		err = errors.Join(err, fmt.Errorf("a refused swap left %d due keys", len(keys)))
	}
	return errors.Join(err, loadErr, dueErr, equal(row, plain(1)))
}

// keys that a careless ledger takes for one another.
func keys(ctx context.Context, a, b autoreply.Ledger) error {
	list := []autoreply.Key{
		{},
		{Contact: "x"},
		{Line: "x"},
		{Tenant: "x"},
		{Tenant: "a", Line: "b", Contact: "c"},
		{Tenant: "ab", Contact: "c"},
		{Tenant: "a", Contact: "bc"},
		{Tenant: "a", Line: "bc"},
		{Line: "ab", Contact: "c"},
		{Tenant: "a:b", Line: "c"},
		{Tenant: "a", Line: "b:c"},
		{Tenant: "a|b", Line: "c"},
		{Tenant: "a", Line: "b|c"},
		{Tenant: "a/b", Line: "c"},
		{Tenant: "a", Line: "b/c"},
		{Tenant: "a\x00b", Line: "c"},
		{Tenant: "a", Line: "b\x00c"},
		{Contact: "X"},
		{Contact: "x "},
		{Contact: " x"},
		{Contact: "é"},
		{Contact: "e\u0301"},
		{Contact: "%"},
		{Contact: "_"},
		{Contact: "+15145550100"},
		{Contact: "15145550100"},
		{Contact: "+15145550101"},
		{Line: "1", Contact: "+15145550100"},
		{Tenant: "1", Contact: "+15145550100"},
		{Contact: "'; drop"},
		{Contact: phone.ContactKey(strings.Repeat("k", 512))},
		{Contact: phone.ContactKey(strings.Repeat("k", 511) + "l")},
	}
	for i, k := range list {
		row := plain(1)
		row.Slot = i
		if err := a.Swap(ctx, k, row); err != nil {
			return fmt.Errorf("key %q: %w", k, err)
		}
	}
	for i, k := range list {
		row, err := b.Load(ctx, k)
		if err != nil || row.Slot != i {
			return fmt.Errorf("key %q has the row of key %d: %w", k, row.Slot, err)
		}
	}
	if err := a.Erase(ctx, list[4]); err != nil {
		return err
	}
	for i, k := range list {
		if row, err := b.Load(ctx, k); err != nil || (row.Revision == 0) != (i == 4) {
			return fmt.Errorf("after the erasure of %q: row of %q is %+v: %w", list[4], k, row, err)
		}
	}
	return nil
}

// expectDue compares the due keys, in their order.
func expectDue(ctx context.Context, l autoreply.Ledger, before time.Time, limit int, want ...string) error {
	keys, err := l.Due(ctx, before, limit)
	if err != nil {
		return err
	}
	var got []string
	for _, k := range keys {
		got = append(got, string(k.Tenant)+"/"+string(k.Contact))
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("due before %s, at most %d: %v, want %v", before, limit, got, want)
	}
	return nil
}

func dueKeys(ctx context.Context, a, b autoreply.Ledger) error {
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	one, two, three := autoreply.Key{Tenant: "t", Contact: "1"}, autoreply.Key{Tenant: "u", Contact: "2"}, autoreply.Key{Contact: "3"}
	err := errors.Join(
		expectDue(ctx, a, far, 10),
		a.Swap(ctx, one, due(1, at(3))),
		a.Swap(ctx, two, due(1, at(1))),
		a.Swap(ctx, three, due(1, at(2))),
		a.Swap(ctx, autoreply.Key{Contact: "never"}, plain(1)),
		expectDue(ctx, b, at(1).Add(-1), 10),
		expectDue(ctx, b, at(1), 10, "u/2"),
		expectDue(ctx, b, at(2), 10, "u/2", "/3"),
		expectDue(ctx, b, far, 10, "u/2", "/3", "t/1"),
		expectDue(ctx, b, far, 2, "u/2", "/3"),
		a.Swap(ctx, two, due(2, at(9))),
		expectDue(ctx, b, at(5), 10, "/3", "t/1"),
		a.Swap(ctx, three, plain(2)),
		a.Erase(ctx, one),
		expectDue(ctx, b, far, 10, "u/2"),
	)
	return err
}

// manyDue takes due keys in small portions, as an engine does, and counts.
func manyDue(ctx context.Context, a, b autoreply.Ledger) error {
	const n = 250
	for i := range n {
		k := autoreply.Key{Tenant: phone.TenantID(fmt.Sprint(i % 3)), Contact: phone.ContactKey(fmt.Sprint(i))}
		if err := a.Swap(ctx, k, due(1, start.Add(time.Duration(i%7)*time.Second))); err != nil {
			return err
		}
	}
	taken := 0
	for range n {
		keys, err := b.Due(ctx, start.Add(time.Minute), 40)
		if err != nil {
			return err
		}
		if len(keys) > 40 {
			return fmt.Errorf("%d keys, at most 40 were asked for", len(keys))
		}
		if len(keys) == 0 {
			break
		}
		for _, k := range keys {
			if err := a.Swap(ctx, k, plain(2)); err != nil {
				return fmt.Errorf("key %v was handed out twice, or is not there: %w", k, err)
			}
			taken++
		}
	}
	if taken != n {
		return fmt.Errorf("%d of %d due keys were handed out", taken, n)
	}
	return nil
}

func erase(ctx context.Context, a, b autoreply.Ledger) error {
	k := autoreply.Key{Tenant: "t", Contact: "c"}
	if err := errors.Join(a.Swap(ctx, k, due(1, start)), b.Swap(ctx, k, due(2, start)), a.Erase(ctx, k), a.Erase(ctx, k)); err != nil {
		return err
	}
	row, err := b.Load(ctx, k)
	return errors.Join(err, equal(row, autoreply.Entry{}), expectDue(ctx, b, far, 10),
		swaps(ctx, b, k, false, plain(3)), swaps(ctx, b, k, true, plain(1)))
}
