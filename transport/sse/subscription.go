package sse

import (
	"context"
	"net/http"
	"net/url"

	"github.com/r3labs/sse/v2"
)

// The one stream of a connection's server. The name is ours: r3labs takes it from the
// query, where a client could name another.
const streamID = "s"

var streamURL = &url.URL{RawQuery: "stream=" + streamID} // never written to

// subscription is one r3labs server with one stream and one subscriber, which is the
// client of one request.
type subscription struct {
	server   *sse.Server
	cancel   context.CancelFunc
	began    chan struct{} // closed when the subscriber is registered
	left     chan struct{} // closed when it is deregistered
	served   chan struct{} // closed when ServeHTTP has returned
	panicked any           // by ServeHTTP; valid after served
}

// subscribe starts serving w. The caller must close the subscription.
func subscribe(w *response) *subscription {
	s := &subscription{
		began:  make(chan struct{}),
		left:   make(chan struct{}),
		served: make(chan struct{}),
	}
	s.server = sse.NewWithCallback(
		func(string, *sse.Subscriber) { close(s.began) },
		func(string, *sse.Subscriber) { close(s.left) },
	)
	s.server.AutoReplay = false // else it keeps every event for ever and overwrites ids
	s.server.SplitData = true   // else data that starts with a colon becomes a comment
	s.server.BufferSize = maxEvents
	s.server.CreateStream(streamID)

	// Of the client's request r3labs gets nothing. Its context is not the request's
	// either: what was written before the request ends must still go out, in order.
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	r := (&http.Request{URL: streamURL, Header: http.Header{}}).WithContext(ctx)
	go s.serve(w, r)
	return s
}

func (s *subscription) serve(w *response, r *http.Request) {
	defer close(s.served)
	defer func() {
		if s.panicked = recover(); s.panicked != nil {
			w.fail(errPanicked)
		}
	}()
	s.server.ServeHTTP(w, r)
}

// publish never blocks, and never fails within the window.
func (s *subscription) publish(e *sse.Event) bool {
	return s.server.TryPublish(streamID, e)
}

// close ends the subscription and waits for all its parts. The order matters: a stream
// that is removed before its subscriber has left leaks a goroutine for ever.
func (s *subscription) close() {
	s.cancel()
	<-s.served
	<-s.began
	<-s.left
	s.server.RemoveStream(streamID)
}
