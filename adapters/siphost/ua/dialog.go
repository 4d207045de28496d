package ua

import (
	"context"
	"sync"

	"github.com/emiago/sipgo/sip"
)

// Dialog is one call, seen from one end. Its methods may be called
// concurrently.
type Dialog struct {
	agent  *Agent
	id     dialogID
	user   string         // of our Contact
	local  sip.FromHeader // we
	remote sip.ToHeader   // they
	routes []string
	source string // where the other end really is; "" to trust its Contact
	done   chan struct{}

	mu        sync.Mutex
	over      bool
	answered  bool // a final response went out
	target    sip.Uri
	localSeq  uint32
	remoteSeq uint32
	acks      map[uint32]chan *sip.Request
	onOffer   func(offer []byte) (answer []byte, status int)
	onInfo    func(kind string, body []byte) bool
	onEnd     []func()
}

// Done is closed when the call is over, whoever ended it.
func (d *Dialog) Done() <-chan struct{} { return d.done }

// CallID is the Call-ID header of the dialog.
func (d *Dialog) CallID() string { return d.id.call }

// Handle sets what a new offer in the dialog is answered with, and what
// becomes of an INFO. An empty offer asks for ours. A nil func refuses.
func (d *Dialog) Handle(offer func(offer []byte) (answer []byte, status int), info func(kind string, body []byte) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onOffer, d.onInfo = offer, info
}

// end is where every end comes together. It reports whether it was the first.
func (d *Dialog) end() bool {
	d.mu.Lock()
	if d.over {
		d.mu.Unlock()
		return false
	}
	d.over = true
	hooks := d.onEnd
	d.mu.Unlock()
	close(d.done)
	d.agent.drop(d)
	for _, hook := range hooks {
		hook()
	}
	return true
}

func (a *Agent) add(d *Dialog) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.dialogs[d.id] = d
}

func (a *Agent) drop(d *Dialog) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.dialogs, d.id)
}

// find returns the dialog that a request of the other end belongs to.
func (a *Agent) find(req *sip.Request) *Dialog {
	tag, _ := req.To().Params.Get("tag")
	other, _ := req.From().Params.Get("tag")
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dialogs[dialogID{string(*req.CallID()), tag, other}]
}

// newer accepts the number of a request, unless it is an old one.
func (d *Dialog) newer(seq uint32) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if seq <= d.remoteSeq {
		return false
	}
	d.remoteSeq = seq
	return true
}

// request builds a request inside the dialog (RFC 3261 section 12.2.1.1).
func (d *Dialog) request(method sip.RequestMethod) *sip.Request {
	d.mu.Lock()
	if method != sip.ACK {
		d.localSeq++
	}
	seq, target := d.localSeq, *d.target.Clone()
	d.mu.Unlock()
	req := sip.NewRequest(method, target)
	callID, hops := sip.CallIDHeader(d.id.call), sip.MaxForwardsHeader(70)
	from := d.local
	from.Params = from.Params.Clone()
	to := d.remote
	to.Params = to.Params.Clone()
	req.AppendHeader(&from)
	req.AppendHeader(&to)
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: method})
	req.AppendHeader(&hops)
	for _, route := range d.routes {
		req.AppendHeader(sip.NewHeader("Route", route))
	}
	req.AppendHeader(d.agent.contact(d.user))
	req.AppendHeader(sip.NewHeader("User-Agent", d.agent.cfg.Name))
	if d.source != "" && len(d.routes) == 0 {
		req.SetDestination(d.source)
	}
	return req
}

// Do sends a request inside the dialog and waits for its final response.
func (d *Dialog) Do(ctx context.Context, method sip.RequestMethod, kind string, body []byte) (*sip.Response, error) {
	req := d.request(method)
	if body != nil {
		req.SetBody(body)
		req.AppendHeader(sip.NewHeader("Content-Type", kind))
	}
	return d.agent.final(ctx, req)
}

func (a *Agent) final(ctx context.Context, req *sip.Request) (*sip.Response, error) {
	tx, err := a.transact(ctx, req)
	if err != nil {
		return nil, err
	}
	defer tx.Terminate()
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
		case <-tx.Done():
			return nil, tx.Err()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Bye ends the call. It waits for the other end to agree until ctx is done;
// the call is over all the same. A call that is over already is no error.
func (d *Dialog) Bye(ctx context.Context) error {
	if !d.end() {
		return nil
	}
	_, err := d.Do(ctx, sip.BYE, "", nil)
	return err
}

// Offer sends a new offer inside the dialog, such as hold, and returns the
// answer.
func (d *Dialog) Offer(ctx context.Context, offer []byte) ([]byte, error) {
	req := d.request(sip.INVITE)
	req.SetBody(offer)
	req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	tx, err := d.agent.transact(ctx, req)
	if err != nil {
		return nil, err
	}
	res, err := await(ctx, tx, nil)
	if err != nil {
		return nil, err
	}
	if !res.IsSuccess() {
		return nil, &StatusError{Code: res.StatusCode, Reason: res.Reason}
	}
	ack := d.ack(req)
	d.agent.repeatACK(tx, ack)
	d.atEnd(tx.Terminate)
	return res.Body(), d.agent.write(ack.Clone())
}

// ack builds the ACK of a 200 to one of our INVITEs: same number, no
// transaction of its own.
func (d *Dialog) ack(invite *sip.Request) *sip.Request {
	ack := d.request(sip.ACK)
	ack.CSeq().SeqNo = invite.CSeq().SeqNo
	return ack
}

func (d *Dialog) atEnd(hook func()) {
	d.mu.Lock()
	over := d.over
	if !over {
		d.onEnd = append(d.onEnd, hook)
	}
	d.mu.Unlock()
	if over {
		hook()
	}
}
