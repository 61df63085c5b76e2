package core

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"notewire/notes"
)

// admitIn is a request, and whom the origin lets in.
type admitIn struct {
	URL       string   `json:"url"` // as the client sees it
	Origin    string   `json:"origin"`
	FetchSite string   `json:"fetchSite"` // the header Sec-Fetch-Site
	Local     bool     `json:"local"`     // the origin is in local mode
	Origins   []string `json:"origins"`   // of other pages that may call
}

// admitOut is an answer that refuses, or what the request may.
type admitOut struct {
	Refused *answer `json:"refused,omitempty"`
	// AllowOrigin is the value of Access-Control-Allow-Origin; empty: no such header.
	AllowOrigin string `json:"allowOrigin,omitempty"`
	SameOrigin  bool   `json:"sameOrigin,omitempty"` // the page is the edge's own
	// Anybody says that without a token the request acts as the local user.
	Anybody bool `json:"anybody,omitempty"`
}

// admit is the origin checks of the server's HTTP surface, which the origin cannot make for
// sockets and streams that end here.
func admit(in admitIn) (admitOut, error) {
	self, err := url.Parse(in.URL)
	if err != nil {
		return admitOut{}, err
	}
	var out admitOut
	if in.Local && !isLoopback(self.Hostname()) {
		return in.refuse("Local mode answers only at localhost, 127.0.0.1 or [::1]; the Host header named another")
	}
	if in.Origin != "" {
		page, err := url.Parse(in.Origin)
		known := err == nil
		out.SameOrigin = known && page.Host == self.Host && (page.Scheme == "https" || page.Scheme == self.Scheme)
		loopback := in.Local && known && isLoopback(page.Hostname())
		switch {
		case out.SameOrigin:
		case loopback, in.mayCall(self.Path):
			out.AllowOrigin = in.Origin
		default:
			return in.refuse("Forbidden: Invalid origin")
		}
	}
	switch in.FetchSite {
	case "", "none", "same-origin":
		out.Anybody = in.Local && (in.Origin == "" || out.SameOrigin)
	}
	return out, nil
}

func (in *admitIn) mayCall(path string) bool {
	return !(in.Local && path == "/dev/token") && slices.Contains(in.Origins, in.Origin)
}

func (in *admitIn) refuse(message string) (admitOut, error) {
	a, err := refuse(refusal{Code: notes.Forbidden, Message: message})
	return admitOut{Refused: &a}, err
}

// isLoopback reports whether a host is this machine only.
func isLoopback(host string) bool {
	host = strings.Trim(host, "[]")
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
