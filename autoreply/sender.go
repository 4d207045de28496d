package autoreply

import (
	"context"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Sender sends one text. It is glue of the host over its carrier, and may be
// called concurrently.
type Sender interface {
	// Send answers nil when the carrier has accepted the text, an error that
	// wraps [ErrRejected] when it was certainly not sent, and any other error
	// when nobody knows. It returns when ctx ends; the text is then unknown.
	Send(ctx context.Context, t Text) error
	// KeyLife is how long the carrier, told [Text.Key], answers a second
	// request with the outcome of the first and sends nothing; 0 when it knows
	// no such keys. It must be what the carrier documents: with it a reply is
	// sent exactly once, without it at most once.
	KeyLife() time.Duration
}

// Text is one auto-reply on its way.
type Text struct {
	// Key names the slot: 32 lower-case hexadecimal digits, the same in every
	// attempt and on every node, never the same for another text.
	Key    string         `json:"key"`
	Body   string         `json:"body"`
	Tenant phone.TenantID `json:"tenant,omitempty"`
	Line   phone.LineID   `json:"line,omitempty"` // whose number it comes from
	To     phone.Number   `json:"to"`
	Rule   string         `json:"rule,omitempty"`
	// Trigger is the ID of the event that it answers, for the record.
	Trigger string `json:"trigger,omitempty"`
}
