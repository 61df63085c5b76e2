package webhook

import (
	"net/netip"
	"net/url"
	"strings"

	"notewire/notes"
)

// longestURL bounds a receiver's URL, in bytes.
const longestURL = 2048

// checkURL refuses what can never be posted to. That the name stands for a public address is
// checked whenever it is connected to; here only what is plain to see is said at once.
// Errors: Invalid.
func (s *Sink) checkURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case len(text) > longestURL:
		return notes.Refuse(notes.Invalid, "url may have 2048 bytes")
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return notes.Refuse(notes.Invalid, "url must be a whole one, as https://example.com/notewire is")
	case u.User != nil:
		return notes.Refuse(notes.Invalid, "url must not have a user or a password: the signature says who posts")
	case u.Fragment != "":
		return notes.Refuse(notes.Invalid, "url must not have a fragment")
	}
	local := isLocal(u.Hostname())
	switch {
	case u.Scheme != "https" && u.Scheme != "http", u.Scheme == "http" && !(local && s.loopback):
		return notes.Refuse(notes.Invalid, "url must begin with https://")
	case local && !s.loopback:
		return notes.Refuse(notes.Invalid, "url must name a public address")
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !local && !public(a) {
		return notes.Refuse(notes.Invalid, "url must name a public address")
	}
	return nil
}

// isLocal reports whether a host is this machine, by its name.
func isLocal(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return loopback(a)
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
