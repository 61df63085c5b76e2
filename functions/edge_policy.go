package functions

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/transport/wire"
)

// EdgePolicy is how the edge knows whom to believe, as the server does: it is configured in
// one place.
type EdgePolicy struct {
	Issuer    string    `json:"issuer"`
	Parties   []string  `json:"parties"`
	Audiences []string  `json:"audiences"`
	LeewayMS  int64     `json:"leewayMs"`
	Keys      []EdgeKey `json:"keys"`              // fixed, whatever key a token names; empty: see KeysURL
	KeysURL   string    `json:"keysUrl,omitempty"` // where the issuer publishes its keys
}

// EdgeKey is an RSA key as key sets have it.
type EdgeKey struct {
	Kty string `json:"kty"`
	N   string `json:"n"`
	E   string `json:"e"`
}

// edgePolicy answers all that the edge must know of this server's configuration.
func (s *surface) edgePolicy(c echo.Context) error {
	o := s.Sessions.Options
	return c.JSONBlob(http.StatusOK, wire.Encode(struct {
		Token             EdgePolicy `json:"token"`
		Local             bool       `json:"local"`
		Origins           []string   `json:"origins"`
		Messages          int        `json:"messages"`
		MessagesPerMS     int64      `json:"messagesPerMs"`
		MessageBytes      int64      `json:"messageBytes"`
		Sockets           int        `json:"sockets"`
		Streams           int        `json:"streams"`
		AuthTimeoutMS     int64      `json:"authTimeoutMs"`
		HeartbeatMS       int64      `json:"heartbeatMs"`
		StalenessMS       int64      `json:"stalenessMs"`
		ComebackMS        int64      `json:"comebackMs"`
		StreamComebackMS  int64      `json:"streamComebackMs"`
		StreamWriteTimeMS int64      `json:"streamWriteMs"`
	}{
		s.Edge.Policy, s.Local != nil, s.Origins, o.Messages, o.MessagesPer.Milliseconds(), s.WS.SoftLimit, o.Sockets, o.Streams,
		millis(o.AuthTimeout), millis(o.Heartbeat), millis(o.TokenStaleness), millis(o.Comeback), millis(s.SSE.Retry), millis(s.SSE.WriteTimeout),
	}))
}

func millis(d time.Duration) int64 { return d.Milliseconds() }
