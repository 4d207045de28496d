package autoreply

import (
	"strings"

	"github.com/afterbeep/afterbeep/phone"
)

// Ranges of numbers that are not a person's, by their beginning. North America,
// whose ranges lie within one country code, is in northAmerica. They are data of
// a day: written down in November 2026 from what is generally known of the plans
// that are named, not copied from them, and not complete. A range that is
// missing costs a text to a number that nobody reads.
var (
	tollFree = [...]string{
		"+800",             // ITU-T E.169.1, Universal International Freephone Numbers
		"+3380",            // ARCEP, Plan national de numérotation: 0800 to 0805 free, 0806 to 0809 at the price of a call
		"+44800", "+44808", // Ofcom, The National Telephone Numbering Plan: 080 free to caller
		"+34800", "+34900", // Spain, Plan nacional de numeración telefónica (Real Decreto 2296/2004): cobro revertido
		"+52800", // Mexico, IFT, Plan Técnico Fundamental de Numeración: cobro revertido
	}
	costly = [...]string{
		"+808",                    // ITU-T E.169.3, Universal International Shared Cost Numbers
		"+979",                    // ITU-T E.169.2, Universal International Premium Rate Numbers
		"+3381", "+3382", "+3389", // ARCEP, Plan national de numérotation: services à tarification majorée
		"+4490", "+4491", "+4498", // Ofcom, The National Telephone Numbering Plan: 09, premium rate services
		"+34803", "+34806", "+34807", // Spain, Plan nacional de numeración telefónica: tarificación adicional
		"+34905", // the same: llamadas masivas
		"+52900", // Mexico, IFT, Plan Técnico Fundamental de Numeración: servicios de cobro con cargo adicional
	}
)

// origin refuses numbers that are dialled but do not call: answering costs, or
// nobody is there. Short codes were refused before.
func (p *Policy) origin(number string) Reason {
	free, premium := ranges(number)
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
	if len(number) < 2 || strings.IndexByte("34589", number[1]) < 0 {
		return false, false // no list has any other beginning
	}
	for _, prefix := range tollFree {
		free = free || strings.HasPrefix(number, prefix)
	}
	for _, prefix := range costly {
		premium = premium || strings.HasPrefix(number, prefix)
	}
	return free, premium
}

// northAmerica looks at an area code and an exchange of the North American
// Numbering Plan. The toll-free codes are those of 47 CFR 52.101 and of the
// Industry Guidelines for Toll Free Number Administration (822 is kept for
// later); 900 is premium (47 CFR 64.1501, pay-per-call). N11 is neither an area
// nor an exchange that anybody has (ATIS, Central Office Code Administration
// Guidelines), so that the number was made up. Written down as the ranges above
// were, with the same doubts.
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
	if strings.Contains(e.Contact.URI, "@") {
		scheme, _, _ := strings.Cut(e.Contact.URI, ":")
		switch strings.ToLower(scheme) {
		case "sip", "sips", "tel", "im", "xmpp": // no e-mail there
		default:
			return true
		}
	}
	if !e.Contact.Number.CanText() && (strings.Contains(e.Contact.Name, "@") || strings.Contains(string(e.Key), "@")) {
		return true
	}
	const head = 160 // the sender stands in the first line
	text := e.Text[:min(len(e.Text), head)]
	for len(text) > 0 && strings.IndexByte(" \r\n\t", text[0]) >= 0 {
		text = text[1:]
	}
	if len(text) < len("FRM:") || !strings.EqualFold(text[:len("FRM:")], "FRM:") {
		return false
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.Contains(line, "@")
}
