package voicemail

import (
	"errors"
	"os"
)

// Dir is a [Store], a [Blobs] and a [Spool] in one directory.
type Dir struct{ *Memory }

// OpenDir opens a directory, which belongs to this process until Close.
func OpenDir(root *os.Root) (*Dir, error) { return nil, errors.ErrUnsupported }

// Close gives the directory back.
func (d *Dir) Close() error { return nil }
