package transport

import "context"

// Frame is one message to a client.
type Frame struct {
	// Data is the JSON text: one line, never empty, the same bytes on every transport.
	// It may be shared between connections and is never changed.
	Data []byte
	// Cursor is the place in the log after this frame. It is empty for frames outside
	// the log, which repeat the last one where a transport needs an id.
	Cursor string
}

// Conn is one client's connection, as its session sees it. One goroutine writes.
type Conn interface {
	// Write hands a frame to the network. It blocks while the client is slow, for at most
	// the write deadline; after an error the connection is dead and only Close is called.
	Write(ctx context.Context, f Frame) error

	// Heartbeat proves to the client, and to boxes between, that the connection lives.
	// Where the transport can, it fails when the client did not answer an earlier one. It
	// waits for nothing: an answer can be behind a message that waits for this goroutine.
	Heartbeat(ctx context.Context) error

	// Close ends the connection. Transports without close codes send what the code says
	// as a last frame before.
	Close(code CloseCode, reason string)
}

// Receiver is the part of a connection that carries messages up: a WebSocket has it, a
// stream has not.
type Receiver interface {
	// Receive returns the next message, or ErrFrameTooLarge or ErrNotText for one that it
	// discarded, after which the connection goes on. Any other error ends it.
	Receive(ctx context.Context) ([]byte, error)
}
