package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// outbox is the carrier of this office: a file with a line for each text. It
// remembers the keys of what it took, so that a text is never written twice.
type outbox struct {
	clock phone.Clock
	told  func(autoreply.Text) // after a text was taken; may be nil

	mu   sync.Mutex
	file *os.File
	end  int64 // of the last whole line in the file
	keys map[string]bool
}

// A sentText is one line of the file.
type sentText struct {
	At time.Time `json:"at"`
	autoreply.Text
}

// openOutbox opens the file name in the folder and reads the keys in it.
func openOutbox(dir *os.Root, name string, clock phone.Clock) (*outbox, error) {
	f, err := dir.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	o := &outbox{clock: clock, file: f, keys: map[string]bool{}}
	if err := o.read(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return o, nil
}

// read learns the keys of the file. A line that a crash cut short was never
// acknowledged, and is written over.
func (o *outbox) read() error {
	lines := bufio.NewReader(o.file)
	for {
		line, err := lines.ReadBytes('\n')
		switch {
		case errors.Is(err, io.EOF):
			return o.file.Truncate(o.end)
		case err != nil:
			return err
		}
		o.end += int64(len(line))
		var t sentText
		if json.Unmarshal(line, &t) == nil {
			o.keys[t.Key] = true
		}
	}
}

// Send implements autoreply.Sender.
func (o *outbox) Send(_ context.Context, t autoreply.Text) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.keys[t.Key] {
		return nil
	}
	line, err := json.Marshal(sentText{At: o.clock.Now(), Text: t})
	if err != nil {
		return fmt.Errorf("%w: %w", autoreply.ErrRejected, err)
	}
	if err := appendLine(o.file, &o.end, line); err != nil {
		return err
	}
	o.keys[t.Key] = true
	if o.told != nil {
		o.told(t)
	}
	return nil
}

// KeyLife implements autoreply.Sender: the file keeps its keys for good.
func (o *outbox) KeyLife() time.Duration { return 10 * 365 * 24 * time.Hour }

// Close closes the file.
func (o *outbox) Close() error { return o.file.Close() }
