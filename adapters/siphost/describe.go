package siphost

import (
	"fmt"
	"net/netip"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/pcm"
)

// agree reads a description and chooses a codec.
func (h *Host) agree(body []byte) (media.Remote, media.Format, error) {
	remote, err := media.Parse(body)
	if err != nil {
		return media.Remote{}, media.Format{}, err
	}
	to := remote.Addr.Addr()
	if h.cfg.loopback() && !to.IsLoopback() && !to.IsUnspecified() {
		return media.Remote{}, media.Format{}, fmt.Errorf("siphost: sound for %v, which is not on this machine", to)
	}
	format, err := remote.Choose(h.cfg.Codecs)
	return remote, format, err
}

func (h *Host) open() (*media.Session, error) {
	return media.Open(h.cfg.addr.Addr(), media.Ports{From: h.cfg.MediaFrom, To: h.cfg.MediaTo})
}

// peerOf is the address of a peer on the network; invalid when it is not known.
func peerOf(source string) netip.Addr {
	peer, _ := netip.ParseAddrPort(source)
	return peer.Addr()
}

// public is where a session is reached from outside.
func (h *Host) public(s *media.Session) netip.AddrPort {
	return netip.AddrPortFrom(h.cfg.advertise.Unmap(), s.Local().Port())
}

// reoffered answers a new offer inside a call: hold, resume, another place for
// sound. An empty one asks for ours.
func (h *Host) reoffered(s *media.Session, offer []byte) ([]byte, int) {
	version := s.Version()
	if len(offer) == 0 {
		body, err := media.Offer{Local: h.public(s), Codecs: []pcm.Codec{s.Codec()}, Version: version}.Marshal()
		if err != nil {
			return nil, sip.StatusInternalServerError
		}
		return body, sip.StatusOK
	}
	remote, format, err := h.agree(offer)
	if err != nil {
		return nil, sip.StatusNotAcceptableHere
	}
	body, err := remote.Answer(h.public(s), format, version)
	if err != nil {
		return nil, sip.StatusInternalServerError
	}
	s.Start(remote, format)
	return body, sip.StatusOK
}
