package siphost_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost"
	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

func nobody(context.Context, phone.Call, *siphost.Leg) error { return nil }

func TestRegisteredPhonesAreRung(t *testing.T) {
	t.Parallel()
	ann := handset(t, &softphone.Options{Number: "ann"})
	office, results := ringing(t, &siphost.Options{Passwords: map[string]string{"ann": "sésame"}}, false,
		callflow.Ring{Targets: []string{"ann"}, For: 5 * time.Second})
	ctx := soon(t)
	registrar := "sip:" + office.Addr().String()
	require.True(t, softphone.IsRefused(ann.Register(ctx, registrar, "ann", "wrong", time.Minute), 401))
	require.True(t, softphone.IsRefused(ann.Register(ctx, registrar, "eve", "sésame", time.Minute), 401))
	assert.Empty(t, office.Registered())
	require.NoError(t, ann.Register(ctx, registrar, "ann", "sésame", time.Minute))
	require.NoError(t, ann.Register(ctx, registrar, "ann", "sésame", time.Minute), "again, in time")
	assert.Equal(t, map[string]int{"ann": 1}, office.Registered())

	callee(t, ann, func(ctx context.Context, in *softphone.Incoming) error {
		call, err := in.Answer(ctx)
		if err != nil {
			return err
		}
		return call.Wait(ctx)
	})
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	assert.Equal(t, callflow.Result{Outcome: phone.Answered, By: "ann"}, take(t, results))
	require.NoError(t, call.Silence(ctx, 200*time.Millisecond))
	require.NoError(t, call.Hangup(ctx))

	require.NoError(t, ann.Register(ctx, registrar, "ann", "sésame", 0))
	assert.Empty(t, office.Registered())
	_, err = handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.Error(t, err)
	assert.Equal(t, callflow.Result{Outcome: phone.Unavailable}, take(t, results))
}

func TestRegistrationBounds(t *testing.T) {
	t.Parallel()
	office := open(t, &siphost.Options{Bindings: 3}, nobody)
	register := func(user, contact string) string {
		message := strings.Replace(request(office, "REGISTER", ""), "Contact: <sip:raw@LOCAL>", contact, 1)
		message = strings.ReplaceAll(message, "sip:100@", "sip:"+user+"@")
		return exchange(t, office, message)
	}
	for _, test := range []struct{ user, contact, want string }{
		{"ann", "Contact: <sip:ann@127.0.0.1:6001>;expires=60", "SIP/2.0 200 "},
		{"ann", "Contact: <sip:ann@127.0.0.1:6002>;expires=9999999", "expires=3600"},
		{"bob", "Contact: <sip:bob@127.0.0.1:6003>\r\nExpires: 120", "expires=120"},
		{"cleo", "Contact: <sip:cleo@127.0.0.1:6004>", "SIP/2.0 503 "},
		{"bob", "Contact: *\r\nExpires: 0", "SIP/2.0 200 "},
		{"cleo", "Contact: <sip:cleo@127.0.0.1:6004>", "expires=600"},
		{"dan", "Contact: <sip:dan@192.0.2.1:5060>", "SIP/2.0 403 "},
		{"dan", "Contact: <sip:dan@example.org>", "SIP/2.0 403 "},
		{"dan", "Contact: <tel:+15145550100>", "SIP/2.0 403 "},
		{"dan", strings.TrimSuffix(strings.Repeat("Contact: <sip:dan@127.0.0.1:7000>\r\n", 9), "\r\n"), "SIP/2.0 400 "},
		{strings.Repeat("x", 65), "Contact: <sip:dan@127.0.0.1:7000>", "SIP/2.0 404 "},
	} {
		assert.Contains(t, register(test.user, test.contact), test.want, "%s %s", test.user, test.contact)
	}
	assert.Equal(t, map[string]int{"ann": 2, "cleo": 1}, office.Registered())
}

func TestBindingsOfOneName(t *testing.T) {
	t.Parallel()
	office := open(t, nil, nobody)
	for i := range 9 {
		contact := fmt.Sprintf("Contact: <sip:raw@127.0.0.1:%d>", 7000+i)
		answer := exchange(t, office, strings.Replace(request(office, "REGISTER", ""), "Contact: <sip:raw@LOCAL>", contact, 1))
		want := "SIP/2.0 200 "
		if i == 8 {
			want = "SIP/2.0 503 "
		}
		assert.Contains(t, answer, want)
	}
}
