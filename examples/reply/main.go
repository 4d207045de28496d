// Command reply decides about auto-replies: events as JSON lines in, decisions
// and their reasons as JSON lines out.
//
//	go run ./examples/reply -rules examples/reply/rules.json < examples/reply/day.jsonl
//	go run ./examples/reply lint -rules examples/reply/rules.json
//
// The clock is that of the events: a day passes as fast as it can be read. With
// a database the next run goes on where this one ended, so that the same events
// a second time send nothing. A line that is dated far ahead is no reason to
// call all that follows stale, now and in later runs: past the bound of -ahead
// it is reported with its number and decided by the clock as it is. The bound is
// a week, because shops are closed on weekends and holidays; the first line of an
// empty ledger sets the clock.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

const usage = `reply decides about auto-replies: events as JSON lines in, decisions as JSON lines out.
  reply -rules FILE [< EVENTS]           replay; a summary goes to standard error
  reply preview -rules FILE [< EVENTS]   what would each event get at its instant, with no history
  reply lint -rules FILE [-at TIME]      what is wrong with the rules, or probably not meant
  reply list -rules FILE [-lang TAG]     each rule in a sentence, and whether it is on
  -rules FILE    the policy as JSON (see rules.json)
  -ledger KIND   memory (default), sqlite:FILE, postgres:URL or redis:ADDRESS; tables are made if need be
  -prefix NAME   begins the names of tables and keys in a database (default afterbeep)
  -keys DURATION how long the carrier's idempotency keys protect (default 0: it has none)
  -ahead DURATION a line that is further ahead of the one before is reported and does not move the clock (default 168h)
  -at TIME       RFC 3339; for lint and list (default: now)
  -lang TAG      en, fr or es; for list (default en)
An event is a line such as {"id":"1","type":"call.missed","at":"2026-06-15T12:00:00Z","contact":{"number":"+15145550100"}}.
`

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, time.Now())) }

// run is the program: 0 when all is well, 1 when lint found something or a line
// was too far ahead, 2 when it could not do its work.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer, now time.Time) int {
	code, err := command(args, stdin, stdout, stderr, now)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(stdout, usage)
		code = 0
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "reply: %v\n", err) // nothing is left to tell it to
		return 2
	}
	return code
}
