package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// rawFanOut is the least that could take the same bytes to the same connections: no log, no
// cursor, no rights. For WebSockets it has only the library; for SSE only net/http, which is
// less than r3labs. One goroutine writes to each connection, with the same deadline.
type rawFanOut struct {
	mu          sync.Mutex
	connections []chan []byte
}

func (f *rawFanOut) join() <-chan []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := make(chan []byte, 1)
	c <- []byte(`{"type":"initial"}`)
	f.connections = append(f.connections, c)
	return c
}

func (f *rawFanOut) send(data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.connections {
		c <- data
	}
}

func (f *rawFanOut) socket(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer ws.CloseNow()
	gone := ws.CloseRead(context.Background())
	for frames := f.join(); ; {
		select {
		case data := <-frames:
			ctx, cancel := context.WithTimeout(gone, 5*time.Second)
			err := ws.Write(ctx, websocket.MessageText, data)
			if cancel(); err != nil {
				return
			}
		case <-gone.Done():
			return
		}
	}
}

func (f *rawFanOut) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	for frames := f.join(); ; {
		select {
		case data := <-frames:
			_ = control.SetWriteDeadline(time.Now().Add(5 * time.Second))
			for _, part := range [][]byte{[]byte("id: 0123456789ab-10\ndata: "), data, []byte("\n\n")} {
				if _, err := w.Write(part); err != nil {
					return
				}
			}
			if control.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

func benchRaw(b *testing.B, kind string) float64 {
	b.Helper()
	var f rawFanOut
	mux := http.NewServeMux()
	mux.HandleFunc("/ws/note/n", f.socket)
	mux.HandleFunc("/api/notes/n/events", f.stream)
	server := httptest.NewServer(mux)
	defer server.Close()
	event := fanOutEvent(b)
	return perDelivery(b, kind, server.URL, func() { f.send(event) })
}

// fanOutEvent is what the server sends for the edit.
var fanOutEvent = func() func(b *testing.B) []byte {
	var event []byte
	return func(b *testing.B) []byte {
		if event == nil {
			p := start(b)
			defer p.stop()
			p.must("/api/notes", `{"id":"n"}`)
			stream := p.stream("/api/notes/n/events")
			stream.next("initial")
			p.must("/api/notes/n", fanOutEdit())
			event = stream.raw()
		}
		return event
	}
}()
