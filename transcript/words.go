package transcript

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// split finds the words of text: runs without white space, from which
// punctuation at both ends is taken away unless nothing else is left.
func split(text string) []Word {
	var words []Word
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			at += size
			continue
		}
		end := strings.IndexFunc(text[at:], unicode.IsSpace)
		if end < 0 {
			end = len(text) - at
		}
		from, to := trim(text, at, at+end)
		words = append(words, Word{From: from, To: to})
		at += end
	}
	return words
}

// trim takes punctuation from both ends of text[from:to]. Marks that engines
// use to mask, and the apostrophe after an elision, stay.
func trim(text string, from, to int) (int, int) {
	inner := strings.TrimLeftFunc(text[from:to], punctuation)
	if inner == "" {
		return from, to
	}
	from = to - len(inner)
	return from, from + len(strings.TrimRightFunc(inner, punctuation))
}

func punctuation(r rune) bool {
	switch r {
	case '*', '#', '@', '&', '%', '\'', '’', '_':
		return false
	}
	return unicode.IsPunct(r)
}

// countWords is how many words [split] finds.
func countWords(text string) int {
	n, inside := 0, false
	for _, r := range text {
		space := unicode.IsSpace(r)
		if !space && !inside {
			n++
		}
		inside = !space
	}
	return n
}
