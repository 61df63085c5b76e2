package notestest

import (
	"sync/atomic"
	"time"
)

// Clock stands still until a test moves it. Safe for concurrent use.
type Clock struct{ ms atomic.Int64 }

// NewClock returns a Clock that shows the present. Tests only ever move it forward by
// much, so that a store that deletes expired rows by itself finds nothing to delete.
func NewClock() *Clock {
	c := new(Clock)
	c.ms.Store(time.Now().UnixMilli())
	return c
}

// Now is the time it shows, in whole milliseconds.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()) }

// Advance moves it, also back.
func (c *Clock) Advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }
