package media

import (
	"strings"
	"time"
)

// keys are the events of RFC 4733 section 3.2, by their number.
const keys = "0123456789*#ABCD"

// IsDigit reports whether r is one of the sixteen keys.
func IsDigit(r rune) bool { return r != 0 && strings.ContainsRune(keys, r) }

// seen remembers the last events of a call. All packets of one event carry the
// same timestamp, the end three times; each event is one digit.
type seen struct {
	last [8]mark
	next int
}

type mark struct {
	source, stamp uint32
	used          bool
	at            time.Duration // when it was first heard of
}

// first returns when the event began, and whether this is its first packet.
func (s *seen) first(source, stamp uint32, at time.Duration) (time.Duration, bool) {
	for _, m := range s.last {
		if m.used && m.source == source && m.stamp == stamp {
			return m.at, false
		}
	}
	s.last[s.next] = mark{source: source, stamp: stamp, used: true, at: at}
	s.next = (s.next + 1) % len(s.last)
	return at, true
}

// digitOf is the key of an event's payload, 0 for anything else.
func digitOf(payload []byte) rune {
	if len(payload) < 4 || int(payload[0]) >= len(keys) {
		return 0
	}
	return rune(keys[payload[0]])
}

// event is the payload of one packet of an event.
func event(digit rune, length int, end bool) []byte {
	volume := byte(10)
	if end {
		volume |= 0x80
	}
	return []byte{byte(strings.IndexRune(keys, digit)), volume, byte(length >> 8), byte(length)}
}
