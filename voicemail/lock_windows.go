package voicemail

import (
	"os"
	"syscall"
	"unsafe"
)

// lockExclusively locks f until it is closed or the process ends, however it
// ends. It does not wait.
func lockExclusively(f *os.File) error {
	const exclusively, failAtOnce = 2, 1
	call := syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")
	var at syscall.Overlapped
	ok, _, err := call.Call(f.Fd(), exclusively|failAtOnce, 0, 1, 0, uintptr(unsafe.Pointer(&at)))
	if ok == 0 {
		return err
	}
	return nil
}
