package autoreplytest

import (
	"context"
	"testing"

	"github.com/afterbeep/afterbeep/autoreply"
)

// TestLedger proves a ledger. open returns a fresh, empty one for each part;
// it may clean up with t.Cleanup. The suite writes rows whose Expires is far
// ahead; it never waits.
func TestLedger(t *testing.T, open func(t *testing.T) autoreply.Ledger) {
	t.Helper()
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			l := open(t)
			if err := c.run(t.Context(), l, l); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestShared proves that two handles on one store, in two processes perhaps,
// are one ledger. open returns both, on a fresh, empty store.
func TestShared(t *testing.T, open func(t *testing.T) (a, b autoreply.Ledger)) {
	t.Helper()
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			a, b := open(t)
			if err := c.run(t.Context(), a, b); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// check is one part of the suite: what was written through a is read through b.
type check struct {
	name string
	run  func(ctx context.Context, a, b autoreply.Ledger) error
}

func checks() []check {
	return []check{
		{"no row", noRow},
		{"a row comes back as it was", roundTrip},
		{"revisions", revisions},
		{"a refused swap changes nothing", refusedSwap},
		{"keys", keys},
		{"due keys", dueKeys},
		{"many due keys", manyDue},
		{"erase", erase},
		{"erase of a tenant", eraseTenant},
		{"nothing is forgotten", nothingForgotten},
		{"sweep", sweep},
		{"concurrent swaps", concurrentSwaps},
		{"concurrent inserts", concurrentInserts},
		{"linearizable", linearizable},
		{"a load after a swap", loadAfterSwap},
		{"an ended context", endedContext},
		{"an engine over it", story},
	}
}
