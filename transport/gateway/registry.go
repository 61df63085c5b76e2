package gateway

import (
	"context"
	"errors"
	"time"

	"notewire/notes"
	"notewire/transport"
)

// Connection is a row of the registry.
type Connection struct {
	transport.Saved
	Since time.Time // it was opened
	// Tokenless is who an auth message without a token signs in as; empty: nobody.
	Tokenless notes.UserID
	Lease     int64 // names the lease that the turn holds; the registry's own
}

// Topic is the log that the connection follows; zero before somebody signs in.
func (c *Connection) Topic() notes.Topic {
	if c.Note != "" {
		return notes.Topic{Note: c.Note}
	}
	return notes.Topic{User: c.Login.User}
}

var (
	// ErrBusy says that another turn of the connection is under way. Its holder looks again
	// before it ends.
	ErrBusy = errors.New("the connection has its turn elsewhere")
	// ErrNoConnection says that the registry does not know the connection, or no more.
	ErrNoConnection = errors.New("no such connection")
)

// Registry keeps connections between their turns. Implementations are safe for concurrent
// use, by any number of processes. Rows end by themselves a while after a gateway would have
// ended the connection.
type Registry interface {
	// Add makes the row of a new connection.
	Add(ctx context.Context, c *Connection) error
	// Get returns the connection as its last turn left it, whoever has the next.
	// Errors: ErrNoConnection.
	Get(ctx context.Context, id string) (*Connection, error)
	// Lease takes the connection for one turn, until Release, or for LeaseTime.
	// Errors: ErrBusy, after it left word for the holder; ErrNoConnection.
	Lease(ctx context.Context, id string) (*Connection, error)
	// Release writes the connection back and ends its lease, unless somebody left word since
	// it was taken: then the lease goes on, and again is true.
	// Errors: ErrNoConnection, also if the lease was over and another holds it.
	Release(ctx context.Context, c *Connection) (again bool, err error)
	// Remove forgets a connection; one that is not known is no error.
	Remove(ctx context.Context, id string) error
	// Following returns the ids of connections that follow a log.
	Following(ctx context.Context, t notes.Topic) ([]string, error)
}
