package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// command reads the flags and does what they say.
func command(args []string, stdin io.Reader, stdout, stderr io.Writer, now time.Time) (int, error) {
	verb := "replay"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		verb, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("reply", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	file := flags.String("rules", "", "")
	ledger := flags.String("ledger", "memory", "")
	prefix := flags.String("prefix", "afterbeep", "")
	keys := flags.Duration("keys", 0, "")
	ahead := flags.Duration("ahead", 7*24*time.Hour, "")
	at := flags.String("at", "", "")
	lang := flags.String("lang", "en", "")
	if err := flags.Parse(args); err != nil {
		return 2, err
	}
	if flags.NArg() > 0 {
		return 2, fmt.Errorf("%q: not expected here, see -h", flags.Arg(0))
	}
	if *at != "" {
		parsed, err := time.Parse(time.RFC3339, *at)
		if err != nil {
			return 2, fmt.Errorf("-at %q: want a time such as 2026-06-15T12:00:00Z", *at)
		}
		now = parsed
	}
	if *ahead <= 0 {
		return 2, fmt.Errorf("-ahead %s: want a duration such as 168h", *ahead)
	}
	if *file == "" {
		return 2, errors.New("no rules: want -rules FILE, see -h")
	}
	data, err := os.ReadFile(*file)
	if err != nil {
		return 2, err
	}
	policy, err := autoreply.Parse(data)
	if err != nil {
		return 2, fmt.Errorf("%s: %w", *file, err)
	}
	switch verb {
	case "replay":
		ctx := context.Background()
		l, closer, err := openLedger(ctx, *ledger, *prefix)
		if err != nil {
			return 2, err
		}
		bad, err := replay(ctx, policy, l, terms{keys: *keys, ahead: *ahead}, stdin, stdout, stderr)
		return min(bad, 1), errors.Join(err, closer.Close())
	case "preview":
		return 0, preview(policy, stdin, stdout)
	case "lint":
		return lint(policy, stdout, now)
	case "list":
		return 0, list(policy, data, *lang, stdout, now)
	}
	return 2, fmt.Errorf("%q: want preview, lint or list, or nothing", verb)
}

// events calls do for each line of in, which are counted from 1.
func events(in io.Reader, do func(n int, e phone.Event) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var e phone.Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return fmt.Errorf("line %d: want an event as JSON: %w", n, err)
		}
		if err := do(n, e); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}

func preview(p *autoreply.Policy, stdin io.Reader, stdout io.Writer) error {
	out := json.NewEncoder(stdout)
	return events(stdin, func(_ int, e phone.Event) error {
		return out.Encode(brief(e.At, p.Decide(e, autoreply.Facts{}, e.At)))
	})
}

func lint(p *autoreply.Policy, stdout io.Writer, now time.Time) (int, error) {
	found := p.Lint(now)
	for _, f := range found {
		if _, err := fmt.Fprintf(stdout, "%s%s: %s: %s\n", f.Rule, f.Path, f.Code, f.Text); err != nil {
			return 2, err
		}
	}
	return min(len(found), 1), nil
}

func list(p *autoreply.Policy, data []byte, lang string, stdout io.Writer, now time.Time) error {
	tag, err := language.Parse(lang)
	if err != nil {
		return fmt.Errorf("-lang %q: want en, fr or es", lang)
	}
	var f autoreply.File
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	sentence := map[string]string{}
	for _, r := range f.Rules {
		sentence[r.ID] = r.Sentence(tag)
	}
	for _, s := range p.Status(now) {
		state := "on"
		if !s.Active {
			state = string(s.Why)
		}
		if _, err := fmt.Fprintf(stdout, "%-16s %-10s %s\n", s.Rule, state, sentence[s.Rule]); err != nil {
			return err
		}
	}
	return nil
}
