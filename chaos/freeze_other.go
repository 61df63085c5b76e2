//go:build !unix

package chaos

import "errors"

const canFreeze = false

func (p *process) freeze() error { return errors.ErrUnsupported }
func (p *process) thaw() error   { return errors.ErrUnsupported }
