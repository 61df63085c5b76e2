package functions

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
	"notewire/transport/ws"
)

// negotiate says what is on offer, and where a client can measure which of it arrives on its
// network.
func (s *surface) negotiate(c echo.Context) error {
	type object = map[string]any
	o, limits := s.Sessions.Options, s.Service.Limits()
	socket := object{"path": "/ws", "subprotocol": ws.Subprotocol}
	if s.WebSocketURL != "" {
		socket = object{"url": s.WebSocketURL, "noteInQuery": true, "subprotocol": ws.Subprotocol}
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(object{
		"transports": []string{"websocket", "sse", "poll"},
		"websocket":  socket,
		"sse":        object{"path": "/api/events", "paddings": paddings, "heartbeatMs": o.Heartbeat.Milliseconds()},
		"poll":       object{"path": "/api/changes", "waitMs": longestPoll.Milliseconds()},
		"probe":      object{"path": "/api/probe"},
		"limits": object{
			"bodyBytes": s.BodyBytes, "messageBytes": s.WS.SoftLimit, "messages": o.Messages, "messagesPerMs": o.MessagesPer.Milliseconds(),
			"textBytes": limits.TextBytes, "titleChars": limits.TitleChars, "members": limits.Members, "batchSize": limits.BatchSize,
			"sockets": o.Sockets, "streams": o.Streams,
		},
	}))
}

// paddings are what a stream can be asked for, and where a probe looks for the size of a
// buffer on the way.
var paddings = []int{0, 1 << 10, 4 << 10, 16 << 10, 64 << 10}

// probe is a short event stream by which a client measures its network: when the first byte
// arrives, whether events arrive one by one, and how many bytes a box on the way holds back.
// Each event says how many bytes were written before it; between two, comments bring that to
// the next of paddings.
func (s *surface) probe(c echo.Context) error {
	gap, err := gapOf(c.QueryParam("gap"))
	if err != nil {
		return err
	}
	release, err := s.Sessions.Admit("", false)
	if err != nil {
		return err
	}
	defer release()
	w, control := c.Response(), http.NewResponseController(c.Response())
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-transform")
	h.Set("X-Accel-Buffering", "no")
	sent := 0
	write := func(text []byte) error {
		_ = control.SetWriteDeadline(time.Now().Add(s.SSE.WriteTimeout)) // not all writers support it
		n, err := w.Write(text)
		sent += n
		return err
	}
	for n := range len(paddings) + 1 {
		if n > 0 {
			select {
			case <-time.After(gap):
			case <-c.Request().Context().Done():
				return nil
			}
		}
		if n < len(paddings) && paddings[n] > sent {
			const around = len(": \n\n")
			if err := write(fmt.Appendf(nil, ": %s\n\n", bytes.Repeat([]byte{'.'}, max(0, paddings[n]-sent-around)))); err != nil {
				return nil // the client has left
			}
		}
		event := wire.Encode(probeEvent{"probe", n + 1, sent, notes.MillisOf(time.Now())})
		if err := write(fmt.Appendf(nil, "data: %s\n\n", event)); err != nil {
			return nil
		}
		w.Flush()
	}
	return nil
}

type probeEvent struct {
	Type string       `json:"type"`
	N    int          `json:"n"`    // 1, 2, ...
	Sent int          `json:"sent"` // bytes before this event
	At   notes.Millis `json:"at"`   // when it was written
}

// gapOf reads how many milliseconds lie between two events of a probe.
func gapOf(text string) (time.Duration, error) {
	if text == "" {
		return 50 * time.Millisecond, nil
	}
	ms, err := strconv.Atoi(text)
	if err != nil || ms < 10 || ms > 1000 {
		return 0, notes.Refuse(notes.Invalid, fmt.Sprintf("gap is %q; it must be milliseconds, 10 to 1000", text))
	}
	return time.Duration(ms) * time.Millisecond, nil
}
