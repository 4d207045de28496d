package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/afterbeep/afterbeep/transcript"
)

// maxLocales is how many filters one batch compiles.
const maxLocales = 64

// batch answers each line locale<TAB>text with a JSON object:
// {"p":true,"c":"masked text","spans":[[startByte,endByte]],"sev":3}.
// A locale without a lexicon leaves the text as it is. So does a line that is
// wrong; its object says why in "error", and the others are answered. The error
// of batch is then a [badLines].
func batch(in io.Reader, out io.Writer, o *transcript.FilterOptions) error {
	w := bufio.NewWriterSize(out, 64<<10)
	b := batches{options: o, filters: map[string]*transcript.Filter{}}
	var bad badLines
	err := lines(in, func(number int, line []byte) error {
		row, err := b.answer(line)
		if err != nil {
			if bad.count++; bad.count == 1 {
				bad.first, bad.why = number, err
			}
		}
		_, err = w.Write(row)
		return err
	})
	if err == nil && bad.count > 0 {
		err = &bad
	}
	return errors.Join(err, w.Flush())
}

// badLines are lines of a batch that were not filtered.
type badLines struct {
	count, first int // first: its number, from 1
	why          error
}

func (b *badLines) Error() string {
	return fmt.Sprintf("%d lines were not filtered; line %d: %v", b.count, b.first, b.why)
}

func (b *badLines) Unwrap() error { return b.why }

// batches answers lines, with one filter a locale.
type batches struct {
	options *transcript.FilterOptions
	filters map[string]*transcript.Filter // nil: no lexicon
	spans   []transcript.Span
	row     []byte
}

// answer is the row for one line, which the next answer overwrites.
func (b *batches) answer(line []byte) ([]byte, error) {
	locale, rest, ok := bytes.Cut(line, []byte{'\t'})
	if !ok {
		return b.refuse(string(line), errors.New("no tab between locale and text"))
	}
	text := string(rest)
	f, known := b.filters[string(locale)]
	if !known {
		if len(b.filters) == maxLocales {
			return b.refuse(text, fmt.Errorf("more than %d locales", maxLocales))
		}
		var err error
		if f, err = build(string(locale), b.options); err != nil && !errors.Is(err, transcript.ErrNoLexicon) {
			return b.refuse(text, err)
		}
		b.filters[string(locale)] = f
	}
	clean := text
	if b.spans = b.spans[:0]; f != nil {
		if b.spans = f.AppendSpans(b.spans, text); len(b.spans) > 0 {
			clean = f.Text(text)
		}
	}
	b.row = append(appendRow(b.row[:0], clean, b.spans), "}\n"...)
	return b.row, nil
}

func (b *batches) refuse(text string, why error) ([]byte, error) {
	b.row = append(appendRow(b.row[:0], text, nil), `,"error":`...)
	b.row = append(appendString(b.row, why.Error()), "}\n"...)
	return b.row, why
}

// appendRow appends the object for a line, without its end.
func appendRow(row []byte, clean string, spans []transcript.Span) []byte {
	severity := transcript.Severity(0)
	row = append(row, `{"p":`...)
	row = strconv.AppendBool(row, len(spans) > 0)
	row = append(row, `,"c":`...)
	row = appendString(row, clean)
	row = append(row, `,"spans":[`...)
	for i, s := range spans {
		if i > 0 {
			row = append(row, ',')
		}
		row = append(row, '[')
		row = strconv.AppendInt(row, int64(s.From), 10)
		row = append(row, ',')
		row = strconv.AppendInt(row, int64(s.To), 10)
		row = append(row, ']')
		severity = max(severity, s.Severity)
	}
	row = append(row, `],"sev":`...)
	return strconv.AppendInt(row, int64(severity), 10)
}

// appendString writes text as a JSON string. Bytes that are not valid UTF-8
// can not be in one and become U+FFFD.
func appendString(row []byte, text string) []byte {
	row = append(row, '"')
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				row = append(row, "\uFFFD"...)
			} else {
				row = append(row, text[i:i+size]...)
			}
			i += size
			continue
		}
		switch {
		case c == '"' || c == '\\':
			row = append(row, '\\', c)
		case c < ' ' || c == 0x7f:
			row = fmt.Appendf(row, `\u%04x`, c)
		default:
			row = append(row, c)
		}
		i++
	}
	return append(row, '"')
}
