package pcm_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/pcm"
)

func TestClipDuration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		rate, n int
		want    time.Duration
	}{
		{"empty", 8000, 0, 0},
		{"a packet", 8000, 160, 20 * time.Millisecond},
		{"three minutes", 48000, 48000 * 180, 3 * time.Minute},
		{"not a whole number of nanoseconds", 44100, 1, 22675 * time.Nanosecond},
		{"no rate", 0, 100, 0},
		{"negative rate", -8000, 100, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := pcm.Clip{Rate: tt.rate, Samples: make([]int16, tt.n)}
			assert.Equal(t, tt.want, c.Duration())
		})
	}
}

func TestClipSlice(t *testing.T) {
	t.Parallel()
	c := pcm.Clip{Rate: 8000, Samples: make([]int16, 8000)}
	for i := range c.Samples {
		c.Samples[i] = int16(i)
	}
	tests := []struct {
		name     string
		from, to time.Duration
		first, n int
	}{
		{"all", 0, time.Second, 0, 8000},
		{"middle", 250 * time.Millisecond, 500 * time.Millisecond, 2000, 2000},
		{"before the start", -time.Hour, 20 * time.Millisecond, 0, 160},
		{"past the end", 900 * time.Millisecond, math.MaxInt64, 7200, 800},
		{"backwards", 500 * time.Millisecond, 250 * time.Millisecond, 4000, 0},
		{"outside", time.Minute, time.Hour, 8000, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := c.Slice(tt.from, tt.to)
			assert.Equal(t, 8000, got.Rate)
			assert.Equal(t, c.Samples[tt.first:tt.first+tt.n], got.Samples)
		})
	}
	part := c.Slice(0, 10*time.Millisecond)
	_ = append(part.Samples, 1234)
	assert.EqualValues(t, 80, c.Samples[80], "appending to a part must not write into the whole")
}

func TestSliceAtAnyInstantCutsNothingAndDoublesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.IntRange(pcm.MinRate, pcm.MaxRate).Draw(t, "rate")
		c := pcm.Clip{Rate: rate, Samples: make([]int16, rapid.IntRange(0, 3000).Draw(t, "n"))}
		for i := range c.Samples {
			c.Samples[i] = int16(i)
		}
		at := time.Duration(rapid.Int64Range(-1e6, 5e8).Draw(t, "at"))
		joined := c.Slice(0, at).Append(c.Slice(at, c.Duration()))
		require.Equal(t, len(c.Samples), len(joined.Samples))
		for i, s := range joined.Samples {
			require.Equal(t, c.Samples[i], s)
		}
	})
}

func TestAppendResamplesAndOwnsItsSamples(t *testing.T) {
	t.Parallel()
	a := pcm.Silence(8000, 100*time.Millisecond)
	joined := a.Append(pcm.Silence(48000, 50*time.Millisecond), pcm.Clip{Rate: 8000, Samples: []int16{7}})
	assert.Equal(t, 8000, joined.Rate)
	require.Len(t, joined.Samples, 800+400+1)
	assert.EqualValues(t, 7, joined.Samples[1200])
	joined.Samples[0] = 99
	assert.Zero(t, a.Samples[0])
}

func TestSilenceIsBounded(t *testing.T) {
	t.Parallel()
	assert.Len(t, pcm.Silence(8000, time.Second).Samples, 8000)
	assert.Empty(t, pcm.Silence(8000, -time.Second).Samples)
	assert.Empty(t, pcm.Silence(7999, time.Second).Samples)
	assert.Empty(t, pcm.Silence(96001, time.Second).Samples)
	assert.Equal(t, pcm.Longest, pcm.Silence(8000, 1000*time.Hour).Duration())
}
