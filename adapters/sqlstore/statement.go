package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// prepared are the statements of SQLite that were compiled once, because its
// driver compiles a text anew with each call: half of what a small read costs.
// The pool keeps one a connection, and closes them with it. The driver of
// PostgreSQL does this itself, and behind a pooler must not.
type prepared struct {
	mu   sync.RWMutex
	text map[string]*sql.Stmt // one for each of the few texts of a ledger
}

func (p *prepared) find(text string) *sql.Stmt {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.text[text]
}

// statement is the compiled text; the first time, it compiles it.
func (s *Store) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if known := s.prepared.find(text); known != nil {
		return known, nil
	}
	fresh, err := s.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s.prepared.mu.Lock()
	defer s.prepared.mu.Unlock()
	if known := s.prepared.text[text]; known != nil {
		return known, fresh.Close()
	}
	s.prepared.text[text] = fresh
	return fresh, nil
}

// row reads the one row of a statement, or is sql.ErrNoRows.
func (s *Store) row(ctx context.Context, into any, text string, args ...any) error {
	if !s.d.prepare {
		return s.db.QueryRowContext(ctx, text, args...).Scan(into)
	}
	p, err := s.statement(ctx, text)
	if err != nil {
		return err
	}
	return p.QueryRowContext(ctx, args...).Scan(into)
}

// exec runs one statement that writes, and tells how many rows it changed.
// SQLite has one writer: those of this process wait here, in order and with
// their contexts, instead of in the busy handler, which polls.
func (s *Store) exec(ctx context.Context, text string, args ...any) (int, error) {
	release, err := s.acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	var result sql.Result
	if s.d.prepare {
		var p *sql.Stmt
		if p, err = s.statement(ctx, text); err == nil {
			result, err = p.ExecContext(ctx, args...)
		}
	} else {
		result, err = s.db.ExecContext(ctx, text, args...)
	}
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

func (s *Store) acquire(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil || s.writer == nil {
		return func() {}, err
	}
	select {
	case s.writer <- struct{}{}:
		return func() { <-s.writer }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
