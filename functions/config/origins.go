package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// OriginFlags name web pages elsewhere.
type OriginFlags struct {
	CorsOrigins []string `env:"CORS_ORIGINS" help:"Origins of web pages that may call, besides the server's own: https://app.example.com,..."`
}

// ProxyFlags name the proxies in front of the program.
type ProxyFlags struct {
	TrustedProxies []netip.Prefix `env:"TRUSTED_PROXIES" help:"Networks of proxies whose X-Forwarded-For is believed: 10.0.0.0/8,..."`
}

// Check refuses what is not an origin.
func (f *OriginFlags) Check() error {
	for _, origin := range f.CorsOrigins {
		if _, err := normalOrigin(origin); err != nil {
			return fmt.Errorf("CORS_ORIGINS: %w", err)
		}
	}
	return nil
}

// Origins are the pages that may call: those said to be, and in Clerk mode the authorized
// parties, which are the app's own origins.
func (f *OriginFlags) Origins(authorizedParties []string) []string {
	var origins []string
	for _, o := range slices.Concat(f.CorsOrigins, authorizedParties) {
		if normal, err := normalOrigin(o); err == nil { // Check has seen CORS_ORIGINS, and auth its own
			origins = append(origins, normal)
		}
	}
	return origins
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
