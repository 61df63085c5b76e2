//go:build !linux

package emulator

import "syscall"

// ProcessAttributes gives a child a process group of its own, so that it is stopped whole and
// Ctrl-C does not reach it.
func ProcessAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
