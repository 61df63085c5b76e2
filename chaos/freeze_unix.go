//go:build unix

package chaos

import "syscall"

// canFreeze reports whether a process can be stopped and go on.
const canFreeze = true

func (p *process) freeze() error { return p.cmd.Process.Signal(syscall.SIGSTOP) }
func (p *process) thaw() error   { return p.cmd.Process.Signal(syscall.SIGCONT) }
