package transcript

import (
	"fmt"
	"io"
	"slices"
	"unsafe"

	"golang.org/x/text/language"
)

// Filter finds profanity in text and in timed words. It is compiled once,
// immutable and safe for concurrent use.
type Filter struct {
	mode    Mode
	texting bool
	locales []locale
	reach   int // words that a judgement may look back or ahead from the first it hides
}

type locale struct {
	tag   language.Tag
	table *table
}

// NewFilter compiles a filter for the language. A locale uses the lexicons of
// its parents too: fr-CA adds to fr, takes some words of it back, and en-GB is
// en. A language without any lexicon is [ErrNoLexicon], unless the host gives
// words of its own. Wrong options are an error that wraps [ErrOptions].
func NewFilter(tag language.Tag, o *FilterOptions) (*Filter, error) {
	if o == nil {
		o = &FilterOptions{}
	}
	least, err := o.check()
	if err != nil {
		return nil, err
	}
	f := &Filter{mode: o.Mode, texting: o.Texting}
	if f.mode == "" {
		f.mode = Mask
	}
	for _, tag := range append([]language.Tag{tag}, o.Also...) {
		if slices.ContainsFunc(f.locales, func(l locale) bool { return l.tag == tag }) {
			continue
		}
		t, err := tableFor(tag, least, o)
		if err != nil {
			return nil, err
		}
		f.locales = append(f.locales, locale{tag, t})
		f.reach = max(f.reach, reachWords+t.longest())
	}
	return f, nil
}

// longest is how many words the longest phrase has beside its anchor.
func (t *table) longest() (words int) {
	for i := range t.rules {
		words = max(words, len(t.rules[i].left)+len(t.rules[i].right))
	}
	return words
}

// tableFor compiles the lexicons of tag and the terms of the host.
func tableFor(tag language.Tag, least Severity, o *FilterOptions) (*table, error) {
	x := &lexicon{}
	names := chain(tag)
	for i, name := range names {
		child, err := load(name)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			child.inherit(x)
		}
		x = child
	}
	if len(names) == 0 && len(o.Words) == 0 {
		return nil, fmt.Errorf("%w: %s", ErrNoLexicon, tag)
	}
	base, _ := tag.Base()
	for i, term := range slices.Concat(o.Words, o.Allow) {
		if b, _ := term.Language.Base(); term.Language != language.Und && b != base {
			continue
		}
		x.entries = append(x.entries, term.entry(i >= len(o.Words), least, base.String()))
	}
	return compile(x, least)
}

// AppendSpans appends what the filter finds in text to dst, in order and
// without overlap. It allocates nothing while dst has room.
func (f *Filter) AppendSpans(dst []Span, text string) []Span {
	return f.append(dst, text, 0)
}

func (f *Filter) append(dst []Span, text string, from int) []Span {
	if len(f.locales) == 1 {
		return f.locales[0].scan(dst, text, from, f.texting)
	}
	first := len(dst)
	var ends [MaxLanguages + 1]int
	for i := range f.locales {
		dst = f.locales[i].scan(dst, text, from, f.texting)
		ends[i] = len(dst)
	}
	return f.spoken(dst, first, ends[:len(f.locales)], text)
}

func (l *locale) scan(dst []Span, text string, from int, texting bool) []Span {
	first := len(dst)
	dst = l.table.scan(dst, text, from)
	if texting {
		dst = l.table.scanTyped(dst, first, text, from)
	}
	return dst
}

// merge puts the spans from first on, found by several locales, in one order.
func merge(dst []Span, first int) []Span {
	spans := dst[first:]
	slices.SortFunc(spans, func(a, b Span) int {
		if a.From != b.From {
			return a.From - b.From
		}
		return b.To - a.To
	})
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.From < out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			out[n-1].Severity = max(out[n-1].Severity, s.Severity)
			continue
		}
		out = append(out, s)
	}
	return dst[:first+len(out)]
}

// Text returns text with the words treated as the mode says. Outside the words
// every byte stays as it was, valid or not, but for one space beside a word
// that [Remove] took out. Filtered text is left as it is when it is filtered
// again, except after [Remove], where what was apart may now be a phrase.
func (f *Filter) Text(text string) string {
	var room [16]Span
	spans := f.AppendSpans(room[:0], text)
	if len(spans) == 0 || f.mode == Tag {
		return text
	}
	r := renderer{mode: f.mode, texting: f.texting, bases: f.locales[0].table.bases, out: make([]byte, 0, len(text)+8)}
	r.text(text, 0, len(text), spans)
	return unsafe.String(unsafe.SliceData(r.out), len(r.out)) // nobody writes to it again
}

// Transcript returns t with as many words and the same times; t is unchanged.
// A word that [Remove] took out is empty and keeps its time.
func (f *Filter) Transcript(t Transcript) Transcript {
	spans := f.Spans(t)
	if len(spans) == 0 || f.mode == Tag {
		return t
	}
	r := renderer{mode: f.mode, texting: f.texting, bases: f.locales[0].table.bases, trace: true, out: make([]byte, 0, len(t.Text)+8)}
	r.text(t.Text, 0, len(t.Text), spans)
	t.Words = slices.Clone(t.Words)
	shift, next := 0, 0 // what the edits before next moved the text by
	place := func(at int) int {
		for next < len(r.edits) && r.edits[next].to <= at {
			shift += r.edits[next].length - (r.edits[next].to - r.edits[next].from)
			next++
		}
		if next < len(r.edits) && r.edits[next].from < at {
			return r.edits[next].from + shift + r.edits[next].length
		}
		return at + shift
	}
	for i := range t.Words {
		t.Words[i].From = place(t.Words[i].From)
		t.Words[i].To = place(t.Words[i].To)
	}
	t.Text = unsafe.String(unsafe.SliceData(r.out), len(r.out))
	return t
}

// Writer filters what is written to it and passes it on to w: a word as soon
// as what follows can not change its meaning, at most some [reachWords] words
// later. What comes out is what [Filter.Text] makes of the whole, however the
// writes are cut. Close writes the rest; it does not close w. The writer keeps
// no slice that it is given, and belongs to one goroutine at a time.
func (f *Filter) Writer(w io.Writer) io.WriteCloser {
	return &stream{filter: f, to: w, render: renderer{mode: f.mode, texting: f.texting, bases: f.locales[0].table.bases}}
}
