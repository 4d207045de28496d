package autoreply

import (
	"context"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The circuit breaker of a line is a row of its own: the key of the line
// without a contact. Slot counts the replies begun, Sent is when the hour of
// the count began.

func lineKey(e phone.Event) Key { return Key{Tenant: e.Tenant, Line: e.Line} }

const breakerSpan = time.Hour

// spend takes one reply out of the hour of a line, or says until when there is
// none left.
func (e Entry) spend(limit int, now time.Time) (next Entry, free time.Time, ok bool) {
	if now.Sub(e.Sent) >= breakerSpan || e.Sent.After(now.Add(skew)) {
		e.Sent, e.Slot = now, 0
	}
	if e.Slot >= limit {
		return e, e.Sent.Add(breakerSpan), false
	}
	e.Slot++
	e.Expires = e.Sent.Add(2 * breakerSpan)
	return e, time.Time{}, true
}

// spend asks the breaker of the line of ev.
func (e *Engine) spend(ctx context.Context, p *Policy, ev phone.Event) (free time.Time, ok bool, err error) {
	if p.o.PerHour < 0 {
		return time.Time{}, true, nil
	}
	err = e.update(ctx, lineKey(ev), nil, func(row Entry) (Entry, bool) {
		var next Entry
		next, free, ok = row.spend(p.o.PerHour, e.now())
		next.V, next.Revision = EntryVersion, row.Revision+1
		return next, ok
	})
	return free, ok, err
}
