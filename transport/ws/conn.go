package ws

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"notewire/transport"
)

// Conn is a WebSocket connection. One goroutine calls Write and Heartbeat, one calls
// Receive, any may call Close.
type Conn struct {
	ws        *websocket.Conn
	raw       *rawConn
	opts      Options
	watchdog  *watchdog
	receiving atomic.Bool
	pinger    pinger
	closing   sync.Once
}

var (
	_ transport.Conn     = (*Conn)(nil)
	_ transport.Receiver = (*Conn)(nil)
)

// Write sends the frame as one text message and returns when the network took it. The
// frame's data is not copied.
//
// ctx is looked at before, not during the write: half a frame would leave no way to send
// a close code. The write deadline bounds it instead, for each 64 KB. If it passes, the
// connection is cut and the error is os.ErrDeadlineExceeded.
func (c *Conn) Write(ctx context.Context, f transport.Frame) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// The library makes its deadlines from contexts: a goroutine and 11 allocations.
	c.watchdog.start()
	err := c.ws.Write(context.Background(), websocket.MessageText, f.Data)
	if c.watchdog.stop() {
		return fmt.Errorf("ws: client does not read: %w", os.ErrDeadlineExceeded)
	}
	if err != nil {
		return fmt.Errorf("ws: %w", err)
	}
	return nil
}

// kill cuts the connection. The library's CloseNow will not do: it waits for a Close that
// is under way.
func (c *Conn) kill() { _ = c.raw.Close() }

// Close sends the code, with the first 123 bytes of the reason, waits for the client's
// answer, for the close timeout in all, and cuts the connection. Then Write and Receive
// fail.
// It returns when nothing of the connection is left. Only the first call counts; others
// wait for it.
//
// If a code was sent before (the client's own, or 1009), it stands.
func (c *Conn) Close(code transport.CloseCode, reason string) {
	c.closing.Do(func() {
		limit := time.AfterFunc(c.opts.CloseTimeout, c.kill)
		defer limit.Stop()
		// A broken-off Receive must not hide the answer: closing before it came could
		// make the client's kernel drop the code unread.
		_ = c.raw.SetReadDeadline(time.Time{})
		_ = c.ws.Close(websocket.StatusCode(code), cut(reason)) // it is closed in any case
		c.pinger.stop()
	})
}

// cut shortens a reason to what fits into a close frame, which must be valid UTF-8.
func cut(reason string) string {
	const limit = 123
	reason = strings.ToValidUTF8(reason, "")
	if len(reason) <= limit {
		return reason
	}
	end := limit
	for !utf8.RuneStart(reason[end]) {
		end--
	}
	return reason[:end]
}
