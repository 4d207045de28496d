// Command filter hides profanity in text on its standard input.
//
//	filter -locale fr-CA < message.txt
//	filter -locale fr-CA,en -mode tag -explain < message.txt
//	filter -batch < lines            locale<TAB>text in, one JSON object a line out
//	filter -words < transcript.json  a transcript with timed words in and out
//	filter -detect < lines           the language of each line, and how sure
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		if err != flag.ErrHelp {
			fmt.Fprintln(os.Stderr, "filter:", err)
		}
		os.Exit(2)
	}
}

// settings are the flags.
type settings struct {
	locale, mode, profile, severity string
	words, batch, detect, explain   bool
}

func run(args []string, in io.Reader, out, log io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("filter", flag.ContinueOnError)
	flags.SetOutput(log)
	flags.StringVar(&s.locale, "locale", "en", "language of the text, as BCP 47; several with commas")
	flags.StringVar(&s.mode, "mode", "mask", "mask, first, vowels, fixed, remove or tag")
	flags.StringVar(&s.severity, "severity", "medium", "the least that is touched: mild, medium or strong")
	flags.StringVar(&s.profile, "profile", "speech", "speech, or texting for what people type")
	flags.BoolVar(&s.words, "words", false, "a transcript as JSON in and out")
	flags.BoolVar(&s.batch, "batch", false, "lines of locale<TAB>text in, JSON lines out")
	flags.BoolVar(&s.detect, "detect", false, "tell the language of each line")
	flags.BoolVar(&s.explain, "explain", false, "tell what was found instead of filtering")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp // has been told
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; the text comes on standard input", flags.Arg(0))
	}
	options, err := s.options()
	if err != nil {
		return err
	}
	switch {
	case s.batch:
		return batch(in, out, options)
	case s.detect:
		return detect(in, out)
	}
	filter, err := build(s.locale, options)
	if err != nil {
		return err
	}
	switch {
	case s.words:
		return words(in, out, filter)
	case s.explain:
		return explain(in, out, filter)
	}
	w := filter.Writer(out)
	if _, err := io.Copy(w, in); err != nil {
		return err
	}
	return w.Close()
}
