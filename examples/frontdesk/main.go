// Frontdesk is the front desk of a small company: opening hours, a menu in two
// languages, phones that ring, voicemail boxes and auto-replies, over real SIP.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

const usage = `frontdesk answers the phone of a small company.

  frontdesk -demo            place real calls to itself, tell each story, end
  frontdesk                  take calls until Ctrl-C, with the configuration that ships
  frontdesk -config FILE     with your own; -print shows the one to start from
  -listen ADDR               where SIP is spoken, instead of the configuration's
  -data DIR                  where recordings, texts and replies are kept (frontdesk-data)

Point a softphone at it (baresip: /dial sip:+15145550199@127.0.0.1:5060). Phones ring when they
register as a target of the flow (sip:sales@127.0.0.1:5060) or stand under "phones".
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: 0 for success, 1 when something failed, 2 for a command
// line that makes no sense.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("frontdesk", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	demo := flags.Bool("demo", false, "")
	file := flags.String("config", "", "")
	listen := flags.String("listen", "", "")
	data := flags.String("data", "frontdesk-data", "")
	printed := flags.Bool("print", false, "")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = io.WriteString(out, usage) // nobody to tell
		return 0
	case err != nil:
		return complain(errs, 2, fmt.Errorf("%w; -h shows the flags", err))
	case flags.NArg() > 0:
		return complain(errs, 2, fmt.Errorf("%q is not a flag; -h shows the flags", flags.Arg(0)))
	}
	if *printed {
		text, err := fs.ReadFile(shipped, shippedConfig)
		if err == nil {
			_, err = out.Write(text)
		}
		return complain(errs, 1, err)
	}
	c, err := readConfig(*file)
	if err != nil {
		return complain(errs, 1, err)
	}
	log := slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if *demo {
		return complain(errs, 1, runDemo(ctx, c, *data, out, log))
	}
	return complain(errs, 1, stayOpen(ctx, c, setting{listen: *listen, data: *data, clock: realClock{}, log: log}, out))
}

func complain(errs io.Writer, code int, err error) int {
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintf(errs, "frontdesk: %v\n", err) // nobody to tell
	return code
}

// realClock is the time of day.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

// stayOpen answers calls until ctx ends, and then puts everything in its place.
func stayOpen(ctx context.Context, c *config, in setting, out io.Writer) error {
	zone, err := c.zone()
	if err != nil {
		return err
	}
	in.story = newStory(out, in.clock, zone)
	o, err := openOffice(ctx, c, in)
	if err != nil {
		return err
	}
	in.story.words = o.words
	in.story.head(fmt.Sprintf("%s: call sip:%s@%s. What is kept is in %s. Ctrl-C stops.", c.Name, c.Number, o.host.Addr(), in.data))

	tending, stopTending := context.WithCancel(context.WithoutCancel(ctx))
	tended := make(chan struct{})
	go func() {
		defer close(tended)
		o.tend(tending, in.clock, in.log)
	}()
	err = o.serve(ctx)
	stopTending()
	<-tended

	// What is due now is still done; the rest is kept for the next time.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err2 := o.desk.Drain(last)
	_, err3 := o.desk.Work(last)
	return errors.Join(err, err2, err3, o.close())
}

// words are the transcript of a message as it was recognised.
func (o *office) words(ctx context.Context, id voicemail.BoxID, message string) string {
	page, err := o.desk.Mail().Messages(ctx, phone.Actor{Kind: phone.System, ID: "story"}, id, voicemail.Query{IDs: []string{message}})
	if err != nil || len(page.Messages) == 0 {
		return ""
	}
	return page.Messages[0].Transcript.Text
}

// zone is the time zone of the office.
func (c *config) zone() (*time.Location, error) {
	schedule, err := c.spec()
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(schedule.Zone)
}
