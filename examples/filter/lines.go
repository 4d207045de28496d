package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// maxLine is the longest line of input.
const maxLine = 16 << 20

func (s settings) options() (*transcript.FilterOptions, error) {
	o := &transcript.FilterOptions{Mode: transcript.Mode(s.mode)}
	switch s.severity {
	case "mild", "1":
		o.Least = transcript.Mild
	case "medium", "2":
		o.Least = transcript.Medium
	case "strong", "3":
		o.Least = transcript.Strong
	default:
		return nil, fmt.Errorf("severity %q, want mild, medium or strong", s.severity)
	}
	switch s.profile {
	case "speech":
	case "texting", "sms":
		o.Texting = true
	default:
		return nil, fmt.Errorf("profile %q, want speech or texting", s.profile)
	}
	return o, nil
}

// build compiles a filter for one locale or several with commas between.
func build(locale string, o *transcript.FilterOptions) (*transcript.Filter, error) {
	var tags []language.Tag
	for name := range strings.SplitSeq(locale, ",") {
		tag, err := language.Parse(strings.TrimSpace(name))
		if err != nil {
			return nil, fmt.Errorf("locale %q: %w", name, err)
		}
		tags = append(tags, tag)
	}
	own := *o
	own.Also = tags[1:]
	return transcript.NewFilter(tags[0], &own)
}

// lines calls f with each line of in, without its end. The slice is used again.
func lines(in io.Reader, f func(number int, line []byte) error) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	for number := 1; scanner.Scan(); number++ {
		if err := f(number, scanner.Bytes()); err != nil {
			return err
		}
	}
	return scanner.Err()
}

// detect tells the language of each line and the confidence.
func detect(in io.Reader, out io.Writer) error {
	w := bufio.NewWriterSize(out, 64<<10)
	err := lines(in, func(_ int, line []byte) error {
		tag, confidence := transcript.Detect(string(line))
		_, err := fmt.Fprintf(w, "%s\t%.3f\n", tag, confidence)
		return err
	})
	return errors.Join(err, w.Flush())
}

// explain tells what was found in each line.
func explain(in io.Reader, out io.Writer, f *transcript.Filter) error {
	w := bufio.NewWriterSize(out, 64<<10)
	var spans []transcript.Span
	err := lines(in, func(number int, line []byte) error {
		text := string(line)
		spans = f.AppendSpans(spans[:0], text)
		if len(spans) == 0 {
			_, err := fmt.Fprintf(w, "%d: clean\n", number)
			return err
		}
		for _, s := range spans {
			if _, err := fmt.Fprintf(w, "%d: %q bytes %d to %d: severity %d, %s, from %q\n",
				number, text[s.From:s.To], s.From, s.To, s.Severity, s.Category, s.Lemma); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, w.Flush())
}

// words filters a transcript with timed words.
func words(in io.Reader, out io.Writer, f *transcript.Filter) error {
	data, err := io.ReadAll(io.LimitReader(in, maxLine+1))
	if err != nil {
		return err
	}
	if len(data) > maxLine {
		return transcript.ErrTooLong
	}
	var t transcript.Transcript
	if err := json.Unmarshal(data, &t); err != nil {
		return fmt.Errorf("not a transcript: %w", err)
	}
	if err := t.Check(); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(f.Transcript(t))
}
