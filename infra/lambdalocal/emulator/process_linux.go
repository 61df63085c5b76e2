package emulator

import "syscall"

// ProcessAttributes gives a child a process group of its own, so that it is stopped whole and
// Ctrl-C does not reach it. It dies with this process, however that ends: a frozen one would
// else stay forever.
func ProcessAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
