package ua

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
)

// patience is how long an INVITE that was given up may stay unanswered before
// it is no longer repeated: without any response there is nothing to cancel
// (RFC 3261 section 9.1).
const patience = 4 * time.Second

// StatusError is a final response that is not a 200.
type StatusError struct {
	Code   int
	Reason string // hostile
}

// Error implements error.
func (e *StatusError) Error() string { return fmt.Sprintf("ua: refused: %d %q", e.Code, e.Reason) }

// Outgoing describes a call that we place.
type Outgoing struct {
	To       sip.Uri
	User     string // From and Contact
	Name     string // hostile; cleaned here
	Host     string // of From; the agent's own when empty
	Source   string // address to send to instead of that in To; "" for To
	Hops     uint32 // Max-Forwards; 70 when 0
	Offer    []byte
	Headers  []sip.Header
	Progress func(res *sip.Response) // each 1xx above 100; nil ignores
}

// Invite places a call and waits for its answer, which it confirms. When ctx
// ends first it returns at once, and the agent cancels the call behind: a 200
// that crosses the CANCEL is confirmed and ended. A refusal is a
// [*StatusError].
func (a *Agent) Invite(ctx context.Context, o Outgoing) (*Dialog, []byte, error) {
	req := a.invite(o)
	tx, err := a.transact(ctx, req)
	if err != nil {
		return nil, nil, &StatusError{Code: sip.StatusServiceUnavailable, Reason: err.Error()}
	}
	rang := false
	res, err := await(ctx, tx, func(res *sip.Response) {
		rang = true
		if o.Progress != nil && res.StatusCode > sip.StatusTrying {
			o.Progress(res)
		}
	})
	switch {
	case ctx.Err() != nil && err != nil:
		a.later(func(ctx context.Context) { a.abandon(ctx, tx, req, o, rang) })
		return nil, nil, ctx.Err()
	case err != nil:
		return nil, nil, &StatusError{Code: sip.StatusRequestTimeout, Reason: err.Error()}
	case !res.IsSuccess():
		return nil, nil, &StatusError{Code: res.StatusCode, Reason: res.Reason}
	}
	d, err := a.established(tx, req, res, o)
	if err != nil {
		return nil, nil, &StatusError{Code: sip.StatusBadGateway, Reason: err.Error()}
	}
	return d, res.Body(), nil
}

func (a *Agent) invite(o Outgoing) *sip.Request {
	if o.Hops == 0 {
		o.Hops = 70
	}
	if o.Host == "" {
		o.Host = a.local.Addr().String()
	}
	req := sip.NewRequest(sip.INVITE, *o.To.Clone())
	from := sip.FromHeader{DisplayName: Clean(o.Name, 64), Address: sip.Uri{Scheme: "sip", User: o.User, Host: o.Host}}
	from.Params.Add("tag", sip.GenerateTagN(16))
	callID, hops := sip.CallIDHeader(sip.GenerateTagN(32)), sip.MaxForwardsHeader(o.Hops)
	req.AppendHeader(&from)
	req.AppendHeader(&sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: o.To.User, Host: o.To.Host, Port: o.To.Port}})
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: sip.INVITE})
	req.AppendHeader(&hops)
	req.AppendHeader(a.contact(o.User))
	req.AppendHeader(sip.NewHeader("Allow", a.methods()))
	req.AppendHeader(sip.NewHeader("User-Agent", a.cfg.Name))
	for _, h := range o.Headers {
		req.AppendHeader(h)
	}
	if o.Offer != nil {
		req.SetBody(o.Offer)
		req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	}
	if o.Source != "" {
		req.SetDestination(o.Source)
	}
	return req
}

// Request sends a request outside any dialog, such as REGISTER, and waits for
// its final response.
func (a *Agent) Request(ctx context.Context, method sip.RequestMethod, to sip.Uri, seq uint32, headers ...sip.Header) (*sip.Response, error) {
	req := a.invite(Outgoing{To: to, User: to.User})
	req.Method = method
	req.CSeq().MethodName, req.CSeq().SeqNo = method, seq
	req.RemoveHeader("Contact")
	if method == sip.REGISTER {
		req.Recipient.User = "" // the registrar, not the user
	}
	for _, h := range headers {
		req.AppendHeader(h)
	}
	return a.final(ctx, req)
}

// await reads the responses of a transaction up to the final one.
func await(ctx context.Context, tx sip.ClientTransaction, progress func(*sip.Response)) (*sip.Response, error) {
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
			if progress != nil {
				progress(res)
			}
		case <-tx.Done():
			return nil, fmt.Errorf("no answer: %w", tx.Err())
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// established confirms a 200 and returns the dialog that it began.
func (a *Agent) established(tx sip.ClientTransaction, req *sip.Request, res *sip.Response, o Outgoing) (*Dialog, error) {
	if res.To() == nil || res.From() == nil || res.CallID() == nil || *res.CallID() != *req.CallID() {
		tx.Terminate()
		return nil, fmt.Errorf("ua: a 200 without the headers of a dialog")
	}
	ours, _ := req.From().Params.Get("tag")
	theirs, _ := res.To().Params.Get("tag")
	d := &Dialog{
		agent: a, id: dialogID{string(*req.CallID()), ours, theirs}, user: o.User, source: o.Source,
		local: *req.From(), remote: *res.To(), target: *o.To.Clone(), localSeq: req.CSeq().SeqNo,
		done: make(chan struct{}), acks: make(map[uint32]chan *sip.Request),
	}
	if contact := res.Contact(); contact != nil && contact.Address.Host != "" {
		d.target = *contact.Address.Clone()
	}
	for _, h := range slices.Backward(res.GetHeaders("Record-Route")) {
		d.routes = append(d.routes, h.Value())
	}
	a.add(d)
	ack := d.ack(req)
	a.repeatACK(tx, ack)
	d.atEnd(tx.Terminate)
	if err := a.write(ack.Clone()); err != nil {
		d.end()
		return nil, err
	}
	return d, nil
}

// repeatACK answers each repeated 200 with the same ACK.
func (a *Agent) repeatACK(tx sip.ClientTransaction, ack *sip.Request) {
	template := ack.Clone()
	tx.OnRetransmission(func(res *sip.Response) {
		if err := a.write(template.Clone()); err != nil {
			a.cfg.Log.Debug("an ACK was not repeated", "status", res.StatusCode, "err", err)
		}
	})
}

// abandon cancels a call that is no longer wanted and sees it through.
func (a *Agent) abandon(ctx context.Context, tx sip.ClientTransaction, req *sip.Request, o Outgoing, rang bool) {
	defer tx.Terminate()
	if !rang {
		wait, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				a.unwanted(ctx, tx, req, res, o)
				return
			}
		case <-tx.Done():
			return
		case <-wait.Done():
			return
		}
	}
	cancelled, err := a.transact(ctx, cancelOf(req))
	if err != nil {
		a.cfg.Log.Debug("a CANCEL was not sent", "err", err)
		return
	}
	defer cancelled.Terminate()
	answers := cancelled.Responses()
	for {
		select {
		case <-answers:
			answers = nil
		case res := <-tx.Responses():
			if res.IsProvisional() {
				continue
			}
			a.unwanted(ctx, tx, req, res, o)
			return
		case <-tx.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

func (a *Agent) unwanted(ctx context.Context, tx sip.ClientTransaction, req *sip.Request, res *sip.Response, o Outgoing) {
	if !res.IsSuccess() {
		return
	}
	d, err := a.established(tx, req, res, o)
	if err == nil {
		err = d.Bye(ctx)
	}
	if err != nil {
		a.cfg.Log.Debug("a late answer was not ended", "err", err)
	}
}

func cancelOf(invite *sip.Request) *sip.Request {
	req := sip.NewRequest(sip.CANCEL, *invite.Recipient.Clone())
	req.AppendHeader(sip.HeaderClone(invite.Via()))
	req.AppendHeader(sip.HeaderClone(invite.From()))
	req.AppendHeader(sip.HeaderClone(invite.To()))
	req.AppendHeader(sip.HeaderClone(invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	sip.CopyHeaders("Route", invite, req)
	req.SetDestination(invite.Destination())
	return req
}

// later runs what an operation leaves behind, bounded by the life of a
// transaction. Close waits for it, and nothing begins after Close.
func (a *Agent) later(f func(ctx context.Context)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return
	}
	a.wg.Go(func() {
		ctx, cancel := context.WithTimeout(a.life, 64*sip.T1)
		defer cancel()
		f(ctx)
	})
}
