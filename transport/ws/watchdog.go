package ws

import (
	"sync"
	"time"
)

// watchdog cuts the connection when a Write does not move for the write deadline. Unlike
// the library's contexts it costs no allocation.
type watchdog struct {
	raw     *rawConn
	timeout time.Duration
	timer   *time.Timer

	mu   sync.Mutex
	on   bool
	seen uint64 // of raw.sent, when the timer was last set
	bit  bool   // the connection has been cut
}

func newWatchdog(raw *rawConn, timeout time.Duration) *watchdog {
	w := &watchdog{raw: raw, timeout: timeout}
	w.timer = time.AfterFunc(timeout, w.look)
	w.timer.Stop()
	return w
}

// start begins to watch.
func (w *watchdog) start() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.on, w.seen = true, w.raw.sent.Load()
	w.timer.Reset(w.timeout)
}

// stop ends it, and reports whether the connection has been cut.
func (w *watchdog) stop() (bit bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.on = false
	w.timer.Stop()
	return w.bit
}

// look is called when the deadline has passed.
func (w *watchdog) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch sent := w.raw.sent.Load(); {
	case !w.on:
	case sent != w.seen: // slowly, but it moves
		w.seen = sent
		w.timer.Reset(w.timeout)
	default:
		w.bit = true
		_ = w.raw.Close()
	}
}
