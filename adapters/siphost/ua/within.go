package ua

import (
	"slices"

	"github.com/emiago/sipgo/sip"
)

// expect returns the channel on which the ACK of an INVITE arrives.
func (d *Dialog) expect(seq uint32) chan *sip.Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	ch := make(chan *sip.Request, 1)
	d.acks[seq] = ch
	return ch
}

func (d *Dialog) forget(seq uint32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.acks, seq)
}

func (a *Agent) onACK(req *sip.Request, _ sip.ServerTransaction) {
	d := a.find(req)
	if d == nil {
		return
	}
	d.mu.Lock()
	ch := d.acks[req.CSeq().SeqNo]
	d.mu.Unlock()
	select {
	case ch <- req:
	default: // a nil channel, or the ACK has come before
	}
}

func (a *Agent) onBye(req *sip.Request, tx sip.ServerTransaction) {
	d := a.find(req)
	if d == nil {
		a.respond(tx, a.response(req, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist", nil))
		return
	}
	a.respond(tx, a.response(req, sip.StatusOK, "OK", nil))
	d.end()
}

func (a *Agent) onInfo(req *sip.Request, tx sip.ServerTransaction) {
	d := a.find(req)
	if d == nil {
		a.respond(tx, a.response(req, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist", nil))
		return
	}
	d.mu.Lock()
	handle := d.onInfo
	d.mu.Unlock()
	kind := ""
	if h := req.ContentType(); h != nil {
		kind = h.Value()
	}
	if !d.newer(req.CSeq().SeqNo) {
		a.respond(tx, a.response(req, sip.StatusInternalServerError, "Old Request", nil))
		return
	}
	if len(req.Body()) > 0 && (handle == nil || !handle(kind, slices.Clone(req.Body()))) {
		a.respond(tx, a.response(req, sip.StatusUnsupportedMediaType, "Unsupported Media Type", nil))
		return
	}
	a.respond(tx, a.response(req, sip.StatusOK, "OK", nil))
}
