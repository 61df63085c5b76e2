package ws

import (
	"net/http"

	"github.com/coder/websocket"
)

// Subprotocol is the one that Accept chooses if the client offers it. Other offers, such
// as a gateway's bearer.<jwt>, are never echoed.
const Subprotocol = "notewire.v1"

// Accept upgrades r to a WebSocket. On an error it has written the response.
//
// The caller must call Close in the end, and keep calling Receive until it fails: pings,
// pongs and the client's close are handled there. The connection outlives the context of
// r. Middleware that delays the head of the response (gzip) must skip the route.
func Accept(w http.ResponseWriter, r *http.Request, opts Options) (*Conn, error) {
	opts = opts.withDefaults()
	up := &upgrade{ResponseWriter: w}
	if hijackable(w) {
		w = up
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{Subprotocol},
		// The surface has checked the origin, by the same list as for HTTP.
		InsecureSkipVerify: true,
		// A shared frame would have to be compressed again for every connection, with
		// up to 1.2 MB of state each.
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(opts.HardLimit)
	c := &Conn{ws: ws, raw: up.conn, opts: opts}
	c.watchdog = newWatchdog(c.raw, opts.WriteTimeout)
	return c, nil
}
