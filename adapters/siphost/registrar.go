package siphost

import (
	"crypto/rand"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

const (
	maxExpiry    = time.Hour
	usualExpiry  = 10 * time.Minute
	nonceLife    = time.Minute
	maxNonces    = 4096 // that were used and may not be used again
	maxContacts  = 8    // in one REGISTER
	maxUserBytes = 64
)

// registrar remembers where people can be rung. It goes by the real clock:
// what expires are promises made on the network.
type registrar struct {
	cfg *config
	key [32]byte // of the nonces

	mu       sync.Mutex
	bindings map[string][]binding
	count    int
	used     map[string]time.Time
}

type binding struct {
	contact
	expires time.Time
}

func newRegistrar(cfg *config) *registrar {
	r := &registrar{cfg: cfg, bindings: make(map[string][]binding), used: make(map[string]time.Time)}
	_, _ = rand.Read(r.key[:]) // never fails
	return r
}

// find returns the phones of a name that have not expired.
func (r *registrar) find(name string, now time.Time) []contact {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire(name, now)
	found := make([]contact, 0, len(r.bindings[name]))
	for _, b := range r.bindings[name] {
		found = append(found, b.contact)
	}
	return found
}

func (r *registrar) expire(name string, now time.Time) {
	kept := r.bindings[name][:0]
	for _, b := range r.bindings[name] {
		if b.expires.After(now) {
			kept = append(kept, b)
		}
	}
	r.keep(name, kept)
}

func (r *registrar) keep(name string, list []binding) {
	r.count += len(list) - len(r.bindings[name])
	if len(list) == 0 {
		delete(r.bindings, name)
		return
	}
	r.bindings[name] = list
}

// Registered lists the names under which somebody can be rung now, with how
// many phones.
func (h *Host) Registered() map[string]int {
	r, now := h.registrar, time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	names := make(map[string]int, len(r.bindings))
	for name, list := range r.bindings {
		for _, b := range list {
			if b.expires.After(now) {
				names[name]++
			}
		}
	}
	return names
}

// register answers a REGISTER (RFC 3261 section 10.3).
func (h *Host) register(req *sip.Request, respond func(*sip.Response)) {
	r, now := h.registrar, time.Now()
	refuse := func(code int, reason string, headers ...sip.Header) {
		res := sip.NewResponseFromRequest(req, code, reason, nil)
		for _, header := range headers {
			res.AppendHeader(header)
		}
		respond(res)
	}
	name := req.To().Address.User
	if name == "" || len(name) > maxUserBytes {
		refuse(sip.StatusNotFound, "Not Found")
		return
	}
	switch ok, stale := r.authorised(req, name, now); {
	case ok:
	case r.cfg.Passwords == nil:
		refuse(sip.StatusForbidden, "Forbidden")
		return
	default:
		challenge := digest.Challenge{Realm: r.cfg.Realm, Nonce: r.nonce(now), Algorithm: "MD5", QOP: []string{"auth"}, Stale: stale}
		refuse(sip.StatusUnauthorized, "Unauthorized", sip.NewHeader("WWW-Authenticate", challenge.String()))
		return
	}
	list, code, reason := r.bind(req, name, now)
	if code != sip.StatusOK {
		refuse(code, reason)
		return
	}
	res := sip.NewResponseFromRequest(req, sip.StatusOK, "OK", nil)
	for _, b := range list {
		header := &sip.ContactHeader{Address: *b.uri.Clone()}
		header.Params.Add("expires", strconv.Itoa(int(b.expires.Sub(now).Seconds())))
		res.AppendHeader(header)
	}
	respond(res)
	h.cfg.Log.Debug("a phone registered", "name", name, "phones", len(list))
}

// bind changes the bindings of a name as a REGISTER asks.
func (r *registrar) bind(req *sip.Request, name string, now time.Time) ([]binding, int, string) {
	headers := req.GetHeaders("Contact")
	if len(headers) > maxContacts {
		return nil, sip.StatusBadRequest, "Too Many Contacts"
	}
	standard := usualExpiry
	if h := req.GetHeader("Expires"); h != nil {
		standard = seconds(h.Value(), standard)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire(name, now)
	list := append([]binding(nil), r.bindings[name]...)
	for _, h := range headers {
		header, ok := h.(*sip.ContactHeader)
		if !ok {
			return nil, sip.StatusBadRequest, "Bad Contact"
		}
		if header.Address.Wildcard {
			list = nil
			continue
		}
		uri, err := parseContact(header.Address.String())
		if err != nil || !r.cfg.reachable(uri) {
			return nil, sip.StatusForbidden, "Contact Not Allowed"
		}
		expiry := standard
		if text, ok := header.Params.Get("expires"); ok {
			expiry = seconds(text, standard)
		}
		list = replace(list, binding{contact{name, uri, req.Source()}, now.Add(expiry)}, expiry > 0)
	}
	more := len(list) - len(r.bindings[name])
	if r.count+more > r.cfg.Bindings {
		for other := range r.bindings {
			r.expire(other, now)
		}
	}
	if len(list) > maxPerName || r.count+more > r.cfg.Bindings {
		return nil, sip.StatusServiceUnavailable, "Too Many Registrations"
	}
	r.keep(name, list)
	return list, sip.StatusOK, ""
}

func replace(list []binding, b binding, add bool) []binding {
	kept := list[:0]
	for _, old := range list {
		if old.uri.String() != b.uri.String() {
			kept = append(kept, old)
		}
	}
	if add {
		kept = append(kept, b)
	}
	return kept
}

func seconds(text string, otherwise time.Duration) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return otherwise
	}
	return min(time.Duration(min(n, 1<<20))*time.Second, maxExpiry)
}
