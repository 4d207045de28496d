package voicemail

import (
	"bytes"
	"context"
	"io"
)

// SpoolKey is the key of the capture whose sound is in id.
func SpoolKey(s Spool, id SpoolID) string {
	r, err := s.Read(context.Background(), id)
	if err != nil {
		return ""
	}
	t, _ := readTake(io.LimitReader(r, maxChunk), 0)
	_ = r.Close()
	return t.begin.Key
}

// CountFrames counts the frames in chunks of a spool.
func CountFrames(chunks []byte) int {
	if len(chunks) < chunkHead {
		return 0
	}
	t := take{}
	_ = t.add(chunks, 1<<30)
	return len(t.pieces)
}

// ReadTake reads a spool.
func ReadTake(r io.Reader, limit int64) (sound []byte, frames int, err error) {
	t, err := readTake(r, limit)
	if err != nil {
		return nil, 0, err
	}
	return t.sound(limit / int64(t.begin.Codec.Width())), len(t.pieces), nil
}

// ReadJournal reads a journal.
func ReadJournal(data []byte) (whole int64, batches []Batch, err error) {
	whole, err = readJournal(bytes.NewReader(data), func(b Batch) { batches = append(batches, b) })
	return whole, batches, err
}

// JournalOf is the journal of some batches.
func JournalOf(batches ...Batch) []byte {
	data := []byte(journalMagic)
	for _, b := range batches {
		data, _ = appendRecord(data, b)
	}
	return data
}

// Chunk is one chunk of a spool.
func Chunk(kind byte, number uint32, first int64, data []byte) []byte {
	return appendChunk(nil, kind, number, first, data)
}

// FileName and NameOf are the names of files.
var (
	FileName = fileName
	NameOf   = nameOf
)
