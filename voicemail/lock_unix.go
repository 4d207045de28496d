//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package voicemail

import (
	"os"
	"syscall"
)

// lockExclusively locks f until it is closed or the process ends, however it
// ends. It does not wait.
func lockExclusively(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
