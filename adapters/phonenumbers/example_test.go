package phonenumbers_test

import (
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/adapters/phonenumbers"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

func ExampleParse() {
	var parse phone.NationalParser = phonenumbers.Parse
	for _, c := range []struct{ text, region string }{
		{"(514) 844-1234", "CA"},
		{"06 12 34 56 78", "FR"},
		{"0011 1 514 844 1234", "AU"},
		{"911", "US"},
		{"sip:anonymous@anonymous.invalid", "US"},
	} {
		n, err := parse(c.text, c.region)
		fmt.Println(n.Kind(), n, err)
	}
	_, err := parse("844-1234", "CA")
	fmt.Println(err)
	// Output:
	// e164 +15148441234 <nil>
	// e164 +33612345678 <nil>
	// e164 +15148441234 <nil>
	// short 911 <nil>
	// withheld  <nil>
	// phone: number "844-1234", byte 8: want the area code
}

func ExampleZone() {
	quiet := autoreply.Daytime(9, 20, func(e phone.Event) *time.Location {
		return phonenumbers.Zone(e.Contact.Number)
	})
	n, err := phonenumbers.Parse("04 93 12 34 56", "FR")
	if err != nil {
		fmt.Println(err)
		return
	}
	night := time.Date(2026, 6, 15, 22, 0, 0, 0, time.UTC) // midnight in Nice
	fmt.Println(quiet(phone.Event{Contact: phone.Party{Number: n}}, night).UTC())
	// Output: 2026-06-16 07:00:00 +0000 UTC
}
