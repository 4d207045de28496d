package autoreplytest_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
)

// naive looks for an order of all calls that the row could have had, by trying
// each call that no other one ended before.
func naive(calls []autoreplytest.Call, revision, slot int) bool {
	if len(calls) == 0 {
		return true
	}
	for i, c := range calls {
		if slices.ContainsFunc(calls, func(o autoreplytest.Call) bool { return o.Ended < c.Begun }) {
			continue
		}
		holds := c.Revision == revision && c.Slot == slot
		if c.Swap {
			holds = (c.Revision == revision+1) != c.Refused
		}
		if !holds {
			continue
		}
		next, value := revision, slot
		if c.Swap && !c.Refused {
			next, value = c.Revision, c.Slot
		}
		if naive(slices.Delete(slices.Clone(calls), i, i+1), next, value) {
			return true
		}
	}
	return false
}

// TestHistories compares the checker with the naive one on short histories at
// random. The only difference is the documented one: refusals that exclude each
// other.
func TestHistories(t *testing.T) {
	t.Parallel()
	verdicts := map[bool]int{}
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(rt, "calls")
		instants := rapid.Permutation(numbers(2*n)).Draw(rt, "instants")
		refusals := 0
		var calls []autoreplytest.Call
		for i := range n {
			c := autoreplytest.Call{
				Begun: min(instants[2*i], instants[2*i+1]), Ended: max(instants[2*i], instants[2*i+1]),
				Swap: rapid.Bool().Draw(rt, "swap"), Revision: rapid.IntRange(0, 3).Draw(rt, "revision"),
			}
			if c.Swap {
				c.Revision++
				c.Refused = rapid.IntRange(0, 3).Draw(rt, "refused") == 0
			}
			if c.Refused {
				refusals++
			}
			c.Slot = c.Revision
			calls = append(calls, c)
		}
		want := naive(calls, 0, 0)
		got := autoreplytest.History(calls) == nil
		verdicts[got]++
		if want && !got || refusals < 2 && want != got {
			rt.Fatalf("%+v: %v, want %v", calls, autoreplytest.History(calls), want)
		}
	})
	assert.NotZero(t, verdicts[true])
	assert.NotZero(t, verdicts[false])
}

func numbers(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i)
	}
	return out
}

// refuses answers a conflict without need, now and then.
type refuses struct {
	*autoreply.Memory
	calls int
}

func (l *refuses) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	if l.calls++; l.calls%10 == 0 {
		return autoreply.ErrConflict
	}
	return l.Memory.Swap(ctx, k, next)
}

func TestLinearFindsMutants(t *testing.T) {
	t.Parallel()
	require.NoError(t, autoreplytest.Linear(t.Context(), 1, 100, autoreply.NewMemory()))
	for name, l := range map[string]autoreply.Ledger{
		"refuses without need": &refuses{Memory: autoreply.NewMemory()},
		"stale load":           &staleLoad{Memory: autoreply.NewMemory(), copy: map[autoreply.Key]autoreply.Entry{}},
		"lost update":          lostUpdate{autoreply.NewMemory()},
	} {
		assert.Error(t, autoreplytest.Linear(t.Context(), 1, 100, l), name)
	}
	for range 200 {
		l := &twoSteps{Memory: autoreply.NewMemory(), rows: map[autoreply.Key]autoreply.Entry{}}
		if autoreplytest.Linear(t.Context(), 8, 50, l) != nil {
			return
		}
	}
	t.Fatal("nobody noticed that compare and swap are two steps")
}
