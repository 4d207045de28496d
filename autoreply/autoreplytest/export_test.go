package autoreplytest

import (
	"context"

	"github.com/afterbeep/afterbeep/autoreply"
)

// Failures runs the suite and returns the names of the parts that fail.
func Failures(ctx context.Context, open func() autoreply.Ledger) []string {
	var failed []string
	for _, c := range checks() {
		l := open()
		if err := c.run(ctx, l, l); err != nil {
			failed = append(failed, c.name)
		}
	}
	return failed
}

// Call is a call of a history.
type Call = call

// History reports whether a history of one key could be.
func History(calls []Call) error { return linear(calls) }

// LinearApart is the second half of [TestProcesses].
func LinearApart(ctx context.Context, l autoreply.Ledger, place string) error {
	return linearApart(ctx, l, place)
}

// Processes is the race of [TestProcesses].
func Processes(ctx context.Context, l autoreply.Ledger, place string) error {
	return processes(ctx, l, place)
}
