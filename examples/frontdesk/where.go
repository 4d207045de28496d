package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// A fault is what is wrong in a file, and where: it prints as file:line.
type fault struct {
	file string
	line int
	text string
}

func (f *fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text) }

// lineAt is the line, counted from 1, of a byte of data.
func lineAt(data []byte, offset int64) int {
	offset = min(max(offset, 0), int64(len(data)))
	return 1 + bytes.Count(data[:offset], []byte("\n"))
}

// lineOf is the line of the value that a JSON pointer (RFC 6901) names, or of
// the nearest value around it that is there.
func lineOf(data []byte, pointer string) int {
	w := walker{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		if !w.enter(part) {
			break
		}
	}
	return lineAt(data, w.at)
}

// walker goes down into a JSON text, one step of a pointer at a time.
type walker struct {
	data []byte
	dec  *json.Decoder
	at   int64 // where the value that it stands on begins
}

// enter goes to the member or element that part names; false if there is none.
func (w *walker) enter(part string) bool {
	token, err := w.dec.Token()
	if err != nil {
		return false
	}
	switch token {
	case json.Delim('{'):
		for w.dec.More() {
			name, err := w.dec.Token()
			if err != nil {
				return false
			}
			if name == part {
				w.at = w.dec.InputOffset()
				return true
			}
			if !w.skip() {
				return false
			}
		}
	case json.Delim('['):
		wanted, err := strconv.Atoi(part)
		for i := 0; err == nil && w.dec.More(); i++ {
			if i == wanted {
				w.at = w.begin()
				return true
			}
			if !w.skip() {
				return false
			}
		}
	}
	return false
}

// begin is where the next value begins, behind commas and white space.
func (w *walker) begin() int64 {
	at := w.dec.InputOffset()
	for at < int64(len(w.data)) && strings.IndexByte(" \t\r\n,", w.data[at]) >= 0 {
		at++
	}
	return at
}

func (w *walker) skip() bool {
	var value json.RawMessage
	return w.dec.Decode(&value) == nil
}
