package transporttest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"notewire/notes"
	"notewire/transport"
)

// Transport is one way to carry a stream.
type Transport struct {
	Name string
	// Serve answers a request that Dial sends. It counts the connection by Sessions.Admit, as
	// the surface does.
	Serve func(w http.ResponseWriter, r *http.Request, x *transport.Sessions, what Subscription)
	// Dial opens what, by a request to address: the query that it has is for Serve.
	Dial func(c *http.Client, address string, what Subscription) (Client, error)
	// Codes says that the transport carries close codes: the error at the end is a Closed.
	Codes bool
	// Polls says that a client that does not wait in Next has no connection.
	Polls bool
}

// Client is the client's end of a stream. One goroutine uses it.
type Client interface {
	// Next waits for the next frame. Its Cursor is where the client would come back to after
	// it, by the rules of the transport, and empty if that has not changed. After the end of
	// the stream it returns an error.
	//
	// It reads no further than that: a client whose Next is not called has stalled.
	Next() (transport.Frame, error)
	// Close leaves, at once. It may be called again.
	Close()
}

// Closed is the error of Next when the server has closed with a code.
type Closed struct{ Code transport.CloseCode }

func (c Closed) Error() string { return fmt.Sprintf("closed with %d", c.Code) }

// Subscription is what a client asks for.
type Subscription struct {
	Login  transport.Login // with a token of some time ago; it is shown with each request
	Note   notes.NoteID    // the note dialect's; empty: the account dialect
	Cursor string          // where to go on
}

func (s Subscription) query() string {
	return url.Values{
		"user": {string(s.Login.User)}, "issued": {strconv.FormatInt(s.Login.IssuedAt.UnixNano(), 10)},
		"note": {string(s.Note)}, "cursor": {s.Cursor},
	}.Encode()
}

func subscriptionOf(q url.Values) Subscription {
	issued, _ := strconv.ParseInt(q.Get("issued"), 10, 64)
	user := q.Get("user")
	return Subscription{
		Login: transport.Login{User: notes.UserID(user), SID: "sess_" + user, IssuedAt: time.Unix(0, issued)},
		Note:  notes.NoteID(q.Get("note")), Cursor: q.Get("cursor"),
	}
}
