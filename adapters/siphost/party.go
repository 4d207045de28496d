package siphost

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
	"github.com/afterbeep/afterbeep/phone"
)

const (
	maxName = 128 // bytes of a display name that are kept
	maxURI  = 256 // bytes of an address that are kept
)

// callOf is what an INVITE says of a call.
func (h *Host) callOf(in *ua.Incoming) phone.Call {
	req := in.Request
	call := phone.Call{ID: callID(req), Caller: h.caller(req), Began: h.cfg.now()}
	call.Called = h.number(req.Recipient.User)
	return call
}

// callID is unique even when a caller uses a Call-ID again: our own tag is
// part of it. It is a hash, because a Call-ID is hostile text.
func callID(req *sip.Request) string {
	ours, _ := req.To().Params.Get("tag")
	theirs, _ := req.From().Params.Get("tag")
	sum := sha256.Sum256([]byte(string(*req.CallID()) + "\x00" + theirs + "\x00" + ours))
	return hex.EncodeToString(sum[:16])
}

// caller is who calls. What From says is what the caller says; a peer that is
// trusted may assert better, and ask for privacy (RFC 3325 sections 9, 7).
func (h *Host) caller(req *sip.Request) phone.Party {
	name, address := req.From().DisplayName, req.From().Address
	if h.cfg.isTrusted(req.Source()) {
		if asserted := req.GetHeader("P-Asserted-Identity"); asserted != nil {
			var better sip.Uri
			var params sip.HeaderParams
			if who, err := sip.ParseAddressValue(first(asserted.Value()), &better, &params); err == nil {
				name, address = who, better
			}
		}
		if privacy := req.GetHeader("Privacy"); privacy != nil && hides(privacy.Value()) {
			return phone.Party{}
		}
	}
	return phone.Party{
		Number: h.number(userOf(address)),
		Name:   ua.Clean(name, maxName),
		URI:    ua.Clean(address.String(), maxURI),
	}
}

// first is the first of several addresses in one header; a comma may be part
// of a quoted name or of an address in brackets.
func first(list string) string {
	quoted, bracket := false, false
	for i, r := range list {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '<':
			bracket = true
		case r == '>':
			bracket = false
		case r == ',' && !quoted && !bracket:
			return list[:i]
		}
	}
	return list
}

func hides(privacy string) bool {
	for value := range strings.SplitSeq(strings.ToLower(privacy), ";") {
		switch strings.TrimSpace(value) {
		case "id", "user", "header":
			return true
		}
	}
	return false
}

// userOf is the number in an address.
func userOf(address sip.Uri) string {
	if address.Scheme == "tel" {
		return "tel:" + address.Raw()
	}
	return address.User
}

// number is the number in the user part of an address, withheld when it is
// none.
func (h *Host) number(user string) phone.Number {
	user, _, _ = strings.Cut(user, ";")
	n, err := h.cfg.Number(user)
	if err != nil {
		h.cfg.Log.Debug("not a number", "text", ua.Clean(user, maxURI), "err", err)
		return phone.Number{}
	}
	return n
}
