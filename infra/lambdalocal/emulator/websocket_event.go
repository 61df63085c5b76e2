package emulator

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/coder/websocket"
	"github.com/google/uuid"
)

type websocketEvent = events.APIGatewayWebsocketProxyRequest

// connectEvent is the only one with headers and query.
func (c *connection) connectEvent(r *http.Request) *websocketEvent {
	event := c.event("$connect", "CONNECT")
	event.Headers, event.MultiValueHeaders = map[string]string{}, map[string][]string{}
	h := frontHeaders(r)
	for name, values := range h {
		name = strings.Replace(name, "Sec-Websocket-", "Sec-WebSocket-", 1) // as clients write it
		event.Headers[name] = values[len(values)-1]
		event.MultiValueHeaders[name] = values
	}
	if q := r.URL.Query(); len(q) > 0 {
		event.QueryStringParameters = last(q)
		event.MultiValueQueryStringParameters = q
	}
	return event
}

func (c *connection) messageEvent(kind websocket.MessageType, message []byte) *websocketEvent {
	event := c.event("$default", "MESSAGE")
	event.RequestContext.MessageID = newID()
	event.Body = string(message)
	if kind == websocket.MessageBinary {
		event.Body, event.IsBase64Encoded = base64.StdEncoding.EncodeToString(message), true
	}
	return event
}

func (c *connection) disconnectEvent(code int, reason string) *websocketEvent {
	event := c.event("$disconnect", "DISCONNECT")
	event.RequestContext.DisconnectStatusCode = int64(code)
	event.RequestContext.DisconnectReason = &reason
	return event
}

func (c *connection) event(route, kind string) *websocketEvent {
	now := time.Now().UTC()
	return &websocketEvent{RequestContext: events.APIGatewayWebsocketProxyRequestContext{
		RouteKey: route, EventType: kind, MessageDirection: "IN",
		Stage: c.api.cfg.Stage, APIID: "local", DomainName: c.domain,
		ConnectionID: c.id, ConnectedAt: c.connectedAt.UnixMilli(),
		RequestID: uuid.NewString(), ExtendedRequestID: newID(),
		RequestTime: now.Format(accessLogTime), RequestTimeEpoch: now.UnixMilli(),
		Identity: events.APIGatewayRequestIdentity{SourceIP: c.sourceIP, UserAgent: c.userAgent},
	}}
}

// websocketAnswer is what a function answers to an event.
type websocketAnswer struct {
	StatusCode        int                 `json:"statusCode"`
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
}

// subprotocols are what the function chose; the client must have offered it.
func (a *websocketAnswer) subprotocols() []string {
	for name, value := range a.Headers {
		if strings.EqualFold(name, "Sec-WebSocket-Protocol") {
			return []string{value}
		}
	}
	for name, values := range a.MultiValueHeaders {
		if strings.EqualFold(name, "Sec-WebSocket-Protocol") && len(values) > 0 {
			return values[:1]
		}
	}
	return nil
}

// invoke runs the function for an event. Its answer must have a status, as AWS asks for.
func (a *WebSocketAPI) invoke(event *websocketEvent) (*websocketAnswer, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), a.cfg.Integration)
	defer cancel()
	body, err := a.cfg.Function.Call(ctx, payload)
	if err != nil {
		return nil, err
	}
	answer := &websocketAnswer{}
	if err := json.Unmarshal(body, answer); err != nil {
		return nil, fmt.Errorf("the function's answer is not JSON: %w", err)
	}
	if answer.StatusCode < 100 || answer.StatusCode > 599 {
		return nil, errors.New("the function's answer has no statusCode")
	}
	return answer, nil
}

// statusOf is what a client gets for a $connect that failed.
func statusOf(err error) int {
	switch {
	case errors.Is(err, ErrThrottled):
		return http.StatusInternalServerError
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout
	}
	return http.StatusBadGateway
}
