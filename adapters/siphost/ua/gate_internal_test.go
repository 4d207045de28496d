package ua

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/assert"
)

const options = "OPTIONS sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK1\r\n" +
	"From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:100@127.0.0.1>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"

func TestGate(t *testing.T) {
	t.Parallel()
	dropped := 0
	g := newGate(func() { dropped++ })
	through := func(text string) bool {
		data, err := g.filter(sip.TransportReadProps{}, []byte(text))
		assert.NoError(t, err)
		return len(data) > 0
	}
	assert.True(t, through(options))
	assert.True(t, through(strings.Replace(options, "OPTIONS sip:100@127.0.0.1 SIP/2.0", "SIP/2.0 200 OK", 1)))
	assert.False(t, through("\r\n\r\n"), "a keep-alive")
	assert.Zero(t, dropped, "is no garbage")
	for _, header := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		var lines []string
		for line := range strings.Lines(options) {
			if !strings.HasPrefix(line, header+":") {
				lines = append(lines, line)
			}
		}
		assert.False(t, through(strings.Join(lines, "")), header)
	}
	assert.False(t, through(strings.Replace(options, "1 OPTIONS", "1 INVITE", 1)))
	assert.False(t, through(strings.Replace(options, "Call-ID: 1", "Call-ID: "+strings.Repeat("x", 300), 1)))
	assert.False(t, through(strings.Replace(options, "SIP/2.0\r\nVia", "SIP/3.0\r\nVia", 1)))
	assert.Equal(t, 8, dropped)
}

func FuzzGate(f *testing.F) {
	f.Add([]byte(options))
	f.Add([]byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\n\r\n"))
	f.Add([]byte("INVITE sip:a@b SIP/2.0\r\nContact: *\r\nm: <sip:x>;q=\"\r\n\r\n"))
	g := newGate(nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := g.filter(sip.TransportReadProps{}, data); err != nil {
			t.Fatal(err)
		}
	})
}

func TestClean(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "Ada Lovelace", Clean("\"Ada\" <Lovelace>\r\n", 100))
	assert.Equal(t, "Zoé", Clean("Zoéé", 5))
	assert.Equal(t, "a", Clean("a\xff", 5))
}

func BenchmarkGate(b *testing.B) {
	g, data := newGate(nil), []byte(options)
	for b.Loop() {
		if !g.sound(data) {
			b.Fatal("dropped")
		}
	}
}
