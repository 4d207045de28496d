// Command hours asks opening hours: what the time is, when it opens next, and
// what a year looks like, in the terminal or as a picture.
//
//	go run ./examples/hours -holidays QC year 2029
//	go run ./examples/hours -schedule examples/hours/bakery.json at 2026-12-24T13:00
//
// It uses package hours of afterbeep and nothing else of it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

const usage = `hours answers "are we open?" and draws a year of opening hours.
  hours [flags] at TIME          what the time is then, and why
  hours [flags] next [TIME]      when it opens next
  hours [flags] calendar FROM TO every change between two times; a date as TO counts whole
  hours [flags] year YYYY        a year as a grid; -svg FILE draws it as a picture
TIME is now, 2026-06-24, 2026-06-24T14:00 (in the zone) or RFC 3339 with an offset.
  -schedule FILE  hours as JSON (see bakery.json); without, Monday to Friday, 9 to 17
  -holidays LIST  calendars to add: QC,US,FR-67; with a choice: QC+easter-monday
  -zone NAME      the zone without a schedule (America/Toronto)   -lang TAG  en, fr or es
  -json           for programs: dates as 2029-06-25, instants in RFC 3339
`

func main() {
	terminal := false
	if info, err := os.Stdout.Stat(); err == nil {
		terminal = info.Mode()&os.ModeCharDevice != 0
	}
	colour := terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, time.Now(), colour))
}

// run is the program: 0 when it answered, 2 when it could not.
func run(args []string, stdout, stderr io.Writer, now time.Time, colour bool) int {
	err := answer(args, stdout, now, colour)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(stdout, usage)
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "hours: %v\n", err) // nothing is left to tell it to
		return 2
	}
	return 0
}

// program is the flags, and what follows from them.
type program struct {
	out      io.Writer
	schedule hours.Schedule
	override *hours.Override
	tag      language.Tag
	now      time.Time
	json     bool
	svg      string
	title    string // what the schedule is called, for the picture
	paint    painter
}

func answer(args []string, stdout io.Writer, now time.Time, colour bool) error {
	p := program{out: stdout, now: now, paint: painter(colour)}
	flags := flag.NewFlagSet("hours", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	file := flags.String("schedule", "", "")
	holidays := flags.String("holidays", "", "")
	zone := flags.String("zone", "", "")
	lang := flags.String("lang", "en", "")
	flags.BoolVar(&p.json, "json", false, "")
	flags.StringVar(&p.svg, "svg", "", "")
	var words []string
	for len(args) > 0 { // flags may stand behind the command as well
		if err := flags.Parse(args); err != nil {
			return err
		}
		if args = flags.Args(); len(args) > 0 {
			words, args = append(words, args[0]), args[1:]
		}
	}
	if len(words) == 0 {
		return flag.ErrHelp
	}
	var err error
	if p.tag, err = language.Parse(*lang); err != nil {
		return fmt.Errorf("-lang %q is no language: want en, fr or es", *lang)
	}
	if err := p.load(*file, *holidays, *zone); err != nil {
		return err
	}
	return p.do(words[0], words[1:])
}

func (p *program) do(command string, args []string) error {
	want := map[string][2]int{"at": {1, 1}, "next": {0, 1}, "calendar": {2, 2}, "year": {1, 1}}
	count, ok := want[command]
	if !ok {
		return fmt.Errorf("%q is no command: want at, next, calendar or year (-h explains)", command)
	}
	if len(args) < count[0] || len(args) > count[1] {
		return fmt.Errorf("%s got %d arguments: -h shows what it takes", command, len(args))
	}
	if p.svg != "" && command != "year" {
		return fmt.Errorf("-svg draws a year: use it with the command year, not with %s", command)
	}
	switch command {
	case "at":
		return p.at(args[0])
	case "next":
		return p.next(args)
	case "calendar":
		return p.calendar(args[0], args[1])
	}
	return p.year(args[0])
}
