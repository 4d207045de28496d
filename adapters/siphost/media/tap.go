package media

// Tap listens to what a session receives.
type Tap struct {
	// C delivers the packets. A listener that falls behind by more than the
	// size of the tap misses some, which is a gap like any other.
	C       chan Packet
	session *Session
}

// Tap begins to listen. Close ends it.
func (s *Session) Tap(size int) *Tap {
	t := &Tap{C: make(chan Packet, size), session: s}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taps[t] = struct{}{}
	return t
}

// Close stops listening. What is in C stays there.
func (t *Tap) Close() {
	t.session.mu.Lock()
	defer t.session.mu.Unlock()
	delete(t.session.taps, t)
}

func (s *Session) deliver(p Packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := range s.taps {
		select {
		case t.C <- p:
		default:
		}
	}
}
