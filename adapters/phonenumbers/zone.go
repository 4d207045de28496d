package phonenumbers

import (
	"time"

	numbers "github.com/nyaruka/phonenumbers"

	"github.com/afterbeep/afterbeep/phone"
)

// Zones are the IANA names of the time zones in which the subscriber of n may
// be, as far as the number tells: one for a landline of Montréal, all of them
// for a toll-free number. It is empty for what is no international number, and
// where the tables know nothing. The slice is the caller's.
func Zones(n phone.Number) []string {
	if n.Kind() != phone.E164 {
		return nil
	}
	names, err := numbers.GetTimezonesForPrefix(n.String())
	if err != nil || len(names) == 0 || names[0] == numbers.UNKNOWN_TIMEZONE {
		return nil
	}
	return append([]string(nil), names...)
}

// Zone is the time zone of n if there is no choice, else nil: so it is for a
// mobile number of a country with several zones. It reads the time zone database
// of the machine, or the one that the host embeds with time/tzdata; a zone that
// is not in it is nil too.
//
// For the quiet hours of package autoreply:
//
//	autoreply.Daytime(9, 20, func(e phone.Event) *time.Location {
//		return phonenumbers.Zone(e.Contact.Number)
//	})
//
// What the host knows of the contact is better: people keep a mobile number
// when they move.
func Zone(n phone.Number) *time.Location {
	names := Zones(n)
	if len(names) != 1 || roams(n) {
		return nil
	}
	zone, err := time.LoadLocation(names[0])
	if err != nil {
		return nil
	}
	return zone
}

// roams reports a number that says its country but not the place, in a country
// with several zones. The tables name the capital's for some of them.
func roams(n phone.Number) bool {
	parsed, err := numbers.Parse(n.String(), "")
	if err != nil {
		return true
	}
	switch numbers.GetNumberType(parsed) {
	case numbers.FIXED_LINE, numbers.FIXED_LINE_OR_MOBILE:
		return false
	}
	names, err := numbers.GetTimezonesForPrefix(n.CallingCode())
	return err != nil || len(names) != 1
}
