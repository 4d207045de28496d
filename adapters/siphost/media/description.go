// Package media is the sound of one call: its description (SDP), and RTP both
// ways with G.711 and the digits of RFC 4733.
package media

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"

	"github.com/afterbeep/afterbeep/pcm"
)

const (
	maxDescription = 8 << 10 // bytes
	maxStreams     = 16      // m= lines
	offeredEvents  = 101     // payload type of telephone-event in our offers
)

// ErrCodec means that the two ends have no codec in common.
var ErrCodec = errors.New("media: no codec in common")

// Format is a codec under the payload type that one end gave it.
type Format struct {
	Type  uint8
	Codec pcm.Codec
}

// Remote is what the other end said of itself.
type Remote struct {
	Addr    netip.AddrPort // where it wants to receive
	Formats []Format       // PCMU and PCMA only, in its order
	Events  uint8          // payload type of telephone-event; 0: it has none
	Silent  bool           // it will not send: hold
	Deaf    bool           // it does not want to receive: hold

	streams []*sdp.MediaDescription
	chosen  int
}

// Parse reads an offer or an answer. The text is hostile.
func Parse(body []byte) (Remote, error) {
	if len(body) > maxDescription {
		return Remote{}, fmt.Errorf("media: description of %d bytes, at most %d", len(body), maxDescription)
	}
	var session sdp.SessionDescription
	if err := session.Unmarshal(body); err != nil {
		return Remote{}, fmt.Errorf("media: description: %w", err)
	}
	if len(session.MediaDescriptions) > maxStreams {
		return Remote{}, fmt.Errorf("media: %d streams, at most %d", len(session.MediaDescriptions), maxStreams)
	}
	at := slices.IndexFunc(session.MediaDescriptions, func(m *sdp.MediaDescription) bool {
		return m.MediaName.Media == "audio" && m.MediaName.Port.Value > 0 &&
			slices.Equal(m.MediaName.Protos, []string{"RTP", "AVP"})
	})
	if at < 0 {
		return Remote{}, fmt.Errorf("%w: no stream of RTP/AVP audio", ErrCodec)
	}
	stream := session.MediaDescriptions[at]
	addr, err := address(&session, stream)
	if err != nil {
		return Remote{}, err
	}
	r := Remote{Addr: addr, streams: session.MediaDescriptions, chosen: at}
	r.direction(&session, stream)
	r.formats(stream)
	if len(r.Formats) == 0 {
		return Remote{}, ErrCodec
	}
	return r, nil
}

func address(session *sdp.SessionDescription, stream *sdp.MediaDescription) (netip.AddrPort, error) {
	c := stream.ConnectionInformation
	if c == nil {
		c = session.ConnectionInformation
	}
	if c == nil || c.Address == nil || c.NetworkType != "IN" {
		return netip.AddrPort{}, errors.New("media: description without an address")
	}
	text, _, _ := strings.Cut(c.Address.Address, "/")
	addr, err := netip.ParseAddr(text) // names are not looked up: the text is hostile
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("media: address: %w", err)
	}
	port := stream.MediaName.Port.Value
	if port < 1 || port > 65535 || addr.IsMulticast() {
		return netip.AddrPort{}, errors.New("media: description without a usable address")
	}
	return netip.AddrPortFrom(addr.Unmap(), uint16(port)), nil
}

func (r *Remote) direction(session *sdp.SessionDescription, stream *sdp.MediaDescription) {
	for _, attributes := range [][]sdp.Attribute{session.Attributes, stream.Attributes} {
		for _, a := range attributes {
			switch a.Key {
			case "sendrecv":
				r.Silent, r.Deaf = false, false
			case "sendonly":
				r.Silent, r.Deaf = false, true
			case "recvonly":
				r.Silent, r.Deaf = true, false
			case "inactive":
				r.Silent, r.Deaf = true, true
			}
		}
	}
	if r.Addr.Addr().IsUnspecified() { // hold as RFC 2543 had it
		r.Deaf = true
	}
}

func (r *Remote) formats(stream *sdp.MediaDescription) {
	names := map[string]string{"0": "PCMU/8000", "8": "PCMA/8000"}
	for _, a := range stream.Attributes {
		if number, name, ok := strings.Cut(a.Value, " "); a.Key == "rtpmap" && ok {
			names[number] = strings.ToUpper(strings.TrimSuffix(name, "/1"))
		}
	}
	for _, number := range stream.MediaName.Formats {
		n, err := strconv.ParseUint(number, 10, 7)
		if err != nil {
			continue
		}
		switch names[number] {
		case "PCMU/8000":
			r.Formats = append(r.Formats, Format{uint8(n), pcm.PCMU})
		case "PCMA/8000":
			r.Formats = append(r.Formats, Format{uint8(n), pcm.PCMA})
		case "TELEPHONE-EVENT/8000":
			if r.Events == 0 {
				r.Events = uint8(n)
			}
		}
	}
}

// Choose returns the first of the other end's formats that is among ours.
func (r Remote) Choose(ours []pcm.Codec) (Format, error) {
	for _, f := range r.Formats {
		if slices.Contains(ours, f.Codec) {
			return f, nil
		}
	}
	return Format{}, ErrCodec
}

// Offer is what we have to say of ourselves.
type Offer struct {
	Local    netip.AddrPort
	Codecs   []pcm.Codec // in our order
	Version  uint64      // grows with each description of a session; 0 is 1
	Hold     bool        // we do not want to receive
	NoEvents bool        // we send no keys as events
}

// Marshal is the description.
func (o Offer) Marshal() ([]byte, error) {
	formats := make([]Format, len(o.Codecs))
	for i, codec := range o.Codecs {
		formats[i] = Format{Codec: codec}
		if codec == pcm.PCMA {
			formats[i].Type = 8
		}
	}
	direction, events := "sendrecv", uint8(offeredEvents)
	if o.Hold {
		direction = "sendonly"
	}
	if o.NoEvents {
		events = 0
	}
	return marshal(o.Local, max(o.Version, 1), []*sdp.MediaDescription{audio(o.Local, formats, events, direction)})
}

// Answer describes what we make of r: one format, its events, the other side
// of its direction. Streams that we do not take are refused one by one (RFC
// 3264 section 6).
func (r Remote) Answer(local netip.AddrPort, chosen Format, version uint64) ([]byte, error) {
	direction := "sendrecv"
	switch {
	case r.Silent && r.Deaf:
		direction = "inactive"
	case r.Silent:
		direction = "sendonly"
	case r.Deaf:
		direction = "recvonly"
	}
	streams := make([]*sdp.MediaDescription, len(r.streams))
	for i, theirs := range r.streams {
		name := theirs.MediaName
		name.Port = sdp.RangedPort{}
		streams[i] = &sdp.MediaDescription{MediaName: name}
	}
	streams[r.chosen] = audio(local, []Format{chosen}, r.Events, direction)
	return marshal(local, version, streams)
}

func audio(local netip.AddrPort, formats []Format, events uint8, direction string) *sdp.MediaDescription {
	m := &sdp.MediaDescription{MediaName: sdp.MediaName{
		Media: "audio", Port: sdp.RangedPort{Value: int(local.Port())}, Protos: []string{"RTP", "AVP"},
	}}
	add := func(number uint8, name string) {
		text := strconv.Itoa(int(number))
		m.MediaName.Formats = append(m.MediaName.Formats, text)
		m.Attributes = append(m.Attributes, sdp.NewAttribute("rtpmap", text+" "+name))
	}
	for _, f := range formats {
		add(f.Type, strings.ToUpper(string(f.Codec))+"/8000")
	}
	if events != 0 {
		add(events, "telephone-event/8000")
		m.Attributes = append(m.Attributes, sdp.NewAttribute("fmtp", strconv.Itoa(int(events))+" 0-15"))
	}
	m.Attributes = append(m.Attributes, sdp.NewAttribute("ptime", "20"), sdp.NewPropertyAttribute(direction))
	return m
}

func marshal(local netip.AddrPort, version uint64, streams []*sdp.MediaDescription) ([]byte, error) {
	kind := "IP4"
	if local.Addr().Is6() {
		kind = "IP6"
	}
	host := local.Addr().String()
	session := sdp.SessionDescription{
		Origin: sdp.Origin{
			Username: "-", SessionID: uint64(local.Port()), SessionVersion: version,
			NetworkType: "IN", AddressType: kind, UnicastAddress: host,
		},
		SessionName: "-",
		ConnectionInformation: &sdp.ConnectionInformation{
			NetworkType: "IN", AddressType: kind, Address: &sdp.Address{Address: host},
		},
		TimeDescriptions:  []sdp.TimeDescription{{}},
		MediaDescriptions: streams,
	}
	return session.Marshal()
}
