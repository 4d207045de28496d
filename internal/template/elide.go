package template

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// elided are the French words that lose their vowel before another one.
var elided = [...]string{"de", "le", "la", "que", "je", "me", "te", "se", "ne", "ce", "jusque", "lorsque", "puisque", "quoique"}

// elide shortens the last word of b when value begins with a vowel: "de " in
// front of Acme becomes "d'".
func elide(b []byte, value string) []byte {
	if len(b) == 0 || b[len(b)-1] != ' ' {
		return b
	}
	end := len(b) - 1
	start := bytes.LastIndexFunc(b[:end], func(r rune) bool { return !unicode.IsLetter(r) }) + 1
	for _, w := range elided {
		if end-start == len(w) && strings.EqualFold(string(b[start:end]), w) {
			if vowel(value) {
				b = append(b[:end-1], '\'')
			}
			return b
		}
	}
	return b
}

// mute are the beginnings of words with a silent h; of names with any other h
// nobody can be sure, and they stay as they are.
var mute = [...]string{"habit", "harmoni", "hebdo", "herb", "heure", "histoire", "hiver", "homme", "honneur", "hopital", "horlog", "hotel", "huile", "huitre", "hydr", "hygien", "hypo"}

// vowel reports whether value begins with the sound of a vowel.
func vowel(value string) bool {
	plain := strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(value)))
	plain = strings.ReplaceAll(strings.ReplaceAll(plain, "œ", "oe"), "æ", "ae")
	switch first, size := utf8.DecodeRuneInString(plain); first {
	case 'a', 'e', 'i', 'o', 'u':
		for _, word := range [...]string{"onze", "oui", "ouistiti", "uhlan"} {
			if plain == word || strings.HasPrefix(plain, word+" ") {
				return false
			}
		}
		return true
	case 'y':
		next, _ := utf8.DecodeRuneInString(plain[size:])
		return next != utf8.RuneError && !strings.ContainsRune("aeiou", next)
	case 'h':
		for _, word := range mute {
			if strings.HasPrefix(plain, word) {
				return true
			}
		}
	}
	return false
}
