package page

import (
	"net/url"
	"strings"
)

// policy allows what this server serves and nothing else, and no page of another origin to frame this one. The editor makes
// its style sheet when it runs: the nonce lets that in, and is another in each process. Of gateway and Clerk only those that
// are not empty may be reached.
func policy(socketURL, clerk, nonce string) string {
	scripts, connect, images := "script-src 'self'", "connect-src 'self'", "img-src 'self' data:"
	styles := "style-src 'self' 'nonce-" + nonce + "'"
	var more []string
	if u, err := url.Parse(socketURL); err == nil && u.Host != "" {
		connect += " " + u.Scheme + "://" + u.Host
	}
	if clerk != "" { // as Clerk's documentation asks for
		scripts += " " + clerk + " https://challenges.cloudflare.com"
		connect += " " + clerk
		images += " https://img.clerk.com"
		styles = "style-src 'self' 'unsafe-inline'"
		more = []string{"frame-src https://challenges.cloudflare.com", "worker-src 'self' blob:"}
	}
	directives := append([]string{"default-src 'none'", scripts, styles, connect, images}, more...)
	directives = append(directives, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")
	return strings.Join(directives, "; ")
}
