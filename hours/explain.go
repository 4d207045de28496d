package hours

import (
	"time"

	"golang.org/x/text/language"
)

// Explain says in words what the time is at an instant.
func (s Schedule) Explain(at time.Time, tag language.Tag) string {
	return string(s.At(at).Kind)
}
