package siphost

import (
	"context"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
)

func (h *Host) dropped() {
	if n := h.garbage.Add(1); rare(n) {
		h.cfg.Log.Warn("datagrams that are not SIP were dropped", "count", n)
	}
}

// rare is 1, 2, 4, 8, ...: a flood does not flood the log.
func rare(n int64) bool { return n&(n-1) == 0 }

// enter makes room for a call. It is left with h.leave.
func (h *Host) enter(leg *Leg) (Handler, context.Context, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.state != serving:
		return nil, nil, ErrClosed
	case len(h.legs) >= h.cfg.Calls:
		return nil, nil, ErrBusy
	}
	h.legs[leg] = struct{}{}
	h.calls.Add(1)
	return h.handle, h.ctx, nil
}

func (h *Host) leave(leg *Leg) {
	h.mu.Lock()
	delete(h.legs, leg)
	h.mu.Unlock()
	h.calls.Done()
}

// invited runs one call. It is called in a goroutine of its own.
func (h *Host) invited(in *ua.Incoming) {
	leg := newLeg(h, in)
	handle, ctx, err := h.enter(leg)
	if err != nil {
		if n := h.refused.Add(1); rare(n) {
			h.cfg.Log.Warn("calls were refused", "err", err, "count", n)
		}
		in.Reject(sip.StatusServiceUnavailable, "Service Unavailable", sip.NewHeader("Retry-After", "10"))
		return
	}
	defer h.leave(leg)
	if err := leg.offer(); err != nil {
		h.cfg.Log.Info("a call was refused", "call", leg.call.ID, "err", err)
		in.Reject(sip.StatusNotAcceptableHere, "Not Acceptable Here")
		return
	}
	h.accepted.Add(1)
	h.cfg.Log.Info("a call has come", "call", leg.call.ID, "caller", leg.call.Caller.Number, "called", leg.call.Called)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	leg.ctx = ctx
	limit := time.AfterFunc(h.cfg.Duration, func() { leg.leave(errDuration) })
	defer limit.Stop()
	failed := handle(ctx, leg.call, leg)
	if failed != nil {
		h.cfg.Log.Warn("a call failed", "call", leg.call.ID, "err", failed)
	}
	leg.finish(failed)
	h.cfg.Log.Info("a call is over", "call", leg.call.ID, "why", leg.Cause())
}
