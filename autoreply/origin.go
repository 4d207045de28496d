package autoreply

import (
	"slices"
	"strings"

	"github.com/afterbeep/afterbeep/phone"
)

// Ranges of numbers that are not a person's, by their beginning. North America,
// whose ranges lie within one country code, is in northAmerica. From the
// numbering plans of ITU-T E.164 (800, 808, 979), ARCEP, Ofcom and the Spanish
// ministry.
var (
	tollFree = [...]string{"+800", "+3380", "+44800", "+44808", "+34800", "+34900", "+52800"}
	costly   = [...]string{"+808", "+979", "+3381", "+3382", "+3389", "+4490", "+4491", "+4498", "+34803", "+34806", "+34807", "+34905", "+52900"}
)

// origin refuses numbers that are dialled but do not call: answering costs, or
// nobody is there. Short codes were refused before.
func (p *Policy) origin(n phone.Number) Reason {
	free, premium := ranges(n.String())
	switch {
	case premium:
		return ReasonService
	case free && p.o.RefuseTollFree:
		return ReasonTollFree
	}
	return ReasonNone
}

func ranges(number string) (free, premium bool) {
	if strings.HasPrefix(number, "+1") && len(number) == len("+15145550100") {
		return northAmerica(number[2:5], number[5:8])
	}
	begins := func(prefix string) bool { return strings.HasPrefix(number, prefix) }
	return slices.ContainsFunc(tollFree[:], begins), slices.ContainsFunc(costly[:], begins)
}

// northAmerica looks at an area code and an exchange of the North American
// plan. 900 is premium; N11 is neither an area nor an exchange that anybody has,
// so that the number was made up.
func northAmerica(area, exchange string) (free, premium bool) {
	switch area {
	case "800", "822", "833", "844", "855", "866", "877", "888":
		return true, false
	case "900":
		return false, true
	}
	return false, area[1:] == "11" || exchange[1:] == "11"
}

// gateway reports whether a text came from an address instead of from a phone.
// Carriers let e-mail through as texts; a reply goes to a mailbox, and mailboxes
// answer by themselves.
func gateway(e *phone.Event) bool {
	if e.Type != phone.TextReceived {
		return false
	}
	scheme, _, _ := strings.Cut(e.Contact.URI, ":")
	switch strings.ToLower(scheme) {
	case "sip", "sips", "tel", "im", "xmpp": // an @ is no e-mail there
	default:
		if strings.Contains(e.Contact.URI, "@") {
			return true
		}
	}
	if !e.Contact.Number.CanText() && (strings.Contains(e.Contact.Name, "@") || strings.Contains(string(e.Key), "@")) {
		return true
	}
	const head = 160 // the sender stands in the first line
	text := strings.TrimLeft(e.Text[:min(len(e.Text), head)], " \r\n\t")
	line, _, _ := strings.Cut(text, "\n")
	return len(line) > len("FRM:") && strings.EqualFold(line[:len("FRM:")], "FRM:") && strings.Contains(line, "@")
}
