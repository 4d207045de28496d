package autoreply_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// TestMemoryIsAMap runs the packed ledger beside a plain map: rows that pack
// and rows that do not, growing, erased, swept, saved and restored.
func TestMemoryIsAMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := autoreply.NewMemoryOf(1000)
		plain := map[autoreply.Key]autoreply.Entry{}
		ctx := context.Background()
		for range rapid.IntRange(1, 40).Draw(rt, "length") {
			k := autoreply.Key{
				Tenant:  rapid.SampledFrom([]phone.TenantID{"", "t"}).Draw(rt, "tenant"),
				Line:    rapid.SampledFrom([]phone.LineID{"", "l"}).Draw(rt, "line"),
				Contact: phone.ContactKey(rapid.SampledFrom([]string{"", "+1", "+15145550100", "+999999999999999", "+0123", "+1 5", "x", "+12", "+13", "+14"}).Draw(rt, "contact")),
			}
			switch rapid.IntRange(0, 9).Draw(rt, "action") {
			case 0:
				require.NoError(rt, m.Erase(ctx, k))
				delete(plain, k)
			case 1:
				now := noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(rt, "hours")) * time.Hour)
				n := 0
				for k, e := range plain {
					if !now.Before(e.Expires) {
						delete(plain, k)
						n++
					}
				}
				require.Equal(rt, n, m.Sweep(now))
			case 2:
				var saved bytes.Buffer
				require.NoError(rt, m.Snapshot(&saved))
				m = autoreply.NewMemoryOf(1000)
				require.NoError(rt, m.Restore(&saved))
			default:
				e := autoreply.Entry{V: 1, Revision: plain[k].Revision + 1, Slot: rapid.IntRange(0, 3).Draw(rt, "slot")}
				sometimes := func(name string, at *time.Time) {
					if rapid.Bool().Draw(rt, name) {
						*at = noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, name)) * time.Hour)
					}
				}
				sometimes("sent", &e.Sent)
				sometimes("touched", &e.Touched)
				sometimes("due", &e.Due)
				sometimes("expires", &e.Expires)
				e.Replies = rapid.SampledFrom([]int{0, 1, 8191, 8192}).Draw(rt, "replies")
				e.Heard = rapid.SampledFrom([]string{"", "00000000000000ff", "ff", "fedcba9876543210", "FEDCBA9876543210"}).Draw(rt, "heard")
				e.Token = rapid.SampledFrom([]string{"", "", "token"}).Draw(rt, "token")
				require.NoError(rt, m.Swap(ctx, k, e))
				plain[k] = e
				require.ErrorIs(rt, m.Swap(ctx, k, e), autoreply.ErrConflict)
			}
			require.Equal(rt, len(plain), m.Len())
			for k, want := range plain {
				got, err := m.Load(ctx, k)
				require.NoError(rt, err)
				if !reflect.DeepEqual(got, want) {
					rt.Fatalf("%v: %+v, want %+v", k, got, want)
				}
			}
		}
	})
}

func TestMemoryGrowsAndShrinks(t *testing.T) {
	t.Parallel()
	const n = 20000
	m := autoreply.NewMemory()
	key := func(i int) autoreply.Key {
		return autoreply.Key{Contact: phone.ContactKey(fmt.Sprintf("+1514%07d", i))}
	}
	for i := range n {
		require.NoError(t, m.Swap(t.Context(), key(i), row(i)))
	}
	for i := 0; i < n; i += 3 {
		require.NoError(t, m.Erase(t.Context(), key(i)))
	}
	for i := range n {
		e, err := m.Load(t.Context(), key(i))
		require.NoError(t, err)
		if i%3 == 0 {
			require.Zero(t, e.Revision)
		} else {
			require.Equal(t, i, e.Slot)
		}
	}
	swept := m.Sweep(noon.Add(time.Hour).Add(n / 2 * time.Nanosecond))
	assert.Equal(t, n/2-(n/2+2)/3, swept-1, "rows expire one after the other")
	assert.Equal(t, n-(n+2)/3-swept, m.Len())
}

// row is settled, and expires an hour and i nanoseconds after noon.
func row(i int) autoreply.Entry {
	at := noon.Add(time.Duration(i))
	return autoreply.Entry{V: autoreply.EntryVersion, Revision: 1, Slot: i, Sent: at, Expires: at.Add(time.Hour)}
}

// TestTurnsAreBounded: what a change, a sweep, a snapshot and an erasure look at
// under one lock is counted, not timed. It does not grow with the ledger.
func TestTurnsAreBounded(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{1 << 14, 1 << 18} {
		t.Run(fmt.Sprint(rows), func(t *testing.T) {
			t.Parallel()
			m := autoreply.NewMemoryOf(rows)
			const most = 8 * autoreply.ShardRows // places, of a table that grows when it is full
			change := uint64(0)
			fill(t, m, rows, func(k autoreply.Key, before uint64) { change = max(change, autoreply.Visited(m, k)-before) })
			require.LessOrEqual(t, change, uint64(most))
			t.Logf("a change looks at %d places at most", change)
			require.Equal(t, rows, m.Len())
			for _, turn := range []func(int){
				autoreply.SnapshotTurn(m),
				autoreply.SweepTurn(m, noon),
				autoreply.SweepTurn(m, noon.Add(time.Hour+time.Duration(rows/2))),
				autoreply.SweepTurn(m, noon.Add(2*time.Hour)),
				autoreply.SnapshotTurn(m),
			} {
				_, visited := autoreply.Turns(m, turn)
				require.LessOrEqual(t, slices.Max(visited), uint64(most))
				t.Logf("a turn looks at %d places at most", slices.Max(visited))
			}
			require.Zero(t, m.Len())
		})
	}
}

// fill stores rows, one in eight of them waiting.
func fill(t *testing.T, m *autoreply.Memory, rows int, each func(k autoreply.Key, before uint64)) {
	t.Helper()
	for i := range rows {
		k := autoreply.Key{Tenant: "t", Contact: phone.ContactKey(fmt.Sprintf("+1514%07d", i))}
		e := row(i)
		if i%8 == 0 {
			e.State, e.Due = autoreply.Waiting, noon
		}
		before := autoreply.Visited(m, k)
		if err := m.Swap(t.Context(), k, e); err != nil {
			t.Fatal(err)
		}
		each(k, before)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	m := autoreply.NewMemoryOf(2)
	require.NoError(t, m.Swap(t.Context(), autoreply.Key{Contact: "+1"}, row(1)))
	require.NoError(t, m.Swap(t.Context(), autoreply.Key{Contact: "a"}, row(1)))
	require.ErrorIs(t, m.Swap(t.Context(), autoreply.Key{Contact: "+2"}, row(1)), autoreply.ErrFull)
	next := row(1)
	next.Revision = 2
	require.NoError(t, m.Swap(t.Context(), autoreply.Key{Contact: "+1"}, next), "a row that is there may change")
	require.NoError(t, m.Erase(t.Context(), autoreply.Key{Contact: "a"}))
	require.NoError(t, m.Swap(t.Context(), autoreply.Key{Contact: "+2"}, row(1)))
	assert.Equal(t, 2, m.Len())
}

func TestRestoreRefusesNonsense(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"x", `{"key":{},"entry":{}}`, `{"key":{},"entry":{"v":2,"revision":1}}`, `{"key":{},"entry":{"v":1,"revision":1},"more":1}`, `{"key":`,
	} {
		assert.ErrorIs(t, autoreply.NewMemory().Restore(strings.NewReader(text)), autoreply.ErrRow, text)
	}
	full := `{"key":{"contact":"a"},"entry":{"v":1,"revision":1}}` + "\n" + `{"key":{"contact":"b"},"entry":{"v":1,"revision":1}}`
	assert.ErrorIs(t, autoreply.NewMemoryOf(1).Restore(strings.NewReader(full)), autoreply.ErrFull)
	assert.ErrorIs(t, autoreply.NewMemory().Snapshot(broken{}), nil)
	m := autoreply.NewMemory()
	require.NoError(t, m.Swap(t.Context(), autoreply.Key{Contact: "+1"}, row(1)))
	assert.ErrorIs(t, m.Snapshot(broken{}), errDown)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.Join(errDown) }
