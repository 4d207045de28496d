package transcript

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// languageTable has a row of one byte a language, signed, for each bucket of
// features: how much a word or three letters in a row speak for the language.
// It is trained by TestLanguageTable from the texts in languages/.
//
//go:embed languages/languages.bin
var languageTable string

const (
	buckets      = 1 << 14
	rowLen       = 6
	maxDetect    = 400 // bytes that are read: more does not change the answer
	leastMargin  = 24  // between the best and the second
	marginHalves = 120 // the margin at which confidence is a half
)

// detected are the languages of a row.
func detected(i int) language.Tag {
	switch i {
	case 0:
		return language.English
	case 1:
		return language.French
	case 2:
		return language.Spanish
	case 3:
		return language.German
	case 4:
		return language.Italian
	}
	return language.Portuguese
}

// Detect guesses the language of a short text: English, French, Spanish,
// German, Italian or Portuguese. The tag is [language.Und] when it can not
// tell: no letters, another script, a word that all of them have. Confidence
// is from 0 to 1 and grows with the distance to the second best; it is not a
// probability. Texts in a seventh language get the nearest of the six with a
// low confidence, or none. It reads the beginning of a long text, allocates
// nothing and may be called concurrently.
//
// A detected language is a hint for transcripts alone: what a caller chose or
// what the line is set to is always the better source.
func Detect(text string) (tag language.Tag, confidence float64) {
	var score [rowLen]int
	features(text, func(bucket uint32) {
		row := languageTable[bucket*rowLen : bucket*rowLen+rowLen]
		for i := range rowLen {
			score[i] += int(int8(row[i]))
		}
	})
	best, second := 0, 1
	if score[1] > score[0] {
		best, second = 1, 0
	}
	for i := 2; i < rowLen; i++ {
		switch {
		case score[i] > score[best]:
			best, second = i, best
		case score[i] > score[second]:
			second = i
		}
	}
	margin := score[best] - score[second]
	if margin < leastMargin || score[best] <= 0 {
		return language.Und, 0
	}
	return detected(best), float64(margin) / float64(margin+marginHalves)
}

// Quebec reports whether a French text has a word in it that people only say
// in Québec: pantoute, icitte, faque. It is a hint; most texts from Québec have
// none, and where the line is known it is the better source.
func Quebec(text string) bool {
	for _, w := range split(text) {
		word := text[w.From:w.To]
		for i := range len(quebecWords) {
			if strings.EqualFold(word, quebecWords[i]) {
				return true
			}
		}
	}
	return false
}

// quebecWords are the words of [Quebec]; nothing writes to it.
var quebecWords = [...]string{
	"pantoute", "icitte", "faque", "chus", "asteure", "astheure", "tabarnak", "câlisse", "ostie", "frette", "chum",
	"dépanneur", "tuque", "balayeuse", "magasiner", "moé", "toé", "ayoye", "heille", "niaiseux", "cégep", "bobettes",
}

// features calls visit with the bucket of each word of text and of each three
// letters in a row, borders of words among them.
func features(text string, visit func(bucket uint32)) {
	const prime, border = 16777619, 1
	word, length := uint32(2166136261), 0
	a, b := uint32(0), uint32(border) // the two characters before
	end := func() {
		if length > 0 {
			visit(mix(a*31+b*1009+border*65599, 7))
			if length == 1 {
				visit(mix(b, 3))
			}
			visit(mix(word, 11))
		}
		word, length, a, b = 2166136261, 0, 0, border
	}
	for i := 0; i < len(text) && i < maxDetect; {
		c := uint32(text[i])
		size := 1
		switch {
		case c-'a' < 26:
		case c-'A' < 26:
			c += 'a' - 'A'
		case c < utf8.RuneSelf:
			end()
			i++
			continue
		default:
			r, n := utf8.DecodeRuneInString(text[i:])
			size = n
			if combining(r) || ignorable(r) {
				i += size
				continue
			}
			if !unicode.IsLetter(r) || r > lastLatin {
				end()
				i += size
				continue
			}
			c = uint32(unicode.ToLower(r))
		}
		i += size
		word = (word ^ c) * prime
		if length++; a != 0 {
			visit(mix(a*31+b*1009+c*65599, 7))
		} else if length == 2 {
			visit(mix(b*1009+c*65599, 5))
		}
		a, b = b, c
	}
	end()
}

// mix spreads a feature over the buckets.
func mix(h, kind uint32) uint32 {
	h = (h ^ kind*0x9e3779b1) * 0x85ebca6b
	h ^= h >> 15
	h *= 0xc2b2ae35
	return (h ^ h>>16) % buckets
}
