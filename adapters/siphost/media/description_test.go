package media_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/pcm"
)

const plain = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

func TestParse(t *testing.T) {
	t.Parallel()
	at := netip.MustParseAddrPort("192.0.2.1:4000")
	for name, test := range map[string]struct {
		body   string
		addr   netip.AddrPort
		codecs []pcm.Codec
		events uint8
		silent bool
		deaf   bool
	}{
		"static types":                 {plain + "m=audio 4000 RTP/AVP 8 0 18\r\n", at, []pcm.Codec{pcm.PCMA, pcm.PCMU}, 0, false, false},
		"dynamic types":                {plain + "m=audio 4000 RTP/AVP 96 97\r\na=rtpmap:96 pcmu/8000/1\r\na=rtpmap:97 telephone-event/8000\r\n", at, []pcm.Codec{pcm.PCMU}, 97, false, false},
		"hold":                         {plain + "m=audio 4000 RTP/AVP 0\r\na=sendonly\r\n", at, []pcm.Codec{pcm.PCMU}, 0, false, true},
		"hold of the session, resumed": {plain + "a=inactive\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n", at, []pcm.Codec{pcm.PCMU}, 0, false, false},
		"inactive":                     {plain + "a=inactive\r\nm=audio 4000 RTP/AVP 0\r\n", at, []pcm.Codec{pcm.PCMU}, 0, true, true},
		"old hold":                     {strings.Replace(plain, "192.0.2.1", "0.0.0.0", 1) + "m=audio 4000 RTP/AVP 0\r\n", netip.MustParseAddrPort("0.0.0.0:4000"), []pcm.Codec{pcm.PCMU}, 0, false, true},
		"own address":                  {plain + "m=audio 4000 RTP/AVP 0\r\nc=IN IP6 2001:db8::1\r\n", netip.MustParseAddrPort("[2001:db8::1]:4000"), []pcm.Codec{pcm.PCMU}, 0, false, false},
		"second stream":                {plain + "m=video 3000 RTP/AVP 31\r\nm=audio 0 RTP/AVP 0\r\nm=audio 4000 RTP/AVP 0\r\n", at, []pcm.Codec{pcm.PCMU}, 0, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := media.Parse([]byte(test.body))
			require.NoError(t, err)
			var codecs []pcm.Codec
			for _, f := range r.Formats {
				codecs = append(codecs, f.Codec)
			}
			assert.Equal(t, test.addr, r.Addr)
			assert.Equal(t, test.codecs, codecs)
			assert.Equal(t, test.events, r.Events)
			assert.Equal(t, [2]bool{test.silent, test.deaf}, [2]bool{r.Silent, r.Deaf})
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"nothing":        "",
		"nonsense":       "hello",
		"no stream":      plain,
		"no codec":       plain + "m=audio 4000 RTP/AVP 18\r\n",
		"another rate":   plain + "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 L16/44100\r\n",
		"encrypted":      plain + "m=audio 4000 RTP/SAVP 0\r\n",
		"a name":         strings.Replace(plain, "192.0.2.1", "example.org", 1) + "m=audio 4000 RTP/AVP 0\r\n",
		"multicast":      strings.Replace(plain, "192.0.2.1", "224.2.0.1/127", 1) + "m=audio 4000 RTP/AVP 0\r\n",
		"port too large": plain + "m=audio 70000 RTP/AVP 0\r\n",
		"too long":       plain + "m=audio 4000 RTP/AVP 0\r\n" + strings.Repeat("a=x\r\n", 2000),
		"many streams":   plain + strings.Repeat("m=audio 4000 RTP/AVP 0\r\n", 17),
	} {
		_, err := media.Parse([]byte(body))
		assert.Error(t, err, name)
	}
	_, err := media.Parse([]byte(plain + "m=audio 4000 RTP/AVP 18\r\n"))
	require.ErrorIs(t, err, media.ErrCodec)
}

// An answer has as many streams as its offer, takes one, and mirrors hold.
func TestAnswer(t *testing.T) {
	t.Parallel()
	local := netip.MustParseAddrPort("127.0.0.1:5004")
	for direction, want := range map[string]string{"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"} {
		offer, err := media.Parse([]byte(plain + "m=video 3000 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=" + direction + "\r\n"))
		require.NoError(t, err)
		format, err := offer.Choose([]pcm.Codec{pcm.PCMU})
		require.NoError(t, err)
		body, err := offer.Answer(local, format, 1)
		require.NoError(t, err)
		for _, line := range []string{
			"c=IN IP4 127.0.0.1", "m=video 0 RTP/AVP 31", "m=audio 5004 RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000",
			"a=rtpmap:101 telephone-event/8000", "a=ptime:20", "a=" + want,
		} {
			assert.Contains(t, string(body), line+"\r\n", direction)
		}
	}
	_, err := media.Remote{Formats: []media.Format{{Type: 8, Codec: pcm.PCMA}}}.Choose([]pcm.Codec{pcm.PCMU})
	require.ErrorIs(t, err, media.ErrCodec)
}

// What we offer, we can read.
func TestOffer(t *testing.T) {
	t.Parallel()
	local := netip.MustParseAddrPort("[::1]:5004")
	body, err := media.Offer{Local: local, Codecs: []pcm.Codec{pcm.PCMA, pcm.PCMU}, Hold: true}.Marshal()
	require.NoError(t, err)
	r, err := media.Parse(body)
	require.NoError(t, err)
	assert.Equal(t, local, r.Addr)
	assert.Equal(t, []media.Format{{Type: 8, Codec: pcm.PCMA}, {Type: 0, Codec: pcm.PCMU}}, r.Formats)
	assert.Equal(t, uint8(101), r.Events)
	assert.True(t, r.Deaf)
	body, err = media.Offer{Local: local, Codecs: []pcm.Codec{pcm.PCMA}, NoEvents: true}.Marshal()
	require.NoError(t, err)
	assert.NotContains(t, string(body), "telephone-event")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(plain + "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n"))
	f.Add([]byte(plain + "m=video 3000 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0\r\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := media.Parse(body)
		if err != nil {
			return
		}
		answer, err := r.Answer(netip.MustParseAddrPort("127.0.0.1:5004"), r.Formats[0], 1)
		if err != nil {
			t.Skip("pion refuses to write what it read")
		}
		if _, err := media.Parse(answer); err != nil && len(answer) < 8<<10 {
			t.Fatalf("our answer is not readable: %v\n%s", err, answer)
		}
	})
}
