package ua

import (
	"bytes"

	"github.com/emiago/sipgo/sip"
)

const (
	maxMessage = 16 << 10 // bytes of one datagram
	maxLines   = 128      // of header
	maxID      = 256      // bytes of a Call-ID or a tag
)

// gate looks at a datagram before sipgo does: what is not SIP, or lacks what
// every message must have (RFC 3261 section 8.1.1), is counted and dropped,
// and a parser that panics takes nobody with it.
type gate struct {
	parser  *sip.Parser
	garbage func()
}

func newGate(garbage func()) *gate {
	if garbage == nil {
		garbage = func() {}
	}
	return &gate{parser: sip.NewParser(), garbage: garbage}
}

func (g *gate) filter(_ sip.TransportReadProps, data []byte) ([]byte, error) {
	if len(bytes.Trim(data, "\r\n")) == 0 {
		return nil, nil
	}
	if !g.sound(data) {
		g.garbage()
		return nil, nil
	}
	return data, nil
}

func (g *gate) sound(data []byte) (ok bool) {
	head, _, _ := bytes.Cut(data, []byte("\r\n\r\n"))
	if len(data) > maxMessage || bytes.Count(head, []byte{'\n'}) > maxLines {
		return false
	}
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	message, err := g.parser.ParseSIP(data)
	if err != nil {
		return false
	}
	via, from, to, id, cseq := message.Via(), message.From(), message.To(), message.CallID(), message.CSeq()
	if via == nil || via.Host == "" || from == nil || to == nil || id == nil || cseq == nil {
		return false
	}
	if tag, _ := from.Params.Get("tag"); len(tag) > maxID || len(*id) == 0 || len(*id) > maxID {
		return false
	}
	switch m := message.(type) {
	case *sip.Request:
		// sipgo reads these when they are asked for: let it be here.
		_, _, _, _, _ = m.Contact(), m.MaxForwards(), m.Route(), m.RecordRoute(), m.ContentType()
		return m.SipVersion == "SIP/2.0" && cseq.MethodName == m.Method
	case *sip.Response:
		_, _ = m.Contact(), m.RecordRoute()
		return m.StatusCode >= 100 && m.StatusCode < 700
	}
	return false
}
