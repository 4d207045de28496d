package siphost

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

const (
	maxForks   = 16 // phones that one ring reaches
	maxPerName = 8  // registrations of one name
)

// contact is one phone that can be rung.
type contact struct {
	name   string // who
	uri    sip.Uri
	source string // where it registered from; "": as the URI says
}

func parseContact(text string) (sip.Uri, error) {
	var uri sip.Uri
	if len(text) > maxURI {
		return uri, fmt.Errorf("siphost: contact of %d bytes, at most %d", len(text), maxURI)
	}
	if err := sip.ParseUri(text, &uri); err != nil {
		return uri, fmt.Errorf("siphost: contact: %w", err)
	}
	if uri.Scheme != "sip" || uri.Host == "" || uri.Wildcard || uri.Port < 0 || uri.Port > 65535 {
		return uri, fmt.Errorf("siphost: contact: want a sip: URI with a host")
	}
	return uri, nil
}

// contacts are the phones of some names, each once, at most [maxForks].
func (h *Host) contacts(names []string) []contact {
	var all []contact
	seen := make(map[string]bool)
	add := func(c contact) {
		key := c.source + " " + c.uri.String()
		if len(all) < maxForks && !seen[key] {
			seen[key] = true
			all = append(all, c)
		}
	}
	for _, name := range names {
		for _, text := range h.cfg.Contacts[name] {
			if uri, err := parseContact(text); err == nil {
				add(contact{name: name, uri: uri})
			}
		}
		for _, c := range h.registrar.find(name, time.Now()) {
			add(c)
		}
	}
	return all
}

// reachable refuses contacts on other machines while only this one can reach
// the host.
func (c *config) reachable(uri sip.Uri) bool {
	if !c.loopback() || strings.EqualFold(uri.Host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(uri.Host)
	return err == nil && addr.IsLoopback()
}
