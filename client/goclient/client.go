package goclient

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options say how a Client reaches its server and who it is. The zero value is a client
// without a token: in local mode, the user "local".
type Options struct {
	// HTTP carries everything, WebSockets too. Its Timeout is for whole requests and does
	// not end streams. nil is a client without a timeout: contexts decide.
	HTTP *http.Client
	// Token is asked before every request and connection: it returns a fresh token, or the
	// one it has while that is good. nil is no token.
	Token func(context.Context) (string, error)
	// Base, if it is not nil, is asked before every request and connection for the address
	// that stands for New's: so a follower comes back to another instance.
	Base func() string
	// WebSocketURL is where the account dialect's socket is; empty: base with the path /ws.
	WebSocketURL string
	// NoteInQuery says that the note dialect's sockets are where the account's is, with the
	// note as the query parameter note: gateways have no paths.
	NoteInQuery bool
	// TokenInSubprotocol has WebSockets show the token as browsers do, which can set no
	// header. The account dialect's are then signed in by their request and send no auth
	// frame, if there is a token.
	TokenInSubprotocol bool
	// Silence is how long a stream may be silent, heartbeats included, before it counts as
	// dead, and how long opening one may take. 0 is DefaultSilence; negative is for ever.
	Silence time.Duration
	// Padding is how many bytes of comment the server sends after every event and heartbeat
	// of an event stream, 0 to MaxPadding: for boxes on the way that hold back what is
	// smaller than their buffer. Negotiate measures it.
	Padding int
	// MaxFrame is the size of the largest frame that is read, in bytes; 0 is DefaultMaxFrame.
	MaxFrame int64
}

const (
	// DefaultSilence is three heartbeats of a server's default, and some seconds.
	DefaultSilence = 80 * time.Second
	// DefaultMaxFrame is above what a server can send by its default limits: a note's text,
	// blob and two ciphertexts are 1 MiB each before JSON escapes them, and a frame may
	// have them twice. A smaller one would make a log with such an event impassable.
	DefaultMaxFrame = 32 << 20
)

// Client talks to one server, as one user. It is safe for concurrent use and needs no
// closing.
type Client struct {
	base     string
	opts     Options
	requests *http.Client // as it was given
	streams  *http.Client // without a timeout
	network  *remembered
}

// New returns a client of the server at base, such as http://localhost:3000; a path in it
// goes before all paths. It connects to nothing yet. base may be empty if Options.Base is
// set.
func New(base string, o Options) (*Client, error) {
	if o.Base == nil || base != "" {
		if err := checkBase(base); err != nil {
			return nil, err
		}
	}
	if o.WebSocketURL != "" {
		if u, err := url.Parse(o.WebSocketURL); err != nil || u.Host == "" || u.Scheme != "ws" && u.Scheme != "wss" {
			return nil, fmt.Errorf("goclient: %q is no WebSocket's address, as wss://example.com/ws is", o.WebSocketURL)
		}
	}
	if o.Padding < 0 || o.Padding > MaxPadding {
		return nil, fmt.Errorf("goclient: a padding of %d bytes; there are 0 to %d", o.Padding, MaxPadding)
	}
	o.Silence, o.MaxFrame = cmp.Or(o.Silence, DefaultSilence), cmp.Or(o.MaxFrame, DefaultMaxFrame)
	c := &Client{base: strings.TrimSuffix(base, "/"), opts: o, requests: o.HTTP, network: &remembered{}}
	if c.requests == nil {
		c.requests = &http.Client{}
	}
	streams := *c.requests
	streams.Timeout = 0
	c.streams = &streams
	return c, nil
}

func checkBase(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("goclient: %q is no server's address, as http://localhost:3000 is", base)
	}
	return nil
}

// address returns the URL of a path on the server that is to be asked now.
func (c *Client) address(path string) (string, error) {
	if c.opts.Base == nil {
		return c.base + path, nil
	}
	base := c.opts.Base()
	if err := checkBase(base); err != nil {
		return "", err
	}
	return strings.TrimSuffix(base, "/") + path, nil
}

func (c *Client) token(ctx context.Context) (string, error) {
	if c.opts.Token == nil {
		return "", nil
	}
	token, err := c.opts.Token(ctx)
	if err != nil {
		return "", fmt.Errorf("goclient: get a token: %w", err)
	}
	return token, nil
}
