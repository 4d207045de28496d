package siphost_test

import (
	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/adapters/siphost"
)

// A leg is what the desk wants of a blocking host.
var _ afterbeep.Leg = (*siphost.Leg)(nil)
