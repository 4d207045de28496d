package transcript

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// Text is sought through in blocks of 64 bytes; words that begin in the last 8
// are left to the next block, so that the heads of all are at hand.
const (
	blockLen  = 64
	blockStep = blockLen - 8
	blockRead = blockLen + 8
)

const (
	each = 0x0101010101010101 // times a byte: that byte eight times
	tops = each << 7
)

// seeker finds in a text what has to be read letter by letter: a word with the
// head of one of ours, a sign, a character beyond Latin-1. Most words are not,
// and telling them by bits and not by letters leaves the processor nothing to
// guess.
type seeker struct {
	t           *table
	text        string
	at          int    // of the block
	events      uint64 // of the block, not looked at yet: where something begins
	words, high uint64 // of the block; see marks
	carry       uint64 // the byte before the next block belongs to a word
	pair        uint64 // the first byte of the next block belongs to the letter before
	pad         [blockRead]byte
}

func newSeeker(t *table, text string, from int) seeker {
	return seeker{t: t, text: text, at: from - blockStep}
}

// next is the place of the next find from the byte from on, where no word is
// under way, or the length of the text.
func (s *seeker) next(from int) int {
	if from >= s.at+blockStep {
		s.events = 0
	} else if from > s.at {
		s.events &= ^uint64(0) << ((from - s.at) & 63)
	}
	for {
		if s.events != 0 {
			if p, ok := s.find(); ok {
				return p
			}
		}
		if s.at += blockStep; s.at < from {
			s.at, s.carry, s.pair = from, 0, 0
		}
		if s.at >= len(s.text) {
			return len(s.text)
		}
		s.read()
	}
}

// block is what the text has at the byte at, and zeros behind its end.
func (s *seeker) block() *[blockRead]byte {
	if len(s.text)-s.at >= blockRead {
		return (*[blockRead]byte)(unsafe.Pointer(unsafe.StringData(s.text[s.at:]))) // only read
	}
	return &s.pad
}

// read looks at the next block.
func (s *seeker) read() {
	if len(s.text)-s.at < blockRead {
		clear(s.pad[copy(s.pad[:], s.text[s.at:]):])
	}
	block := s.block()
	words, high, signs := marks(block)
	if high != 0 {
		latin := s.t.latin(block, high) | s.pair
		words |= latin
		high &^= latin
		s.pair = 0
		if block[blockStep]&0xc0 == 0x80 {
			s.pair = latin >> blockStep & 1
		}
	}
	inner := words | high
	starts := words &^ (inner<<1 | s.carry)
	s.carry = inner >> (blockStep - 1) & 1
	s.words, s.high = words, high
	s.events = (starts | high | signs) & (1<<blockStep - 1)
}

// find goes through the events of the block.
func (s *seeker) find() (p int, found bool) {
	block, heads := s.block(), &s.t.heads
	words, high, at := s.words, s.high, s.at
	for events := s.events; events != 0; {
		n := bits.TrailingZeros64(events) & 63
		events &= events - 1
		if high>>n&(1<<(headLen+1)-1) == 0 && words>>n&1 != 0 && !heads.has(binary.LittleEndian.Uint64(block[n:n+8]), words>>n) {
			continue
		}
		s.events = events
		return at + n, true // a character that is no letter, or that may change the head, too
	}
	s.events = 0
	return 0, false
}

// marks has a bit for each byte of a block, the lowest for the first: the
// letters and digits of ASCII, the bytes of other characters, and, should
// there be any, the signs.
func marks(block *[blockRead]byte) (words, high, signs uint64) {
	var sign uint64
	for i := 0; i < blockLen; i += 8 {
		x := binary.LittleEndian.Uint64(block[i : i+8])
		low := x &^ tops
		small := low | 0x20*each
		// A byte below 0x80 has its top set by adding 0x80-c when it is at least c.
		letter := (small + (0x80-'a')*each) &^ (small + (0x7f-'z')*each)
		digit := (low + (0x80-'0')*each) &^ (low + (0x7f-'9')*each)
		words |= gather((letter|digit)&^x&tops) << (i & 63)
		if top := x & tops; top != 0 {
			high |= gather(top) << (i & 63)
		}
		// Of an equal byte nothing is left, and taking one away sets its top.
		sign |= ((x ^ '*'*each - each) | (x ^ '#'*each - each) | (x ^ '<'*each - each) | (x ^ '['*each - each)) &^ x
	}
	if sign&tops != 0 {
		for i, c := range block[:blockLen] {
			if c == '*' || c == '#' || c == '<' || c == '[' {
				signs |= 1 << i
			}
		}
	}
	return words, high, signs
}

// gather moves the tops of eight bytes together.
func gather(x uint64) uint64 { return x >> 7 * 0x0102040810204080 >> 56 }

// latin is the part of high that are letters of Latin-1 with a column of their
// own, or none where the lexicon takes no notice of accents.
func (t *table) latin(block *[blockRead]byte, high uint64) (letters uint64) {
	if t.bare {
		return 0
	}
	for rest := high; rest != 0; rest &= rest - 1 {
		n := bits.TrailingZeros64(rest) & 63
		if block[n] == 0xc3 && block[n+1]&0xc0 == 0x80 {
			if c := t.second[block[n+1]&0x3f]; c != clsGap && c != clsMulti {
				letters |= 3 << n
			}
		}
	}
	return letters
}

// headLen is how many bytes of a word the heads know.
const headLen = 5

// heads is the set of how the words of a lexicon begin, a bit for the hash of
// each. What has no bit there is no word of it.
type heads [1 << (headBits - 6)]uint64

const headBits = 16

// add puts the head of a canonical word into the set.
func (h *heads) add(word string) {
	var x [8]byte
	n := copy(x[:headLen], word)
	hash := headHash(binary.LittleEndian.Uint64(x[:]), 1<<n-1)
	h[hash>>6] |= 1 << (hash & 63)
}

// has reports whether the word that begins with the bytes of x, as far as the
// low bits of letters are set, may be one of the lexicon.
func (h *heads) has(x, letters uint64) bool {
	hash := headHash(x, letters)
	return h[hash>>6]>>(hash&63)&1 != 0
}

// headHash is the same for capitals and small letters, in ASCII and in
// Latin-1: they differ in one bit.
func headHash(x, letters uint64) uint64 {
	return (x | 0x20*each) & headMasks[letters&(1<<headLen-1)] * 0x9e3779b97f4a7c15 >> (64 - headBits)
}

// headMasks covers the bytes up to the first that is not set.
var headMasks = [1 << headLen]uint64{
	0x0, 0xff, 0x0, 0xffff, 0x0, 0xff, 0x0, 0xffffff,
	0x0, 0xff, 0x0, 0xffff, 0x0, 0xff, 0x0, 0xffffffff,
	0x0, 0xff, 0x0, 0xffff, 0x0, 0xff, 0x0, 0xffffff,
	0x0, 0xff, 0x0, 0xffff, 0x0, 0xff, 0x0, 0xffffffffff,
}
