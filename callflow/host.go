package callflow

import "context"

// Host performs commands. It is the socket between a flow and telephony. One
// Host may serve many calls; Do is called by one goroutine per call.
type Host interface {
	// Do performs c and returns when that has ended, or at once when c.Wait is
	// false. What the result holds depends on the action; see there.
	//
	//   - A hangup is data, Result.HungUp: ctx never ends because the caller
	//     has gone, so that a recording can still be sealed. It ends at the
	//     deadline of the turn, or with the process. Do must return soon after.
	//   - An answered ring returns as soon as it is decided; the host keeps the
	//     two joined.
	//   - A command may come twice with the same [Command.Key], after a crash
	//     or a conflict; the second one does no harm.
	//   - An error counts as the outcome failed, unless the result says more.
	Do(ctx context.Context, c Command) (Result, error)
}
