package autoreplytest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// call is one Load or Swap of a history. Begun and Ended are of one count that
// all workers share, so that a call that ended before another began has the
// smaller numbers.
type call struct {
	Begun, Ended int64
	Swap         bool
	Refused      bool // the swap met [autoreply.ErrConflict]
	Revision     int  // that was loaded, or that was to be stored
	Slot         int  // the value: each swap has its own
}

// Linear lets workers load and swap a few rows at random, through the handles
// in turn, each worker so many times, and proves of the history that every
// call took place at one instant between its beginning and its end: the swaps
// that held are one chain of revisions, each load saw the revision that was
// current at some instant of it, and each refusal had a reason. It writes to
// the keys of tenant "linear", which must be empty.
//
// Refusals are looked at one by one: two that exclude each other are not found.
func Linear(ctx context.Context, workers, calls int, handles ...autoreply.Ledger) error {
	const keys = 3
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var count atomic.Int64
	histories := make([][keys][]call, workers)
	failed := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for i := range calls {
				k := r.IntN(keys)
				done, err := loadAndSwap(ctx, handles[w%len(handles)], key(k), w*calls+i+1, r, &count)
				histories[w][k] = append(histories[w][k], done...)
				if err != nil {
					failed[w] = err
					return
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	for k := range keys {
		var all []call
		for w := range histories {
			all = append(all, histories[w][k]...)
		}
		if err := linear(all); err != nil {
			return fmt.Errorf("key %d of %d calls: %w", k, len(all), err)
		}
	}
	return nil
}

// key has an E.164 number, a name, and nothing, because ledgers keep them in
// different places.
func key(k int) autoreply.Key {
	return autoreply.Key{Tenant: "linear", Contact: []phone.ContactKey{"+15145550100", "name", ""}[k]}
}

// loadAndSwap is what an engine does to a row. Some swaps follow a revision that
// was not loaded, and most rows are settled.
func loadAndSwap(ctx context.Context, l autoreply.Ledger, k autoreply.Key, slot int, r *rand.Rand, count *atomic.Int64) ([]call, error) {
	load := call{Begun: count.Add(1)}
	row, err := l.Load(ctx, k)
	load.Ended, load.Revision, load.Slot = count.Add(1), row.Revision, row.Slot
	if err != nil {
		return nil, err
	}
	next := plain(row.Revision + 1)
	switch r.IntN(8) {
	case 0:
		next.Revision += 1 - 2*r.IntN(2)
	case 1:
		next = due(next.Revision, start)
	}
	next.Slot = slot
	swap := call{Swap: true, Revision: next.Revision, Slot: slot, Begun: count.Add(1)}
	err = l.Swap(ctx, k, next)
	swap.Ended, swap.Refused = count.Add(1), errors.Is(err, autoreply.ErrConflict)
	if err != nil && !swap.Refused {
		return []call{load}, err
	}
	return []call{load, swap}, nil
}

// linear looks for instants. The swap to revision r has to lie within its call;
// before the end of each load that saw r; and after the beginning of each load
// that saw r-1. What remains is an interval for each revision, and the chain
// exists exactly when none is empty.
func linear(history []call) error {
	var chain []call
	for _, c := range history {
		if c.Swap && !c.Refused {
			chain = append(chain, c)
		}
	}
	slices.SortFunc(chain, func(a, b call) int { return a.Revision - b.Revision })
	first, last := make([]int64, len(chain)+2), make([]int64, len(chain)+2)
	first[0], last[0] = math.MinInt64, math.MinInt64
	first[len(chain)+1], last[len(chain)+1] = math.MaxInt64, math.MaxInt64
	for i, c := range chain {
		if c.Revision != i+1 {
			return fmt.Errorf("swap %d that held made revision %d", i+1, c.Revision)
		}
		first[i+1], last[i+1] = c.Begun, c.Ended
	}
	for _, c := range history {
		if c.Swap {
			continue
		}
		if c.Revision > len(chain) || c.Revision > 0 && chain[c.Revision-1].Slot != c.Slot {
			return fmt.Errorf("revision %d was read with slot %d, which nobody stored", c.Revision, c.Slot)
		}
		if c.Revision > 0 {
			last[c.Revision] = min(last[c.Revision], c.Ended)
		}
		if c.Revision < len(chain) {
			first[c.Revision+1] = max(first[c.Revision+1], c.Begun)
		}
	}
	for r := 1; r <= len(chain); r++ {
		first[r] = max(first[r], first[r-1])
	}
	for r := len(chain); r > 0; r-- {
		last[r] = min(last[r], last[r+1])
		if first[r] > last[r] {
			return fmt.Errorf("no instant at which revision %d began: not before %d, not after %d", r, first[r], last[r])
		}
	}
	for _, c := range history {
		if !c.Refused || c.Revision < 1 || c.Revision > len(chain)+1 {
			continue
		}
		if last[c.Revision-1] < c.Begun && first[c.Revision] > c.Ended {
			return fmt.Errorf("the swap to revision %d was refused although revision %d was current", c.Revision, c.Revision-1)
		}
	}
	return nil
}

// linearizable is the part of the suite.
func linearizable(ctx context.Context, a, b autoreply.Ledger) error {
	const workers, calls = 6, 30
	return Linear(ctx, workers, calls, a, b)
}
