package functions

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"notewire/notes"
)

// checkHost keeps a page whose name was made to resolve to this machine (DNS rebinding)
// from being the same origin as a server that trusts its own.
func (s *surface) checkHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.Local != nil && !IsLoopback(hostname(c.Request().Host)) {
			return notes.Refuse(notes.Forbidden, "Local mode answers only at localhost, 127.0.0.1 or [::1]; the Host header named another")
		}
		return next(c)
	}
}

// checkOrigin lets pages from allowed origins in, with the headers that their browsers ask
// for, and refuses all others before anything else is looked at: for HTTP, streams and
// WebSockets alike.
func (s *surface) checkOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		origin := r.Header.Get("Origin")
		if origin == "" || sameOrigin(r) {
			return next(c)
		}
		if !s.allowed(origin, r.URL.Path) {
			return notes.Refuse(notes.Forbidden, "Forbidden: Invalid origin")
		}
		h := c.Response().Header()
		h.Add("Vary", "Origin")
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "Retry-After")
		if r.Method != http.MethodOptions {
			return next(c)
		}
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
		h.Set("Access-Control-Max-Age", "600")
		return c.NoContent(http.StatusNoContent)
	}
}

func (s *surface) allowed(origin, path string) bool {
	if s.Local != nil {
		if u, err := url.Parse(origin); err == nil && IsLoopback(u.Hostname()) {
			return true
		}
		if path == "/dev/token" {
			return false // whoever gets a token can be anybody
		}
	}
	return slices.Contains(s.Origins, origin)
}

// mayBeLocal reports whether a request without a token may act as the local user: it comes
// from no page, or from the server's own.
func (s *surface) mayBeLocal(r *http.Request) bool {
	if s.Local == nil {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return r.Header.Get("Origin") == "" || sameOrigin(r)
	}
	return false
}

func sameOrigin(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || u.Host != r.Host {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && r.TLS == nil
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return (&url.URL{Host: hostport}).Hostname()
}

// IsLoopback reports whether a host name or address, also in brackets, is this machine only.
func IsLoopback(host string) bool {
	host = strings.Trim(host, "[]")
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
