package callflowtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/afterbeep/afterbeep/callflow"
)

// check is one promise of a store. The store it gets is empty.
type check struct {
	name string
	run  func(ctx context.Context, s callflow.Sessions) error
}

func checks() []check {
	return []check{
		{"missing", missing},
		{"round trip", roundTrip},
		{"revisions", revisions},
		{"latest", latest},
		{"isolation", isolation},
		{"tenants", tenants},
		{"odd keys", oddKeys},
		{"delete", deletes},
		{"due order", dueOrder},
		{"due limit", dueLimit},
		{"due moves", dueMoves},
		{"one creation", oneCreation},
		{"no lost update", noLostUpdate},
	}
}

// TestSessions proves that a store keeps the promises of [callflow.Sessions].
// open makes a store that is empty, and closes it with t.Cleanup; it is called
// once for each promise.
func TestSessions(t *testing.T, open func(t *testing.T) callflow.Sessions) {
	t.Helper()
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			if err := c.run(t.Context(), open(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// CheckSessions is [TestSessions] without a test: for a host that proves its
// store before it trusts it. open makes an empty store for each promise. The
// error joins all promises that were broken.
func CheckSessions(ctx context.Context, open func() callflow.Sessions) error {
	var broken []error
	for _, c := range checks() {
		if err := c.run(ctx, open()); err != nil {
			broken = append(broken, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return errors.Join(broken...)
}
