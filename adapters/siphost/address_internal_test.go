package siphost

import (
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/assert"
)

func TestFirstAddress(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		`<sip:a@x>, <tel:1>`:          `<sip:a@x>`,
		`"Doe, J." <sip:a,b@x>,<s:y>`: `"Doe, J." <sip:a,b@x>`,
		`sip:a@x`:                     `sip:a@x`,
		``:                            ``,
	} {
		assert.Equal(t, want, first(list))
	}
}

func TestInfoDigit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, body string
		digit      rune
		ok         bool
	}{
		{"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", '5', true},
		{"Application/DTMF-Relay; x=y", "duration = 1\nsignal = *", '*', true},
		{"application/dtmf-relay", "Signal=11\r\n", '#', true},
		{"application/dtmf-relay", "Duration=160\r\n", 0, true},
		{"application/dtmf", " a ", 'A', true},
		{"application/dtmf", "hello", 0, true},
		{"text/plain", "5", 0, false},
	} {
		digit, ok := infoDigit(test.kind, []byte(test.body))
		assert.Equal(t, test.digit, digit, test)
		assert.Equal(t, test.ok, ok, test)
	}
}

// Addresses come from the network: nothing in them may end the process.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{
		"sip:ann@127.0.0.1:5060;transport=udp", `"Doe, J." <sip:a,b@[::1]>;expires=5`, "<tel:+15145550100>", "sip:%00@", "sip:@:0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if uri, err := parseContact(text); err == nil && len(uri.String()) > 2*maxURI+16 {
			t.Fatalf("grew to %d bytes", len(uri.String()))
		}
		var uri sip.Uri
		var params sip.HeaderParams
		if _, err := sip.ParseAddressValue(first(text), &uri, &params); err == nil {
			_ = userOf(uri)
		}
		_, _ = infoDigit("application/dtmf-relay", []byte(text))
	})
}
