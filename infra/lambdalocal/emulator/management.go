package emulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

// manage is the @connections endpoint: POST sends a message, GET tells about the connection,
// DELETE closes it.
func (a *WebSocketAPI) manage(w http.ResponseWriter, r *http.Request, id string) {
	requestID := uuid.NewString()
	w.Header().Set("X-Amzn-Requestid", requestID)
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
		answerError(w, http.StatusForbidden, "MissingAuthenticationTokenException", map[string]string{"message": "Missing Authentication Token"})
		return
	}
	gone := func() {
		answerError(w, http.StatusGone, "GoneException", map[string]string{"message": "Gone", "connectionId": id, "requestId": requestID})
	}
	c := a.open(id)
	if c == nil { // unknown, closed, or still in its $connect
		gone()
		return
	}
	switch r.Method {
	case http.MethodPost:
		message, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxMessage))
		if _, above := errors.AsType[*http.MaxBytesError](err); above {
			answerError(w, http.StatusRequestEntityTooLarge, "PayloadTooLargeException",
				map[string]string{"message": "Message too long", "connectionId": id, "requestId": requestID})
			return
		}
		if err != nil {
			return
		}
		if c.send(message) != nil {
			gone()
		}
	case http.MethodGet:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(c.info())
	case http.MethodDelete:
		a.forget(id)
		go c.close(websocket.StatusNormalClosure, "Connection Closed Normally")
		w.WriteHeader(http.StatusNoContent)
	default:
		answerError(w, http.StatusForbidden, "MissingAuthenticationTokenException", map[string]string{"message": "Missing Authentication Token"})
	}
}

// connectionInfo is what GET tells.
type connectionInfo struct {
	ConnectedAt  time.Time `json:"connectedAt"`
	LastActiveAt time.Time `json:"lastActiveAt"`
	Identity     struct {
		SourceIP  string `json:"sourceIp"`
		UserAgent string `json:"userAgent"`
	} `json:"identity"`
}

func (c *connection) info() (info connectionInfo) {
	info.ConnectedAt = c.connectedAt.UTC().Truncate(time.Millisecond)
	info.LastActiveAt = time.UnixMilli(c.lastActive.Load()).UTC()
	info.Identity.SourceIP, info.Identity.UserAgent = c.sourceIP, c.userAgent
	return info
}

// answerError is an error as AWS's SDKs read it.
func answerError(w http.ResponseWriter, status int, kind string, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
