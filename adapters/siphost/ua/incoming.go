package ua

import (
	"context"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Incoming is an INVITE that has not been answered. It belongs to the func
// that was given it, which may hand it to one other goroutine.
type Incoming struct {
	*Dialog

	Request *sip.Request // with our tag; read only
	tx      sip.ServerTransaction
	taken   bool // it was answered with a 200
}

func (a *Agent) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	if _, ok := req.To().Params.Get("tag"); ok {
		a.onOffer(req, tx)
		return
	}
	if code, reason := refusal(req); code != 0 {
		res := a.response(req, code, reason, nil)
		for _, h := range req.GetHeaders("Require") {
			res.AppendHeader(sip.NewHeader("Unsupported", Clean(h.Value(), maxID)))
		}
		a.respond(tx, res)
		settle(tx)
		return
	}
	in := a.incoming(req, tx)
	if !tx.OnCancel(func(*sip.Request) { in.end() }) || !tx.OnTerminate(func(string, error) { in.ended() }) {
		return
	}
	a.add(in.Dialog)
	a.cfg.Invite(in)
	if in.end(); !in.final() { // a BYE before the answer; a CANCEL has had its 487
		a.respond(tx, a.response(in.Request, sip.StatusRequestTerminated, "Request Terminated", nil))
	}
	if !in.taken {
		settle(tx)
	}
}

func refusal(req *sip.Request) (int, string) {
	contact := req.Contact()
	tag, tagged := req.From().Params.Get("tag")
	switch {
	case req.Recipient.Scheme != "sip" && req.Recipient.Scheme != "sips":
		return 416, "Unsupported URI Scheme"
	case contact == nil || contact.Address.Host == "" || !tagged || tag == "":
		return sip.StatusBadRequest, "Bad Request"
	case len(req.GetHeaders("Require")) > 0:
		return sip.StatusBadExtension, "Bad Extension"
	case req.MaxForwards() != nil && req.MaxForwards().Val() == 0:
		return sip.StatusTooManyHops, "Too Many Hops"
	}
	return 0, ""
}

func (a *Agent) incoming(original *sip.Request, tx sip.ServerTransaction) *Incoming {
	req := original.Clone()
	tag := sip.GenerateTagN(16)
	req.To().Params.Add("tag", tag)
	theirs, _ := req.From().Params.Get("tag")
	d := &Dialog{
		agent: a, id: dialogID{string(*req.CallID()), tag, theirs}, user: req.Recipient.User,
		local: req.To().AsFrom(), remote: req.From().AsTo(), target: req.Contact().Address,
		localSeq: 1, remoteSeq: req.CSeq().SeqNo,
		done: make(chan struct{}), acks: make(map[uint32]chan *sip.Request),
	}
	for _, h := range req.GetHeaders("Record-Route") {
		d.routes = append(d.routes, h.Value())
	}
	if len(req.GetHeaders("Via")) == 1 {
		d.source = req.Source() // nobody is between us: a NAT at most, of which its Contact knows nothing
	}
	return &Incoming{Dialog: d, Request: req, tx: tx}
}

// ended is called when the transaction is over: the call with it, unless it
// was answered.
func (in *Incoming) ended() {
	if !in.final() {
		in.end()
	}
}

// settle waits for the ACK of a final response that is not a 200, so that
// sipgo has somebody to give it to.
func settle(tx sip.ServerTransaction) {
	select {
	case <-tx.Acks():
	case <-tx.Done():
	}
}

// finalise marks that a final response goes out. It reports false when the
// call is over, or another one went out.
func (in *Incoming) finalise() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	first := !in.answered && !in.over
	in.answered = in.answered || first
	return first
}

func (in *Incoming) final() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.answered
}

// Provisional sends a 1xx.
func (in *Incoming) Provisional(code int, reason string, body []byte) error {
	res := in.agent.response(in.Request, code, reason, body)
	if code > sip.StatusTrying {
		res.AppendHeader(in.agent.contact(in.user))
	}
	return in.tx.Respond(res)
}

// Reject refuses the call. It is over then.
func (in *Incoming) Reject(code int, reason string, headers ...sip.Header) {
	if !in.finalise() {
		return
	}
	defer in.end()
	res := in.agent.response(in.Request, code, reason, nil)
	for _, h := range headers {
		res.AppendHeader(h)
	}
	in.agent.respond(in.tx, res)
}

// Accept answers with a body and waits for the ACK, which it returns. The 200
// is repeated until then (RFC 3261 section 13.3.1.4). On any error the call is
// over; nobody needs to send a BYE.
func (in *Incoming) Accept(ctx context.Context, body []byte) (*sip.Request, error) {
	if !in.finalise() {
		return nil, ErrEnded
	}
	in.taken = true
	res := in.agent.response(in.Request, sip.StatusOK, "OK", body)
	res.AppendHeader(in.agent.contact(in.user))
	res.AppendHeader(sip.NewHeader("Allow", in.agent.methods()))
	return in.confirm(ctx, in.tx, res)
}

func (d *Dialog) confirm(ctx context.Context, tx sip.ServerTransaction, res *sip.Response) (*sip.Request, error) {
	seq := res.CSeq().SeqNo
	confirmed := d.expect(seq)
	defer d.forget(seq)
	if err := tx.Respond(res); err != nil {
		d.end() // cancelled meanwhile, or the network is gone
		return nil, ErrEnded
	}
	limit := time.NewTimer(d.agent.cfg.ACK)
	defer limit.Stop()
	pause := sip.T1
	again := time.NewTimer(pause)
	defer again.Stop()
	for {
		select {
		case ack := <-confirmed:
			return ack, nil
		case ack := <-tx.Acks(): // a client that gives the ACK the branch of the INVITE
			return ack, nil
		case <-d.done:
			return nil, ErrEnded
		case <-again.C:
			if err := tx.Respond(res); err != nil {
				d.agent.cfg.Log.Debug("a 200 was not repeated", "err", err)
			}
			pause = min(2*pause, sip.T2)
			again.Reset(pause)
		case <-limit.C:
			d.HangUp()
			return nil, ErrNoACK
		case <-ctx.Done():
			d.HangUp()
			return nil, ctx.Err()
		}
	}
}

// HangUp ends the call with a BYE that nobody waits for: the agent does, in
// Close.
func (d *Dialog) HangUp() {
	if !d.end() {
		return
	}
	d.agent.later(func(ctx context.Context) {
		if _, err := d.Do(ctx, sip.BYE, "", nil); err != nil {
			d.agent.cfg.Log.Debug("a BYE was not answered", "err", err)
		}
	})
}

// onOffer is an INVITE inside a dialog: hold, resume, another address.
func (a *Agent) onOffer(req *sip.Request, tx sip.ServerTransaction) {
	d := a.find(req)
	if d == nil {
		a.respond(tx, a.response(req, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist", nil))
		settle(tx)
		return
	}
	res := d.offered(req)
	if !res.IsSuccess() {
		a.respond(tx, res)
		settle(tx)
		return
	}
	if _, err := d.confirm(a.life, tx, res); err != nil {
		a.cfg.Log.Debug("a new offer was not confirmed", "err", err)
	}
}

func (a *Agent) onUpdate(req *sip.Request, tx sip.ServerTransaction) {
	d := a.find(req)
	if d == nil {
		a.respond(tx, a.response(req, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist", nil))
		return
	}
	a.respond(tx, d.offered(req))
}

func (d *Dialog) offered(req *sip.Request) *sip.Response {
	a := d.agent
	if !d.newer(req.CSeq().SeqNo) {
		return a.response(req, sip.StatusInternalServerError, "Old Request", nil)
	}
	d.mu.Lock()
	handle := d.onOffer
	d.mu.Unlock()
	body := req.Body()
	if kind := req.ContentType(); kind != nil && len(body) > 0 && !strings.HasPrefix(strings.ToLower(kind.Value()), "application/sdp") {
		return a.response(req, sip.StatusUnsupportedMediaType, "Unsupported Media Type", nil)
	}
	var answer []byte
	if len(body) > 0 || req.IsInvite() {
		status := sip.StatusNotAcceptableHere
		if handle != nil {
			answer, status = handle(body)
		}
		if status != sip.StatusOK {
			return a.response(req, status, "Not Acceptable Here", nil)
		}
	}
	if contact := req.Contact(); contact != nil && contact.Address.Host != "" {
		d.mu.Lock()
		d.target = *contact.Address.Clone()
		d.mu.Unlock()
	}
	res := a.response(req, sip.StatusOK, "OK", answer)
	res.AppendHeader(a.contact(d.user))
	return res
}
