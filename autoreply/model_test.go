package autoreply_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

func newArena(t *testing.T, keyed bool, deliveries, ticks int8, f faults) *arena {
	t.Helper()
	p, err := autoreply.NewPolicy([]autoreply.Rule{{
		ID: "all", On: []string{phone.TextReceived, phone.CallMissed}, Text: map[string]string{"en": "Back soon"},
	}}, &autoreply.PolicyOptions{Window: 24 * time.Hour, Stale: 12 * time.Hour})
	require.NoError(t, err)
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	contact := phone.Party{Number: number(t, "+15145550100")}
	return &arena{
		policy: p, keyed: keyed, deliveries: deliveries, ticks: ticks, faults: f, start: start,
		events: []phone.Event{
			{ID: "text", Type: phone.TextReceived, At: start, Contact: contact, Text: "hello"},
			{ID: "call", Type: phone.CallMissed, At: start, Contact: contact, Call: "c1"},
		},
	}
}

func number(t testing.TB, text string) phone.Number {
	t.Helper()
	n, err := phone.ParseNumber(text)
	require.NoError(t, err)
	return n
}

// depth is how far the check goes: a second's worth, or everything.
func depth() (deliveries, ticks int8, worst faults) {
	if os.Getenv("AFTERBEEP_SOAK") != "" {
		return 2, 4, faults{crashes: 2, rejects: 1, timeouts: 1}
	}
	return 1, 2, faults{crashes: 1, timeouts: 1}
}

func TestModel(t *testing.T) {
	t.Parallel()
	deliveries, ticks, worst := depth()
	for name, f := range map[string]faults{
		"no fault": {}, "a crash": {crashes: 1}, "a time-out": {timeouts: 1}, "a refusal": {rejects: 1}, "all": worst,
	} {
		for _, keyed := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, keyed %t", name, keyed), func(t *testing.T) {
				t.Parallel()
				a := newArena(t, keyed, deliveries, ticks, f)
				states, double, lost := a.check()
				t.Logf("%d states", states)
				require.Empty(t, double, "two texts")
				require.Empty(t, lost, "no text, and nobody to blame")
			})
		}
	}
}

// TestModelMutants proves that the check can fail: each of these protocols is
// in use somewhere, and sends twice.
func TestModelMutants(t *testing.T) {
	t.Parallel()
	for mutant, c := range map[string]struct {
		keyed  bool
		faults faults
	}{
		"key of the attempt":          {true, faults{crashes: 1}},
		"unknown is released":         {false, faults{timeouts: 1}},
		"expired send is tried again": {false, faults{crashes: 1}},
		"release without token":       {true, faults{rejects: 1}},
		"refusal of a second attempt": {true, faults{rejects: 1}},
		"mark without a comparison":   {false, faults{}},
	} {
		t.Run(mutant, func(t *testing.T) {
			t.Parallel()
			a := newArena(t, c.keyed, 1, 3, c.faults)
			a.mutant = mutant
			_, double, _ := a.check()
			t.Log(double)
			require.NotEmpty(t, double)
		})
	}
}
