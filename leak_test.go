package afterbeep_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// It is not parallel: other tests would be counted.
func TestACallLeavesNoGoroutineBehind(t *testing.T) {
	w := newWorld(t)
	before := runtime.NumGoroutine()
	for _, leg := range []*caller{
		{keys: []string{"1"}, says: speech(2 * time.Second)},
		{hangsUp: "menu"},
		{hangsUp: "greeting"},
		{hangsUp: "beep"},
		{says: speech(time.Second), escapes: "0"},
	} {
		require.NoError(t, w.desks[0].Serve(t.Context(), w.call(), leg))
		w.settle(w.desks[1])
	}
	// A goroutine that has ended may take a moment to be counted out.
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}
