package siphost_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// raw is an endpoint that says exactly what it is told to, for what a decent
// telephone never does.
type raw struct {
	t    *testing.T
	conn *net.UDPConn
	peer *net.UDPAddr
}

func newRaw(t *testing.T, peer string) *raw {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close()) })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(15*time.Second)))
	r := &raw{t: t, conn: conn}
	if peer != "" {
		r.peer, err = net.ResolveUDPAddr("udp", peer)
		require.NoError(t, err)
	}
	return r
}

func (r *raw) send(message string) {
	r.t.Helper()
	_, err := r.conn.WriteToUDP([]byte(strings.ReplaceAll(message, "LOCAL", r.conn.LocalAddr().String())), r.peer)
	require.NoError(r.t, err)
}

// expect returns the next message that begins so, and drops what comes before.
func (r *raw) expect(prefix string) string {
	r.t.Helper()
	for buf := make([]byte, 8192); ; {
		n, peer, err := r.conn.ReadFromUDP(buf)
		require.NoError(r.t, err, "while expecting %s", prefix)
		r.peer = peer
		if text := string(buf[:n]); strings.HasPrefix(text, prefix) {
			return text
		}
	}
}

// reply answers a request.
func (r *raw) reply(request, status, body string) {
	r.t.Helper()
	lines := []string{"SIP/2.0 " + status}
	for line := range strings.Lines(request) {
		line = strings.TrimSpace(line)
		for _, name := range []string{"Via:", "From:", "Call-ID:", "CSeq:"} {
			if strings.HasPrefix(line, name) {
				lines = append(lines, line)
			}
		}
		if strings.HasPrefix(line, "To:") {
			lines = append(lines, strings.Split(line, ";tag=")[0]+";tag=raw")
		}
	}
	lines = append(lines, "Contact: <sip:raw@LOCAL>")
	if body != "" {
		lines = append(lines, "Content-Type: application/sdp")
	}
	r.send(strings.Join(append(lines, fmt.Sprintf("Content-Length: %d", len(body)), "", body), "\r\n"))
}

// header is the value of a header.
func header(message, name string) string {
	for line := range strings.Lines(message) {
		if value, ok := strings.CutPrefix(line, name+": "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// A phone answers in the very moment in which it is cancelled: it is confirmed
// and hung up, not left talking to nobody.
func TestAnAnswerCrossesTheCancel(t *testing.T) {
	t.Parallel()
	late := newRaw(t, "")
	office, results := ringing(t, &siphost.Options{Contacts: map[string][]string{
		"late": {"sip:late@" + late.conn.LocalAddr().String()},
	}}, false, callflow.Ring{Targets: []string{"late"}, For: 300 * time.Millisecond})
	caller, ctx := handset(t, nil), soon(t)
	go func() { _, _ = caller.Dial(ctx, office.uri("100"), nil) }() // refused in the end
	invite := late.expect("INVITE ")
	late.reply(invite, "180 Ringing", "")
	cancel := late.expect("CANCEL ")
	assert.Equal(t, header(invite, "Via"), header(cancel, "Via"))
	late.reply(invite, "200 OK", plainOffer)
	late.reply(cancel, "200 OK", "")
	ack := late.expect("ACK ")
	assert.Equal(t, "1 ACK", header(ack, "CSeq"))
	bye := late.expect("BYE ")
	assert.Equal(t, "2 BYE", header(bye, "CSeq"))
	assert.Contains(t, header(bye, "To"), "tag=raw")
	late.reply(bye, "200 OK", "")
	assert.Equal(t, callflow.Result{Outcome: phone.NoAnswer}, take(t, results))
}

// A 200 whose ACK was lost comes again, and is confirmed again.
func TestAnswerIsConfirmedAgain(t *testing.T) {
	t.Parallel()
	deaf := newRaw(t, "")
	office, results := ringing(t, &siphost.Options{Contacts: map[string][]string{
		"deaf": {"sip:deaf@" + deaf.conn.LocalAddr().String()},
	}}, false, callflow.Ring{Targets: []string{"deaf"}})
	caller, ctx := handset(t, nil), soon(t)
	go func() { _, _ = caller.Dial(ctx, office.uri("100"), nil) }() // hung up in the end
	invite := deaf.expect("INVITE ")
	for range 3 {
		deaf.reply(invite, "200 OK", plainOffer)
		assert.Equal(t, "1 ACK", header(deaf.expect("ACK "), "CSeq"))
	}
	assert.Equal(t, callflow.Result{Outcome: phone.Answered, By: "deaf"}, take(t, results))
	deaf.send(strings.Join([]string{
		"BYE " + strings.Trim(header(invite, "Contact"), "<>") + " SIP/2.0", "Via: SIP/2.0/UDP LOCAL;branch=z9hG4bKbye",
		"From: " + header(invite, "To") + ";tag=raw", "To: " + header(invite, "From"), "Call-ID: " + header(invite, "Call-ID"),
		"CSeq: 1 BYE", "Content-Length: 0", "", "",
	}, "\r\n"))
	deaf.expect("SIP/2.0 200 ")
}

// Some callers hang up an unanswered call with BYE instead of CANCEL.
func TestByeBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	silent := newRaw(t, "")
	office, results := ringing(t, &siphost.Options{Contacts: map[string][]string{
		"silent": {"sip:silent@" + silent.conn.LocalAddr().String()},
	}}, false, callflow.Ring{Targets: []string{"silent"}})
	caller := newRaw(t, office.Addr().String())
	message := invite(office, plainOffer)
	caller.send(message)
	ringing := caller.expect("SIP/2.0 180 ")
	bye := strings.NewReplacer("INVITE", "BYE", "CSeq: 1", "CSeq: 2", "To: "+header(message, "To"), "To: "+header(ringing, "To"),
		"Content-Type: application/sdp\r\n", "", fmt.Sprintf("Content-Length: %d", len(plainOffer)), "Content-Length: 0", plainOffer, "").Replace(message)
	caller.send(strings.Replace(bye, "raw-BYE@", "raw-INVITE@", 1))
	answers := []string{caller.expect("SIP/2.0 "), caller.expect("SIP/2.0 ")}
	assert.Contains(t, strings.Join(answers, ""), "SIP/2.0 200 OK")
	assert.Contains(t, strings.Join(answers, ""), "SIP/2.0 487 Request Terminated")
	assert.True(t, take(t, results).HungUp)
}

// An INVITE without an offer gets ours, and answers it in the ACK.
func TestLateOffer(t *testing.T) {
	t.Parallel()
	office := open(t, nil, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		_, err := leg.Play(ctx, pcm.Tone(8000, time.Minute, 440), nil)
		return err
	})
	caller, sound := newRaw(t, office.Addr().String()), newRaw(t, "")
	message := invite(office, "")
	caller.send(message)
	answer := caller.expect("SIP/2.0 200 ")
	assert.Contains(t, answer, " RTP/AVP 0 8 101\r\n")
	_, port, err := net.SplitHostPort(sound.conn.LocalAddr().String())
	require.NoError(t, err)
	body := strings.Replace(plainOffer, "40000 RTP/AVP 0", port+" RTP/AVP 8", 1)
	ack := strings.NewReplacer("INVITE sip", "ACK sip", "1 INVITE", "1 ACK", "z9hG4bKINVITE1", "z9hG4bKack", "To: "+header(message, "To"), "To: "+header(answer, "To"),
		"Content-Length: 0", fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d", len(body))).Replace(message)
	caller.send(ack + body)
	buf := make([]byte, 2000)
	n, _, err := sound.conn.ReadFromUDP(buf)
	require.NoError(t, err)
	var packet rtp.Packet
	require.NoError(t, packet.Unmarshal(buf[:n]))
	assert.Equal(t, uint8(8), packet.PayloadType)
	assert.True(t, packet.Marker)
	assert.Len(t, packet.Payload, 160)
}
