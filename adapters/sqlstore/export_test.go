package sqlstore

// Gathered is how many callers of Load wait for a reader.
func Gathered(l *Ledger) int {
	l.reads.mu.Lock()
	defer l.reads.mu.Unlock()
	if l.reads.next == nil {
		return 0
	}
	return len(l.reads.next.keys)
}

// Readers is how many queries of Load run at once.
const Readers = readers
