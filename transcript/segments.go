package transcript

import "golang.org/x/text/language"

// Spans finds what is profane in a transcript, each segment by its own
// language when the filter has several.
func (f *Filter) Spans(t Transcript) []Span {
	if len(f.locales) < 2 || len(t.Segments) == 0 {
		l := f.only(t.Language)
		if l == nil {
			return f.AppendSpans(nil, t.Text)
		}
		return l.scan(nil, t.Text, 0, f.texting)
	}
	var spans []Span
	from := 0
	for i := 0; i < len(t.Segments) && from < len(t.Text); {
		l := f.of(t, i)
		for i++; i < len(t.Segments) && f.of(t, i) == l; i++ { // a sentence may go on in the next segment
		}
		to := len(t.Text)
		if i < len(t.Segments) && t.Segments[i].From < len(t.Words) {
			to = t.Words[t.Segments[i].From].From
		}
		if to <= from || to > len(t.Text) {
			continue
		}
		n := len(spans)
		if l != nil {
			spans = l.scan(spans, t.Text[from:to], 0, f.texting)
		} else {
			spans = f.AppendSpans(spans, t.Text[from:to])
		}
		for j := n; j < len(spans); j++ {
			spans[j].From += from
			spans[j].To += from
		}
		from = to
	}
	return spans
}

// of is the locale that judges a segment of t, or nil when all do.
func (f *Filter) of(t Transcript, segment int) *locale {
	if tag := t.Segments[segment].Language; tag != language.Und {
		return f.only(tag)
	}
	return f.only(t.Language)
}

// only is the locale of the filter for a language, or nil when all count.
func (f *Filter) only(tag language.Tag) *locale {
	if len(f.locales) == 1 {
		return &f.locales[0]
	}
	if tag == language.Und {
		return nil
	}
	var same *locale
	base, _ := tag.Base()
	for i := range f.locales {
		l := &f.locales[i]
		if l.tag == tag {
			return l
		}
		if b, _ := l.tag.Base(); b == base && same == nil {
			same = l
		}
	}
	return same
}
