package transport

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// client is both ends of a connection in memory: the session's, a SocketConn, and the one
// that the test uses.
type client struct {
	*testing.T
	up     chan message
	down   chan Frame
	ctx    context.Context // ends when the client hangs up
	hangup context.CancelFunc
	unread atomic.Bool  // the client does not read: writes miss their deadline
	slow   atomic.Int64 // how long it takes to read a frame
	mute   atomic.Bool  // the client does not answer heartbeats
	beats  atomic.Int64 // heartbeats that it got

	closed chan closing  // holds how the session closed the connection
	ended  chan struct{} // closed when the session has ended
	err    error         // why; valid then
}

// message is one from the client, or why it was discarded.
type message struct {
	data string
	err  error
}

// closing is how a session closed its connection.
type closing struct {
	code   CloseCode
	reason string
}

func newClient(t *testing.T) *client {
	c := &client{
		T: t, up: make(chan message), down: make(chan Frame, 1024), closed: make(chan closing, 1), ended: make(chan struct{}),
	}
	c.ctx, c.hangup = context.WithCancel(t.Context())
	return c
}

var _ SocketConn = (*client)(nil)

const writeTimeout = 5 * time.Second

// Write implements Conn.
func (c *client) Write(ctx context.Context, f Frame) error {
	if c.unread.Load() {
		select {
		case <-time.After(writeTimeout):
			return os.ErrDeadlineExceeded
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	time.Sleep(time.Duration(c.slow.Load()))
	c.down <- f
	return nil
}

// Heartbeat implements Conn.
func (c *client) Heartbeat(context.Context) error {
	c.beats.Add(1)
	if c.mute.Load() {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// Close implements Conn.
func (c *client) Close(code CloseCode, reason string) {
	select {
	case c.closed <- closing{code, reason}:
	default:
		c.Errorf("closed twice: %d %q", code, reason)
	}
}

// Receive implements Receiver.
func (c *client) Receive(ctx context.Context) ([]byte, error) {
	select {
	case m := <-c.up:
		return []byte(m.data), m.err
	case <-c.ctx.Done():
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// send sends a message up.
func (c *client) send(data string) {
	c.Helper()
	c.put(message{data: data})
}

// discarded sends a message that the transport throws away.
func (c *client) discarded(why error) {
	c.Helper()
	c.put(message{err: why})
}

func (c *client) put(m message) {
	c.Helper()
	select {
	case c.up <- m:
	case <-c.ended:
		c.Errorf("the session has ended before %.80s: %v", m.data, c.err)
	}
}

// take returns what has come down, once everything has come to rest.
func (c *client) take() (frames []Frame) {
	synctest.Wait()
	for len(c.down) > 0 {
		frames = append(frames, <-c.down)
	}
	return frames
}

// next returns the next frame, which must be there once everything has come to rest.
func (c *client) next() Frame {
	c.Helper()
	synctest.Wait()
	select {
	case f := <-c.down:
		return f
	default:
		c.Fatal("nothing came")
		return Frame{}
	}
}

type object = map[string]any

// gets takes the next frame, which must have at least these members; null stands for one
// that must be absent.
func (c *client) gets(want string) object {
	c.Helper()
	return c.matches(c.next(), want)
}

// matches checks that a frame has at least these members, and returns them all.
func (c *client) matches(f Frame, want string) object {
	c.Helper()
	got := c.object(f.Data)
	if !includes(got, c.object([]byte(want))) {
		c.Errorf("\ngot  %s\nwant %s", f.Data, want)
	}
	if cursor := got["cursor"]; f.Cursor != "" && cursor != f.Cursor {
		c.Errorf("the frame at %s says %v", f.Cursor, cursor)
	}
	return got
}

func (c *client) object(data []byte) (o object) {
	c.Helper()
	if err := json.Unmarshal(data, &o); err != nil {
		c.Fatalf("%v in %s", err, data)
	}
	return o
}

// includes reports whether got has all members of want, and none that want says is null.
func includes(got, want object) bool {
	return !slices.ContainsFunc(slices.Collect(maps.Keys(want)), func(name string) bool {
		wanted, nested := want[name].(object)
		inner, isObject := got[name].(object)
		if nested && isObject {
			return !includes(inner, wanted)
		}
		return !reflect.DeepEqual(got[name], want[name])
	})
}

// silent checks that nothing has come down, and that the connection is open.
func (c *client) silent() {
	c.Helper()
	for _, f := range c.take() {
		c.Errorf("unexpected: %s", f.Data)
	}
	if len(c.closed) > 0 {
		c.Errorf("closed: %v", <-c.closed)
	}
}

// over checks that the connection has been closed, with nothing more before.
func (c *client) over(code CloseCode, reason string) {
	c.Helper()
	for _, f := range c.take() {
		c.Errorf("unexpected before the end: %s", f.Data)
	}
	select {
	case <-c.ended:
		if got, want := <-c.closed, (closing{code, reason}); got != want {
			c.Errorf("closed with %v; want %v", got, want)
		}
	default:
		c.Error("the session goes on")
	}
}

// hangUp ends the connection from the client's side.
func (c *client) hangUp() {
	c.hangup()
	synctest.Wait()
}
