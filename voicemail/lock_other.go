//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package voicemail

import "os"

// lockExclusively does nothing: these systems have no such lock in the
// standard library. The host must see to it that one process opens the
// directory.
func lockExclusively(*os.File) error { return nil }
