package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// errAddress says that a receiver's name stands for an address that is not connected to.
var errAddress = errors.New("the receiver's address is not a public one")

// guard refuses to connect to any address that is not allowed. It is asked for each address with
// the socket at hand, after names were resolved: what a name stood for before, or will later, does
// not count.
func guard(allowed func(netip.Addr) bool) func(ctx context.Context, network, address string, _ syscall.RawConn) error {
	return func(_ context.Context, network, address string, _ syscall.RawConn) error {
		if network != "tcp4" && network != "tcp6" {
			return errAddress
		}
		to, err := netip.ParseAddrPort(address)
		if err != nil || !allowed(to.Addr()) {
			return errAddress
		}
		return nil
	}
}

func loopback(a netip.Addr) bool { return a.IsLoopback() && !a.Is4In6() }

func publicOrLoopback(a netip.Addr) bool { return public(a) || loopback(a) }

const (
	connectTimeout = 5 * time.Second
	idleTimeout    = 30 * time.Second
	idleConns      = 64
	headerBytes    = 16 << 10
)

// newClient returns a client that connects only to allowed addresses, follows no redirect, asks no
// proxy and keeps no cookie.
func newClient(allowed func(netip.Addr) bool, resolver *net.Resolver, roots *x509.CertPool) *http.Client {
	dialer := &net.Dialer{Timeout: connectTimeout, ControlContext: guard(allowed), Resolver: resolver}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: connectTimeout, MaxResponseHeaderBytes: headerBytes, DisableCompression: true,
			MaxIdleConns: idleConns, MaxIdleConnsPerHost: 4, IdleConnTimeout: idleTimeout,
		},
	}
}
