package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/aws/aws-lambda-go/events"

	"notewire/functions"
	"notewire/functions/lambda"
	"notewire/transport"
	"notewire/transport/gateway"
)

// socket answers the events of connections.
type socket struct {
	*lambda.Instance
	gateway *gateway.Gateway
	connect http.Handler
}

type (
	request  = events.APIGatewayWebsocketProxyRequest
	response = events.APIGatewayProxyResponse
)

// handle answers one event. An error makes API Gateway answer the client that something is
// wrong; the connection lives.
func (s *socket) handle(ctx context.Context, r request) (response, error) {
	defer s.Finish(context.WithoutCancel(ctx))
	id := r.RequestContext.ConnectionID
	switch r.RequestContext.EventType {
	case "CONNECT":
		return s.open(ctx, r)
	case "DISCONNECT":
		return s.answer(s.gateway.Disconnect(ctx, id))
	case "MESSAGE":
		err := s.gateway.Message(ctx, id, []byte(r.Body))
		if errors.Is(err, gateway.ErrNoConnection) { // ended while the message was on its way
			err = nil
		}
		return s.answer(err)
	}
	return s.answer(fmt.Errorf("unknown event type %q: invoke this function by a WebSocket API", r.RequestContext.EventType))
}

func (s *socket) answer(err error) (response, error) {
	if err != nil {
		s.Log.Error("an event failed", "error", err)
		return response{StatusCode: http.StatusInternalServerError}, nil
	}
	return response{StatusCode: http.StatusOK}, nil
}

type idKey struct{}

// open asks the surface whether the connection is welcome, as if it were an HTTP request.
func (s *socket) open(ctx context.Context, r request) (response, error) {
	ctx = context.WithValue(ctx, idKey{}, r.RequestContext.ConnectionID)
	target := url.URL{Path: "/", RawQuery: url.Values(r.MultiValueQueryStringParameters).Encode()}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return s.answer(err)
	}
	for name, values := range r.MultiValueHeaders {
		for _, value := range values {
			req.Header.Add(name, value)
		}
	}
	req.Host = req.Header.Get("Host")
	req.RemoteAddr = r.RequestContext.Identity.SourceIP + ":0"
	out := &recorder{header: http.Header{}, status: http.StatusOK}
	s.connect.ServeHTTP(out, req)
	headers := map[string]string{}
	for name := range out.header {
		headers[name] = out.header.Get(name)
	}
	return response{StatusCode: out.status, Headers: headers, Body: out.body.String()}, nil
}

func (s *socket) welcome(ctx context.Context, c functions.Connection) error {
	id, _ := ctx.Value(idKey{}).(string)
	return s.gateway.Connect(ctx, gateway.Connection{
		Saved: transport.Saved{ID: id, Login: c.Login, Note: c.Note, Cursor: c.Cursor}, Tokenless: c.Tokenless,
	})
}

// recorder is an http.ResponseWriter that keeps what is written.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(data []byte) (int, error) { return r.body.Write(data) }
