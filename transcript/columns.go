package transcript

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// finish gives each letter a column, each set of rules a number, and builds the
// automaton.
func (c *compiler) finish() (*table, error) {
	letters := uint8(clsLetter)
	numbers := map[string]uint16{}
	forms := make([]form, 0, len(c.forms))
	var key []byte
	for word, rules := range c.forms {
		coded := make([]byte, 0, len(word))
		for _, r := range word {
			class, ok := c.letter[r]
			if !ok {
				if letters == clsSign {
					return nil, fmt.Errorf("transcript: more than %d letters in the words of one filter", clsSign-clsLetter)
				}
				class = letters
				c.letter[r] = class
				letters++
			}
			coded = append(coded, class)
		}
		slices.Sort(rules)
		key = key[:0]
		for _, n := range rules {
			key = binary.LittleEndian.AppendUint16(key, n)
		}
		set, ok := numbers[string(key)]
		if !ok {
			set = uint16(len(c.sets))
			numbers[string(key)] = set
			c.sets = append(c.sets, rules)
		}
		forms = append(forms, form{string(coded), set})
		c.heads.add(word)
	}
	if len(c.sets) > math.MaxUint16 || len(c.rules) > math.MaxUint16 {
		return nil, errStates
	}
	a, err := build(forms)
	if err != nil {
		return nil, err
	}
	c.automaton, c.bare = *a, c.x.bare
	c.classes()
	for r := range c.letter {
		if r <= lastLatin {
			delete(c.letter, r)
		}
	}
	return c.table, nil
}

// classes fills the tables that the loop over the text reads.
func (c *compiler) classes() {
	for b := range 256 {
		switch {
		case b >= utf8.RuneSelf:
			c.class[b] = clsMulti
		case b == '*' || b == '#' || b == '<' || b == '[':
			c.class[b] = clsSign
		case wordRune(rune(b)):
			c.class[b] = c.classOf(rune(b))
		}
	}
	c.high = make([]uint8, lastLatin+1)
	for r := rune(0x80); r <= lastLatin; r++ {
		if wordRune(r) {
			c.high[r] = c.classOf(r)
		}
	}
	for i := range c.second {
		r := rune(0xc0 + i)
		if c.second[i] = c.high[r]; expand(lower(r)) != "" {
			c.second[i] = clsMulti
		}
	}
}

func (c *compiler) classOf(r rune) uint8 {
	l := lower(r)
	if class, ok := c.letter[l]; ok {
		return class
	}
	if c.x.bare && l <= lastLatin {
		if class, ok := c.letter[rune(c.bases[l])]; ok {
			return class
		}
	}
	return clsOther
}

// compose puts a mark on a letter; the letter itself comes back when Unicode
// has no such character.
func compose(r, mark rune) rune {
	var in [8]byte
	n := utf8.EncodeRune(in[:], r)
	n += utf8.EncodeRune(in[n:], mark)
	var buf [16]byte
	out := norm.NFC.Append(buf[:0], in[:n]...)
	if whole, size := utf8.DecodeRune(out); size == len(out) {
		return whole
	}
	return r
}
