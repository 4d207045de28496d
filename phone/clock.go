package phone

import "time"

// Clock tells the time. [time.Now] is not called anywhere in afterbeep except
// through a nil Clock, which means the real one. The clocks of
// github.com/benbjohnson/clock, the mock among them, satisfy it unchanged.
type Clock interface {
	// Now returns the current instant. It may be called concurrently.
	Now() time.Time
}
