package main

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Validate implements kong.Validatable: it refuses settings that cannot work.
func (s *Serve) Validate() error {
	if s.Port < 0 || s.Port > 65535 {
		return fmt.Errorf("PORT is %d; a port is 0 to 65535", s.Port)
	}
	for _, origin := range s.CorsOrigins {
		if _, err := normalOrigin(origin); err != nil {
			return fmt.Errorf("CORS_ORIGINS: %w", err)
		}
	}
	l := &s.LimitFlags
	for name, v := range map[string]int64{
		"MAX_BODY_BYTES": l.MaxBodyBytes, "MAX_MESSAGE_BYTES": l.MaxMessageBytes, "MAX_TEXT_BYTES": int64(l.MaxTextBytes),
		"WS_MAX_CONNECTIONS_PER_USER": int64(l.MaxConnections), "MAX_STREAMS_PER_USER": int64(l.MaxStreams),
		"WS_RATE_LIMIT_MAX_MESSAGES": int64(l.MaxMessages), "LOG_DAYS": int64(l.LogDays),
	} {
		if v < 1 {
			return fmt.Errorf("%s is %d; it must be at least 1", name, v)
		}
	}
	for name, d := range map[string]time.Duration{
		"WS_RATE_LIMIT_WINDOW": l.MessagesPer, "WS_AUTH_TIMEOUT": l.AuthTimeout, "TOKEN_STALENESS": l.TokenStaleness,
		"HEARTBEAT": l.Heartbeat, "WRITE_TIMEOUT": l.WriteTimeout, "STOP_AFTER": s.StopAfter,
	} {
		if d < time.Millisecond {
			return fmt.Errorf("%s is %v; it must be at least 1ms", name, d)
		}
	}
	if l.ReconnectWithin < 0 {
		return fmt.Errorf("RECONNECT_WITHIN is %v; it must not be negative", l.ReconnectWithin)
	}
	return nil
}

// normalOrigin spells an origin as browsers do: lower case, no default port, no final slash.
func normalOrigin(origin string) (string, error) {
	u, err := url.Parse(strings.ToLower(strings.TrimSuffix(origin, "/")))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path+u.RawQuery+u.Fragment != "" || strings.Contains(u.Host, "*") {
		return "", fmt.Errorf("%q is not an origin, such as https://app.example.com", origin)
	}
	host := u.Host
	if p := u.Port(); u.Scheme == "http" && p == "80" || u.Scheme == "https" && p == "443" {
		host = strings.TrimSuffix(host, ":"+p)
	}
	return u.Scheme + "://" + host, nil
}
