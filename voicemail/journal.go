package voicemail

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// journalMagic begins the file of the rows; its last digit is the version.
const journalMagic = "afterbeep voicemail journal 1\n"

const (
	journalHead   = 8        // length and CRC-32C of the payload, little-endian
	maxRecord     = 64 << 20 // bytes of a record that is believed
	compactSlack  = 4 << 20  // bytes by which a journal may outgrow its rows
	compactFactor = 2
	compactRows   = 256 // rows a record when rewritten
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendRecord appends b as one record, so that after a crash it is there as
// a whole or not at all.
func appendRecord(dst []byte, b Batch) ([]byte, error) {
	payload, err := json.Marshal(b)
	if err != nil {
		return dst, fmt.Errorf("voicemail: row: %w", err)
	}
	if len(payload) > maxRecord {
		return dst, fmt.Errorf("voicemail: batch of %d bytes, at most %d", len(payload), maxRecord)
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(payload)))
	dst = binary.LittleEndian.AppendUint32(dst, crc32.Checksum(payload, castagnoli))
	return append(dst, payload...), nil
}

// readJournal gives every whole record to put and returns how many bytes they
// take. What follows is the torn end of a write that nobody was told had
// succeeded. The file of another program is an error.
func readJournal(r io.Reader, put func(Batch)) (int64, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	magic := make([]byte, len(journalMagic))
	n, err := io.ReadFull(in, magic)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		if string(magic[:n]) != journalMagic[:n] {
			return 0, errors.New("voicemail: journal: not a journal of this version")
		}
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("voicemail: journal: %w", err)
	case string(magic) != journalMagic:
		return 0, errors.New("voicemail: journal: not a journal of this version")
	}
	good := int64(len(journalMagic))
	for {
		var head [journalHead]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return good, tornOr(err)
		}
		size := binary.LittleEndian.Uint32(head[:4])
		if size > maxRecord {
			return good, nil
		}
		payload, err := readExactly(in, int(size))
		if err != nil {
			return good, tornOr(err)
		}
		var b Batch
		if crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
			return good, nil
		}
		if err := json.Unmarshal(payload, &b); err != nil {
			return good, fmt.Errorf("voicemail: journal: byte %d: %w", good, err)
		}
		put(b)
		good += journalHead + int64(size)
	}
}

// tornOr is nil for the end of a file, in the middle of a record or not.
func tornOr(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("voicemail: journal: %w", err)
}

// readExactly reads n bytes in memory that grows with what is really there.
func readExactly(r io.Reader, n int) ([]byte, error) {
	const step = 64 << 10
	buf := make([]byte, 0, min(n, step))
	for len(buf) < n {
		more := min(n-len(buf), max(step, len(buf)))
		from := len(buf)
		buf = append(buf, make([]byte, more)...)
		if _, err := io.ReadFull(r, buf[from:]); err != nil {
			return nil, err
		}
	}
	return buf, nil
}

// journal is the open file of the rows. It does not lock.
type journal struct {
	root *os.Root
	file *os.File
	size int64 // bytes of whole records
	base int64 // bytes after the last rewrite
	buf  []byte
	// broken is why nothing can be appended any more: after a failure the end
	// of the file could not be put right, so a further record might land
	// behind a torn one and be lost.
	broken error
}

const journalFile = "journal"

// openJournal reads the rows into t and cuts a torn end.
func openJournal(root *os.Root, t *tables) (*journal, error) {
	f, err := root.OpenFile(journalFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("voicemail: %w", err)
	}
	j := &journal{root: root, file: f}
	j.size, err = readJournal(f, t.put)
	if err == nil && j.size == 0 {
		err = j.begin()
	}
	if err == nil {
		err = j.cut()
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	j.base = j.size
	return j, nil
}

func (j *journal) begin() error {
	if _, err := j.file.WriteAt([]byte(journalMagic), 0); err != nil {
		return fmt.Errorf("voicemail: journal: %w", err)
	}
	j.size = int64(len(journalMagic))
	return syncDir(j.root, ".")
}

// cut removes what follows the last whole record, for good.
func (j *journal) cut() error {
	err := j.file.Truncate(j.size)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("voicemail: journal: %w", err)
	}
	return nil
}

// append writes b and returns when it is durable. After an error b is not in
// the journal.
func (j *journal) append(b Batch) error {
	if j.broken != nil {
		return j.broken
	}
	var err error
	if j.buf, err = appendRecord(j.buf[:0], b); err != nil {
		return err
	}
	_, err = j.file.WriteAt(j.buf, j.size)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		if fatal := j.cut(); fatal != nil {
			j.broken = fmt.Errorf("voicemail: journal: closed after a failed write: %w", errors.Join(err, fatal))
		}
		return fmt.Errorf("voicemail: journal: %w", err)
	}
	j.size += int64(len(j.buf))
	if cap(j.buf) > compactSlack {
		j.buf = nil
	}
	return nil
}

func (j *journal) full() bool { return j.size > compactFactor*j.base+compactSlack }

// compact replaces the journal by one that holds nothing but the rows of t.
// When it fails the old one goes on.
func (j *journal) compact(t *tables) error {
	j.base = j.size // not again at once, should it fail
	size, err := j.rewrite(t)
	if err != nil {
		return errors.Join(err, removeFile(j.root, tmpDir+"/"+journalFile))
	}
	err = j.file.Close() // Windows renames nothing over an open file
	if err == nil {
		err = j.root.Rename(tmpDir+"/"+journalFile, journalFile)
	}
	if err == nil {
		j.size, j.base = size, size
		// A rename that a loss of power undoes would take later records with it.
		j.broken = syncDir(j.root, ".")
	}
	f, open := j.root.OpenFile(journalFile, os.O_RDWR, 0o600)
	if open != nil {
		j.broken = fmt.Errorf("voicemail: journal: %w", open)
		return errors.Join(err, j.broken)
	}
	j.file = f
	return errors.Join(err, j.broken)
}

func (j *journal) rewrite(t *tables) (size int64, err error) {
	f, err := j.root.OpenFile(tmpDir+"/"+journalFile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, fmt.Errorf("voicemail: journal: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 256<<10)
	size = int64(len(journalMagic))
	_, _ = w.WriteString(journalMagic) // Flush reports it
	var buf []byte
	t.all(compactRows, func(b Batch) bool {
		if buf, err = appendRecord(buf[:0], b); err != nil {
			return false
		}
		size += int64(len(buf))
		_, err = w.Write(buf)
		return err == nil
	})
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return size, err
}

func (j *journal) close() error { return j.file.Close() }
