package main

import (
	"errors"
	"fmt"
	"time"
)

// Validate implements kong.Validatable: it refuses settings that cannot work.
func (s *Serve) Validate() error {
	if s.Port < 0 || s.Port > 65535 {
		return fmt.Errorf("PORT is %d; a port is 0 to 65535", s.Port)
	}
	if s.StopAfter < time.Millisecond {
		return fmt.Errorf("STOP_AFTER is %v; it must be at least 1ms", s.StopAfter)
	}
	return errors.Join(s.OriginFlags.Check(), s.LimitFlags.Check())
}
