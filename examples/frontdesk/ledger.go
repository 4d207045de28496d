package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"

	"github.com/afterbeep/afterbeep/autoreply"
)

// ledger is the memory ledger with a journal: what it knows survives the
// process, so that a restart never sends a second text. One process writes it;
// offices of several nodes use a database.
type ledger struct {
	*autoreply.Memory
	mu   sync.Mutex
	file *os.File
	end  int64 // of the last whole row in the file
}

// openLedger reads the journal name of the folder, cuts off a line that a crash
// left half written (its row was never answered for), and goes on behind it.
func openLedger(dir *os.Root, name string) (*ledger, error) {
	f, err := dir.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	l := &ledger{Memory: autoreply.NewMemory(), file: f}
	if err := l.read(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

func (l *ledger) read() error {
	data, err := io.ReadAll(l.file)
	if err != nil {
		return err
	}
	whole := int64(bytes.LastIndexByte(data, '\n') + 1)
	if err := l.Restore(bytes.NewReader(data[:whole])); err != nil {
		return err
	}
	if err := l.file.Truncate(whole); err != nil {
		return err
	}
	l.end = whole
	return nil
}

// Swap implements autoreply.Ledger: the row is on the disk before it counts.
func (l *ledger) Swap(ctx context.Context, k autoreply.Key, next autoreply.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	row, err := l.Load(ctx, k)
	if err != nil {
		return err
	}
	if row.Revision != next.Revision-1 {
		return autoreply.ErrConflict
	}
	line, err := json.Marshal(struct {
		Key   autoreply.Key   `json:"key"`
		Entry autoreply.Entry `json:"entry"`
	}{k, next})
	if err != nil {
		return err
	}
	if err := appendLine(l.file, &l.end, line); err != nil {
		return err
	}
	return l.Memory.Swap(ctx, k, next)
}

// appendLine writes a line at the end of a file and waits for the disk. What is
// not written whole is cut off again, so that the next line does not follow it.
func appendLine(f *os.File, end *int64, line []byte) error {
	line = append(line, '\n')
	_, err := f.WriteAt(line, *end)
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(err, f.Truncate(*end))
	}
	*end += int64(len(line))
	return nil
}

// Close closes the journal.
func (l *ledger) Close() error { return l.file.Close() }
