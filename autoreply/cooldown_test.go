package autoreply_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/benbjohnson/clock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/autoreply"
)

func TestCooldownRefusesNonsense(t *testing.T) {
	t.Parallel()
	for _, window := range []time.Duration{0, -1, 101 * 365 * 24 * time.Hour} {
		_, err := autoreply.NewCooldown[string](window, nil)
		var problem *autoreply.Problem
		require.ErrorAs(t, err, &problem)
		assert.Equal(t, "/window", problem.Path)
	}
	c, err := autoreply.NewCooldown[string](time.Hour, nil)
	require.NoError(t, err)
	_, ok := c.Reserve("real clock")
	assert.True(t, ok)
}

func TestCooldownSweepAndReset(t *testing.T) {
	t.Parallel()
	clock := &tick{noon}
	c, err := autoreply.NewCooldown[int](time.Hour, clock)
	require.NoError(t, err)
	for i := range 10 {
		ticket, ok := c.Reserve(i)
		require.True(t, ok)
		require.True(t, c.Commit(ticket))
		clock.pass(10 * time.Minute)
	}
	clock.at = noon.Add(time.Hour + 30*time.Minute)
	assert.Equal(t, 4, c.Sweep())
	n := 0
	for range c.All() {
		n++
	}
	assert.Equal(t, 6, n)
	c.Reset()
	assert.Zero(t, c.Sweep())
	_, ok := c.Peek(9)
	assert.True(t, ok)
}

// past is the naive model of a cooldown: all that happened, and who holds what.
type past struct {
	happened []time.Time
	holder   int // number of the reservation, 0: nobody
	until    time.Time
}

func (p *past) may(now time.Time, window time.Duration) bool {
	for _, at := range p.happened {
		if now.Sub(at) < window {
			return false
		}
	}
	return p.holder == 0 || !now.Before(p.until)
}

func TestCooldownIsTheNaiveModel(t *testing.T) {
	t.Parallel()
	type ticket struct {
		n int
		t autoreply.Ticket[string]
	}
	rapid.Check(t, func(rt *rapid.T) {
		window := rapid.SampledFrom([]time.Duration{30 * time.Second, time.Minute, 3 * time.Hour}).Draw(rt, "window")
		lease := min(window, time.Minute)
		clock := &tick{noon}
		c, err := autoreply.NewCooldown[string](window, clock)
		require.NoError(t, err)
		model := map[string]*past{"a": {}, "b": {}}
		var tickets []ticket
		for n := range rapid.IntRange(1, 60).Draw(rt, "length") {
			key := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "key")
			p := model[key]
			switch action := rapid.IntRange(0, 6).Draw(rt, "action"); {
			case action == 0:
				clock.pass(rapid.SampledFrom([]time.Duration{0, 1, lease - 1, lease, lease + 1, window - 1, window, window + 1, 3 * window}).Draw(rt, "step"))
			case action == 1 && len(tickets) > 0, action == 2 && len(tickets) > 0:
				tk := rapid.SampledFrom(tickets).Draw(rt, "ticket")
				p = model[tk.t.Key]
				mine := p.holder == tk.n && clock.at.Before(p.until)
				if action == 1 {
					require.Equal(rt, mine, c.Commit(tk.t))
					p.happened = append(p.happened, clock.at)
				} else {
					require.Equal(rt, mine, c.Release(tk.t))
				}
				if mine {
					p.holder = 0
				}
			case action == 3:
				_, ok := c.Peek(key)
				require.Equal(rt, p.may(clock.at, window), ok)
			case action == 4 && rapid.IntRange(0, 3).Draw(rt, "restart") == 0:
				again, err := autoreply.NewCooldown[string](window, clock)
				require.NoError(t, err)
				for k, last := range c.All() {
					again.Restore(k, last)
				}
				c, tickets = again, nil
				for _, p := range model {
					p.holder = 0
				}
			default:
				tk, ok := c.Reserve(key)
				require.Equal(rt, p.may(clock.at, window), ok, fmt.Sprint(n))
				if ok {
					p.holder, p.until = n+1, clock.at.Add(lease)
					tickets = append(tickets, ticket{n + 1, tk})
				} else {
					require.True(rt, tk.Free.After(clock.at))
				}
			}
		}
	})
}

func TestCooldownAtTheEpoch(t *testing.T) {
	t.Parallel()
	c, err := autoreply.NewCooldown[string](time.Hour, clock.NewMock())
	require.NoError(t, err)
	tk, ok := c.Reserve("a")
	require.True(t, ok)
	c.Commit(tk)
	_, ok = c.Reserve("a")
	assert.False(t, ok, "a mock clock begins in 1970")
}

func TestCooldownClockBack(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{time.Minute, 3 * time.Hour, 3*time.Hour + 1, 300 * time.Hour} {
		clock := &tick{noon}
		c, err := autoreply.NewCooldown[string](3*time.Hour, clock)
		require.NoError(t, err)
		tk, _ := c.Reserve("a")
		c.Commit(tk)
		clock.pass(-step)
		waited := time.Duration(0)
		for ; waited <= 7*time.Hour; waited += time.Minute {
			if _, ok := c.Reserve("a"); ok {
				break
			}
			clock.pass(time.Minute)
		}
		assert.GreaterOrEqual(t, waited, 3*time.Hour, step)
		assert.LessOrEqual(t, waited, 6*time.Hour+time.Minute, step)
	}
}
