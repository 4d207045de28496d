package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/afterbeep/afterbeep/autoreply"
)

const (
	// readers is how many queries of Load run at once before callers read
	// together.
	readers = 2
	// together is how many rows one query reads at most.
	together = 64
)

// reads lets callers of PostgreSQL who would only wait for a connection, or for
// each other, read with one query. Up to [readers] callers each have a query of
// their own and wait for nobody; those who come meanwhile gather, and the next
// free reader reads for all of them. No row is kept: a query begins after each
// of its callers came, and so sees what a query of their own would.
type reads struct {
	free chan struct{} // holds one for each reader that is at work
	mu   sync.Mutex
	next *gathering // nil when nobody waits
}

// gathering is callers who wait for one query.
type gathering struct {
	keys []autoreply.Key
	gone bool          // a reader took it
	done chan struct{} // closed when rows and err may be read
	rows []scanned
	err  error
}

// join adds a key to those that wait, and says which place it has.
func (r *reads) join(k autoreply.Key) (g *gathering, place int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == nil || len(r.next.keys) == together {
		r.next = &gathering{done: make(chan struct{})}
	}
	g = r.next
	g.keys = append(g.keys, k)
	return g, len(g.keys) - 1
}

// take closes g to others; false says that another reader has it.
func (r *reads) take(g *gathering) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g.gone {
		return false
	}
	g.gone = true
	if r.next == g {
		r.next = nil
	}
	return true
}

// gather is Load of one of many callers.
func (l *Ledger) gather(ctx context.Context, k autoreply.Key) (autoreply.Entry, error) {
	if err := ctx.Err(); err != nil {
		return autoreply.Entry{}, fmt.Errorf("sqlstore: load: %w", err)
	}
	g, place := l.reads.join(k)
	select {
	case l.reads.free <- struct{}{}:
		if l.read(ctx, g) {
			return g.row(place)
		}
	case <-g.done:
	case <-ctx.Done():
	}
	select {
	case <-g.done:
	case <-ctx.Done():
		return autoreply.Entry{}, fmt.Errorf("sqlstore: load: %w", ctx.Err())
	}
	if g.err != nil { // the reader's context may have ended, this one has not
		return l.alone(ctx, k)
	}
	return g.row(place)
}

func (g *gathering) row(place int) (autoreply.Entry, error) {
	if g.err != nil {
		return autoreply.Entry{}, g.err
	}
	return g.rows[place].entry, g.rows[place].err
}

// read does the query of g, unless another reader has it, and makes room for
// the next reader.
func (l *Ledger) read(ctx context.Context, g *gathering) bool {
	defer func() { <-l.reads.free }()
	if !l.reads.take(g) {
		return false
	}
	defer close(g.done)
	g.err = errUnread
	g.rows, g.err = l.readAll(ctx, g.keys)
	return true
}

// errUnread stands where a driver panics: no row was read, which is not the
// same as that there is none.
var errUnread = errors.New("sqlstore: load: not read")

// readAll reads the rows of keys, in their order.
func (l *Ledger) readAll(ctx context.Context, keys []autoreply.Key) ([]scanned, error) {
	all := make([]scanned, len(keys))
	if len(keys) == 1 {
		var err error
		all[0].entry, err = l.alone(ctx, keys[0])
		return all, err
	}
	var tenants, lines, contacts [][]byte
	for _, k := range keys {
		tenants = append(tenants, []byte(k.Tenant))
		lines = append(lines, []byte(k.Line))
		contacts = append(contacts, []byte(k.Contact))
	}
	rows, err := l.s.db.QueryContext(ctx, l.loadAll, tenants, lines, contacts)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: load: %w", err)
	}
	n := 0
	for n < len(all) && err == nil && rows.Next() {
		if err = rows.Scan(&all[n]); all[n].err != nil {
			err = nil // of this row alone
		}
		n++
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err == nil && n < len(all) {
		err = errUnread
	}
	if err != nil {
		return nil, fmt.Errorf("sqlstore: load: %w", err)
	}
	return all, nil
}
