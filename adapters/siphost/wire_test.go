package siphost_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// plainOffer is a description as a simple telephone sends it.
const plainOffer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"

// invite is an INVITE, byte by byte. LOCAL is replaced by who sends it.
func invite(f *office, body string) string { return request(f, "INVITE", body) }

func request(f *office, method, body string) string {
	lines := []string{
		fmt.Sprintf("%s %s SIP/2.0", method, f.uri("100")),
		"Via: SIP/2.0/UDP LOCAL;branch=z9hG4bK" + method + "1",
		"From: <sip:raw@LOCAL>;tag=raw", "To: <" + f.uri("100") + ">", "Call-ID: raw-" + method + "@LOCAL",
		"CSeq: 1 " + method, "Contact: <sip:raw@LOCAL>", "Max-Forwards: 70",
	}
	if body != "" {
		lines = append(lines, "Content-Type: application/sdp")
	}
	lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)), "", body)
	return strings.Join(lines, "\r\n")
}

// exchange sends a message and returns the first answer that is final.
func exchange(t *testing.T, f *office, message string) string {
	t.Helper()
	conn, err := net.Dial("udp", f.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	_, err = conn.Write([]byte(strings.ReplaceAll(message, "LOCAL", conn.LocalAddr().String())))
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	for buf := make([]byte, 8192); ; {
		n, err := conn.Read(buf)
		require.NoError(t, err)
		if text := string(buf[:n]); !strings.HasPrefix(text, "SIP/2.0 1") {
			return text
		}
	}
}
