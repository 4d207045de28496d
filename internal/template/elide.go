package template

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// elided are the French words that lose their vowel before another one.
var elided = [...]string{"de", "le", "la", "que", "je", "me", "te", "se", "ne", "ce", "jusque", "lorsque", "puisque", "quoique"}

// elide shortens the last word in b when value begins with a vowel: "de " in
// front of Acme becomes "d'".
func elide(b *strings.Builder, value string) {
	s := b.String()
	if !strings.HasSuffix(s, " ") || !vowel(value) {
		return
	}
	start := strings.LastIndexFunc(s[:len(s)-1], func(r rune) bool { return !unicode.IsLetter(r) }) + 1
	word := s[start : len(s)-1]
	for _, w := range elided {
		if strings.EqualFold(word, w) {
			b.Reset()
			b.WriteString(s[:start])
			b.WriteString(word[:len(word)-1])
			b.WriteByte('\'')
			return
		}
	}
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
