package phone_test

import (
	"fmt"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/phone"
)

func ExampleParseNumber() {
	for _, text := range []string{"+15145550123", "sip:22395@carrier.example", "anonymous", "5145550123"} {
		n, err := phone.ParseNumber(text)
		fmt.Printf("%q %s %t", n, n.Kind(), n.CanText())
		if err != nil {
			fmt.Print(": ", err)
		}
		fmt.Println()
	}
	// Output:
	// "+15145550123" e164 true
	// "22395" short false
	// "" withheld false
	// "" withheld false: phone: number "5145550123", byte 0: want a plus and the country code: a national number needs ParseNational
}

func ExampleNumber_Display() {
	n, err := phone.ParseNational("514 555-0123", "CA")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Display(language.English))
	fmt.Println(n.Display(language.CanadianFrench))
	// Output:
	// (514) 555-0123
	// 514 555-0123
}
