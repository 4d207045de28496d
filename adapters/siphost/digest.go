package siphost

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// authorised checks the credentials of a REGISTER. stale means that they were
// right, but for a nonce that is too old or was used before.
func (r *registrar) authorised(req *sip.Request, name string, now time.Time) (ok, stale bool) {
	if r.cfg.Passwords == nil {
		return r.cfg.loopback(), false
	}
	header := req.GetHeader("Authorization")
	if header == nil || len(header.Value()) > 2048 {
		return false, false
	}
	given, err := digest.ParseCredentials(header.Value())
	password, known := r.cfg.Passwords[name]
	if err != nil || !known || given.Username != name || given.Realm != r.cfg.Realm || len(given.Nonce) > 128 {
		return false, false
	}
	challenge := digest.Challenge{Realm: given.Realm, Nonce: given.Nonce, Algorithm: "MD5"}
	if given.QOP != "" {
		challenge.QOP = []string{"auth"}
	}
	want, err := digest.Digest(&challenge, digest.Options{
		Method: req.Method.String(), URI: given.URI, Username: name, Password: password,
		Cnonce: given.Cnonce, Count: given.Nc,
	})
	if err != nil || subtle.ConstantTimeCompare([]byte(want.Response), []byte(given.Response)) != 1 {
		return false, false
	}
	return r.spend(given.Nonce, now)
}

// nonce is a time that only we can have stamped.
func (r *registrar) nonce(now time.Time) string {
	data := make([]byte, 16, 16+16)
	binary.BigEndian.PutUint64(data, uint64(now.UnixNano()))
	_, _ = rand.Read(data[8:]) // never fails
	return base64.RawURLEncoding.EncodeToString(append(data, r.stamp(data)...))
}

func (r *registrar) stamp(data []byte) []byte {
	mac := hmac.New(sha256.New, r.key[:])
	mac.Write(data)
	return mac.Sum(nil)[:16]
}

// spend takes a nonce, once, while it is fresh.
func (r *registrar) spend(nonce string, now time.Time) (ok, stale bool) {
	data, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(data) != 32 || !hmac.Equal(r.stamp(data[:16]), data[16:]) {
		return false, true
	}
	age := now.Sub(time.Unix(0, int64(binary.BigEndian.Uint64(data))))
	r.mu.Lock()
	defer r.mu.Unlock()
	for old, until := range r.used {
		if until.Before(now) {
			delete(r.used, old)
		}
	}
	_, spent := r.used[nonce]
	if age < 0 || age > nonceLife || spent || len(r.used) >= maxNonces {
		return false, true
	}
	r.used[nonce] = now.Add(nonceLife)
	return true, false
}
