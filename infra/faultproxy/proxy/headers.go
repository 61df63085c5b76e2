package proxy

import (
	"net/http"
	"slices"
	"strings"
)

// common are the headers that a strict filter knows.
var common = []string{
	"Accept", "Accept-Encoding", "Accept-Language", "Age", "Allow", "Authorization", "Cache-Control", "Connection",
	"Content-Encoding", "Content-Language", "Content-Length", "Content-Type", "Cookie", "Date", "Etag", "Expires",
	"If-Match", "If-Modified-Since", "If-None-Match", "Last-Modified", "Location", "Origin", "Pragma", "Range",
	"Referer", "Retry-After", "Sec-Websocket-Accept", "Sec-Websocket-Key", "Sec-Websocket-Version", "Server",
	"Set-Cookie", "Transfer-Encoding", "Upgrade", "User-Agent", "Vary", "Www-Authenticate",
}

// strip drops the headers that are not common: Last-Event-ID, the WebSocket's subprotocol,
// X- and others of applications.
func strip(h http.Header) {
	for name := range h {
		if !slices.Contains(common, name) && !strings.HasPrefix(name, "Access-Control-") {
			delete(h, name)
		}
	}
}
