package autoreply_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

// TestMemoryIsLinearizable lets workers load and swap while others fill, sweep
// and erase the rows around theirs.
func TestMemoryIsLinearizable(t *testing.T) {
	t.Parallel()
	m := autoreply.NewMemory()
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			k := autoreply.Key{Tenant: "linear", Contact: phone.ContactKey(fmt.Sprintf("+1514555%04d", 101+i%5000))}
			if e, err := m.Load(t.Context(), k); err != nil || e.Revision == 0 && m.Swap(t.Context(), k, row(i%5000)) != nil {
				t.Error("the rows around are not free", err)
				return
			}
			switch i % 1000 {
			case 500:
				m.Sweep(noon.Add(time.Hour + time.Duration(i%5000)))
			case 999:
				if err := m.Erase(t.Context(), k); err != nil {
					t.Error(err)
				}
			}
		}
	})
	err := autoreplytest.Linear(t.Context(), 12, 1000, m)
	close(done)
	wg.Wait()
	require.NoError(t, err)
}
