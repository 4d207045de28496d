package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// The limits of a row. The engine of autoreply stays far below them.
const (
	MaxKeyField = 512     // bytes of a tenant, a line or a contact
	MaxEntry    = 1 << 18 // bytes of an entry in its code
)

// SweepBatch is how many rows [Ledger.Sweep] removes at most in one statement.
const SweepBatch = 1000

// Ledger is an [autoreply.Ledger] in the table "ledger" of a [Store].
//
// Load is one SELECT, or a part of one that many callers share, and writes
// nothing, so that a refusal costs no lock, no transaction id and no flush of
// the log. Swap is one INSERT or one UPDATE that is guarded by the revision.
//
// An error that is not [autoreply.ErrConflict] leaves open whether the row was
// written if it came with a broken connection or the end of the context;
// load again to know.
type Ledger struct {
	s                                                       *Store
	reads                                                   reads
	load, loadAll, insert, update, due, erase, purge, sweep string
}

var _ autoreply.Ledger = (*Ledger)(nil)

// Ledger is the ledger of this store. All that come from the stores of one
// database, schema and prefix are the same one.
func (s *Store) Ledger() *Ledger {
	const key = " WHERE tenant = $1 AND line = $2 AND contact = $3"
	return &Ledger{
		s:     s,
		reads: reads{free: make(chan struct{}, readers)},
		load:  s.text("SELECT entry FROM {ledger}" + key),
		// A subquery, because a join might read the whole table.
		loadAll: s.text("SELECT (SELECT entry FROM {ledger} WHERE tenant = k.tenant AND line = k.line AND contact = k.contact)" +
			" FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) WITH ORDINALITY AS k (tenant, line, contact, place) ORDER BY place"),
		insert: s.text("INSERT INTO {ledger} (tenant, line, contact, revision, due, expires, entry)" +
			" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, line, contact) DO NOTHING"),
		update: s.text("UPDATE {ledger} SET revision = $4, due = $5, expires = $6, entry = $7" + key + " AND revision = $4 - 1"),
		due: s.text("SELECT tenant, line, contact FROM {ledger} WHERE due IS NOT NULL AND due <= $1" +
			" ORDER BY due, tenant, line, contact LIMIT $2"),
		erase: s.text("DELETE FROM {ledger}" + key),
		purge: s.text("DELETE FROM {ledger} WHERE (tenant, line, contact) IN" +
			" (SELECT tenant, line, contact FROM {ledger} WHERE tenant = $1 LIMIT $2)"),
		// The second look at expires is for rows that changed meanwhile.
		sweep: s.text("DELETE FROM {ledger} WHERE expires <= $1 AND (tenant, line, contact) IN" +
			" (SELECT tenant, line, contact FROM {ledger} WHERE expires <= $1 ORDER BY expires LIMIT $2 {skip})"),
	}
}

// Load implements [autoreply.Ledger]. A row that a newer release wrote, or
// that nobody did, is an error that wraps [autoreply.ErrRow].
func (l *Ledger) Load(ctx context.Context, k autoreply.Key) (autoreply.Entry, error) {
	if l.s.d.together {
		return l.gather(ctx, k)
	}
	return l.alone(ctx, k)
}

func (l *Ledger) alone(ctx context.Context, k autoreply.Key) (autoreply.Entry, error) {
	var row scanned
	err := l.s.row(ctx, &row, l.load, []byte(k.Tenant), []byte(k.Line), []byte(k.Contact))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return autoreply.Entry{}, nil
	case row.err != nil:
		return autoreply.Entry{}, row.err
	case err != nil:
		return autoreply.Entry{}, fmt.Errorf("sqlstore: load: %w", err)
	}
	return row.entry, nil
}

// scanned is an entry, read from the driver's own bytes without a copy; the zero
// entry where there is no row.
type scanned struct {
	entry autoreply.Entry
	err   error
}

// Scan implements [sql.Scanner].
func (r *scanned) Scan(column any) error {
	if column == nil {
		return nil
	}
	code, ok := column.([]byte)
	if !ok {
		r.err = fmt.Errorf("%w: a column of %T", autoreply.ErrRow, column)
		return r.err
	}
	r.err = r.entry.UnmarshalBinary(code)
	return r.err
}

// Swap implements [autoreply.Ledger].
func (l *Ledger) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	if err := fits(k); err != nil {
		return err
	}
	if next.Revision < 1 {
		return autoreply.ErrConflict
	}
	code, err := next.AppendBinary(make([]byte, 0, 128))
	if err != nil {
		return final{fmt.Errorf("sqlstore: swap: %w", err)}
	}
	if len(code) > MaxEntry {
		return tooLarge("an entry", len(code), MaxEntry)
	}
	statement := l.update
	if next.Revision == 1 {
		statement = l.insert
	}
	due := sql.NullInt64{Int64: nanos(next.Due), Valid: !next.Due.IsZero()}
	n, err := l.s.exec(ctx, statement, []byte(k.Tenant), []byte(k.Line), []byte(k.Contact),
		int64(next.Revision), due, nanos(next.Expires), code)
	switch {
	case err != nil:
		return fmt.Errorf("sqlstore: swap: %w", err)
	case n == 0:
		return autoreply.ErrConflict
	}
	return nil
}

// Due implements [autoreply.Ledger]: a read of the index.
func (l *Ledger) Due(ctx context.Context, before time.Time, limit int) (keys []autoreply.Key, err error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	rows, err := l.s.db.QueryContext(ctx, l.due, min(nanos(before), math.MaxInt64-1), limit)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: due: %w", err)
	}
	defer func() {
		if failed := errors.Join(rows.Err(), rows.Close()); failed != nil && err == nil {
			keys, err = nil, fmt.Errorf("sqlstore: due: %w", failed)
		}
	}()
	for rows.Next() {
		var tenant, line, contact string
		if err := rows.Scan(&tenant, &line, &contact); err != nil {
			return nil, fmt.Errorf("sqlstore: due: %w", err)
		}
		keys = append(keys, autoreply.Key{
			Tenant: phone.TenantID(tenant), Line: phone.LineID(line), Contact: phone.ContactKey(contact),
		})
	}
	return keys, nil
}

// Erase implements [autoreply.Ledger].
func (l *Ledger) Erase(ctx context.Context, k autoreply.Key) error {
	if _, err := l.s.exec(ctx, l.erase, []byte(k.Tenant), []byte(k.Line), []byte(k.Contact)); err != nil {
		return fmt.Errorf("sqlstore: erase: %w", err)
	}
	return nil
}

// EraseTenant implements [autoreply.Ledger], in steps of at most [SweepBatch]
// rows.
func (l *Ledger) EraseTenant(ctx context.Context, tenant phone.TenantID) error {
	for {
		n, err := l.s.exec(ctx, l.purge, []byte(tenant), SweepBatch)
		if err != nil {
			return fmt.Errorf("sqlstore: erase a tenant: %w", err)
		}
		if n < SweepBatch {
			return nil
		}
	}
}

// Sweep removes the rows that have expired at now, of all tenants, and returns
// how many. It goes in steps of at most [SweepBatch] rows, each a statement of
// its own, and ends with the context; several nodes may sweep at once.
func (l *Ledger) Sweep(ctx context.Context, now time.Time) (int, error) {
	for total := 0; ; {
		n, err := l.s.exec(ctx, l.sweep, nanos(now), SweepBatch)
		total += n
		if err != nil {
			return total, fmt.Errorf("sqlstore: sweep: %w", err)
		}
		if n < SweepBatch {
			return total, nil
		}
	}
}

// nanos is t as a column: nanoseconds since 1970, which reach from 1678 to
// 2262. What lies beyond stays at the end of that range.
func nanos(t time.Time) int64 {
	switch year := t.UTC().Year(); {
	case year < 1678:
		return math.MinInt64
	case year > 2261:
		return math.MaxInt64
	}
	return t.UnixNano()
}

func fits(k autoreply.Key) error {
	if n := max(len(k.Tenant), len(k.Line), len(k.Contact)); n > MaxKeyField {
		return tooLarge("a field of a key", n, MaxKeyField)
	}
	return nil
}
