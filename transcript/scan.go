package transcript

import "unicode/utf8"

// How far a judgement may look, so that a stream has to hold back little.
const (
	reachWords = 10   // neighbours to either side
	maxWord    = 1024 // bytes; a longer one is no word, and nobody's neighbour
	maxGap     = 8    // bytes between neighbours
)

// scan appends what the table finds in text from the byte from on, where a word
// begins. What stands before is context only.
func (t *table) scan(dst []Span, text string, from int) []Span {
	first := len(dst)
	seeker := newSeeker(t, text, from)
	for i := from; ; {
		p := seeker.next(i)
		if p > i && p < len(text) && text[p] >= utf8.RuneSelf && t.class[text[p-1]] != clsGap {
			p = t.skip(text, p) // seek passed the beginning of this word: it is none of ours
		}
		if i = p; i >= len(text) {
			return dst
		}
		for i < len(text) && t.class[text[i]] != clsGap {
			dst, i = t.word(dst, first, text, i)
		}
	}
}

// word judges what begins at the byte i, which is no gap: a word, a sign, or a
// character that separates. It says where to go on.
func (t *table) word(dst []Span, first int, text string, i int) ([]Span, int) {
	next, class := t.next, &t.class
	c := class[text[i]]
	if c == clsSign {
		return t.sign(dst, first, text, i)
	}
	begin, s := i, start
letters:
	for i < len(text) {
		c = class[text[i]]
		if n := next[s<<6|int(c)]; n != 0 {
			s = int(n)
			i++
			continue
		}
		switch {
		case c == clsGap || c == clsSign:
			break letters
		case c != clsMulti:
			return dst, t.skip(text, i)
		}
		if text[i] == 0xc3 && i+1 < len(text) && text[i+1]&0xc0 == 0x80 {
			if c = t.second[text[i+1]&0x3f]; c == clsGap {
				break letters
			} else if c != clsMulti {
				i += 2
				if s = int(next[s<<6|int(c)]); s == 0 {
					return dst, t.skip(text, i)
				}
				continue
			}
		}
		i, s = t.slow(text, begin)
		break
	}
	if i == begin { // no word at all: a character that separates
		_, size := utf8.DecodeRuneInString(text[i:])
		return dst, i + size
	}
	if set := t.accept[s]; set != 0 && i-begin <= maxWord {
		return t.hit(dst, first, text, begin, i, set)
	}
	return dst, i
}

// skip goes to the end of the word in which i stands.
func (t *table) skip(text string, i int) int {
	for i < len(text) {
		switch c := t.class[text[i]]; {
		case c == clsMulti:
			if text[i] == 0xc3 && i+1 < len(text) && text[i+1]&0xc0 == 0x80 && t.second[text[i+1]&0x3f] != clsGap {
				i += 2
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			if !wordRune(r) {
				return i
			}
			i += size
		case c == clsGap || c == clsSign:
			return i
		default:
			i++
		}
	}
	return i
}

// slow walks over one word in which there are marks, ligatures, characters
// without width or letters of other scripts.
func (t *table) slow(text string, at int) (end, state int) {
	s := start
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !wordRune(r) {
			break
		}
		at += size
		if ignorable(r) || combining(r) {
			continue
		}
		for at < len(text) && text[at] >= utf8.RuneSelf {
			m, size := utf8.DecodeRuneInString(text[at:])
			if !ignorable(m) {
				if !combining(m) {
					break
				}
				r = compose(lower(r), m)
			}
			at += size
		}
		s = t.step(s, r)
	}
	return at, s
}

func (t *table) step(s int, r rune) int {
	if r > lastLatin {
		r = lower(r)
	}
	if s == 0 {
		return 0
	}
	class := uint8(clsOther)
	if r < utf8.RuneSelf {
		class = t.class[r]
	} else if r <= lastLatin {
		class = t.high[r]
	} else if c, ok := t.letter[r]; ok {
		class = c // of a host's word in another script
	}
	if class == clsOther {
		text := expand(lower(r))
		if text == "" {
			return 0
		}
		for i := range len(text) {
			s = int(t.next[s<<6|int(t.class[text[i]])])
		}
		return s
	}
	return int(t.next[s<<6|int(class)])
}

// hit judges the word text[from:to] and goes on behind it: the next word of a
// phrase may begin another.
func (t *table) hit(dst []Span, first int, text string, from, to int, set uint16) ([]Span, int) {
	if to < len(text) && text[to] == '*' || from > 0 && text[from-1] == '*' {
		if wordEnd(text, from)-from > maxWord || t.partOfHidden(text, from, to) {
			return dst, to
		}
	}
	around := surroundings{text: text, bases: t.bases, from: from, to: to}
	span, ok := t.judge(&around, set)
	if !ok {
		return dst, to
	}
	return appendSpan(dst, first, text, trimmed(text, span)), to
}

// trimmed is s without the characters at its ends that nobody sees.
func trimmed(text string, s Span) Span {
	for s.From < s.To && text[s.From] >= utf8.RuneSelf {
		r, size := utf8.DecodeRuneInString(text[s.From:])
		if !ignorable(r) {
			break
		}
		s.From += size
	}
	for s.From < s.To && text[s.To-1] >= utf8.RuneSelf {
		r, size := utf8.DecodeLastRuneInString(text[:s.To])
		if !ignorable(r) {
			break
		}
		s.To -= size
	}
	return s
}

// appendSpan keeps the spans in order and apart: of two where one lies in the
// other the longer stays, of two that overlap the later one begins behind the
// earlier.
func appendSpan(dst []Span, first int, text string, span Span) []Span {
	for len(dst) > first {
		last := &dst[len(dst)-1]
		if last.To <= span.From {
			break
		}
		if last.From <= span.From && last.To >= span.To {
			last.Severity = max(last.Severity, span.Severity)
			return dst
		}
		if last.From < span.From {
			for span.From = last.To; span.From < span.To; {
				r, size := utf8.DecodeRuneInString(text[span.From:])
				if wordRune(r) {
					break
				}
				span.From += size
			}
			break
		}
		span.Severity = max(span.Severity, last.Severity)
		dst = dst[:len(dst)-1]
	}
	if span.From >= span.To {
		return dst
	}
	return append(dst, span)
}

// judge asks each rule of the word. The phrases that count run together; the
// longest, of equal ones the strongest, gives them its name. An exception of
// the lexicon clears what is only the lexicon's, one of the host everything.
func (t *table) judge(s *surroundings, set uint16) (best Span, found bool) {
	var hosts, cleared bool
	length, from, to := -1, s.from, s.to
	for _, n := range t.sets[set] {
		r := &t.rules[n]
		left, right, ok := s.phrase(r)
		if !ok || !s.counts(r) {
			continue
		}
		if r.entry < 0 {
			if r.host {
				return Span{}, false
			}
			cleared = true
			continue
		}
		l := &t.lemmas[r.entry]
		hosts = hosts || r.host
		from, to = min(from, left), max(to, right)
		if more := right - left - length; more > 0 || more == 0 && l.severity > best.Severity {
			length = right - left
			best.Category, best.Lemma = l.category, l.text
		}
		best.Severity = max(best.Severity, l.severity)
	}
	best.From, best.To = from, to
	return best, length >= 0 && (hosts || !cleared)
}
